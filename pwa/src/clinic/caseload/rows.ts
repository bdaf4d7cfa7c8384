import { addDays, dayNumber, today } from "../dates";
import { byUrgency } from "../../rules/urgency";
import { spoken } from "../spoken";
import type { CaseloadFlag, CaseloadRow, Condition, Patient, Side } from "../types";

/** One row of the caseload as the screen wants it. */
export interface Row {
  id: string;
  name: string;
  birthDate: string;
  side: Side | null;
  condition: Condition | null;
  status: Patient["status"];
  phase: { n: number; name: string } | null;
  hasPlan: boolean;
  adherence7: number | null;
  adherence28: number | null;
  /** the last answer of each of the last 56 days, oldest first; null where there is none */
  trend: (number | null)[];
  /** the same in fourteen steps of four days, each the mean of its answers: what fits into a sparkline */
  spark: (number | null)[];
  lastPain: number | null;
  lastActive: string | null;
  flags: CaseloadFlag[];
  rank: number;
}

const TREND_DAYS = 56;
const SPARK_STEP_DAYS = 4;

export function readRow(row: CaseloadRow, now: string = today()): Row {
  const trend = trendByDay(row.trend, now);
  return {
    id: row.patient.id,
    name: row.patient.name,
    birthDate: row.patient.birth_date,
    side: row.patient.affected_side,
    condition: row.patient.condition,
    status: row.patient.status,
    phase: row.plan && { n: row.plan.phase, name: spoken(row.plan.phase_name ?? "") },
    hasPlan: row.plan !== null,
    adherence7: row.adherence_7,
    adherence28: row.adherence_28,
    trend,
    spark: inSteps(trend, SPARK_STEP_DAYS),
    lastPain: row.last_pain,
    lastActive: row.last_active,
    flags: row.flags,
    rank: row.attention_rank,
  };
}

function trendByDay(points: CaseloadRow["trend"], now: string): (number | null)[] {
  const byDate = new Map(points.map((point) => [point.date, point.pain]));
  return Array.from({ length: TREND_DAYS }, (_, i) => byDate.get(addDays(now, i - TREND_DAYS + 1)) ?? null);
}

function inSteps(values: readonly (number | null)[], step: number): (number | null)[] {
  const out: (number | null)[] = [];
  for (let i = 0; i < values.length; i += step) {
    const answers = values.slice(i, i + step).filter((value) => value !== null);
    out.push(answers.length ? answers.reduce((sum, value) => sum + value, 0) / answers.length : null);
  }
  return out;
}

export type Urgency = "alarm" | "feel" | "none";

export type Reason =
  | { kind: "flag"; flag: CaseloadFlag }
  | { kind: "rising"; from: number; to: number }
  | { kind: "silent"; days: number }
  | { kind: "invited" }
  | { kind: "no_plan" }
  | { kind: "nothing" };

/** CLINICAL.md E: no session for 7 days is lapsed. */
const QUIET_FROM_DAYS = 7;
/** CLINICAL.md D.2: a baseline up by 2 is what makes the rule step back; a median wants at least 3 answers. */
const RISE = 2;
const ANSWERS_FOR_A_MEDIAN = 3;

/**
 * Why this row wants attention now, the strongest reason first: an open flag; without one, what the numbers of the row
 * say by themselves.
 */
export function reasonOf(row: Row, now: string = today()): Reason {
  const [flag] = byUrgency(row.flags);
  if (flag) return { kind: "flag", flag };
  if (!row.hasPlan) return { kind: "no_plan" };
  if (row.status === "invited") return { kind: "invited" };
  const rise = rising(row.trend);
  if (rise) return { kind: "rising", ...rise };
  const quiet = row.lastActive ? dayNumber(now) - dayNumber(today(new Date(row.lastActive))) : null;
  if (quiet !== null && quiet >= QUIET_FROM_DAYS) return { kind: "silent", days: quiet };
  return { kind: "nothing" };
}

function rising(trend: readonly (number | null)[]): { from: number; to: number } | null {
  const to = median(trend.slice(-7));
  const from = median(trend.slice(-14, -7));
  return from !== null && to !== null && to - from >= RISE ? { from, to } : null;
}

function median(values: readonly (number | null)[]): number | null {
  const answers = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (answers.length < ANSWERS_FOR_A_MEDIAN) return null;
  const middle = Math.floor(answers.length / 2);
  return answers.length % 2 ? answers[middle]! : (answers[middle - 1]! + answers[middle]!) / 2;
}

export function urgencyOf(reason: Reason): Urgency {
  if (reason.kind === "flag") return reason.flag.urgency === "emergency" ? "alarm" : "feel";
  return reason.kind === "rising" || reason.kind === "silent" || reason.kind === "no_plan" ? "feel" : "none";
}

const STRENGTH: Readonly<Record<Reason["kind"], number>> = { flag: 0, rising: 1, silent: 2, no_plan: 3, invited: 4, nothing: 4 };

/** Those who need somebody, most urgent first, and everyone else in the server's order. */
export function group(rows: readonly Row[], now: string = today()): { needing: Row[]; others: Row[] } {
  const reasons = new Map(rows.map((row) => [row.id, reasonOf(row, now)]));
  const strength = (row: Row): number => STRENGTH[reasons.get(row.id)!.kind];
  const needs = (row: Row): boolean => urgencyOf(reasons.get(row.id)!) !== "none";
  return {
    needing: rows.filter(needs).sort((a, b) => b.rank - a.rank || strength(a) - strength(b)),
    others: rows.filter((row) => !needs(row)),
  };
}
