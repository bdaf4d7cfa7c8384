/** How long the rest of a day takes, for "about 11 minutes". An estimate of the product, not a prescription [D]. */
import type { Dose } from "../../api/types";

/** Seconds of moving in and out of one repetition, beside its hold. */
const MOVE_S = 3;
/** Getting into position, reading, and answering how it felt. */
const CHANGE_S = 60;

export function doseSeconds(dose: Dose): number {
  const repetition = (dose.hold_s ?? 0) + (isOneLongHold(dose) ? 0 : MOVE_S);
  return dose.sets * (dose.reps ?? 1) * repetition + Math.max(0, dose.sets - 1) * dose.rest_s;
}

/** A walk or a wall sit is its own time; nothing is moved in and out. */
function isOneLongHold(dose: Dose): boolean {
  return dose.sets === 1 && (dose.reps ?? 1) === 1 && dose.hold_s !== null;
}

/** Whole minutes for these doses, at least 1 when there is anything to do. */
export function minutesFor(doses: readonly Dose[]): number {
  if (doses.length === 0) return 0;
  const seconds = doses.reduce((sum, dose) => sum + doseSeconds(dose) + CHANGE_S, 0);
  return Math.max(1, Math.round(seconds / 60));
}
