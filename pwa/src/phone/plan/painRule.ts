/**
 * What the plan's own rule says to a pain answer, at once and offline (CLINICAL.md D.2, "During exercise").
 * The words are the therapist's, from the plan; this only chooses which of them apply.
 */
import type { PainRule } from "../../api/types";
import { during, STOP_PAIN, type Colour } from "../../rules/pain-rule";

export type PainColour = Colour | "stop";

export function painColour(score: number, rule: PainRule): PainColour {
  return score >= STOP_PAIN ? "stop" : (during(score, rule.limit) ?? "green");
}

/** The clinic's own words for this answer, or null: then the app has its own. */
export function clinicWords(score: number, rule: PainRule): string | null {
  return rule.words?.[painColour(score, rule)] || null;
}
