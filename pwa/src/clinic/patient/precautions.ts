import { readCheck } from "../builder/conflicts";
import { spoken } from "../spoken";

/** What the rules say about the exercises of the phase in force: one line a rule. Pure. */
export interface Precaution {
  readonly rule: string;
  /** the limit to stay within, or what to do */
  readonly what: string;
  /** what of the patient makes the rule fire */
  readonly why: string;
  /** ids of the prescriptions it speaks of; none where it speaks of the whole phase */
  readonly prescriptions: readonly string[];
}

export function precautionsOf(answer: unknown, phase: number): Precaution[] {
  const byRule = new Map<string, Precaution>();
  for (const conflict of readCheck(answer)) {
    // A release is the program's own condition and stands in the builder, not something of this patient's.
    if (conflict.phase !== phase || conflict.rule === "release") continue;
    const known = byRule.get(conflict.rule);
    byRule.set(conflict.rule, {
      rule: conflict.rule, what: spoken(conflict.cap ?? conflict.sentence), why: spoken(conflict.finding).replace(/^condition = /, ""),
      prescriptions: [...(known?.prescriptions ?? []), ...(conflict.prescription ? [conflict.prescription] : [])],
    });
  }
  return [...byRule.values()];
}
