import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon } from "../../ui";
import * as calls from "../calls";
import { useKeptText } from "../parts/kept-text";
import { NoteField } from "../parts/note-field";
import { FormErrors, LoadError } from "../parts/problem";
import { abilities } from "../session";
import { spoken } from "../spoken";
import { t, word } from "../t";
import type { Criterion, Plan, Readiness } from "../types";
import { useAction, useResource } from "../use";
import { percent, shortDate, sinceDay } from "../words";

/** "Phase 3 needs all four": what the answers say, what a therapist said, and what nobody has said yet. A therapist decides. */
export function ReadinessCard({ plan, round }: { plan: Plan; round: number }): JSX.Element | null {
  const { data, error, reload, set } = useResource(`readiness ${plan.id} ${plan.version} ${round}`, () => calls.readiness(plan.id));
  const [asked, setAsked] = useState<Criterion | null>(null);
  // Before its start and after its end a plan is in no phase: nothing to show, and nothing wrong.
  const failed = error?.has("plan_not_running") ? null : error;
  if (failed && !data) return <LoadError error={failed} onRetry={reload} />;
  if (!data || data.criteria.length === 0) return null;
  return (
    <section class="card pre" aria-labelledby={`ready-${plan.id}`}>
      <h2 id={`ready-${plan.id}`}>{title(data)}</h2>
      {failed && <LoadError error={failed} onRetry={reload} />}
      {data.frozen && (
        <p class="small frozen">
          <Icon name="pause" small /> {t(`readiness.frozen.${data.frozen}`)}
        </p>
      )}
      {data.never_suggested && <p class="small quiet">{t(`readiness.never.${data.never_suggested}`)}</p>}
      <ul class="crit">
        {data.criteria.map((one) => (
          <Row key={one.text} criterion={one} onAsk={() => setAsked(one)} />
        ))}
      </ul>
      {asked && <TickDialog plan={plan} phase={data.phase} criterion={asked} onClose={() => setAsked(null)} onSaved={(next) => { set(next); setAsked(null); }} />}
    </section>
  );
}

function title(data: Readiness): string {
  const count = data.criteria.length;
  const all = word("count", String(count));
  if (data.next === null) return t("readiness.finish", { count, all });
  return data.ready ? t("readiness.ready", { n: data.next }) : t("readiness.needs", { n: data.next, count, all });
}

/** Programs write "<=", since that is what a keyboard has. */
const signs = (text: string): string => spoken(text).replaceAll("<=", "≤").replaceAll(">=", "≥");

/** What the answers say now, in the fact's own words where a number alone would say nothing. */
export function valueText({ value, facts }: Pick<Criterion, "value" | "facts">): string | null {
  const [name, number] = Object.entries(facts ?? {}).find(([, each]) => each !== null) ?? [];
  if (name === undefined || number === null || number === undefined) return value;
  if (name === "reach") return word("reach", String(number));
  if (SHARES.includes(name)) return percent(number);
  return name === "sit_minutes" ? t("minutes", { count: number }) : value;
}

const SHARES: readonly string[] = ["limit_kept"];

/** What the answers decide by themselves needs no tick; a therapist's word may still overrule it. */
function Row({ criterion, onAsk }: { criterion: Criterion; onAsk: () => void }): JSX.Element {
  const { met, tick } = criterion;
  const state = met === true ? "y" : met === false ? "n" : "u";
  const mark = <b class="mark" aria-hidden="true">{met === true && <Icon name="check" small />}</b>;
  const now = valueText(criterion);
  const said = t(met === true ? "readiness.met" : met === false ? "readiness.not_met" : "readiness.unknown");
  const beside = tick ? t("readiness.by", { name: tick.by ?? t("readiness.someone"), date: shortDate(tick.at.slice(0, 10)) }) : now && t("readiness.now", { value: now });
  const text = (
    <span>
      {signs(criterion.text)}
      <span class="vh"> ({said})</span>
      {tick?.note && <small class="quiet">{tick.note}</small>}
      {met === true && !tick && criterion.since && <small class="quiet">{sinceDay(criterion.since)}</small>}
      {met === false && !tick && criterion.since && <small class="quiet">{t("readiness.holding", { since: sinceDay(criterion.since) })}</small>}
    </span>
  );
  return (
    <li class={state}>
      {abilities.value.prescribe ? (
        <button type="button" class="crit-row" title={t("readiness.change")} onClick={onAsk}>
          {mark}
          {text}
        </button>
      ) : (
        <span class="crit-row">
          {mark}
          {text}
        </span>
      )}
      <em class={tick || met === true ? "quiet" : ""}>{beside ?? (met === null ? t("readiness.ask") : null)}</em>
    </li>
  );
}

function explanation(criterion: Criterion): string {
  const value = valueText(criterion);
  if (criterion.source === "therapist" || (criterion.source === null && criterion.met === null)) return t("readiness.no_answer");
  return value ? t("readiness.answers_say", { value }) : t("readiness.answers_decide");
}

interface TickProps {
  readonly plan: Plan;
  readonly phase: number;
  readonly criterion: Criterion;
  readonly onClose: () => void;
  readonly onSaved: (readiness: Readiness) => void;
}

function TickDialog({ plan, phase, criterion, onClose, onSaved }: TickProps): JSX.Element {
  const [note, setNote, forget] = useKeptText(`criterion ${plan.id} ${phase} ${criterion.text}`);
  const save = useAction(async (met: boolean | null) => {
    const answer = await calls.tick(plan.id, { phase, text: criterion.text, met, ...(note.trim() && { note: note.trim() }) });
    forget();
    onSaved(answer);
  });
  return (
    <Dialog
      title={signs(criterion.text)} onClose={onClose}
      actions={
        <>
          <Button kind="primary" disabled={save.busy} onClick={() => void save.run(true)}>{t("readiness.tick_met")}</Button>
          <Button disabled={save.busy} onClick={() => void save.run(false)}>{t("readiness.tick_not")}</Button>
          {criterion.tick && <Button kind="plain" disabled={save.busy} onClick={() => void save.run(null)}>{t("readiness.tick_back")}</Button>}
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <p>{explanation(criterion)}</p>
      <NoteField label={t("note_optional")} value={note} maxLength={500} onInput={setNote} />
      <FormErrors error={save.error} />
    </Dialog>
  );
}
