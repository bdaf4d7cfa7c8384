/** What the API sends and takes (API.md), as far as the clinic app uses it. Dates are local ISO dates, times ISO 8601 with offset. */

import type { Dose, ExerciseKind, ExerciseLog, Figure, Frequency, Me, Page, Prescription } from "../api/types";

export type { Dose, DoseSide, ExerciseLog, Frequency, Load, SkipReason } from "../api/types";
export type { ExerciseKind as Kind, Me, Page, Prescription };

export type Role = Me["clinics"][number]["role"];

/** `GET /me`, with what each clinic's role allows. */
export interface StaffMe extends Me {
  clinics: (Me["clinics"][number] & { abilities: string[] })[];
}
export type Side = "left" | "right" | "both";
export type Condition = "ifi_suspected" | "ifi_confirmed" | "piriformis" | "proximal_hamstring" | "lt_resection" | "other";

/** ISO weekday: Monday 1 … Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface Exercise {
  id: string;
  version: number;
  slug: string;
  name: string;
  synonyms?: string[];
  kind: ExerciseKind;
  muscles: { slug: string; role: "primary" | "secondary" }[];
  position: string;
  laterality: "unilateral" | "bilateral" | "alternating";
  level: number;
  steps: string[];
  cue: string;
  mistake: string;
  caution: string;
  demands: string[];
  equipment: string[];
  default_dose: Dose;
  default_frequency: Frequency;
  easier: string | null;
  harder: string | null;
  figure: Figure | null;
  sources: string[];
  review_status: "draft" | "reviewed";
  owner: string | null;
}

export type Facets = Record<string, { value: string | number; label?: string; count: number }[]>;

export interface Phase {
  id: string;
  n: number;
  name: string;
  /** half-open range of days from the start of the plan */
  from_day: number;
  to_day: number;
  entry: string[];
  exit: string[];
  prescriptions: Prescription[];
}

export interface Program {
  id: string;
  version: number;
  name: string;
  template: boolean;
  sealed: boolean;
  pain_limit: number;
  evidence: string;
  entry: string[];
  phases: Phase[];
}

export type Findings = Record<string, unknown>;

export interface Patient {
  id: string;
  version: number;
  name: string;
  birth_date: string;
  record_number: string | null;
  email: string | null;
  phone: string | null;
  timezone: string;
  language: string;
  affected_side: Side | null;
  condition: Condition | null;
  findings: Findings;
  responsible: string | null;
  status: "invited" | "active" | "discharged" | "merged" | "erased";
}

export interface Invitation {
  url: string;
  qr_svg: string;
  expires_at: string;
  /** whether the mail server took the e-mail that was asked for */
  sent: boolean;
}

export type ConflictAction = "block" | "release" | "warn";

export interface Alternative {
  id: string;
  name: string;
}

export interface Conflict {
  rule: string;
  action: ConflictAction;
  /** null: about the phase as a whole */
  prescription: string | null;
  key: string | null;
  /** what the exercise asks of the tissues that the rule speaks of, slugs of the vocabulary */
  demands: string[];
  /** what of the patient makes the rule fire, in the rule's own words */
  finding: string;
  sentence: string;
  cap: string | null;
  source: string;
  certainty: string;
  alternatives: Alternative[];
}

/** A conflict with the number of the phase it was found in. */
export interface FoundConflict extends Conflict {
  phase: number;
}

export interface Override {
  rule: string;
  key: string;
  reason: string;
}

export interface PainRule {
  limit: number;
  baseline: number | null;
}

export interface Revision {
  id: string;
  program: string;
  phase: number;
  pain_rule: PainRule | null;
  effective_from: string;
  reason: string;
}

export interface Plan {
  id: string;
  version: number;
  patient: string;
  program: string;
  status: "planned" | "active" | "paused" | "stopped" | "finished";
  starts_on: string;
  /** the first date on which nothing is due any more */
  ended_on?: string | null;
  phase: number;
  pain_rule: PainRule | null;
  revisions: Revision[];
  pauses: { from: string; to: string | null; reason: string }[];
  overrides: Override[];
  notes: string;
}

export interface Flag {
  id: string;
  kind: string;
  urgency: "emergency" | "same_day" | "48h" | "2_weeks" | "routine";
  evidence: unknown;
  /** not in the caseload's rows */
  next_step?: string;
  acknowledged_by?: string | null;
}

export interface Day {
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
  pain_max: number | null;
  pain_last: number | null;
  effort: number | null;
}

export interface SessionLog {
  id: string;
  plan: string;
  performed_at: string;
  logged_at: string | null;
  duration_s: number | null;
  pain_before: number | null;
  pain_after: number | null;
  effort: number | null;
  note: string;
  exercises: ExerciseLog[];
  local_date: string;
  received_at: string;
  late: boolean;
  seen_at: string | null;
}

export interface PainLog {
  id: string;
  at: string;
  score: number;
  moment: string;
  local_date: string;
}

export interface Checkin {
  id: string;
  at: string;
  kind: "morning" | "weekly";
  answers: Record<string, unknown>;
  local_date: string;
  seen_at: string | null;
}

export interface Clinic {
  id: string;
  name: string;
  phone: string;
  country: string;
  hours: string;
}

export interface StaffMember {
  id: string;
  name: string;
  email: string;
  role: Role;
}
