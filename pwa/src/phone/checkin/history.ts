/** The check-ins this phone knows of: its own entries, and what the server told of other phones. Pure. */
import type { Instant, LocalDate, Uuid } from "../../api/types";
import { baseline, type Score } from "../../rules/pain-rule";
import type { Entry } from "../store/entry";
import { addDays, dateShown, daysBetween } from "../store/time";
import type { Answers, CheckinKind } from "./questions";

export interface PastCheckin {
  readonly id: Uuid;
  readonly at: Instant;
  readonly date: LocalDate;
  readonly kind: CheckinKind;
  readonly answers: Answers;
}

/** The server's log of check-ins, asked once a day. */
export interface StoredLog {
  readonly askedOn: LocalDate;
  readonly items: readonly PastCheckin[];
}

/** A check-in that was put off is not offered again on that date, local. */
export type PutOff = Readonly<Partial<Record<CheckinKind, LocalDate>>>;

const WEEK_DAYS = 7;
const BASELINE_DATES = 7;

/** Oldest first. This phone's own word goes before the server's. */
export function pastCheckins(entries: readonly Entry[], log: StoredLog | null): PastCheckin[] {
  const found = new Map((log?.items ?? []).map((one) => [one.id, one]));
  for (const entry of entries) {
    if (entry.item.type !== "checkin") continue;
    if (entry.state === "voided") found.delete(entry.id);
    else found.set(entry.id, toPast(entry.item as unknown as Omit<PastCheckin, "date">));
  }
  return [...found.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function toPast(item: Omit<PastCheckin, "date"> & { readonly local_date?: LocalDate }): PastCheckin {
  const { id, at, kind, answers } = item;
  return { id, at, kind, answers, date: item.local_date ?? dateShown(at) };
}

/** The last answer to a question, `before` a check-in when one is given; null if there is none. */
export function lastAnswer(past: readonly PastCheckin[], question: string, before?: PastCheckin): number | null {
  const end = before === undefined ? past.length : past.findIndex((one) => one.id === before.id);
  for (const one of past.slice(0, end).reverse()) {
    const answer = one.answers[question];
    if (typeof answer === "number") return answer;
  }
  return null;
}

/** The usual morning on a date (RULINGS.md, pain rule): of the seven dates before; else the intake's. */
export function usualMorning(past: readonly PastCheckin[], date: LocalDate, intake: Score): Score {
  const first = addDays(date, -BASELINE_DATES);
  const mornings = new Map<LocalDate, Score>();
  for (const one of past) {
    const pain = one.answers["q_morning"];
    if (one.date >= first && one.date < date && typeof pain === "number") mornings.set(one.date, pain);
  }
  return baseline([...mornings.values()], intake);
}

export function morningOf(past: readonly PastCheckin[], date: LocalDate): PastCheckin | null {
  return newest(past, (one) => one.kind === "morning" && one.date === date);
}

function newest(past: readonly PastCheckin[], fits: (one: PastCheckin) => boolean): PastCheckin | null {
  return past.filter(fits).at(-1) ?? null;
}

export function isMorningDue(past: readonly PastCheckin[], today: LocalDate, putOff: PutOff): boolean {
  return morningOf(past, today) === null && putOff.morning !== today;
}

/** Once a week: when seven days have passed since the last, or there was none. */
export function isWeeklyDue(past: readonly PastCheckin[], today: LocalDate, putOff: PutOff): boolean {
  if (putOff.weekly === today) return false;
  const last = newest(past, (one) => one.kind === "weekly");
  return last === null || daysBetween(last.date, today) >= WEEK_DAYS;
}
