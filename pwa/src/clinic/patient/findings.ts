import type { Findings } from "../types";

/**
 * The findings a therapist is asked for here: those that fire the precautions of this product most often (CLINICAL.md B).
 * Everything else that is stored stays untouched by the form.
 */
export const YES_NO = [
  "painful_gait", "snapping", "radiating", "tingling_7d", "new_weakness", "groin_pinch", "faber_pinch", "lateral_hip_pain",
  "fall_12m", "cannot_stand_5s", "high_bp", "osteoporosis", "hypermobility", "knee", "wrist", "shoulder",
] as const;

/** Absent is unknown, and unknown fires no rule: "no" and "not asked" are different answers. */
export type Answer = "yes" | "no" | "unknown";

export function answerOf(findings: Findings, name: string): Answer {
  const value = findings[name];
  return value === undefined || value === null ? "unknown" : value ? "yes" : "no";
}

export function withAnswer(findings: Findings, name: string, answer: Answer): Findings {
  const { [name]: _gone, ...rest } = findings;
  return answer === "unknown" ? rest : { ...rest, [name]: answer === "yes" };
}

export function withNumber(findings: Findings, name: string, value: number | null): Findings {
  const { [name]: _gone, ...rest } = findings;
  return value === null ? rest : { ...rest, [name]: value };
}

export function withBack(findings: Findings, which: "bending" | "arching", on: boolean): Findings {
  const current = Array.isArray(findings["lbp"]) ? (findings["lbp"] as string[]) : [];
  const next = on ? [...new Set([...current, which])] : current.filter((each) => each !== which);
  const { lbp: _gone, ...rest } = findings;
  return next.length ? { ...rest, lbp: next } : rest;
}

export interface Surgery {
  on?: string;
  weight_bearing_cleared?: boolean;
  hip_flexion_max?: number;
  flexor_cleared_on?: string;
}

/** An operation without a date is no operation on record. */
export function withSurgery(findings: Findings, change: Surgery): Findings {
  const surgery = { ...((findings["surgery"] as Surgery | undefined) ?? {}), ...change };
  const kept = Object.fromEntries(Object.entries(surgery).filter(([, value]) => value !== undefined && value !== ""));
  const { surgery: _gone, ...rest } = findings;
  return kept["on"] ? { ...rest, surgery: kept } : rest;
}

/** Findings that are present and true, to be read at a glance. */
export function present(findings: Findings): string[] {
  return Object.entries(findings).filter(([, value]) => value !== false && value !== null && value !== undefined).map(([name]) => name);
}
