import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Icon } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t } from "../t";
import { INSTRUMENTS, TIMEPOINTS, type Goal, type Instrument, type Timepoint } from "../types";
import { useResource } from "../use";
import { shortDate } from "../words";
import { OutcomeForm } from "./outcome-form";
import { cellsOf, changeSentence, scoreText, type Cell } from "./outcome-words";

async function load(id: string) {
  const [outcomes, schedule, goals] = await Promise.all([calls.outcomes(id), calls.outcomeSchedule(id), calls.goals(id)]);
  return { outcomes, schedule, goals };
}

/** Scores with what their change means, what is due, and what the patient wants to be able to do again. */
export function OutcomesCard({ patientId, writable }: { patientId: string; writable: boolean }): JSX.Element {
  const { data, error, reload } = useResource(`outcomes ${patientId}`, () => load(patientId));
  const [entering, setEntering] = useState<{ instrument: Instrument; timepoint: Timepoint } | null>(null);
  if (error && !data) return <LoadError error={error} onRetry={reload} />;
  const outcomes = data?.outcomes ?? [];
  const due = (data?.schedule ?? []).filter((one) => one.state === "due");
  const sentences = INSTRUMENTS.map((instrument) => changeSentence(instrument, outcomes)).filter((each) => each !== null);
  return (
    <section class="card outc" aria-labelledby="outcomes">
      <h2 id="outcomes">{t("outcomes")}</h2>
      {data && <Goals goals={data.goals} />}
      <table class="outc-table">
        <thead>
          <tr>
            <td />
            {TIMEPOINTS.map((timepoint) => <th scope="col" key={timepoint} class="small quiet">{t(`outcome.timepoint.${timepoint}`)}</th>)}
          </tr>
        </thead>
        <tbody>
          {data && INSTRUMENTS.map((instrument) => <Row key={instrument} instrument={instrument} cells={cellsOf(instrument, outcomes, data.schedule)} />)}
        </tbody>
      </table>
      {sentences.map((each) => <p key={each}>{each}</p>)}
      {due.length > 0 && <p class="small quiet">{t("outcome.due_now", { list: due.map((one) => t(`outcome.short.${one.instrument}`)).join(", "), to: shortDate(due[0]!.to) })}</p>}
      {writable && abilities.value.paper && (
        <Button onClick={() => setEntering({ instrument: due[0]?.instrument ?? "nprs", timepoint: due[0]?.timepoint ?? "baseline" })}>{t("outcome.enter")}</Button>
      )}
      {entering && <OutcomeForm patientId={patientId} start={entering} outcomes={outcomes} onClose={() => setEntering(null)} onSaved={() => { setEntering(null); reload(); }} />}
    </section>
  );
}

function Goals({ goals }: { goals: readonly Goal[] }): JSX.Element | null {
  if (goals.length === 0) return null;
  return (
    <ul class="goals" aria-label={t("goals")}>
      {goals.map((goal) => (
        <li key={goal.id} class={goal.done_at ? "y" : ""}>
          <b class="mark" aria-hidden="true">{goal.done_at && <Icon name="check" small />}</b>
          <span>
            <q>{goal.text}</q>
            {goal.done_at && <small class="quiet"> {t("goals.done", { date: shortDate(goal.done_at.slice(0, 10)) })}</small>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Row({ instrument, cells }: { instrument: Instrument; cells: Record<Timepoint, Cell> }): JSX.Element {
  return (
    <tr>
      <th scope="row">
        {t(`outcome.short.${instrument}`)} <small class="quiet">{t(`outcome.scale.${instrument}`)}</small>
      </th>
      {TIMEPOINTS.map((timepoint) => <td key={timepoint}>{cellText(instrument, cells[timepoint])}</td>)}
    </tr>
  );
}

function cellText(instrument: Instrument, { outcome, state }: Cell): JSX.Element {
  if (outcome?.score != null) {
    return (
      <b title={[shortDate(outcome.local_date), outcome.incomplete && t("outcome.incomplete")].filter(Boolean).join(", ")}>
        {scoreText(instrument, outcome.score)}
        {outcome.incomplete && <span class="quiet">*</span>}
      </b>
    );
  }
  if (state === "due" || state === "missed") return <span class={state === "due" ? "due" : "quiet"}>{t(`outcome.state.${state}`)}</span>;
  return <span class="quiet">–</span>;
}
