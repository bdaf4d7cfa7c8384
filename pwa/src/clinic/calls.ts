/** Every call the clinic app makes, by name. Paths and shapes are API.md's. */
import { api, apiResponse, ApiError } from "../api/client";
import { readSession } from "./patient/log";
import { spokenExercise } from "./spoken";
import type {
  AccessEntry,
  Adherence,
  CaseloadRow,
  Checkin,
  Clinic,
  Day,
  Drawing,
  Exercise,
  ExerciseDetail,
  Findings,
  Flag,
  Goal,
  Invitation,
  KeptSession,
  Merged,
  Message,
  Outcome,
  OutcomeDue,
  Override,
  Page,
  PainLog,
  Patient,
  Plan,
  Program,
  Proof,
  Readiness,
  ReminderRule,
  Reminders,
  Role,
  StaffInvitation,
  StaffMe,
  StaffMember,
  Suggestion,
  Term,
  TroubledPhone,
  WaitingStaff,
} from "./types";

export { ApiError };

const PAGE = 200;

/** Follows `next` to the end; for lists that are short by nature (library, templates, sessions of one patient). */
async function all<T>(path: string, query: Record<string, string | number> = {}): Promise<T[]> {
  const out: T[] = [];
  let page = await api<Page<T>>("GET", path, { query: { page_size: PAGE, ...query } });
  out.push(...page.results);
  while (page.next) {
    page = await nextPage<T>(path, page.next);
    out.push(...page.results);
  }
  return out;
}

/** `next` is an absolute address; only its query is taken, so that a proxy's host name can never lead elsewhere. */
export function nextPage<T>(path: string, next: string, signal?: AbortSignal): Promise<Page<T>> {
  const query = Object.fromEntries(new URL(next, location.origin).searchParams);
  return api<Page<T>>("GET", path, { query, ...(signal && { signal }) });
}

// ---------- people ----------
export const me = () => api<StaffMe>("GET", "/me");
export const saveLanguage = (language: string) => api<unknown>("PATCH", "/me", { body: { language } });

// ---------- library ----------
export interface ExercisePage extends Page<Exercise> {
  facets?: unknown;
}
export async function exercises(query: Record<string, string>, signal?: AbortSignal): Promise<ExercisePage> {
  const page = await api<ExercisePage>("GET", "/exercises", { query: { page_size: PAGE, ...query }, ...(signal && { signal }) });
  return { ...page, results: page.results.map(spokenExercise) };
}
export const allExercises = async () => (await all<Exercise>("/exercises")).map(spokenExercise);
export const exercise = async (id: string) => spokenExercise(await api<ExerciseDetail>("GET", `/exercises/${id}`));
export type OwnExercise = Partial<Omit<ExerciseDetail, "figure" | "muscles" | "steps" | "equipment" | "demands">> & {
  muscles?: readonly ExerciseDetail["muscles"][number][];
  steps?: readonly string[];
  equipment?: readonly string[];
  demands?: readonly string[];
  /** joint angles */
  figure?: Readonly<Record<string, unknown>> | null;
  clinic?: string;
};
export const createExercise = (body: OwnExercise) => api<ExerciseDetail>("POST", "/exercises", { body });
export const changeExercise = (id: string, version: number, body: OwnExercise) =>
  api<ExerciseDetail>("PATCH", `/exercises/${id}`, { body, version });
export const archiveExercise = (id: string) => api<null>("DELETE", `/exercises/${id}`);
export interface DrawRequest {
  figure: Readonly<Record<string, unknown>>;
  laterality: ExerciseDetail["laterality"];
}
export const drawFigure = (body: DrawRequest, signal: AbortSignal) => api<Drawing>("POST", "/exercises/figure", { body, signal });
export const uploadMedia = (id: string, file: File) => {
  const form = new FormData();
  form.append("file", file);
  return api<ExerciseDetail>("POST", `/exercises/${id}/media`, { body: form });
};
export type Vocabulary = "muscles" | "equipment" | "demands";
export const vocabulary = (name: Vocabulary) => api<unknown>("GET", `/${name}`);
export const terms = (name: Vocabulary) => all<Term>(`/${name}`);

// ---------- programs ----------
export const templates = () => all<Program>("/programs", { template: "true" });
export const program = (id: string) => api<Program>("GET", `/programs/${id}`);
export const createProgram = (body: Partial<Program> & { clinic?: string }) => api<Program>("POST", "/programs", { body });
export const copyProgram = (id: string, body: { name?: string; clinic?: string } = {}) =>
  api<Program>("POST", `/programs/${id}/copy`, { body });
