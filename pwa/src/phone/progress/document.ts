/** What `GET /me/progress` says, as the phone keeps it. */
import type { components } from "../../api/schema";
import type { Instant, LocalDate, Uuid } from "../../api/types";
import type { DueOutcome, Instrument, Timepoint } from "./outcomes";

export type ProgressDay = components["schemas"]["DayDocument"];
export type PainPoint = components["schemas"]["PainPoint"];

export type Meaning = "much_better" | "slightly_better" | "same" | "worse";

export interface OutcomeScore {
  readonly instrument: Instrument;
  readonly timepoint: Timepoint;
  readonly date: LocalDate;
  /** null: too much is missing to say a number. */
  readonly score: number | null;
  readonly change: number | null;
  readonly meaning: Meaning | null;
}

export interface Goal {
  readonly id: Uuid;
  readonly text: string;
  readonly done_at: Instant | null;
}

/** The first and the newest answer to one question of the check-ins, in the ranges that were asked. */
export interface Fact {
  readonly id: string;
  readonly from: string | number;
  readonly from_date: LocalDate;
  readonly to: string | number;
  readonly to_date: LocalDate;
}

export interface ProgressPayload {
  readonly days: readonly ProgressDay[];
  readonly adherence_7: number | null;
  readonly adherence_28: number | null;
  readonly pain: readonly PainPoint[];
  readonly morning?: readonly { readonly date: LocalDate; readonly score: number }[];
  readonly facts?: readonly Fact[];
  /** Dates on which something was written down on a later day. */
  readonly late?: readonly LocalDate[];
  readonly outcomes?: {
    readonly due: readonly DueOutcome[];
    readonly scores: readonly OutcomeScore[];
    /** The person's own words at the baseline. */
    readonly activities: readonly string[];
  };
  readonly goals?: readonly Goal[];
}

export interface StoredProgress {
  readonly payload: ProgressPayload;
  /** Milliseconds. */
  readonly fetchedAt: number;
}
