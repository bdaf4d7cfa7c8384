import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { SessionItem } from "../../api/types";
import { clockTime, longDay } from "../../i18n/format";
import { Banner, Button, Dialog, Icon, PainScale, Seg, TextArea } from "../../ui";
import { removeEntry, saveChange, tryAgain } from "../actions";
import { isLocking } from "../../rules/red-flags";
import { dangerIn } from "../checkin/danger";
import { isSession } from "../plan/day";
import { entries } from "../state";
import { writeAgain } from "../messages/actions";
import { needsAttention, type Entry as StoredEntry } from "../store/entry";
import { dateShown, daysBetween, localDate } from "../store/time";
import { t } from "../t";
import { entryName } from "./entryName";
import { EFFORTS } from "./Finish";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

/** API.md: an edit later than this after the exercise is held. */
const CORRECTABLE_DAYS = 7;

type Answers = Pick<SessionItem, "pain_after" | "effort" | "note">;

/** One thing that was logged: correct it, remove it, and if the clinic's server could not take it, why. */
export function Entry({ id }: { id?: string }): JSX.Element | null {
  const { route } = useLocation();
  const entry = entries.value.find((one) => one.id === id && one.state !== "voided");
  useHeadlineFocus(id);
  useEffect(() => {
    if (!entry) route("/", true);
  }, [!entry]);
  return entry ? <EntryForm key={entry.id} entry={entry} onLeave={() => route("/")} /> : null;
}

function EntryForm({ entry, onLeave }: { entry: StoredEntry; onLeave: () => void }): JSX.Element {
  const { route } = useLocation();
  const session = isSession(entry) ? entry.item : null;
  const [answers, setAnswers] = useState<Answers>({
    pain_after: session?.pain_after ?? null,
    effort: session?.effort ?? null,
    note: session?.note ?? "",
  });
  const said = session ? null : textOf(entry);
  const [removing, setRemoving] = useState(false);
  const change = (part: Partial<Answers>): void => setAnswers({ ...answers, ...part });
  const correctable = session !== null && isCorrectable(session);
  // A warning sign is not taken back with a tap: the clinic must hear of it (D.8).
  const removable = !dangerIn(entry.item).signs.some(isLocking);
  const store = async (): Promise<void> => {
    if (session !== null) await saveChange(session.id, answers);
    onLeave();
  };
  return (
    <Screen>
      <TopBar title={t("entry.bar")} onBack={onLeave} />
      <main class="finish">
        <h1>{session ? longDay(dateShown(session.performed_at)) : entryName(entry)}</h1>
        {session && (
          <p class="quiet">
            {t("entry.at", { time: clockTime(session.performed_at), count: session.exercises.length })}
          </p>
        )}
        <Trouble entry={entry} />
        {said !== null && <p class="card said-text">{said}</p>}
        {correctable && (
          <>
            <section>
              <h2 class="q">{t("entry.pain")}</h2>
              <PainScale
                label={t("entry.pain")}
                value={answers.pain_after}
                onChange={(pain_after) => change({ pain_after })}
              />
            </section>
            <section>
              <h2 class="q">{t("finish.effort")}</h2>
              <Seg
                label={t("finish.effort")}
                layout="grid"
                choices={EFFORTS.map((value) => ({ value, text: t(`effort.${value}`) }))}
                value={answers.effort as (typeof EFFORTS)[number] | null}
                onChange={(effort) => change({ effort })}
              />
            </section>
            <TextArea
              label={t("finish.note")}
              rows={2}
              maxLength={2000}
              value={answers.note}
              onInput={(note) => change({ note })}
            />
          </>
        )}
        {session && !correctable && <p>{t("entry.tooOld")}</p>}
        {session && entry.state === "sent" && (
          <a class="btn plain" href={`/messages?about=session:${session.id}`}>
            <Icon name="message" />
            {t("ask.entry")}
          </a>
        )}
      </main>
      <footer class="foot last">
        {correctable && (
          <Button kind="primary" size="big" onClick={() => void store()}>
            {t("entry.save")}
          </Button>
        )}
        {entry.item.type === "message" && needsAttention(entry) && (
          <Button size="wide" onClick={() => void writeAgain(entry).then(() => route("/messages"))}>
            {t("entry.writeAgain")}
          </Button>
        )}
        {entry.state === "aside" && !correctable && (
          <Button kind="primary" size="big" onClick={() => void tryAgain(entry.id).then(onLeave)}>
            {t("entry.tryAgain")}
          </Button>
        )}
        {removable && (
          <Button kind="danger" size="wide" onClick={() => setRemoving(true)}>
            {t("entry.remove")}
          </Button>
        )}
      </footer>
      {removing && (
        <Dialog
          title={t("entry.removeTitle")}
          onClose={() => setRemoving(false)}
          actions={
            <>
              <Button kind="primary" onClick={() => setRemoving(false)}>
                {t("entry.keep")}
              </Button>
              <Button kind="danger" onClick={() => void removeEntry(entry.id).then(onLeave)}>
                {t("entry.removeIt")}
              </Button>
            </>
          }
        >
          <p>{t("entry.removeMore")}</p>
        </Dialog>
      )}
    </Screen>
  );
}

/** What the person wrote, in a message or a goal. */
function textOf({ item }: StoredEntry): string | null {
  const text = item["body"] ?? item["text"];
  return typeof text === "string" ? text : null;
}

/** Why it needs attention, in the server's own sentences. */
function Trouble({ entry }: { entry: StoredEntry }): JSX.Element | null {
  if (entry.state !== "held" && entry.state !== "aside") return null;
  return (
    <Banner tone="feel" icon="warn">
      <p>
        <b>{t(entry.state === "held" ? "entry.held" : "entry.aside")}</b>
      </p>
      {entry.errors.map((error) => (
        <p key={error.detail}>{error.detail}</p>
      ))}
    </Banner>
  );
}

function isCorrectable(session: SessionItem): boolean {
  return daysBetween(dateShown(session.performed_at), localDate(new Date())) <= CORRECTABLE_DAYS;
}
