/**
 * What the plan's own rule says to a pain answer, at once and offline (CLINICAL.md D.2, "During exercise").
 * The words are the therapist's, from the plan; this only chooses which of them apply.
 */
import type { PainRule } from "../../api/types";

export type PainColour = "green" | "amber" | "red" | "stop";

/** Any pain of 8 or more ends the exercises of the day and asks for a call, whatever the limit (RULINGS.md). */
export const STOP_FROM = 8;
/** Up to 2 is green under every limit. */
const GREEN_TO = 2;

export function painColour(score: number, rule: PainRule): PainColour {
  if (score >= STOP_FROM) return "stop";
  if (score > rule.limit) return "red";
  return score > GREEN_TO ? "amber" : "green";
}

/** The clinic's own words for this answer, or null: then the app has its own. */
export function clinicWords(score: number, rule: PainRule): string | null {
  return rule.words?.[painColour(score, rule)] || null;
}
