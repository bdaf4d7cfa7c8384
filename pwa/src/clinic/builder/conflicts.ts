import type { Conflict, Override, Program } from "../types";
import type { Reasons } from "./drafts";
import { find } from "./program";

/** What the precaution check said, and what still wants an answer before the program can be prescribed. */

interface PhaseConflicts {
  conflicts?: Conflict[];
}

/** The check answers phase by phase; here conflicts are looked up by prescription, so the phases are flattened. */
export function readCheck(answer: unknown): Conflict[] {
  const body = answer as { phases?: PhaseConflicts[]; conflicts?: Conflict[]; results?: PhaseConflicts[] } | PhaseConflicts[] | null;
  if (!body) return [];
  if (Array.isArray(body)) return body.flatMap((phase) => phase.conflicts ?? []);
  return (body.phases ?? body.results)?.flatMap((phase) => phase.conflicts ?? []) ?? body.conflicts ?? [];
}

export const reasonKey = (rule: string, key: string): string => `${rule} ${key}`;

function keyOf(program: Program, conflict: Conflict): string | null {
  return find(program, conflict.prescription)?.prescription.key ?? null;
}

/** A warning informs; a block or a missing release needs a reason in words. */
export const needsReason = (conflict: Conflict): boolean => conflict.action !== "warn";

export function isSettled(program: Program, conflict: Conflict, reasons: Reasons): boolean {
  if (!needsReason(conflict)) return true;
  const key = keyOf(program, conflict);
  return key === null || Boolean(reasons[reasonKey(conflict.rule, key)]);
}

export function unsettled(program: Program, conflicts: readonly Conflict[], reasons: Reasons): Conflict[] {
  return conflicts.filter((conflict) => !isSettled(program, conflict, reasons));
}

export function ofPrescription(conflicts: readonly Conflict[], id: string): Conflict[] {
  return conflicts.filter((conflict) => conflict.prescription === id);
}

/** Same reason for every conflict of one prescription: the therapist decides about the exercise, not about each rule. */
export function keep(reasons: Reasons, conflicts: readonly Conflict[], key: string, reason: string): Reasons {
  const next = { ...reasons };
  for (const conflict of conflicts.filter(needsReason)) next[reasonKey(conflict.rule, key)] = reason;
  return next;
}

export function forget(reasons: Reasons, key: string): Reasons {
  return Object.fromEntries(Object.entries(reasons).filter(([each]) => !each.endsWith(` ${key}`)));
}

/** What goes with the prescription: only reasons whose conflict still stands. */
export function overrides(program: Program, conflicts: readonly Conflict[], reasons: Reasons): Override[] {
  const out = new Map<string, Override>();
  for (const conflict of conflicts.filter(needsReason)) {
    const key = keyOf(program, conflict);
    const reason = key === null ? undefined : reasons[reasonKey(conflict.rule, key)];
    if (key !== null && reason) out.set(reasonKey(conflict.rule, key), { rule: conflict.rule, key, reason });
  }
  return [...out.values()];
}
