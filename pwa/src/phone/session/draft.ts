/** A session in progress. It is written to IndexedDB after every change and before the screen moves. Pure. */
import type {
  Difficulty,
  Dose,
  ExerciseLog,
  Instant,
  LocalDate,
  LoggedSide,
  Prescription,
  SessionItem,
  SkipReason,
  Uuid,
} from "../../api/types";
import { loggedSide } from "../plan/dose";
import { isOpen, type DueGroup } from "../plan/day";
import { uuid7 } from "../store/ids";
import { daysBetween, isoWithOffset, localDate } from "../store/time";

export interface DraftItem {
  readonly id: Uuid;
  readonly prescription: Uuid;
  readonly slot: number;
  readonly side: LoggedSide;
  /** null = nothing said yet. */
  readonly setsDone: number | null;
  readonly pain: number | null;
  readonly difficulty: Difficulty | null;
  readonly skipped: SkipReason | null;
}

export interface Draft {
  readonly id: Uuid;
  readonly plan: Uuid;
  /** The local date on which it was started: the day it counts for. */
  readonly date: LocalDate;
  readonly slot: number;
  readonly startedAt: Instant;
  /** Milliseconds spent, without the hours in which the app was closed. */
  readonly activeMs: number;
  readonly touchedAt: number;
  /** An earlier day is written down: there is nothing to time, only to say. */
  readonly filledIn?: boolean;
  readonly index: number;
  readonly view: "do" | "rate";
  readonly items: readonly DraftItem[];
}

/** A pause between two touches longer than this was not exercise. */
const LONGEST_GAP_MS = 20 * 60_000;

/** `date`: the earlier day that is filled in; it is done at this hour of that day, since nobody knows better. */
export function newDraft(group: DueGroup, now: number, date?: LocalDate): Draft {
  const started = new Date(now);
  if (date !== undefined) started.setDate(started.getDate() + daysBetween(localDate(started), date));
  return {
    id: uuid7(now),
    plan: group.plan.id,
    date: localDate(started),
    slot: group.slot,
    startedAt: isoWithOffset(started),
    activeMs: 0,
    touchedAt: now,
    filledIn: date !== undefined,
    index: 0,
    view: date === undefined ? "do" : "rate",
    items: group.items.filter(isOpen).map(({ prescription, slot }) => ({
      id: uuid7(now),
      prescription: prescription.id,
      slot,
      side: loggedSide(prescription.dose.side),
      setsDone: null,
      pain: null,
      difficulty: null,
      skipped: null,
    })),
  };
}

export function touch(draft: Draft, now: number): Draft {
  const gap = Math.max(0, now - draft.touchedAt);
  return { ...draft, activeMs: draft.activeMs + (gap > LONGEST_GAP_MS ? 0 : gap), touchedAt: now };
}

export function withItem(draft: Draft, index: number, change: Partial<DraftItem>): Draft {
  return { ...draft, items: draft.items.map((item, at) => (at === index ? { ...item, ...change } : item)) };
}

/** null when the step leaves the session: before the first exercise, or past the last. */
export function forward(draft: Draft): Draft | null {
  if (draft.view === "do") return { ...draft, view: "rate" };
  return draft.index + 1 < draft.items.length
    ? { ...draft, index: draft.index + 1, view: draft.filledIn ? "rate" : "do" }
    : null;
}

export function backward(draft: Draft): Draft | null {
  if (draft.view === "rate" && !draft.filledIn) return { ...draft, view: "do" };
  return draft.index > 0 ? { ...draft, index: draft.index - 1, view: "rate" } : null;
}

/** Something was said about this exercise, so there is something to keep. */
export function isAnswered(item: DraftItem): boolean {
  return (item.setsDone ?? 0) > 0 || item.skipped !== null || item.pain !== null || item.difficulty !== null;
}

export function answeredCount(draft: Draft): number {
  return draft.items.filter(isAnswered).length;
}

/** The session as `POST /me/sync` takes it; exercises nothing was said about are not in it. */
export function toSession(draft: Draft, prescriptions: ReadonlyMap<Uuid, Prescription>): SessionItem {
  return {
    type: "session",
    id: draft.id,
    plan: draft.plan,
    performed_at: draft.startedAt,
    logged_at: draft.filledIn ? isoWithOffset(new Date(draft.touchedAt)) : null,
    edited_at: null,
    // Whoever writes down an earlier day did not exercise while writing.
    duration_s: draft.filledIn ? null : Math.round(draft.activeMs / 1000),
    pain_before: null,
    pain_after: null,
    effort: null,
    note: "",
    exercises: draft.items.filter(isAnswered).map((item) => toLog(item, prescriptions.get(item.prescription)?.dose)),
  };
}

function toLog(item: DraftItem, dose: Dose | undefined): ExerciseLog {
  const sets = item.setsDone ?? 0;
  const reps = sets > 0 ? (dose?.reps ?? null) : null;
  return {
    id: item.id,
    prescription: item.prescription,
    slot: item.slot,
    side: item.side,
    variant: null,
    sets_done: sets,
    reps: reps === null ? null : Array.from({ length: sets }, () => reps),
    hold_s: sets > 0 ? (dose?.hold_s ?? null) : null,
    load_kg: sets > 0 ? (dose?.load_kg ?? null) : null,
    pain: item.pain,
    difficulty: item.difficulty,
    skipped: item.skipped,
  };
}
