/** What the API sends and takes (API.md), as far as the clinic app uses it. Dates are local ISO dates, times ISO 8601 with offset. */

export type Role = 'owner' | 'therapist' | 'assistant';
export type Side = 'left' | 'right' | 'both';
export type Condition = 'ifi_suspected' | 'ifi_confirmed' | 'piriformis' | 'proximal_hamstring' | 'lt_resection' | 'other';

export interface ClinicMembership {
  id: string;
  name: string;
  role: Role;
}

export interface Me {
  user: { id: string; name: string; email: string | null };
  role: 'staff' | 'patient';
  clinics: ClinicMembership[];
  csrf_token: string;
  locale: string;
  timezone: string;
}

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

export type Load = 'none' | 'bodyweight' | 'isometric' | 'band' | 'ankle_weight' | 'dumbbell';
export type DoseSide = 'both' | 'left' | 'right' | 'affected' | 'alternating';

export interface Dose {
  sets: number;
  reps: number | null;
  /** seconds */
  hold_s: number | null;
  /** seconds between sets */
  rest_s: number;
  load: Load;
  load_kg: number | null;
  /** target effort, 0–10 */
  effort: number | null;
  side: DoseSide;
  /** seconds out, held, back */
  tempo: number[] | null;
}

/** ISO weekday: Monday 1 … Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export type Frequency =
  | { kind: 'weekdays'; days: Weekday[]; times_per_day: number }
  | { kind: 'interval'; every_days: number; times_per_day: number }
  | { kind: 'per_week'; count: number };

export type Kind = 'stretch' | 'strengthen' | 'neural' | 'motor_control';

export interface Exercise {
  id: string;
  version: number;
  slug: string;
  name: string;
  synonyms?: string[];
  kind: Kind;
  muscles: { slug: string; role: 'primary' | 'secondary' }[];
  position: string;
  laterality: 'unilateral' | 'bilateral' | 'alternating';
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
  figure: { src: string; poster: string; thumb: string } | null;
  sources: string[];
  review_status: 'draft' | 'reviewed';
  owner: string | null;
}

export type Facets = Record<string, { value: string | number; label?: string; count: number }[]>;

export interface Prescription {
  id: string;
  key: string;
  exercise: string;
  dose: Dose;
  frequency: Frequency;
  optional_if: string | null;
  needs_release: boolean;
  easier_allowed: boolean;
  note: string;
}

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
  status: 'invited' | 'active' | 'discharged' | 'merged' | 'erased';
}

export interface Invitation {
  url: string;
  qr_svg: string;
  expires_at: string;
}

export type ConflictAction = 'block' | 'release' | 'warn';

export interface Alternative {
  id: string;
  name: string;
  thumb?: string | null;
}

export interface Conflict {
  rule: string;
  action: ConflictAction;
  prescription: string;
  key?: string;
  sentence: string;
  cap: string | null;
  source: string | string[] | null;
  certainty: string | null;
  alternatives: Alternative[];
}

export interface Override {
  rule: string;
  key: string;
  reason: string;
}

export interface Plan {
  id: string;
  version: number;
  patient: string;
  program: string;
  status: 'planned' | 'active' | 'paused' | 'stopped' | 'finished';
  starts_on: string;
  phase: number;
  pain_rule: { limit: number; baseline: number | null } | null;
  revisions: { program: string; phase: number; effective_from: string; reason: string }[];
  pauses: { from: string; to: string; reason: string }[];
  overrides: Override[];
  notes: string;
}

export interface Flag {
  id: string;
  kind: string;
  urgency: 'emergency' | 'same_day' | '48h' | '2_weeks' | 'routine';
  evidence: unknown;
  next_step: string;
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

export type SkipReason = 'pain' | 'time' | 'unwell' | 'unsure' | 'equipment' | 'rule' | 'other';

export interface ExerciseLog {
  id: string;
  prescription: string;
  slot: number;
  side: Side;
  sets_done: number;
  reps: number[];
  hold_s: number | null;
  load_kg: number | null;
  pain: number | null;
  difficulty: 'easy' | 'right' | 'hard' | null;
  skipped: SkipReason | null;
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
  kind: 'morning' | 'weekly';
  answers: Record<string, unknown>;
  local_date: string;
}

export interface Clinic {
  id: string;
  name: string;
  phone: string;
  country: string;
  hours: unknown;
}

export interface StaffMember {
  id: string;
  name: string;
  email: string;
  role: Role;
}
