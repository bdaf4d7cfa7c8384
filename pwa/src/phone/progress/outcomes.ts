/**
 * The three questionnaires that may be asked without a licence (CLINICAL.md D.6): pain (NPRS, D.1), activities (PSFS,
 * D.4) and change since the start (GROC, D.5); when they are due, and the answers while they are being given. Pure.
 */
import type { Instant, LocalDate, Uuid } from "../../api/types";
import type { Entry, OutgoingItem } from "../store/entry";
import { daysBetween } from "../store/time";

export type Instrument = "nprs" | "psfs" | "groc";
export type Timepoint = "baseline" | "w4" | "w8" | "w12" | "w24";

export interface DueOutcome {
  readonly instrument: Instrument;
  readonly timepoint: Timepoint;
}

export interface Activity {
  readonly text: string;
  readonly score: number | null;
}

const PAIN_MOMENTS = ["now", "average", "worst"] as const;
export type PainMoment = (typeof PAIN_MOMENTS)[number];

export interface OutcomeAnswers {
  readonly nprs: Readonly<Record<PainMoment, number | null>>;
  readonly psfs: { readonly activities: readonly Activity[] };
  readonly groc: { readonly change: number | null };
}

/** Answers in progress; on disk after every tap. `ids`: the items' ids, made at the start, so that nothing is sent twice. */
export interface OutcomeDraft extends OutcomeAnswers {
  readonly timepoint: Timepoint;
  readonly instruments: readonly Instrument[];
  readonly ids: Readonly<Record<Instrument, Uuid>>;
  /** Questions left without an answer on purpose. */
  readonly passed: readonly string[];
  /** Questionnaires that are finished, in the outbox or without any answer. */
  readonly closed: readonly Instrument[];
}

export const MOST_ACTIVITIES = 5;
const ASKED_ACTIVITIES = 3;

// ---------- When ----------

/** Days from the plan's start, both included: the same windows as `patients/outcomes.py` (D.6). */
export const WINDOWS: Readonly<Record<Timepoint, readonly [number, number]>> = {
  baseline: [-14, 20],
  w4: [21, 34],
  w8: [49, 62],
  w12: [77, 97],
  w24: [154, 181],
};
/** D.5: "since you started" has no answer on the first day. */
const ASKED_AT: Readonly<Record<Instrument, (timepoint: Timepoint) => boolean>> = {
  nprs: () => true,
  psfs: () => true,
  groc: (timepoint) => timepoint !== "baseline",
};

/** Without a server: what the schedule asks on this date. */
export function scheduled(startsOn: LocalDate, today: LocalDate): DueOutcome[] {
  const day = daysBetween(startsOn, today);
  const timepoint = (Object.keys(WINDOWS) as Timepoint[]).find((one) => day >= WINDOWS[one][0] && day <= WINDOWS[one][1]);
  if (timepoint === undefined) return [];
  return (Object.keys(ASKED_AT) as Instrument[])
    .filter((instrument) => ASKED_AT[instrument](timepoint))
    .map((instrument) => ({ instrument, timepoint }));
}

export interface Known {
  /** What the server said is due, and the local date on which it said so; null when it never did. */
  readonly said: { readonly due: readonly DueOutcome[]; readonly on: LocalDate } | null;
  /** What the server has an answer to. */
  readonly scores: readonly DueOutcome[];
  readonly entries: readonly Entry[];
  readonly startsOn: LocalDate | null;
}

/**
 * What to ask today, in the order of asking: the server's word of today, else the schedule less what has an answer. What
 * was answered on this phone is not asked again, even where it gave no score: whoever left a question out meant it.
 */
export function dueOutcomes({ said, scores, entries, startsOn }: Known, today: LocalDate): DueOutcome[] {
  const fresh = said?.on === today;
  const due = fresh ? said.due : startsOn === null ? [] : scheduled(startsOn, today);
  const answered = new Set([...(fresh ? [] : scores), ...outcomesOf(entries)].map(keyOf));
  const order: readonly Instrument[] = ["nprs", "psfs", "groc"];
  return due
    .filter((one) => !answered.has(keyOf(one)))
    .sort((a, b) => order.indexOf(a.instrument) - order.indexOf(b.instrument));
}

function keyOf({ instrument, timepoint }: DueOutcome): string {
  return `${instrument} ${timepoint}`;
}

type OutcomeItem = OutgoingItem & DueOutcome & { readonly at: Instant; readonly answers: Record<string, unknown> };

function outcomesOf(entries: readonly Entry[]): OutcomeItem[] {
  return entries
    .filter((entry) => entry.item.type === "outcome" && entry.state !== "voided")
    .map((entry) => entry.item as unknown as OutcomeItem);
}

