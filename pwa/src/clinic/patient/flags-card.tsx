import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon } from "../../ui";
import * as calls from "../calls";
import { language } from "../../i18n/core";
import { factsOf } from "../parts/facts";
import { evidenceLines, locks } from "../parts/flag-words";
import { NoteField } from "../parts/note-field";
import { useKeptText } from "../parts/kept-text";
import { FormErrors } from "../parts/problem";
import { byUrgency } from "../../rules/urgency";
import { abilities } from "../session";
import { knownWord, sameSentence, t, word } from "../t";
import type { Flag } from "../types";
import { useAction } from "../use";
import { sinceDay } from "../words";

interface FlagsProps {
  readonly patientId: string;
  readonly flags: readonly Flag[];
  readonly onChanged: () => void;
  /** Some flags are settled somewhere else on the page: by an answer, on the exercise itself where the flag speaks of one. */
  readonly onAnswer: (key: string | null) => void;
  /** where one plan runs: sets its pain limit */
  readonly onLimit: (() => void) | null;
}

const AT_FIRST = 3;

/** Open flags with their evidence and what to do next. Settling one takes a note; a red flag's lock ends with it. */
export function FlagsCard(props: FlagsProps): JSX.Element | null {
  if (props.flags.length === 0) return null;
  return (
    <section class="card pre" aria-labelledby="flags">
      <h2 id="flags">{t("flags")}</h2>
      <ul class="plans">
        {byUrgency(props.flags).map((flag) => (
          <FlagRow key={flag.id} flag={flag} {...props} />
        ))}
      </ul>
    </section>
  );
}

function FlagRow({ patientId, flag, onChanged, onAnswer, onLimit }: FlagsProps & { flag: Flag }): JSX.Element {
  const [settling, setSettling] = useState(false);
  const acknowledge = useAction(async () => {
    await calls.acknowledge(flag.id);
    onChanged();
  });
  const emergency = flag.urgency === "emergency";
  return (
    <li class={emergency ? "banner alarm" : ""} id={`flag-${flag.id}`}>
      <b class={emergency ? "flag alarm" : "flag"}>
        <Icon name={emergency ? "warn" : "flag"} small />
        {word("flag", flag.kind)}
      </b>
      <Evidence lines={evidenceLines(flag)} />
      <span class="quiet small">{[word("urgency", flag.urgency), sinceDay(flag.raised_at.slice(0, 10))].join(" · ")}</span>
      {flag.next_step && <span class="small">{t("flags.next", { step: nextStep(flag) })}</span>}
      {flag.acknowledged_by && <span class="quiet small">{t("flags.seen_by", { name: flag.acknowledged_by })}</span>}
      <span class="acts-row">
        {ANSWERED.includes(flag.kind) && abilities.value.answer && <Button onClick={() => onAnswer(keyOf(flag))}>{t(flag.kind === "skips" ? "messages.answer_exercise" : "messages.answer")}</Button>}
        {onLimit && asksForLimit(flag) && abilities.value.prescribe && <Button onClick={onLimit}>{t("limit.title")}</Button>}
        {abilities.value.resolve && !flag.acknowledged_by && (
          <Button disabled={acknowledge.busy} onClick={() => void acknowledge.run()}>
            {t("flags.seen")}
          </Button>
        )}
        {abilities.value.resolve && <Button onClick={() => setSettling(true)}>{t(locks(flag) ? "flags.unlock" : "flags.settle")}</Button>}
      </span>
      <FormErrors error={acknowledge.error} />
      {settling && <SettleDialog patientId={patientId} flag={flag} onClose={() => setSettling(false)} onDone={() => { setSettling(false); onChanged(); }} />}
    </li>
  );
}

/** The server writes the next step in English: that sentence in other languages, or what the kind and the urgency ask for. */
function nextStep(flag: Flag): string {
  if (language.value === "en") return flag.next_step;
  const whole = sameSentence("next_step", flag.next_step);
  if (whole !== null) return whole;
  const kind = asksForLimit(flag) ? "limit" : flag.kind;
  return knownWord("next_step", `${kind}.${flag.urgency}`) ?? knownWord("next_step", kind) ?? flag.next_step;
}

const ANSWERED: readonly Flag["kind"][] = ["message_waiting", "skips"];

/** The exercise that the newest evidence speaks of. */
function keyOf(flag: Flag): string | null {
  const key = factsOf(flag.evidence).at(-1)?.["key"];
  return typeof key === "string" ? key : null;
}

const asksForLimit = (flag: Flag): boolean => factsOf(flag.evidence).at(-1)?.["moment"] === "limit";

function Evidence({ lines }: { lines: readonly string[] }): JSX.Element {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, AT_FIRST);
  return (
    <>
      {shown.map((line) => <span key={line}>{line}</span>)}
      {shown.length < lines.length && (
        <button type="button" class="link small" onClick={() => setAll(true)}>
          {t("flags.more", { count: lines.length - shown.length })}
        </button>
      )}
    </>
  );
}

function SettleDialog({ patientId, flag, onClose, onDone }: { patientId: string; flag: Flag; onClose: () => void; onDone: () => void }): JSX.Element {
  const [note, setNote, forget] = useKeptText(`flag ${flag.id}`);
  const unlocks = locks(flag);
  const settle = useAction(async () => {
    if (unlocks) await calls.unlock(patientId, note.trim());
    await calls.resolve(flag.id, note.trim());
    forget();
    onDone();
  });
  return (
    <Dialog
      title={t(unlocks ? "flags.unlock_title" : "flags.settle_title")} onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={settle.busy || !note.trim()} onClick={() => void settle.run()}>
            {t(unlocks ? "flags.unlock" : "flags.settle")}
          </Button>
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <p>{t(unlocks ? "flags.unlock_text" : "flags.settle_text")}</p>
      <NoteField label={t("flags.note")} value={note} required onInput={setNote} onSubmit={() => note.trim() && void settle.run()} />
      <FormErrors error={settle.error} />
    </Dialog>
  );
}
