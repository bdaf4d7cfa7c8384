/** A small world for tests: a plan, sessions, and a server that answers `POST /me/sync` as API.md says. */
import type {
  Dose,
  PhonePlan,
  PlanExercise,
  PlansPayload,
  Prescription,
  SessionItem,
  SyncResult,
} from "../../src/api/types";
import { setCsrfStore } from "../../src/api/client";
import { openPatientDb, type PatientDb } from "../../src/phone/store/db";
import { uuid7 } from "../../src/phone/store/ids";
import type { OutgoingItem } from "../../src/phone/store/entry";

export const DOSE: Dose = {
  sets: 3,
  reps: 10,
  hold_s: null,
  rest_s: 60,
  load: "bodyweight",
  load_kg: null,
  effort: 5,
  side: "left",
  tempo: null,
};

export function prescription(id: string, dose: Partial<Dose> = {}): Prescription {
  return {
    id,
    key: `key-${id}`,
    exercise: `ex-${id}`,
    dose: { ...DOSE, ...dose },
    frequency: { kind: "weekdays", days: [1, 2, 3, 4, 5, 6, 7], times_per_day: 1 },
    optional_if: null,
    needs_release: false,
    easier_allowed: true,
    note: "",
  };
}

export function exercise(name: string): PlanExercise {
  const figure = {
    src: `/figures/${name}-src.svg`,
    poster: `/figures/${name}-poster.svg`,
    thumb: `/figures/${name}-thumb.svg`,
  };
  return {
    slug: name,
    name,
    kind: "strengthen",
    steps: ["One."],
    cue: "",
    mistake: "",
    caution: "",
    equipment: [],
    figure,
    lang: "en",
  };
}

export function planOf(prescriptions: Prescription[], days: PhonePlan["days"]): PhonePlan {
  return {
    id: "plan",
    revision: "rev",
    starts_on: "2026-11-02",
    pain_rule: { limit: 5, baseline: 3, words: {} },
    phases: [{ id: "phase", n: 1, lang: "en", name: "Calm", from_day: 0, to_day: 21, current: true, prescriptions }],
    days,
  };
}

export function payloadOf(plans: PhonePlan[], until = "2026-12-08"): PlansPayload {
  const exercises = Object.fromEntries(
    plans.flatMap((plan) =>
      plan.phases.flatMap((phase) => phase.prescriptions.map((one) => [one.exercise, exercise(one.exercise)])),
    ),
  );
  return {
    patient: "patient",
    until,
    therapist: "Dana Example",
    side: "left",
    clinic: { name: "Example Physiotherapy", phone: "", hours: "", emergency: "112" },
    locks: [],
    cautions: [],
    red_flags: [],
    plans,
    exercises,
  };
}

export function sessionItem(change: Partial<SessionItem> = {}): SessionItem & OutgoingItem {
  const item: SessionItem = {
    type: "session",
    id: uuid7(),
    plan: "plan",
    performed_at: "2026-11-24T07:10:00+01:00",
    logged_at: null,
    edited_at: null,
    duration_s: 900,
    pain_before: null,
    pain_after: null,
    effort: null,
    note: "",
    exercises: [],
    ...change,
  };
  return item as SessionItem & OutgoingItem;
}

let databases = 0;

/** A fresh database of a fresh patient. */
export async function freshDb(): Promise<{ db: PatientDb; patient: string }> {
  databases += 1;
  const patient = `patient-${databases}`;
  return { db: await openPatientDb(patient), patient };
}

export interface SyncCall {
  readonly patient: string;
  readonly pending: number;
  readonly items: { id: string; type: string; edited_at?: string | null }[];
  readonly token: string | null;
}

type Answer = Response | "silence";
type Responder = (call: SyncCall) => Answer | Promise<Answer>;

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
  return json(
    status,
    { type: "client_error", errors: [{ code, detail: `Sentence about ${code}.`, attr: null }] },
    headers,
  );
}

/** Answers every item with the same status. */
export function answering(status: SyncResult["status"], errors: SyncResult["errors"] = []): Responder {
  return (call) =>
    json(200, {
      results: call.items.map((item, index) => ({ index, id: item.id, status, late: false, errors })),
      server_time: "2026-11-24T07:12:00Z",
      clock_skew_s: 0,
    });
}

/** Stands in for the network: records each sync and answers with `respond`, which a test may change between calls. */
export class FakeServer {
  readonly calls: SyncCall[] = [];
  tokens = 0;

  constructor(public respond: Responder) {
    let token = "first";
    setCsrfStore({
      read: () => Promise.resolve(token),
      write: (fresh) => {
        token = fresh;
        return Promise.resolve();
      },
    });
    globalThis.fetch = (async (input: RequestInfo | URL, init?: RequestInit) => {
      if (String(input).includes("/me/sync")) return this.sync(init!);
      this.tokens += 1;
      return json(200, { csrf_token: `fresh-${this.tokens}` });
    }) as typeof fetch;
  }

  private async sync(init: RequestInit): Promise<Response> {
    const body = JSON.parse(String(init.body)) as Omit<SyncCall, "token">;
    const call = { ...body, token: new Headers(init.headers).get("X-CSRFToken") };
    this.calls.push(call);
    const answer = await this.respond(call);
    if (answer === "silence") throw new TypeError("Failed to fetch");
    return answer;
  }
}
