/** What the apps read and write, as in API.md. Once `schema.d.ts` exists these become aliases of it. */

export type Uuid = string;
/** ISO 8601 with offset. */
export type Instant = string;
/** `YYYY-MM-DD`, as the person's calendar shows it. */
export type LocalDate = string;

export interface Me {
  user: { id: Uuid; email: string | null; name?: string };
  role: "staff" | "patient";
  clinics: { id: Uuid; name: string; role: "owner" | "therapist" | "assistant" }[];
  patients: { id: Uuid; name: string; relation: "self" | "carer" }[];
  csrf_token: string;
  locale: string;
  timezone: string;
}

export interface Page<T> {
  next: string | null;
  previous: string | null;
  results: T[];
}

// ---------- Library and programs ----------
export type Load = "none" | "bodyweight" | "isometric" | "band" | "ankle_weight" | "dumbbell";
export type DoseSide = "both" | "left" | "right" | "affected" | "alternating";

export interface Dose {
  sets: number;
  reps: number | null;
  hold_s: number | null;
  rest_s: number;
  load: Load;
  load_kg: number | null;
  effort: number | null;
  side: DoseSide;
  /** seconds out, held, back */
  tempo: [number, number, number] | null;
}

export type Frequency =
  | { kind: "weekdays"; days: number[]; times_per_day: number }
  | { kind: "interval"; every_days: number; times_per_day: number }
  | { kind: "per_week"; count: number };

export type ExerciseKind = "stretch" | "strengthen" | "neural" | "motor_control";

export interface Figure {
  src: string;
  poster: string;
  thumb: string;
}

// ---------- The phone's plan ----------
export interface Prescription {
  id: Uuid;
  key: Uuid;
  exercise: Uuid;
  dose: Dose;
  frequency: Frequency;
  optional_if: string | null;
  needs_release: boolean;
  easier_allowed: boolean;
  note: string;
}

export interface PlanPhase {
  id: Uuid;
  n: number;
  name: string;
  from_day: number;
  to_day: number;
  current: boolean;
  prescriptions: Prescription[];
}

export type ItemState = "due" | "done" | "partly" | "skipped" | "excused";

export interface DayItem {
  prescription: Uuid;
  slot: number;
  state: ItemState;
}

export interface PlanDay {
  date: LocalDate;
  items: DayItem[];
}

export interface PainRule {
  limit: number;
  baseline: number | null;
  /** The clinic's own words for each colour; null leaves it to the app's. */
  words: { green?: string | null; amber?: string | null; red?: string | null; stop?: string | null };
}

export interface PhonePlan {
  id: Uuid;
  revision: Uuid;
  starts_on: LocalDate;
  pain_rule: PainRule;
  phases: PlanPhase[];
  days: PlanDay[];
}

export interface PlanExercise {
  slug: string;
  name: string;
  kind: ExerciseKind;
  steps: string[];
  cue: string;
  mistake: string;
  caution: string;
  equipment: string[];
  figure: Figure | null;
  lang: string;
}

export interface Lock {
  id: Uuid;
  kind: "red_flag" | "stop";
  since: Instant;
  until: Instant | null;
}

export interface PlansPayload {
  patient: Uuid;
  until: LocalDate;
  clinic: { name: string; phone: string; hours: string; emergency: string };
  locks: Lock[];
  /** What the precaution rules say to the patient about the phases that run, once a rule. */
  cautions: { rule: string; text: string | null; cap: string | null }[];
  red_flags: { id: string; ask: string; urgency: string; text: string }[];
  plans: PhonePlan[];
  exercises: Record<Uuid, PlanExercise>;
}

// ---------- Sync ----------
export type LoggedSide = "left" | "right" | "both";
export type Difficulty = "easy" | "right" | "hard";
export type SkipReason = "pain" | "time" | "unwell" | "unsure" | "equipment" | "rule" | "other";

export interface ExerciseLog {
  id: Uuid;
  prescription: Uuid;
  slot: number;
  side: LoggedSide;
  variant: Uuid | null;
  sets_done: number;
  reps: number[] | null;
  hold_s: number | null;
  load_kg: number | null;
  pain: number | null;
  difficulty: Difficulty | null;
  skipped: SkipReason | null;
}

export interface SessionItem {
  type: "session";
  id: Uuid;
  plan: Uuid;
  performed_at: Instant;
  logged_at: Instant | null;
  edited_at: Instant | null;
  duration_s: number | null;
  pain_before: number | null;
  pain_after: number | null;
  effort: number | null;
  note: string;
  exercises: ExerciseLog[];
}

export interface VoidItem {
  type: "void";
  id: Uuid;
  of: Uuid;
  at: Instant;
}

export interface PainItem {
  type: "pain";
  id: Uuid;
  at: Instant;
  score: number;
  moment: "now" | "avg_24h" | "worst_24h" | "avg_7d" | "worst_7d" | "after_session" | "night";
  session: Uuid | null;
  place: string | null;
}

/** What this version of the app can write. The outbox keeps any type, so a later version's items survive. */
export type SyncItem = SessionItem | VoidItem | PainItem;

export type SyncStatus = "stored" | "duplicate" | "amended" | "superseded" | "held";

export interface SyncResult {
  index: number;
  id: Uuid | null;
  status: SyncStatus;
  late: boolean;
  errors: { code: string; detail: string; attr: string | null }[];
}

export interface SyncRequest {
  schema: 1;
  patient: Uuid;
  device: Uuid;
  sent_at: Instant;
  tz: string;
  pending: number;
  items: unknown[];
}

export interface SyncResponse {
  results: SyncResult[];
  server_time: Instant;
  clock_skew_s: number;
}

export interface Receipts {
  cursor: string;
  items: { id: Uuid; seen_at: Instant; seen_by: string }[];
  held: unknown[];
  locks: Lock[];
}
