import * as calls from "../calls";
import { dayNumber, today } from "../dates";
import { t } from "../t";
import type { Exercise, Patient, Plan, Program } from "../types";
import type { Asked } from "./sessions-card";

/** A patient's plans with every program they ever pointed to: an old session's exercises stand in the program of its own revision. */
export interface Plans {
  plans: Plan[];
  programs: Map<string, Program>;
  exercises: Map<string, Exercise>;
}

export async function loadPlans(id: string): Promise<Plans> {
  const plans = await calls.plans(id);
  const ids = new Set(plans.flatMap((plan) => [plan.program, ...plan.revisions.map((revision) => revision.program)]));
  const [programs, exercises] = await Promise.all([Promise.all([...ids].map(calls.program)), ids.size ? calls.allExercises() : []]);
  return {
    plans,
    programs: new Map(programs.map((program) => [program.id, program])),
    exercises: new Map(exercises.map((exercise) => [exercise.id, exercise])),
  };
}

const RUNNING: readonly Plan["status"][] = ["active", "paused", "planned"];

export const isRunning = (plan: Plan): boolean => RUNNING.includes(plan.status);

/** A record that became part of another, or was erased: it is read, and nothing more is written. */
export const isGone = (patient: Patient): boolean => patient.status === "merged" || patient.status === "erased";

/** The plan that matters now: the newest one that still runs, else the newest of all. */
export function currentPlan(plans: readonly Plan[]): Plan | null {
  const newest = [...plans].sort((a, b) => b.starts_on.localeCompare(a.starts_on));
  return newest.find(isRunning) ?? newest[0] ?? null;
}

export function planEnd(plan: Plan, last: string): string {
  return plan.ended_on && plan.ended_on < last ? plan.ended_on : last;
}

/** "week 5 of 12", for a plan that runs. */
export function weekText(plan: Plan, program: Program | undefined): string | null {
  const week = Math.floor((dayNumber(today()) - dayNumber(plan.starts_on)) / 7) + 1;
  const weeks = Math.ceil((program?.phases.at(-1)?.to_day ?? 0) / 7);
  return plan.status === "active" && weeks > 0 && week > 0 ? t("plans.week", { n: week, of: weeks }) : null;
}

/** What was asked, by prescription: from every version of every plan. */
export function askedBy(plans: Plans | null): Map<string, Asked> {
  const out = new Map<string, Asked>();
  for (const program of plans?.programs.values() ?? []) {
    for (const phase of program.phases) {
      for (const prescription of phase.prescriptions) {
        out.set(prescription.id, { prescription, exercise: plans?.exercises.get(prescription.exercise) });
      }
    }
  }
  return out;
}
