/**
 * How long the rest of a day takes, for "about 11 minutes". An estimate of the product [D], the same as the clinic sees
 * (programs/burden.py, fitted to CLINICAL.md C): movement is 5 s a repetition, a hold of 10 s or more includes it, and
 * an alternating exercise is done with both sides in each repetition.
 */
import type { Dose } from "../../api/types";
import { sidesPerRep } from "../session/timer";

const MOVE_S = 5;
const HOLD_INCLUDES_MOVE_FROM_S = 10;

export function doseSeconds(dose: Dose): number {
  return (
    dose.sets * (dose.reps ?? 1) * sidesPerRep(dose) * repetitionSeconds(dose) +
    Math.max(0, dose.sets - 1) * dose.rest_s
  );
}

function repetitionSeconds({ hold_s, tempo }: Dose): number {
  const hold = hold_s ?? 0;
  if (tempo !== null) return (tempo[0] ?? 0) + (hold || (tempo[1] ?? 0)) + (tempo[2] ?? 0);
  return hold >= HOLD_INCLUDES_MOVE_FROM_S ? hold : hold + MOVE_S;
}

/** Whole minutes for these doses, at least 1 when there is anything to do. */
export function minutesFor(doses: readonly Dose[]): number {
  if (doses.length === 0) return 0;
  const seconds = doses.reduce((sum, dose) => sum + doseSeconds(dose), 0);
  return Math.max(1, Math.round(seconds / 60));
}
