import { addDays, dayNumber } from "../dates";
import { t } from "../t";
import type { Adherence, AdherenceDay } from "../types";

/** One date of the sum. Pure: done, due, unknown, excused and "no plan" never run together. */

export type DayState = "done" | "some" | "missed" | "skipped" | "unknown" | "excused" | "rest" | "extra" | "no_plan";

export interface SumRow {
  readonly date: string;
  readonly plan: string | null;
  readonly state: DayState;
  readonly day: AdherenceDay | null;
}

export function dayState(day: AdherenceDay): DayState {
  if (day.sessions_due === 0) {
    if (day.excused > 0 || day.why) return "excused";
    return day.sessions_done > 0 || day.extra > 0 ? "extra" : "rest";
  }
  if (day.sessions_done >= day.sessions_due) return "done";
  if (day.sessions_unknown > 0) return "unknown";
  if (day.sessions_done > 0) return "some";
  return day.skipped > 0 && day.missed === 0 ? "skipped" : "missed";
}

/** Every date of the window, newest first; a date without a row is a date without a plan. */
export function sumRows(sum: Pick<Adherence, "from" | "to" | "rows">): SumRow[] {
  const out: SumRow[] = [];
  for (let n = dayNumber(sum.to); n >= dayNumber(sum.from); n -= 1) {
    const date = addDays(sum.from, n - dayNumber(sum.from));
    const days = sum.rows.filter((row) => row.date === date);
    if (days.length === 0) out.push({ date, plan: null, state: "no_plan", day: null });
    for (const day of days) out.push({ date, plan: day.plan, state: dayState(day), day });
  }
  return out;
}

/** "11 of 12 sessions done. 2 are not known yet and not counted. 3 are excused." */
export function sumSentences({ session }: Pick<Adherence, "session">): string[] {
  const counted = session.due - session.unknown;
  const out = [counted === 0 ? t("sum.nothing_due") : t("sum.done_of", { done: session.done, count: counted })];
  if (session.unknown > 0) out.push(t("sum.unknown", { count: session.unknown }));
  if (session.excused > 0) out.push(t("sum.excused", { count: session.excused }));
  return out;
}

export function stateWords(row: SumRow): string {
  if (row.state === "excused" && row.day?.why) return t(`sum.state.excused_${row.day.why}`);
  return t(`sum.state.${row.state}`);
}
