/** What became of each day: the server's rows, with what this phone knows on top. Unknown is not missed. Pure. */
import type { LocalDate, PlansPayload, SessionItem } from "../../api/types";
import { isSession, itemsOn, type DueItem } from "../plan/day";
import type { Entry } from "../store/entry";
import { addDays, dateShown, isoWeekday } from "../store/time";
import type { StoredProgress } from "./document";

/**
 * full, part      everything, or some of it
 * none, skipped   nothing: the server says it was missed, or a reason was given for all of it
 * unknown         nothing that anybody knows of so far; it may still be written down
 * rest, excused   nothing was due; or a pause, a lock or the clinic has excused it
 * next, blank     to come; no plan on this date
 */
export type CellMark = "full" | "part" | "none" | "skipped" | "unknown" | "rest" | "excused" | "next" | "blank";

export interface DayFacts {
  readonly due: number;
  readonly done: number;
  readonly partly: number;
  readonly skipped: number;
  readonly missed: number;
  readonly excused: number;
  readonly sessionsDue: number;
  readonly sessionsDone: number;
  readonly sessionsUnknown: number;
}

export interface Cell {
  readonly date: LocalDate;
  readonly mark: CellMark;
  readonly today: boolean;
  /** Something of it was written down on a later day. */
  readonly late: boolean;
}

export interface CalendarWeek {
  readonly monday: LocalDate;
  readonly cells: readonly Cell[];
}

export interface World {
  readonly plan: PlansPayload | null;
  readonly progress: StoredProgress | null;
  readonly entries: readonly Entry[];
  readonly today: LocalDate;
}

const NOTHING: DayFacts = {
  ...{ due: 0, done: 0, partly: 0, skipped: 0, missed: 0, excused: 0 },
  ...{ sessionsDue: 0, sessionsDone: 0, sessionsUnknown: 0 },
};

// ---------- One day ----------

/** The facts of every date that anything is known about, several plans added up. */
export function factsByDate(world: World): Map<LocalDate, DayFacts> {
  const facts = new Map<LocalDate, DayFacts>();
  for (const row of world.progress?.payload.days ?? []) {
    const sum = facts.get(row.date) ?? NOTHING;
    facts.set(row.date, {
      due: sum.due + row.due,
      done: sum.done + row.done,
      partly: sum.partly + row.partly,
      skipped: sum.skipped + row.skipped,
      missed: sum.missed + row.missed,
      excused: sum.excused + row.excused,
      sessionsDue: sum.sessionsDue + row.sessions_due,
      sessionsDone: sum.sessionsDone + row.sessions_done,
      sessionsUnknown: sum.sessionsUnknown + row.sessions_unknown,
    });
  }
  const newer = datesWithNews(world);
  for (const date of planDates(world.plan)) {
    if (facts.has(date) && !newer.has(date)) continue;
    facts.set(date, ofPlan(itemsOn(world.plan!, world.entries, date), facts.get(date)?.missed ?? 0));
  }
  return facts;
}

function planDates(plan: PlansPayload | null): Set<LocalDate> {
  return new Set(plan?.plans.flatMap((one) => one.days.map((day) => day.date)) ?? []);
}

/** Dates on which this phone knows more than the server did when it was asked. */
function datesWithNews({ entries, progress }: World): Set<LocalDate> {
  const since = progress?.fetchedAt ?? 0;
  const news = entries.filter((entry) => isSession(entry) && (entry.state === "waiting" || changedAt(entry) > since));
  return new Set(news.map((entry) => dateShown((entry.item as unknown as SessionItem).performed_at)));
}

function changedAt(entry: Entry): number {
  const edited = entry.item["edited_at"];
  return Math.max(entry.savedAt, typeof edited === "string" ? Date.parse(edited) : 0);
}

function ofPlan(items: readonly DueItem[], missedBefore: number): DayFacts {
  const count = (state: DueItem["state"]): number => items.filter((item) => item.state === state).length;
  const open = count("due");
  const sessions = new Map<string, { due: number; done: number }>();
  for (const item of items) {
    if (item.state === "excused") continue;
    const key = `${item.plan.id} ${item.slot}`;
    const one = sessions.get(key) ?? { due: 0, done: 0 };
    one.due += 1;
    if (item.state === "done" || item.state === "partly") one.done += 1;
    sessions.set(key, one);
  }
  // A session counts when half of it was done (CLINICAL.md E).
  const done = [...sessions.values()].filter((one) => one.done * 2 >= one.due).length;
  const missed = Math.min(open, missedBefore);
  return {
    due: items.length - count("excused"),
    done: count("done"),
    partly: count("partly"),
    skipped: count("skipped"),
    missed,
    excused: count("excused"),
    sessionsDue: sessions.size,
    sessionsDone: done,
    sessionsUnknown: open > missed ? sessions.size - done : 0,
  };
}

export function markOf(facts: DayFacts | undefined, date: LocalDate, today: LocalDate): CellMark {
  if (facts === undefined) return "blank";
  if (facts.due === 0) return facts.excused > 0 ? "excused" : "rest";
  if (facts.done === facts.due) return "full";
  if (facts.done + facts.partly > 0) return "part";
  if (facts.skipped > 0) return "skipped";
  if (date >= today) return "next";
  return facts.missed > 0 ? "none" : "unknown";
}

// ---------- Weeks ----------

/** The last `count` calendar weeks, the running one last, each from Monday to Sunday. */
export function weeksOf(world: World, count: number): CalendarWeek[] {
  const facts = factsByDate(world);
  const late = lateDates(world);
  const monday = addDays(world.today, 1 - isoWeekday(world.today));
  return Array.from({ length: count }, (_, week) => {
    const first = addDays(monday, 7 * (week + 1 - count));
    const cells = Array.from({ length: 7 }, (_, index): Cell => {
      const date = addDays(first, index);
      const mark = markOf(facts.get(date), date, world.today);
      return { date, mark, today: date === world.today, late: late.has(date) && (mark === "full" || mark === "part") };
    });
    return { monday: first, cells };
  });
}

function lateDates({ progress, entries }: World): Set<LocalDate> {
  const late = new Set(progress?.payload.late ?? []);
  for (const entry of entries) {
    if (!isSession(entry) || entry.state === "voided") continue;
    const { performed_at, logged_at } = entry.item;
    if (logged_at !== null && dateShown(logged_at) > dateShown(performed_at)) late.add(dateShown(performed_at));
  }
  return late;
}

export interface Sum {
  readonly done: number;
  readonly asked: number;
}

/** Sessions done of those asked on the dates shown. What is unknown is not asked yet; today counts once it is done. */
export function sumOf(world: World, weeks: readonly CalendarWeek[]): Sum {
  const facts = factsByDate(world);
  let [done, asked] = [0, 0];
  for (const { date } of weeks.flatMap((week) => week.cells)) {
    const day = facts.get(date);
    if (day === undefined || date > world.today) continue;
    done += day.sessionsDone;
    asked += date === world.today ? day.sessionsDone : day.sessionsDue - day.sessionsUnknown;
  }
  return { done, asked };
}

/** How many weeks there are to look at: from the first date with anything due, at most `most`. */
export function weeksKnown(world: World, most: number): number {
  const first = [...factsByDate(world).keys()].sort()[0];
  if (first === undefined) return 1;
  const monday = addDays(world.today, 1 - isoWeekday(world.today));
  let count = 1;
  while (count < most && addDays(monday, -7 * (count - 1)) > first) count += 1;
  return count;
}