/** The names given at the baseline: the server's, or those this phone still knows. */
export function activityNames(stored: readonly string[] | undefined, entries: readonly Entry[]): string[] {
  if (stored !== undefined && stored.length > 0) return [...stored];
  const first = outcomesOf(entries).find((one) => one.instrument === "psfs");
  return ((first?.answers["activities"] ?? []) as Activity[]).map((one) => one.text);
}

// ---------- While it is answered ----------

export function newOutcomeDraft(
  due: readonly DueOutcome[],
  activities: readonly string[],
  makeId: () => Uuid,
): OutcomeDraft {
  const timepoint = due[0]!.timepoint;
  return {
    timepoint,
    instruments: due.filter((one) => one.timepoint === timepoint).map((one) => one.instrument),
    ids: { nprs: makeId(), psfs: makeId(), groc: makeId() },
    passed: [],
    closed: [],
    nprs: { now: null, average: null, worst: null },
    psfs: { activities: (activities.length > 0 ? activities : emptyNames()).map((text) => ({ text, score: null })) },
    groc: { change: null },
  };
}

function emptyNames(): string[] {
  return Array.from({ length: ASKED_ACTIVITIES }, () => "");
}

/** A draft goes on as long as what it asks is still to be asked. */
export function isCurrent(draft: OutcomeDraft, due: readonly DueOutcome[]): boolean {
  return due.some((one) => one.timepoint === draft.timepoint && openInstruments(draft).includes(one.instrument));
}

export function openInstruments(draft: OutcomeDraft): readonly Instrument[] {
  return draft.instruments.filter((one) => !draft.closed.includes(one));
}

/** The question in which the activities get their names; it has no number. */
export const NAMES = "psfs.names";

/**
 * "nprs.now", "psfs.names", "psfs.0", "groc.change": what is asked one after the other. Activities are named at the
 * baseline (or later, when nobody knows the names), and rated once they have names.
 */
export function questionsOf(draft: OutcomeDraft, instrument: Instrument): string[] {
  if (instrument === "nprs") return PAIN_MOMENTS.map((moment) => `nprs.${moment}`);
  if (instrument === "groc") return ["groc.change"];
  const rated = draft.psfs.activities.flatMap(({ text }, index) => (text.trim() === "" ? [] : [`psfs.${index}`]));
  return isNaming(draft) ? [NAMES, ...(draft.passed.includes(NAMES) ? rated : [])] : rated;
}

function isNaming(draft: OutcomeDraft): boolean {
  return draft.passed.includes(NAMES) || draft.timepoint === "baseline" || named(draft).length === 0;
}

/** The first question that has neither an answer nor been passed over; null when all is said. */
export function nextQuestion(draft: OutcomeDraft, instrument: Instrument): string | null {
  return (
    questionsOf(draft, instrument).find((one) => answerTo(draft, one) === null && !draft.passed.includes(one)) ?? null
  );
}

export function named(draft: OutcomeAnswers): readonly Activity[] {
  return draft.psfs.activities.filter((one) => one.text.trim() !== "");
}

/** The number given to a question, null when there is none. */
export function answerTo(draft: OutcomeAnswers, question: string): number | null {
  const [instrument, part] = question.split(".") as [Instrument, string];
  if (instrument === "nprs") return draft.nprs[part as PainMoment];
  if (instrument === "groc") return draft.groc.change;
  return draft.psfs.activities[Number(part)]?.score ?? null;
}

export function withAnswer(draft: OutcomeDraft, question: string, value: number | null): OutcomeDraft {
  const [instrument, part] = question.split(".") as [Instrument, string];
  const passed = draft.passed.filter((one) => one !== question);
  if (instrument === "nprs") return { ...draft, passed, nprs: { ...draft.nprs, [part]: value } };
  if (instrument === "groc") return { ...draft, passed, groc: { change: value } };
  const activities = draft.psfs.activities.map((one, index) => (index === Number(part) ? { ...one, score: value } : one));
  return { ...draft, passed, psfs: { activities } };
}

/** Empty lines go, and what was named twice stands once (twice, the server could not read it); what remains is rated. */
export function withNames(draft: OutcomeDraft): OutcomeDraft {
  const seen = new Set<string>();
  const activities = named(draft)
    .map((one) => ({ ...one, text: one.text.trim().replace(/\s+/g, " ") }))
    .filter(({ text }) => {
      const name = text.normalize("NFKC").toLowerCase();
      return !seen.has(name) && seen.add(name);
    });
  return { ...draft, passed: [...draft.passed, NAMES], psfs: { activities } };
}

/** The item to send, or null when not one question was answered. */
export function outcomeItem(draft: OutcomeDraft, instrument: Instrument, at: Instant): OutgoingItem | null {
  const questions = questionsOf(draft, instrument).filter((one) => one !== NAMES);
  if (questions.every((question) => answerTo(draft, question) === null)) return null;
  const answers = instrument === "psfs" ? { activities: named(draft) } : draft[instrument];
  return { type: "outcome", id: draft.ids[instrument], at, instrument, timepoint: draft.timepoint, answers };
}
