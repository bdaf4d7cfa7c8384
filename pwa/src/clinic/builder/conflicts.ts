import type { Conflict, FoundConflict, Override, Program } from "../types";
import type { Reasons } from "./drafts";
import { find } from "./program";

/** What the precaution check said, and what still wants an answer before the program can be prescribed. */

interface CheckAnswer {
  phases: { phase: number; conflicts: Conflict[] }[];
}

/** The check answers phase by phase; here conflicts are looked up by prescription, so the phases are flattened. */
export function readCheck(answer: unknown): FoundConflict[] {
  return (answer as CheckAnswer).phases.flatMap(({ phase, conflicts }) => conflicts.map((conflict) => ({ ...conflict, phase })));
}

/** What a refused prescribing (409) still wants answered: a plain list, whose phases are looked up in the program. */
export function readRefusal(program: Program, answer: unknown): FoundConflict[] {
  const list = (answer as { conflicts?: Conflict[] } | null)?.conflicts ?? [];
  return list.map((conflict) => ({ ...conflict, phase: found(program, conflict)?.phase.n ?? 1 }));
}

/** The newer answer replaces what it speaks of; everything else stands, e.g. warnings, which a refusal leaves out. */
export function merge(known: readonly FoundConflict[], newer: readonly FoundConflict[]): FoundConflict[] {
  const id = (conflict: Conflict): string => `${conflict.rule} ${conflict.prescription}`;
  const replaced = new Set(newer.map(id));
  return [...known.filter((conflict) => !replaced.has(id(conflict))), ...newer];
}

export const reasonKey = (rule: string, key: string): string => `${rule} ${key}`;

function found(program: Program, conflict: Conflict): ReturnType<typeof find> {
  return conflict.prescription === null ? null : find(program, conflict.prescription);
}

function keyOf(program: Program, conflict: Conflict): string | null {
  return found(program, conflict)?.prescription.key ?? null;
}

/** A warning informs; a block or a missing release needs a reason in words. */
export const needsReason = (conflict: Conflict): boolean => conflict.action !== "warn";

export function isSettled(program: Program, conflict: Conflict, reasons: Reasons): boolean {
  if (!needsReason(conflict)) return true;
  const key = keyOf(program, conflict);
  return key === null || Boolean(reasons[reasonKey(conflict.rule, key)]);
}

export function unsettled<C extends Conflict>(program: Program, conflicts: readonly C[], reasons: Reasons): C[] {
  return conflicts.filter((conflict) => !isSettled(program, conflict, reasons));
}

export function ofPrescription(conflicts: readonly FoundConflict[], id: string): FoundConflict[] {
  return conflicts.filter((conflict) => conflict.prescription === id);
}

export function ofPhase(conflicts: readonly FoundConflict[], n: number): FoundConflict[] {
  return conflicts.filter((conflict) => conflict.prescription === null && conflict.phase === n);
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
