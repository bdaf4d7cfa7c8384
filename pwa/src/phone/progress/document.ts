/** What `GET /me/progress` says, as the phone keeps it; the types are the schema's. */
import type { components } from "../../api/schema";
import type { LocalDate } from "../../api/types";

type Schemas = components["schemas"];

export type ProgressDay = Schemas["DayDocument"];
export type Goal = Schemas["GoalOfPhone"];
/** `meaning` null: nothing to compare with. `score` null: too much is missing to say a number. */
export type OutcomeScore = Omit<Schemas["OutcomeScore"], "meaning"> & { readonly meaning: Schemas["MeaningEnum"] | null };

/** The first and the newest answer to one question of the check-ins, in the ranges that were asked. */
export interface Fact {
  readonly id: string;
  readonly from: string | number;
  readonly from_date: LocalDate;
  readonly to: string | number;
  readonly to_date: LocalDate;
}

/** What an older server leaves out is shown as nothing yet, never as zero. */
export type ProgressPayload = Pick<Schemas["ProgressDocument"], "days" | "adherence_7" | "adherence_28" | "pain"> &
  Partial<Pick<Schemas["ProgressDocument"], "morning" | "late" | "goals">> & {
    readonly facts?: readonly Fact[];
    readonly outcomes?: Omit<Schemas["OutcomesOfPhone"], "scores"> & { readonly scores: readonly OutcomeScore[] };
  };

export interface StoredProgress {
  readonly payload: ProgressPayload;
  /** Milliseconds. */
  readonly fetchedAt: number;
}
