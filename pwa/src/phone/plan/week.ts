/** The row of seven days on Finish: what was done, what rests, what is to come. Unknown stays blank. */
import type { LocalDate, PlansPayload } from "../../api/types";
import type { Entry } from "../store/entry";
import { addDays, isoWeekday } from "../store/time";
import { itemsOn } from "./day";

export type DayMark = "full" | "part" | "none" | "rest" | "next" | "unknown";

export interface WeekDay {
  readonly date: LocalDate;
  readonly mark: DayMark;
  readonly today: boolean;
}

export function weekOf(payload: PlansPayload, entries: readonly Entry[], today: LocalDate): WeekDay[] {
  const monday = addDays(today, 1 - isoWeekday(today));
  return Array.from({ length: 7 }, (_, index) => {
    const date = addDays(monday, index);
    return { date, mark: markOf(payload, entries, date, today), today: date === today };
  });
}

export function markOf(payload: PlansPayload, entries: readonly Entry[], date: LocalDate, today: LocalDate): DayMark {
  if (!isKnown(payload, date)) return "unknown";
  const items = itemsOn(payload, entries, date).filter((item) => item.state !== "excused");
  if (items.length === 0) return "rest";
  if (items.every((item) => item.state === "done")) return "full";
  if (items.some((item) => item.state === "done" || item.state === "partly")) return "part";
  return date >= today ? "next" : "none";
}

/** The plan speaks of this date: it names the date, or the date lies between those it names. */
function isKnown(payload: PlansPayload, date: LocalDate): boolean {
  const named = payload.plans.flatMap((plan) => plan.days.map((day) => day.date)).sort();
  const first = named[0];
  return first !== undefined && date >= first && date <= payload.until;
}

/** How many days up to and including `today` were done in a row, rest days passed over; counts only what is known. */
export function daysInARow(payload: PlansPayload, entries: readonly Entry[], today: LocalDate): number {
  let count = 0;
  for (let date = today; isKnown(payload, date); date = addDays(date, -1)) {
    const mark = markOf(payload, entries, date, today);
    if (mark === "full" || mark === "part") count += 1;
    else if (mark !== "rest") break;
  }
  return count;
}
