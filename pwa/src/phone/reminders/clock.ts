/** Hours on a clock on the wall, in the zone of a reminder: is it quiet, and when is "later today". Pure. */
import type { LocalDate } from "../../api/types";
import type { Quiet, Rule } from "./document";

const MINUTE_MS = 60_000;
const DAY_MIN = 24 * 60;

/** "Later today" is after this time. */
const LATER_MS = 2 * 60 * MINUTE_MS;

export interface WallClock {
  readonly date: LocalDate;
  /** Since midnight, as the clock shows it. */
  readonly minutes: number;
}

/** What the clocks of `zone` show at that instant; in a zone this phone does not know, what its own clock shows. */
export function wallClock(at: number, zone: string): WallClock {
  const parts = new Map(formatOf(zone).formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`,
    minutes: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat("en-US", options);
  }
}

export function minutesOf(hour: string): number {
  const [hours, minutes] = hour.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** Start included, end excluded, over midnight too; equal means none. The same as `Quiet` in reminders/due.py. */
export function isQuiet(quiet: Quiet | null, minutes: number): boolean {
  if (quiet === null) return false;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from <= to ? from <= minutes && minutes < to : minutes >= from || minutes < to;
}

/**
 * When to remind again of what was due on `date`: two hours from `now`, or when quiet hours end. Null: not any more,
 * since by then the day is over or quiet to its end.
 */
export function laterAt(now: number, date: LocalDate, rule: Pick<Rule, "quiet" | "timezone">): number | null {
  const today = (at: number): boolean => wallClock(at, rule.timezone).date === date;
  const quietAt = (at: number): boolean => isQuiet(rule.quiet, wallClock(at, rule.timezone).minutes);
  if (!today(now)) return null;
  let at = now + LATER_MS - ((now + LATER_MS) % MINUTE_MS);
  if (rule.quiet !== null && quietAt(at)) {
    const wait = minutesOf(rule.quiet.to) - wallClock(at, rule.timezone).minutes;
    at += ((wait + DAY_MIN) % DAY_MIN) * MINUTE_MS;
  }
  return today(at) && !quietAt(at) ? at : null;
}
