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
export type Kind = Exercise["kind"];

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

// ---------- what the rules make of it (contracts; the generated types take over as their routes come) ----------
/** One fact behind a flag or a suggestion. Which fields there are depends on the kind; nothing is counted on. */
export type Fact = Readonly<Record<string, unknown>>;

export type SuggestionKind = "progress" | "hold" | "regress" | "next_phase";
export interface SuggestedChange {
  what: "reps" | "sets" | "load" | "hold" | "exercise" | "rest" | "phase" | "nothing";
  from: Dose | null;
  to: Dose | null;
  exercise: { id: string; name: string } | null;
  /** days to leave it out first */
  rest_days: number;
  phase: number | null;
  phase_name?: string | null;
  /** the next stronger band, which no number of the dose can say */
  band?: boolean;
}
export interface Suggestion {
  id: string;
  patient: { id: string; name: string };
  plan: string;
  phase: number;
  kind: SuggestionKind;
  status: "open" | "accepted" | "dismissed" | "superseded";
  reason: string;
  made_at: string;
  exercise: { key: string; prescription: string; id: string; name: string } | null;
  change: SuggestedChange;
  evidence: readonly Fact[];
  note: string;
  decided_by: string | null;
  decided_at: string | null;
  revision: string | null;
}

export interface Criterion {
  text: string;
  met: boolean | null;
  source: "checkin" | "log" | "therapist" | null;
  value: string | null;
  since: string | null;
  tick: { met: boolean | null; note: string; by: string | null; at: string } | null;
}
export interface Readiness {
  phase: number;
  name: string;
  next: number | null;
  ready: boolean;
  frozen: "red_flag" | "regress" | null;
  never_suggested: "surgery" | "release" | "level_5" | null;
  next_name?: string | null;
  criteria: readonly Criterion[];
}

export type Band = "on_track" | "partial" | "low" | "lapsed";
export interface AdherenceDay {
  plan: string;
  date: string;
  due: number;
  done: number;
  partly: number;
  skipped: number;
  missed: number;
  unknown: number;
  excused: number;
  extra: number;
  sessions_due: number;
  sessions_done: number;
  sessions_unknown: number;
  dose_done: number | null;
  dose_asked: number | null;
  why: "pause" | "lock" | null;
}
export interface Adherence {
  from: string;
  to: string;
  window: 7 | 28;
  session: { done: number; due: number; unknown: number; excused: number; value: number | null; band: Band | null };
  dose: { value: number | null };
  overdoing: { ratio: number | null; flagged: boolean };
  rows: readonly AdherenceDay[];
}

// ---------- messages, outcomes, goals ----------
export interface Message {
  id: string;
  at: string;
  body: string;
  about: { type: string; id: string } | null;
  from: { name: string; side: "patient" | "clinic" };
  mine: boolean;
  seen_at: string | null;
  seen_by: string | null;
}

export const INSTRUMENTS = ["nprs", "psfs", "groc"] as const;
export type Instrument = (typeof INSTRUMENTS)[number];
export const TIMEPOINTS = ["baseline", "w4", "w8", "w12", "w24"] as const;
export type Timepoint = (typeof TIMEPOINTS)[number];
export type Meaning = "much_better" | "slightly_better" | "same" | "worse";
export interface Outcome {
  id: string;
  at: string;
  instrument: Instrument;
  timepoint: Timepoint;
  answers: Readonly<Record<string, unknown>>;
  local_date: string;
  entered_by: string | null;
  score: number | null;
  incomplete: boolean;
  change: number | null;
  meaning: Meaning | null;
}
export interface OutcomeDue {
  instrument: Instrument;
  timepoint: Timepoint;
  from: string;
  to: string;
  state: "due" | "done" | "coming" | "missed";
}
export interface Goal {
  id: string;
  at: string;
  text: string;
  done_at: string | null;
}

// ---------- the record ----------
export interface Merged {
  id: string;
  kept: string;
  other: string;
  made_at: string;
  undo_until: string;
  undone_at?: string | null;
}
export interface AccessEntry {
  id: string;
  at: string;
  actor: { id: string; name: string } | null;
  action: string;
  kind: string;
  detail: Readonly<Record<string, unknown>>;
}
