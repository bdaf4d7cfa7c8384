import type { Frequency, Weekday } from "../types";

export const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** How many days a week go to which weekdays (API.md, "Loading CLINICAL.md's templates"). */
const SPREAD: Record<number, Weekday[]> = {
  1: [1], 2: [1, 4], 3: [1, 3, 5], 4: [1, 2, 4, 6], 5: [1, 2, 3, 5, 6], 6: [1, 2, 3, 4, 5, 6], 7: [...WEEK],
};

export function daysAWeek(days: number): Weekday[] {
  return [...(SPREAD[Math.min(7, Math.max(1, Math.round(days)))] as Weekday[])];
}

/** Days a week on average; an interval of 2 days is 3.5. */
export function perWeek(frequency: Frequency): number {
  if (frequency.kind === "weekdays") return frequency.days.length;
  if (frequency.kind === "interval") return 7 / frequency.every_days;
  return frequency.count;
}

export function timesPerDay(frequency: Frequency): number {
  return frequency.kind === "per_week" ? 1 : frequency.times_per_day;
}

/** The same amount in another kind, so that changing how it is said does not change how much it is. */
export function convert(frequency: Frequency, kind: Frequency["kind"]): Frequency {
  if (frequency.kind === kind) return frequency;
  const week = perWeek(frequency);
  const times_per_day = timesPerDay(frequency);
  if (kind === "weekdays") return { kind, days: daysAWeek(week), times_per_day };
  if (kind === "interval") return { kind, every_days: Math.max(1, Math.round(7 / week)), times_per_day };
  return { kind, count: Math.min(7, Math.max(1, Math.round(week))) };
}

export function toggleDay(days: readonly Weekday[], day: Weekday): Weekday[] {
  return WEEK.filter((each) => (each === day ? !days.includes(day) : days.includes(each)));
}

/**
 * How often an item stands on a weekday: certain for weekdays, an average for the others, which fall on different
 * weekdays from week to week.
 */
export function onWeekday(frequency: Frequency, day: Weekday): number {
  if (frequency.kind === "weekdays") return frequency.days.includes(day) ? frequency.times_per_day : 0;
  if (frequency.kind === "interval") return frequency.times_per_day / frequency.every_days;
  return frequency.count / 7;
}
