/** Instants with the phone's own offset, and local dates. The server keeps both as the phone showed them. */
import type { Instant, LocalDate } from "../../api/types";

const two = (value: number): string => String(value).padStart(2, "0");

/** "2026-11-24T07:10:00+01:00": the wall clock of this phone and its offset from UTC. */
export function isoWithOffset(at: Date): Instant {
  const minutes = -at.getTimezoneOffset();
  const sign = minutes < 0 ? "-" : "+";
  const offset = `${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  return `${localDate(at)}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${offset}`;
}

/** Milliseconds matter only for edits: two of them may follow within one second. */
export function isoWithMillis(at: Date): Instant {
  return isoWithOffset(at).replace(/(:\d\d)([+-])/, `$1.${String(at.getMilliseconds()).padStart(3, "0")}$2`);
}

/** The date this phone shows at that instant. */
export function localDate(at: Date): LocalDate {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The local date written into an instant that carries its own offset. */
export function dateShown(instant: Instant): LocalDate {
  return instant.slice(0, 10);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  const at = new Date(`${date}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T12:00:00Z`) - Date.parse(`${from}T12:00:00Z`)) / 86_400_000);
}

/** ISO weekday, Monday 1 to Sunday 7. */
export function isoWeekday(date: LocalDate): number {
  return ((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
