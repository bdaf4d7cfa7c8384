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
  worst: { score: number; prescription: string; difficulty: string | null } | null;
  /** pain of the other exercises, lowest and highest; null where nobody said any */
  others: { low: number; high: number } | null;
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
): Pick<DayFacts, "morning" | "after" | "worst" | "others" | "sessions" | "late"> {
  const morning = checkins.map((item) => item.answers["q_morning"]).find((answer) => typeof answer === "number") ?? null;
  const scored = sessions.flatMap((session) => session.exercises).filter((log): log is typeof log & { pain: number } => log.pain !== null);
  const top = scored.reduce<(typeof scored)[number] | null>((most, each) => (most === null || each.pain > most.pain ? each : most), null);
  const worst = top && { score: top.pain, prescription: top.prescription, difficulty: top.difficulty };
  const rest = scored.filter((log) => log !== top).map((log) => log.pain);
  const others = rest.length ? { low: Math.min(...rest), high: Math.max(...rest) } : null;
  const after = sessions.map((session) => session.pain_after).filter((score) => score !== null).at(-1) ?? pain.at(-1)?.score ?? null;
  return { morning: morning as number | null, after, worst, others, sessions, late: sessions.some((session) => session.late) };
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

type RevisionOf = Plan["revisions"][number];

/** What the therapist changed, after the start: the dashed lines on the axis. */
export function changes(plan: Plan, words: (revision: RevisionOf, before: RevisionOf) => string): Change[] {
  const revisions = inForce(plan);
  return revisions.slice(1).map((revision, i) => ({ date: revision.effective_from, text: words(revision, revisions[i]!) }));
}

export interface LimitStep {
  from: string;
  /** last day, inclusive */
  to: string;
  limit: number;
}

/** The pain limit as it was on each day: a therapist may change it. Neighbours with the same limit are one step. */
export function limitSteps(plan: Plan, last: string): LimitStep[] {
  const revisions = inForce(plan);
  const out: LimitStep[] = [];
  revisions.forEach((revision, i) => {
    const next = revisions[i + 1];
    const limit = revision.pain_rule.limit;
    if (limit === undefined) return;
    const step = { from: revision.effective_from, to: next ? addDays(next.effective_from, -1) : last, limit };
    const before = out.at(-1);
    if (before && before.limit === step.limit) before.to = step.to;
    else if (step.from <= step.to) out.push(step);
  });
  return out;
}

export function limitOn(steps: readonly LimitStep[], date: string): number | null {
  return (steps.find((step) => step.from <= date && date <= step.to) ?? steps.at(-1))?.limit ?? null;
}

/**
 * From the last change that was followed by pain above the limit, to the end: the days the question is about. Null where
 * nothing hurt too much since, or nothing was changed.
 */
export function sinceTheChange(facts: readonly DayFacts[], changed: readonly Change[], steps: readonly LimitStep[]): { from: string; to: string } | null {
  const hurt = facts.filter((day) => {
    const limit = limitOn(steps, day.date);
    return limit !== null && Math.max(day.morning ?? 0, day.worst?.score ?? 0) > limit;
  }).at(-1);
  const from = hurt && [...changed].map((change) => change.date).filter((date) => date <= hurt.date).sort().at(-1);
  const last = facts.filter((day) => day.morning !== null || day.sessions.length > 0).at(-1);
  return hurt && from && last ? { from, to: last.date } : null;
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
