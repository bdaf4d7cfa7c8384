/** Whose occurrence an opaque id is: found again from the rules that are stored on this phone. */
import type { LocalDate, Uuid } from "../../api/types";
import { addDays } from "../store/time";
import { wallClock } from "./clock";
import type { Rule } from "./document";
import { occurrenceId } from "./uuid5";

/** More than a rule may hold: hours may have been added since this phone last asked. */
const MOST_SLOTS = 8;

export interface Occasion {
  readonly rule: Rule;
  readonly date: LocalDate;
  readonly slot: number;
}

/** A push lives until its day ends at most, so today, and its neighbours where the zone or the clock has moved. */
export async function occasionOf(occurrence: Uuid, rules: readonly Rule[], now: number): Promise<Occasion | null> {
  for (const days of [0, -1, 1]) {
    for (const rule of rules) {
      const date = addDays(wallClock(now, rule.timezone).date, days);
      for (let slot = 1; slot <= MOST_SLOTS; slot += 1) {
        if ((await occurrenceId(rule.id, date, slot)) === occurrence) return { rule, date, slot };
      }
    }
  }
  return null;
}
