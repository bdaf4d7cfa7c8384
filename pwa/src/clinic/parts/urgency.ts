import type { CaseloadFlag } from "../types";

const ORDER: readonly string[] = ["emergency", "same_day", "48h", "2_weeks", "routine"];

/** The most urgent first; equals stay as they are. */
export function byUrgency<T extends Pick<CaseloadFlag, "urgency">>(flags: readonly T[]): T[] {
  return [...flags].sort((a, b) => ORDER.indexOf(a.urgency) - ORDER.indexOf(b.urgency));
}