export type Paper = Clinic["paper"];
export type HandoutChoice = { size: Paper; lang: string; large_print: boolean };
export const programHandout = (id: string, query: HandoutChoice & { phase: number | null; clinic?: string }) =>
  api<Blob>("GET", `/programs/${id}/handout.pdf`, { query });
export const saveProgram = (draft: Program, version: number) =>
  api<Program>("PUT", `/programs/${draft.id}`, { body: { ...draft, version }, version });

// ---------- patients ----------
export type NewPatient = Pick<Patient, "name" | "birth_date"> & Partial<Patient> & { clinic?: string };
export const createPatient = (body: NewPatient) => api<Patient>("POST", "/patients", { body });
export const patient = (id: string) => api<Patient>("GET", `/patients/${id}`);
export const findPatients = (search: string, signal?: AbortSignal) =>
  api<Page<Patient>>("GET", "/patients", { query: { search, page_size: 20 }, ...(signal && { signal }) });
export const savePatient = (id: string, version: number, body: Partial<Omit<Patient, "findings">> & { findings?: Findings }) =>
  api<Patient>("PATCH", `/patients/${id}`, { body, version });

export interface InviteOptions {
  relation: "self" | "carer";
  replace?: boolean;
  send?: boolean;
}
export const invite = (id: string, options: InviteOptions) =>
  api<Invitation>("POST", `/patients/${id}/invitation`, { body: { purpose: "link", ...options } });

export const check = (patientId: string, programId: string) =>
  api<unknown>("POST", `/patients/${patientId}/check`, { body: { program: programId } });

export interface Prescribe {
  program: string;
  starts_on: string;
  phase: number;
  pain_rule?: { limit: number };
  overrides: Override[];
}
export const prescribe = (patientId: string, body: Prescribe) => api<Plan>("POST", `/patients/${patientId}/plans`, { body });
export interface Revise {
  program?: string;
  phase?: number;
  pain_rule?: { limit: number };
  effective_from?: string;
  reason: string;
  overrides?: Override[];
}
/** With `code` it makes a new way onto a phone, printed on the page: an earlier page's code stops working. */
export const planHandout = (id: string, body: HandoutChoice & { code: boolean }) => api<Blob>("POST", `/plans/${id}/handout`, { body });
export const plan = (id: string) => api<Plan>("GET", `/plans/${id}`);
export const revise = (planId: string, body: Revise) => api<unknown>("POST", `/plans/${planId}/revisions`, { body });
export const stopPlan = (planId: string, reason: string) => api<unknown>("POST", `/plans/${planId}/stop`, { body: { reason } });
export const pausePlan = (planId: string, body: { from: string; to: string | null; reason: string }) =>
  api<Plan>("POST", `/plans/${planId}/pause`, { body });
export const resumePlan = (planId: string, on: string) => api<Plan>("POST", `/plans/${planId}/resume`, { body: { on } });
export const readiness = (planId: string) => api<Readiness>("GET", `/plans/${planId}/readiness`);
export interface Tick {
  phase: number;
  text: string;
  met: boolean | null;
  note?: string;
}
export const tick = (planId: string, body: Tick) => api<Readiness>("POST", `/plans/${planId}/criteria`, { body });
export const plans = async (id: string) => (await api<Page<Plan>>("GET", `/patients/${id}/plans`)).results;
export const days = (id: string, from: string, to: string) =>
  api<{ results: Day[] }>("GET", `/patients/${id}/days`, { query: { from, to } });
export const sessions = async (id: string) =>
  (await api<Page<KeptSession>>("GET", `/patients/${id}/sessions`, { query: { page_size: PAGE } })).results.map(readSession);
export const pain = (id: string) => api<Page<PainLog>>("GET", `/patients/${id}/pain`, { query: { page_size: PAGE } });
export const checkins = (id: string) => api<Page<Checkin>>("GET", `/patients/${id}/checkins`, { query: { page_size: PAGE } });
export const flags = (id: string) => all<Flag>("/flags", { patient: id });
export const acknowledge = (flagId: string) => api<Flag>("POST", `/flags/${flagId}/acknowledge`);
export const resolve = (flagId: string, note: string) => api<Flag>("POST", `/flags/${flagId}/resolve`, { body: { note } });
export const unlock = (id: string, note: string) => api<unknown>("POST", `/patients/${id}/unlock`, { body: { note } });
export const markSeen = (id: string, items: string[]) => api<unknown>("POST", `/patients/${id}/seen`, { body: { items } });

/** Open flags that somebody must look at now, of every patient one may see. */
export const alerts = (signal?: AbortSignal) => api<Page<Flag>>("GET", "/flags", { query: { alert: "true", page_size: 20 }, ...(signal && { signal }) });

