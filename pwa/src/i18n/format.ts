/** Dates, times and numbers in the chosen language. Local dates are `YYYY-MM-DD` strings and never shift with a zone. */
import { language } from "./core";

/** A local date as noon UTC, so that formatting it in UTC can never fall on the neighbour day. */
export function dateOf(localDate: string): Date {
  return new Date(`${localDate}T12:00:00Z`);
}

export function formatDate(localDate: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.value, { ...options, timeZone: "UTC" }).format(dateOf(localDate));
}

/** "Tuesday 24 November", "Martes 24 de noviembre". */
export function longDay(localDate: string): string {
  const parts = formatDate(localDate, { weekday: "long", day: "numeric", month: "long" });
  // British order reads better to most of the world and is what the mock-ups show.
  const text = language.value === "en" ? new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(dateOf(localDate)) : parts;
  return capitalise(text.replaceAll(",", ""));
}

export function weekday(localDate: string, width: "long" | "short" = "long"): string {
  return formatDate(localDate, { weekday: width });
}

/** Hours and minutes of an instant in the zone of this device. */
export function clockTime(instant: string | Date): string {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  return new Intl.DateTimeFormat(language.value, { hour: "numeric", minute: "2-digit" }).format(at);
}

export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  return new Intl.NumberFormat(language.value, options).format(value);
}

export function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase(language.value) + text.slice(1);
}
