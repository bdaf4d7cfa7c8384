/** How soon something must be looked at, as `patients/redflags.yaml` and the server's flags name it. Pure. */
const ORDER: readonly string[] = ["emergency", "same_day", "48h", "2_weeks", "routine"];

/** The most urgent first; equals stay as they are. */
export function byUrgency<T extends { readonly urgency: string }>(all: readonly T[]): T[] {
  return [...all].sort((a, b) => ORDER.indexOf(a.urgency) - ORDER.indexOf(b.urgency));
}