// ---------- suggestions, adherence, messages, outcomes ----------
export const suggestions = async (id: string) => (await api<Page<Suggestion>>("GET", "/suggestions", { query: { patient: id } })).results;
export const acceptSuggestion = (id: string, note: string) =>
  api<Suggestion>("POST", `/suggestions/${id}/accept`, { body: note ? { note } : {} });
export const dismissSuggestion = (id: string, note: string) =>
  api<Suggestion>("POST", `/suggestions/${id}/dismiss`, { body: note ? { note } : {} });
export const adherence = (id: string, window: 7 | 28) => api<Adherence>("GET", `/patients/${id}/adherence`, { query: { window } });
export const messagesPath = (id: string) => `/patients/${id}/messages`;
export const messages = (id: string) => api<Page<Message>>("GET", messagesPath(id), { query: { page_size: 30 } });
/** The id is made here, so that a repeated call after a lost answer makes no second message. */
export type NewMessage = Pick<Message, "id" | "body"> & Partial<Pick<Message, "about">>;
export const sendMessage = (id: string, body: NewMessage) => api<Message>("POST", messagesPath(id), { body });
export const outcomes = (id: string) => all<Outcome>(`/patients/${id}/outcomes`);
export const outcomeSchedule = async (id: string) => (await api<{ due: OutcomeDue[] }>("GET", `/patients/${id}/outcomes/schedule`)).due;
export type PaperOutcome = Pick<Outcome, "id" | "at" | "instrument" | "timepoint" | "answers">;
export const enterOutcome = (id: string, body: PaperOutcome) => api<Outcome>("POST", `/patients/${id}/outcomes`, { body });
export const goals = (id: string) => all<Goal>(`/patients/${id}/goals`);

// ---------- the record ----------
export const discharge = (id: string, reason: string) => api<Patient>("POST", `/patients/${id}/discharge`, { body: { reason } });
export const reopen = (id: string, note: string) => api<Patient>("POST", `/patients/${id}/reopen`, { body: { note } });
export const transfer = (id: string, body: { responsible: string; note?: string }) => api<Patient>("POST", `/patients/${id}/transfer`, { body });
export const merge = (id: string, body: { other: string; note?: string }) => api<Merged>("POST", `/patients/${id}/merge`, { body });
export const merges = async (id: string) => (await api<Page<Merged>>("GET", `/patients/${id}/merges`)).results;
export const undoMerge = (mergeId: string) => api<Merged>("POST", `/merges/${mergeId}/undo`);
export const summary = (id: string) => api<string>("GET", `/patients/${id}/summary`, { headers: { Accept: "text/plain" } });
export const accessLogPath = (id: string) => `/patients/${id}/access-log`;
export const accessLog = (id: string) => api<Page<AccessEntry>>("GET", accessLogPath(id), { query: { page_size: 50 } });

export const CASELOAD = "/caseload";
export const caseload = (query: Record<string, string>, signal?: AbortSignal) =>
  api<Page<CaseloadRow>>("GET", CASELOAD, { query: { page_size: 100, ...query }, ...(signal && { signal }) });

// ---------- reminders ----------
export const reminders = (id: string) => api<Reminders>("GET", `/patients/${id}/reminders`);
export type WrittenRule = Partial<Omit<ReminderRule, "timezone" | "next_due_at">> & Pick<ReminderRule, "times">;
export const saveReminders = (id: string, body: { rules: WrittenRule[] }) => api<Reminders>("PUT", `/patients/${id}/reminders`, { body });
export const reminderProof = (id: string, date: string) => api<Proof>("GET", `/patients/${id}/reminders/proof`, { query: { date } });
export const troubledPhones = async () => (await api<Page<TroubledPhone>>("GET", "/clinic/phones")).results;

// ---------- clinic ----------
export const clinic = (id: string) => api<Clinic>("GET", "/clinic", { query: { clinic: id } });
export const saveClinic = (id: string, body: Partial<Clinic>) => api<Clinic>("PATCH", "/clinic", { query: { clinic: id }, body });
export const staff = (id: string) =>
  api<Page<StaffMember> & { invitations: WaitingStaff[] }>("GET", "/clinic/staff", { query: { clinic: id } });
export const inviteStaff = (body: { email: string; role: Role; clinic?: string }) =>
  api<StaffInvitation>("POST", "/clinic/staff", { body });
export const joinStaff = (body: { token: string; name: string; password: string }) =>
  apiResponse<unknown>("POST", "/staff/join", { body });
