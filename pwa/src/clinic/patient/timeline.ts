import { addDays, dayNumber } from "../dates";
import type { Checkin, Day, PainLog, Plan, Program, SessionLog } from "../types";

/** Everything the time axis draws, day by day. Pure. */

export interface DayFacts {
  date: string;
  /** null: no plan on this day. Sums over plans otherwise. */
  sessionsDue: number | null;
  sessionsDone: number;
  /** items done, partly done and due, for a bar that is half full when half was done */
  share: number | null;
  unknown: boolean;
  excused: boolean;
  /** the answer of the morning, else null */
  morning: number | null;
  /** pain at the end of the day's last session, or the last score of the day */
  after: number | null;
  /** the highest pain in one exercise */
  worst: { score: number; prescription: string } | null;
  sessions: SessionLog[];
  late: boolean;
}

export interface Band {
  plan: string;
  n: number;
  name: string;
  from: string;
  /** last day, inclusive */
  to: string;
}

export interface Change {
  date: string;
  text: string;
}

export interface Source {
  days: readonly Day[];
  sessions: readonly SessionLog[];
  pain: readonly PainLog[];
  checkins: readonly Checkin[];
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0);

export function dayFacts(source: Source, first: string, last: string): DayFacts[] {
  const days = groupBy(source.days, (day) => day.date);
  const sessions = groupBy(source.sessions, (session) => session.local_date);
  const pain = groupBy(source.pain, (item) => item.local_date);
  const checkins = groupBy(source.checkins, (item) => item.local_date);
  const out: DayFacts[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    const ofDay = [...(sessions.get(date) ?? [])].sort((a, b) => a.performed_at.localeCompare(b.performed_at));
    out.push({ ...planFacts(days.get(date) ?? []), date, ...logFacts(ofDay, pain.get(date) ?? [], checkins.get(date) ?? []) });
  }
  return out;
}

function planFacts(days: readonly Day[]): Pick<DayFacts, "sessionsDue" | "sessionsDone" | "share" | "unknown" | "excused"> {
  if (days.length === 0) return { sessionsDue: null, sessionsDone: 0, share: null, unknown: false, excused: false };
  const due = sum(days, (day) => day.due);
  return {
    sessionsDue: sum(days, (day) => day.sessions_due),
    sessionsDone: sum(days, (day) => day.sessions_done),
    share: due === 0 ? null : sum(days, (day) => day.done + day.partly / 2) / due,
    unknown: sum(days, (day) => day.unknown) > 0,
    excused: due === 0 && sum(days, (day) => day.excused) > 0,
  };
}

function logFacts(
  sessions: SessionLog[], pain: readonly PainLog[], checkins: readonly Checkin[],
): Pick<DayFacts, "morning" | "after" | "worst" | "sessions" | "late"> {
  const morning = checkins.map((item) => item.answers["q_morning"]).find((answer) => typeof answer === "number") ?? null;
  const scores = sessions.flatMap((session) => session.exercises.map((log) => ({ score: log.pain, prescription: log.prescription })));
  const worst = scores.reduce<DayFacts["worst"]>(
    (most, each) => (each.score !== null && (most === null || each.score > most.score) ? { score: each.score, prescription: each.prescription } : most),
    null,
  );
  const after = sessions.map((session) => session.pain_after).filter((score) => score !== null).at(-1) ?? pain.at(-1)?.score ?? null;
  return { morning: morning as number | null, after, worst, sessions, late: sessions.some((session) => session.late) };
}

/**
 * The phases in force, from the revisions: each lasts until the next revision of its plan, and the last one until the
 * plan ends or the axis does. Neighbours with the same phase are one band.
 */
export function bands(plan: Plan, programs: ReadonlyMap<string, Program>, last: string): Band[] {
  const revisions = inForce(plan);
  const out: Band[] = [];
  revisions.forEach((revision, i) => {
    const next = revisions[i + 1];
    const to = next ? addDays(next.effective_from, -1) : last;
    const phase = programs.get(revision.program)?.phases.find((each) => each.n === revision.phase);
    const before = out.at(-1);
    if (before && before.n === revision.phase && before.name === phase?.name) before.to = to;
    else if (revision.effective_from <= to) {
      out.push({ plan: plan.id, n: revision.phase, name: phase?.name ?? "", from: revision.effective_from, to });
    }
  });
  return out;
}

/** A later revision may start earlier than one before it and then replaces it. */
function inForce(plan: Plan): Plan["revisions"] {
  const kept: Plan["revisions"] = [];
  for (const revision of plan.revisions) {
    while (kept.length && kept[kept.length - 1]!.effective_from >= revision.effective_from) kept.pop();
    kept.push(revision);
  }
  return kept;
}

/** What the therapist changed, after the start: the dashed lines on the axis. */
export function changes(plan: Plan, words: (revision: Plan["revisions"][number]) => string): Change[] {
  return inForce(plan).slice(1).map((revision) => ({ date: revision.effective_from, text: words(revision) }));
}

export type RangeName = "4weeks" | "plan" | "all";

/** First and last date of the axis. At least two weeks, so that a new plan is not three bars as wide as a hand. */
export function axisRange(range: RangeName, today: string, planStart: string | null, firstLog: string | null): { first: string; last: string } {
  const fourWeeks = addDays(today, -27);
  const start = planStart ?? firstLog ?? fourWeeks;
  const wanted = range === "4weeks" ? fourWeeks : range === "plan" ? start : [start, firstLog ?? start].sort()[0]!;
  const earliest = addDays(today, -399); // the API gives at most 400 dates
  const first = wanted < earliest ? earliest : wanted;
  const last = dayNumber(today) - dayNumber(first) < 13 ? addDays(first, 13) : today;
  return { first: first > today ? today : first, last: first > today ? addDays(today, 13) : last };
}
