import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { spoken } from "../spoken";
import { t } from "../t";
import type { Adherence, AdherenceDay, Plan } from "../types";
import { useResource } from "../use";
import { dayAndDate, percent, shortDate } from "../words";
import { stateWords, sumRows, sumSentences, type SumRow } from "./adherence-words";

const WINDOWS = [7, 28] as const;

/** How much of it was done, and every number opens its sum. Dose and over-doing stand beside, never inside. */
export function AdherenceCard({ patientId, plans, round }: { patientId: string; plans: readonly Plan[]; round: number }): JSX.Element | null {
  const week = useResource(`adherence ${patientId} 7 ${round}`, () => calls.adherence(patientId, 7));
  const month = useResource(`adherence ${patientId} 28 ${round}`, () => calls.adherence(patientId, 28));
  const [open, setOpen] = useState<7 | 28 | null>(null);
  const sums = { 7: week.data, 28: month.data };
  const shown = open === null ? null : sums[open];
  const failed = [week, month].find((each) => each.error);
  if (!week.data && !month.data && !failed) return null;
  const again = (): void => [week, month].forEach((each) => each.error && each.reload());
  return (
    <section class="card" aria-labelledby="done">
      <h2 id="done">{t("sum.title")}</h2>
      {failed?.error && <LoadError error={failed.error} onRetry={again} />}
      <div class="sums">
        {WINDOWS.map((window) => {
          const sum = sums[window];
          return sum && <Number key={window} sum={sum} onOpen={() => setOpen(window)} />;
        })}
      </div>
      <Beside sum={month.data ?? week.data} />
      {shown && <SumDialog sum={shown} plans={plans} onClose={() => setOpen(null)} />}
    </section>
  );
}

function Number({ sum, onOpen }: { sum: Adherence; onOpen: () => void }): JSX.Element {
  const { value, band } = sum.session;
  return (
    <button type="button" class="sum-number" onClick={onOpen} aria-label={t("sum.open", { days: sum.window, share: percent(value) })}>
      <small class="quiet">{t("sum.window", { days: sum.window })}</small>
      <b>{percent(value)}</b>
      <i aria-hidden="true">{value !== null && <u style={{ width: `${Math.round(Math.min(1, value) * 100)}%` }} />}</i>
      <small class="quiet">{band ? t(`sum.band.${band}`) : t("sum.band.none")}</small>
    </button>
  );
}

function Beside({ sum }: { sum: Adherence | null }): JSX.Element | null {
  if (!sum) return null;
  const { dose, overdoing } = sum;
  if (dose.value === null && overdoing.ratio === null) return null;
  return (
    <p class="small quiet">
      {dose.value !== null && t("sum.dose", { share: percent(dose.value), days: sum.window })}{" "}
      {overdoing.ratio !== null && overdoing.flagged && <b class="over">{t("sum.overdoing", { share: percent(overdoing.ratio) })}</b>}
    </p>
  );
}

function SumDialog({ sum, plans, onClose }: { sum: Adherence; plans: readonly Plan[]; onClose: () => void }): JSX.Element {
  const rows = sumRows(sum);
  const several = new Set(sum.rows.map((row) => row.plan)).size > 1;
  const planName = (id: string | null): string => spoken(plans.find((plan) => plan.id === id)?.program_name ?? "");
  return (
    <Dialog title={t("sum.heading", { share: percent(sum.session.value), days: sum.window })} onClose={onClose} actions={<Button onClick={onClose}>{t("close")}</Button>}>
      <div class="wide">
        <p>{sumSentences(sum).join(" ")}</p>
        <p class="quiet small">{t("sum.how", { from: shortDate(sum.from), to: shortDate(sum.to) })}</p>
        <div class="sum-scroll" tabIndex={0} role="region" aria-label={t("sum.table")}>
          <table class="table sum-table">
            <thead>
              <tr>
                <th scope="col">{t("sum.column.day")}</th>
                {several && <th scope="col">{t("plans")}</th>}
                <th scope="col" class="r">{t("sum.column.sessions")}</th>
                <th scope="col" class="r">{t("sum.column.exercises")}</th>
                <th scope="col" class="r">{t("sum.column.sets")}</th>
                <th scope="col">{t("sum.column.state")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => <Row key={`${row.date} ${row.plan}`} row={row} plan={several ? planName(row.plan) : null} />)}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={several ? 2 : 1}>{t("sum.total")}</th>
                <td class="r">{t("sum.of", { done: sum.session.done, of: sum.session.due - sum.session.unknown })}</td>
                <td class="r">{t("sum.of", { done: sum.exercises.done + sum.exercises.partly, of: sum.exercises.due - sum.exercises.unknown })}</td>
                <td class="r">{t("sum.of", { done: sets(sum.dose.done), of: sets(sum.dose.asked - sum.dose.unknown) })}</td>
                <td>{percent(sum.session.value)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
        <ul class="small quiet dots">
          {sum.dose.value !== null && <li>{t("sum.dose_long", { share: percent(sum.dose.value) })}</li>}
          {sum.overdoing.ratio !== null && <li>{t("sum.overdoing_long", { share: percent(sum.overdoing.ratio) })}</li>}
        </ul>
      </div>
    </Dialog>
  );
}

function setsText(day: AdherenceDay): string {
  const asked = { done: sets(day.dose_done), of: sets(day.dose_asked) };
  return day.dose_over > 0 ? t("sum.sets_over", { ...asked, over: sets(day.dose_over) }) : t("sum.of", asked);
}

/** The server counts the dose in hundredths of a set, so that rows add up. */
const sets = (hundredths: number): number => Math.round(hundredths / 10) / 10;

function Row({ row, plan }: { row: SumRow; plan: string | null }): JSX.Element {
  const day = row.day;
  return (
    <tr class={`st-${row.state}`}>
      <th scope="row">{dayAndDate(row.date)}</th>
      {plan !== null && <td>{plan}</td>}
      <td class="r">{day && (day.sessions_due > 0 || day.sessions_done > 0) ? t("sum.of", { done: day.sessions_done, of: day.sessions_due }) : "–"}</td>
      <td class="r">{day && day.due > 0 ? t("sum.of", { done: day.done + day.partly, of: day.due }) : "–"}</td>
      <td class="r">{day && day.dose_asked + day.dose_over > 0 ? setsText(day) : "–"}</td>
      <td>
        <i class="st" aria-hidden="true" />
        {stateWords(row)}
        {day !== null && day.skipped > 0 && row.state !== "skipped" && <span class="quiet small"> {t("sum.skipped", { count: day.skipped })}</span>}
        {day !== null && day.extra > 0 && row.state !== "extra" && <span class="quiet small"> {t("sum.extra", { count: day.extra })}</span>}
      </td>
    </tr>
  );
}
