/**
 * What in an entry stops the exercises at once (CLINICAL.md D.2, D.7, D.8; RULINGS.md "Red flags"): the same as the
 * server's `patients/safety.py` says when it receives it, so that the phone does not need a network to be safe. Pure.
 */
import type { LocalDate, Lock, SessionItem, Uuid } from "../../api/types";
import { STOP_PAIN } from "../../rules/pain-rule";
import { isLocking } from "../../rules/red-flags";
import type { Entry, OutgoingItem } from "../store/entry";
import { dateShown } from "../store/time";
import type { Answers } from "./questions";

const PAIN_QUESTIONS = ["q_pain_now", "q_pain_avg", "q_pain_worst", "q_morning", "q_sit_pain"];
/** R06: lower than before for more than 30 minutes, a new numb area, weakness. */
const R06 = ["q_leg_30min", "q_numb_new", "q_weak"];
/** Scores of a week say nothing about today. */
const OF_A_WEEK = new Set(["avg_7d", "worst_7d"]);

export interface Danger {
  /** Warning signs that were ticked, those that do not lock included. */
  readonly signs: readonly string[];
  /** Why the exercises end for the day: "pain", or the question that said so. */
  readonly stop: readonly string[];
}

export function dangerIn(item: OutgoingItem): Danger {
  const stop = painsOf(item).some((pain) => pain >= STOP_PAIN) ? ["pain"] : [];
  if (item.type !== "checkin") return { signs: [], stop };
  const answers = (item["answers"] ?? {}) as Answers;
  const signs = answers["q_redflag"];
  return {
    signs: Array.isArray(signs) ? (signs as readonly string[]) : [],
    stop: [...stop, ...R06.filter((id) => answers[id] === "yes")],
  };
}

function painsOf(item: OutgoingItem): number[] {
  const found: unknown[] = [];
  if (item.type === "session") {
    const session = item as unknown as SessionItem;
    found.push(session.pain_before, session.pain_after, ...(session.exercises ?? []).map((one) => one.pain));
  } else if (item.type === "checkin") {
    const answers = (item["answers"] ?? {}) as Answers;
    found.push(...PAIN_QUESTIONS.map((id) => answers[id]));
  } else if (item.type === "pain" && !OF_A_WEEK.has(String(item["moment"]))) {
    found.push(item["score"]);
  }
  return found.filter((pain): pain is number => typeof pain === "number");
}

/** A lock that this phone put on by itself, and by which entry. */
export interface OwnLock {
  readonly kind: Lock["kind"];
  readonly entry: Uuid;
  readonly signs: readonly string[];
  readonly stop: readonly string[];
}

/** Which lock of which entry the server has ended; kept on the phone. */
export type Released = string;

function releaseKey(entry: Uuid, kind: Lock["kind"]): Released {
  return `${entry} ${kind}`;
}

/**
 * The locks that follow from this phone's own entries, on disk since the entry was: a warning sign locks until the
 * server, knowing the entry, says that no lock is in force; a stop ends with its day.
 */
export function ownLocks(entries: readonly Entry[], released: readonly Released[], today: LocalDate): OwnLock[] {
  const ended = new Set(released);
  return entries.flatMap((entry): OwnLock[] => {
    const { signs, stop } = dangerIn(entry.item);
    const locking = signs.filter(isLocking);
    const found: OwnLock[] = [];
    if (locking.length > 0) found.push({ kind: "red_flag", entry: entry.id, signs, stop });
    if (stop.length > 0 && dateOf(entry.item) === today) found.push({ kind: "stop", entry: entry.id, signs, stop });
    return found.filter((one) => !ended.has(releaseKey(one.entry, one.kind)));
  });
}

function dateOf(item: OutgoingItem): LocalDate {
  return dateShown(String(item["performed_at"] ?? item["at"] ?? ""));
}

/** Nothing of this entry is still to be said to the server, so its word on locks counts. */
export function isSettled(entry: Entry): boolean {
  return entry.state === "sent" || entry.state === "superseded" || entry.state === "voided";
}

/**
 * What is released after an answer of the server: entries that it had before the question was asked (`settled`), under
 * a kind of lock that it no longer names.
 */
export function releasedBy(
  locks: readonly Lock[],
  settled: readonly Entry[],
  released: readonly Released[],
): Released[] | null {
  const inForce = new Set(locks.map((one) => one.kind));
  const known = new Set(released);
  const fresh = settled.flatMap((entry) => {
    const { signs, stop } = dangerIn(entry.item);
    const kinds: Lock["kind"][] = [];
    if (signs.some(isLocking)) kinds.push("red_flag");
    if (stop.length > 0) kinds.push("stop");
    return kinds.filter((kind) => !inForce.has(kind)).map((kind) => releaseKey(entry.id, kind));
  });
  const added = fresh.filter((one) => !known.has(one));
  return added.length > 0 ? [...released, ...added] : null;
}
