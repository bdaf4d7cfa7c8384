/** Dates, times and numbers in the chosen language. Local dates are `YYYY-MM-DD` strings and never shift with a zone. */
import { language } from "./core";

/**
 * The chosen language as this person's country writes it (12 or 24 hours, decimal sign). Dates in English are always
 * "24 November": day before month, with the month in words, can be misread by nobody.
 */
function regional(): string {
  return globalThis.navigator?.languages?.find((tag) => tag.split("-")[0] === language.value) ?? language.value;
}

function dateLocale(): string {
  return language.value === "en" ? "en-GB" : language.value;
}

/** A local date as noon UTC, so that formatting it in UTC can never fall on the neighbour day. */
export function dateOf(localDate: string): Date {
  return new Date(`${localDate}T12:00:00Z`);
}

export function formatDate(localDate: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(dateLocale(), { ...options, timeZone: "UTC" }).format(dateOf(localDate));
}

/** "Tuesday 24 November", "Martes 24 de noviembre". */
export function longDay(localDate: string): string {
  return capitalise(formatDate(localDate, { weekday: "long", day: "numeric", month: "long" }).replaceAll(",", ""));
}

export function weekday(localDate: string, width: "long" | "short" = "long"): string {
  return formatDate(localDate, { weekday: width });
}

/** Hours and minutes of an instant in the zone of this device. */
export function clockTime(instant: string | Date): string {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  return new Intl.DateTimeFormat(regional(), { hour: "numeric", minute: "2-digit" }).format(at);
}

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(language.value, options).format(value);
}

export function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language.value) + text.slice(1);
}
