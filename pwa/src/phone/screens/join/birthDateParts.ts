import type { LocalDate } from "../../../api/types";

/** The date, or null when there is no such day, it lies in the future, or more than 120 years back. */
export function parseBirthDate(day: string, month: string, year: string, now: Date): LocalDate | null {
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return null;
  const text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${text}T00:00:00Z`);
  // An impossible day is either refused or moved into the next month.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) return null;
  const age = now.getFullYear() - Number(year);
  return date > now || age > 120 ? null : text;
}
