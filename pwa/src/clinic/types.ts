/**
 * What the API sends, from the schema that the server generates: a renamed field is an error here, not a blank on screen.
 * Dates are local ISO dates, times ISO 8601 with offset.
 */

import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** The schema marks as optional what a request may leave out; an answer always has it. */
type Whole<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Sent<Name extends keyof Schemas> = Writable<Whole<Schemas[Name]>>;

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

// ---------- people ----------
export type Role = Schemas["Staff"]["role"];
/** `GET /me`, with what each clinic's role allows. */
export type StaffMe = Omit<Sent<"Me">, "user"> & { user: Sent<"User"> };
export type Clinic = Sent<"Clinic">;
export type StaffMember = Sent<"Staff">;
export type WaitingStaff = Sent<"StaffInvitation">;
/** `url` is shown once; `sent`: whether the mail server took the e-mail. */
export type StaffInvitation = Sent<"InvitedStaff">;

export type Patient = Sent<"Patient">;
export type Side = NonNullable<Patient["affected_side"]>;
export type Condition = NonNullable<Patient["condition"]>;
export type Findings = Record<string, unknown>;
export type Invitation = Sent<"InvitationResponse">;

// ---------- library ----------
/** ISO weekday: Monday 1 … Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type Dose = Sent<"Dose">;
export type Load = Dose["load"];
export type DoseSide = Dose["side"];
export type Frequency = Schemas["Frequency"];
export type Exercise = Sent<"Exercise">;
/** One exercise also brings the joint angles of its figure. */
export type ExerciseDetail = Sent<"ExerciseDetail">;
export type Term = Pick<Sent<"Term">, "slug" | "name"> & { readonly definition?: string };
/** Three whole SVG documents. */
export type Drawing = Sent<"Drawing">;

// ---------- programs ----------
export type Prescription = Sent<"Prescription">;
export type Phase = Omit<Sent<"Phase">, "prescriptions"> & { prescriptions: Prescription[] };
/** What the builder edits of a program. */
export type Program = Omit<Sent<"Program">, "phases" | "clinic" | "slug"> & { phases: Phase[] };

// ---------- precautions, plans ----------
export type Conflict = Sent<"Conflict">;
/** A conflict with the number of the phase it was found in. */
export interface FoundConflict extends Conflict {
  phase: number;
}
export type Override = Schemas["OverrideRequestRequest"];
export type Revision = Sent<"Revision">;
export type Plan = Omit<Sent<"Plan">, "revisions"> & { revisions: Revision[] };

// ---------- caseload ----------
export type CaseloadRow = Sent<"CaseloadRow">;
export type CaseloadFlag = CaseloadRow["flags"][number];
export type Flag = Sent<"Flag">;

// ---------- the log ----------
export type Day = Sent<"DayDocument">;
export type SkipReason = NonNullable<Schemas["SyncExercise"]["skipped"]>;
/** As the phone sent it: what it left out is filled in by `patient/log.ts`. */
export type KeptSession = Schemas["KeptSession"];
export type KeptExercise = Schemas["SyncExercise"];
export type ExerciseLog = Whole<KeptExercise>;
export type SessionLog = Omit<Whole<KeptSession>, "exercises" | "type" | "edited_at" | "entered_by"> & { exercises: readonly ExerciseLog[] };
export type PainLog = Pick<Schemas["KeptPain"], "id" | "at" | "score" | "local_date">;
export type Checkin = Pick<Schemas["KeptCheckin"], "id" | "at" | "kind" | "local_date" | "seen_at"> & { answers: Record<string, unknown> };

// ---------- what the rules make of it ----------
/** One fact behind a flag or a suggestion. Which fields there are depends on the kind; nothing is counted on. */
export type Fact = Readonly<Record<string, unknown>>;

export type SuggestedChange = Omit<Sent<"SuggestedChange">, "from" | "to" | "phase_name"> & {
  from: Dose | null;
  to: Dose | null;
  phase_name?: string | null;
};
export type Suggestion = Omit<Sent<"SuggestionDocument">, "change" | "evidence"> & { change: SuggestedChange; evidence: readonly Fact[] };
export type Readiness = Sent<"ReadinessDocument">;
export type Criterion = Readiness["criteria"][number];
export type Adherence = Sent<"AdherenceDocument">;
export type AdherenceDay = Adherence["rows"][number];

// ---------- messages, outcomes, goals ----------
export type Message = Sent<"MessageDocument">;

export const INSTRUMENTS = ["nprs", "psfs", "groc"] as const satisfies readonly Schemas["InstrumentEnum"][];
export type Instrument = Schemas["InstrumentEnum"];
export const TIMEPOINTS = ["baseline", "w4", "w8", "w12", "w24"] as const satisfies readonly Schemas["TimepointEnum"][];
export type Timepoint = Schemas["TimepointEnum"];
export type Outcome = Sent<"ScoredOutcome">;
export type OutcomeDue = Schemas["ScheduleDocument"]["due"][number];
export type Goal = Pick<Schemas["KeptGoal"], "id" | "at" | "text"> & { done_at: string | null };

// ---------- the record ----------
export type Merged = Sent<"Merge">;
export type AccessEntry = Sent<"AccessRecord">;

// ---------- reminders ----------
export type Reminders = Sent<"Reminders">;
export type ReminderRule = Sent<"ReminderRule">;
export type Proof = Sent<"Proof">;
export type Occurrence = Proof["occurrences"][number];
export type Delivery = Occurrence["deliveries"][number];
export type TroubledPhone = Sent<"TroubledPhone">;
