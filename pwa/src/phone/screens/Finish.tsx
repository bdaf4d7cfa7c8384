import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { LocalDate, SessionItem } from "../../api/types";
import { weekday } from "../../i18n/format";
import { Button, Icon, PainScale, Ring, Seg, TextArea } from "../../ui";
import { finishAnswering, saveChange } from "../actions";
import { isSession, itemsOn } from "../plan/day";
import { daysInARow, weekOf } from "../plan/week";
import { backgroundSync, entries, plan, therapist, today } from "../state";
import { t } from "../t";
import { dateShown } from "../store/time";
import { SavedLine, Screen, useHeadlineFocus } from "./parts";
import { PainSays } from "./session/PainSays";

/** CLINICAL.md D.3: the product's own words for effort 0–10. */
export const EFFORTS = [0, 2, 4, 6, 8, 10] as const;

/** The session is saved already when this opens; each answer here is saved as it is tapped. */
export function Finish({ id }: { id?: string }): JSX.Element | null {
  const { route } = useLocation();
  const entry = entries.value.find((one) => one.id === id);
  const found = entry && isSession(entry) ? entry.item : null;
  const [note, setNote] = useState(found?.note ?? "");
  useHeadlineFocus(id);
  useEffect(() => {
    if (found === null) route("/", true);
  }, [found === null]);
  if (found === null) return null;

  const answer = (change: Partial<SessionItem>): Promise<void> => saveChange(found.id, change, true);
  const done = async (): Promise<void> => {
    if (note !== found.note) await answer({ note });
    await finishAnswering();
    route("/", true);
  };
  const owner = plan.value?.payload.plans.find((one) => one.id === found.plan);

  return (
    <Screen>
      <main class="finish">
        <Summary date={dateShown(found.performed_at)} />
        <Week />
        <section>
          <h2 class="q">{t("finish.pain")}</h2>
          <PainScale
            label={t("finish.pain")}
            value={found.pain_after}
            onChange={(pain_after) => void answer({ pain_after })}
          />
        </section>
        {owner && (found.pain_after ?? 0) >= 8 && (
          <PainSays score={found.pain_after!} rule={owner.pain_rule} exercise="" />
        )}
        <section>
          <h2 class="q">{t("finish.effort")}</h2>
          <Seg
            label={t("finish.effort")}
            layout="grid"
            choices={EFFORTS.map((value) => ({ value, text: t(`effort.${value}`) }))}
            value={found.effort as (typeof EFFORTS)[number] | null}
            onChange={(effort) => void answer({ effort })}
          />
        </section>
        <NoteField note={note} onInput={setNote} onLeave={() => note !== found.note && void answer({ note })} />
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" onClick={() => void done()}>
          {t("finish.done")}
        </Button>
        <SavedLine text={t(backgroundSync.value ? "finish.saved" : "finish.savedOpen")} />
      </footer>
    </Screen>
  );
}

/** Of the day the session counts for, which is an earlier one when it was filled in. */
function Summary({ date }: { date: LocalDate }): JSX.Element {
  const known = plan.value ? itemsOn(plan.value.payload, entries.value, date) : [];
  const items = known.filter((item) => item.state !== "excused");
  const done = items.filter((item) => item.state === "done").length;
  const row = plan.value ? daysInARow(plan.value.payload, entries.value, today.value) : 0;
  const all = done === items.length && items.length > 0;
  return (
    <div class="fin">
      <Ring done={done} of={items.length} label={t("today.ring", { done, of: items.length })} size={92} stroke={11}>
        {all ? (
          <span class="ck">
            <Icon name="check" />
          </span>
        ) : (
          done
        )}
      </Ring>
      <div>
        <h1>{all ? t("today.allDone", { count: done }) : t("finish.some", { done, of: items.length })}</h1>
        <p>
          {row > 1 && `${row === 2 ? t("finish.rowTwo") : t("finish.row", { count: row })} `}
          {t("finish.tomorrow")}
        </p>
      </div>
    </div>
  );
}

function Week(): JSX.Element | null {
  if (plan.value === null) return null;
  return (
    <ol class="week">
      {weekOf(plan.value.payload, entries.value, today.value).map(({ date, mark, today: isToday }) => (
        <li key={date} class={isToday ? "t" : ""}>
          <span>{weekday(date, "short")}</span>
          <b class={mark === "unknown" ? "cell" : `cell ${mark}`}>
            {mark === "full" && <Icon name="check" />}
            <span class="vh">{t(`mark.${mark}`)}</span>
          </b>
        </li>
      ))}
    </ol>
  );
}

function NoteField(props: { note: string; onInput: (text: string) => void; onLeave: () => void }): JSX.Element {
  const name = therapist.value;
  const label = name ? t("finish.noteFor", { name }) : t("finish.note");
  return (
    <TextArea
      label={label}
      hideLabel
      placeholder={label}
      rows={1}
      maxLength={2000}
      value={props.note}
      onInput={props.onInput}
      onBlur={props.onLeave}
    />
  );
}
