/** Doses, frequencies, dates and people as one says them. */
import { language } from "../i18n/core";
import { capitalise, dateOf, number } from "../i18n/format";
import { age, dayNumber, today } from "./dates";
import { t, word } from "./t";
import type { Dose, Frequency, Patient, Phase, Weekday } from "./types";

/** English here is British English: day before month and a 24-hour clock, as a clinic in Europe writes them. */
function locale(): string {
  return language.value === "en" ? "en-GB" : language.value;
}

export function formatDate(localDate: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: "UTC" }).format(dateOf(localDate));
}

/** "Friday 13 November", "viernes 13 de noviembre": as it stands inside a sentence. */
export function dayInSentence(localDate: string): string {
  return formatDate(localDate, { weekday: "long", day: "numeric", month: "long" }).replaceAll(",", "");
}

const WEEKDAY_ENOUGH_DAYS = 6;

/** "Saturday" within the last week, else "16 November". */
export function dayName(localDate: string, now: string = today()): string {
  const ago = dayNumber(now) - dayNumber(localDate);
  return ago >= 0 && ago <= WEEKDAY_ENOUGH_DAYS ? formatDate(localDate, { weekday: "long" }) : formatDate(localDate, { day: "numeric", month: "long" });
}

/** "today", "yesterday", "on Saturday", "on 16 November": as it stands inside a sentence. */
export function onDay(localDate: string, now: string = today()): string {
  const ago = dayNumber(now) - dayNumber(localDate);
  return ago === 0 ? t("today") : ago === 1 ? t("yesterday") : t("on_day", { day: dayName(localDate, now) });
}

/** "since Saturday", "since 16 November" */
export function sinceDay(localDate: string, now: string = today()): string {
  const ago = dayNumber(now) - dayNumber(localDate);
  return ago === 0 ? t("since_today") : ago === 1 ? t("since_yesterday") : t("since_day", { day: dayName(localDate, now) });
}

/** "from today on", "from tomorrow on", "from Thursday on" */
export function fromDay(localDate: string, now: string = today()): string {
  const ahead = dayNumber(localDate) - dayNumber(now);
  if (ahead <= 0) return t("from_today");
  if (ahead === 1) return t("from_tomorrow");
  const day = ahead <= WEEKDAY_ENOUGH_DAYS ? formatDate(localDate, { weekday: "long" }) : formatDate(localDate, { day: "numeric", month: "long" });
  return t("from_day", { day });
}

/** Hours and minutes of an instant, in the zone of this computer. */
export function clockTime(instant: string): string {
  return new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" }).format(new Date(instant));
}

/** From this many seconds on a hold is said in minutes (walking). */
const MINUTES_FROM_S = 120;

/** "hold 30 s", "15 min" */
export function holdText(seconds: number): string {
  return seconds >= MINUTES_FROM_S ? t("dose.minutes", { n: Math.round(seconds / 60) }) : t("dose.hold", { n: seconds });
}

/** "3 × 10, hold 3 s, left" */
export function doseText(dose: Dose, withSide = true): string {
  const parts: string[] = [];
  const once = (dose.reps ?? 1) === 1;
  if (once && dose.hold_s) {
    const hold = holdText(dose.hold_s);
    parts.push(dose.sets === 1 ? hold : t("dose.times", { sets: dose.sets, what: hold }));
  } else {
    parts.push(t("dose.times", { sets: dose.sets, what: number(dose.reps ?? 1) }));
    if (dose.hold_s) parts.push(t("dose.hold", { n: dose.hold_s }));
  }
  if (dose.load_kg) parts.push(t("dose.kg", { n: dose.load_kg }));
  if (withSide && (dose.side === "left" || dose.side === "right" || dose.side === "alternating")) parts.push(word("side", dose.side));
  return parts.join(", ");
}

/** "5 / week", "every 2 days", "7 / week, 2 × a day" */
export function frequencyText(frequency: Frequency): string {
  if (frequency.kind === "per_week") return t("frequency.week", { n: frequency.count });
  const often =
    frequency.kind === "weekdays"
      ? t("frequency.week", { n: frequency.days.length })
      : t("frequency.interval", { count: frequency.every_days });
  return frequency.times_per_day > 1 ? t("frequency.twice", { often, n: frequency.times_per_day }) : often;
}

/** Monday 1 November 2021 was a Monday: a fixed week to name weekdays by. */
export function weekdayName(day: Weekday, width: "long" | "short" | "narrow" = "short"): string {
  return capitalise(formatDate(`2021-11-0${day}`, { weekday: width }));
}

/** "weeks 4 to 6": the first week of a plan is week 1, as in "week 6 of 12". */
export function weeksText(phase: Phase): string {
  const first = Math.floor(phase.from_day / 7) + 1;
  const last = Math.max(first, Math.ceil(phase.to_day / 7));
  return first === last ? t("phase.week", { n: first }) : t("phase.weeks", { first, last });
}

export function shortDate(iso: string): string {
  return formatDate(iso, { day: "numeric", month: "short" });
}

export function dayAndDate(iso: string): string {
  return formatDate(iso, { weekday: "short", day: "numeric" });
}

/** "today 7:02", "yesterday", "15 Nov", "15 Nov 2025": as exact as it needs to be. */
export function lastSeen(instant: string | null, now: Date = new Date()): string {
  if (!instant) return t("never");
  const isDate = /^\d{4}-\d\d-\d\d$/.test(instant);
  const date = isDate ? instant : today(new Date(instant));
  const ago = dayNumber(today(now)) - dayNumber(date);
  if (ago <= 0) return isDate ? t("today") : clockTime(instant);
  if (ago === 1) return t("yesterday");
  return ago < 300 ? shortDate(date) : formatDate(date, { day: "numeric", month: "short", year: "numeric" });
}

export function percent(share: number | null): string {
  return share === null ? "–" : new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

type About = Pick<Patient, "birth_date" | "affected_side" | "condition">;

/** "62, left ischiofemoral impingement"; short: "62, left IFI" */
export function aboutPatient(patient: About, short = false, now: string = today()): string {
  const parts = [String(age(patient.birth_date, now))];
  const condition = patient.condition ? word(short ? "condition_short" : "condition", patient.condition) : "";
  const side = patient.affected_side ? word("affected", patient.affected_side) : "";
  const both = condition && side ? t("about.side_condition", { side, condition }) : condition || side;
  if (both) parts.push(both);
  return parts.join(", ");
}
