/** "Later today", written down on the phone first and sent when the server can be reached. */
import { api, ApiError } from "../../api/client";
import type { Instant, Uuid } from "../../api/types";
import { readDocument, type PatientDb } from "../store/db";
import type { Later } from "./document";

/** A wish for a day that is long over says nothing to anybody. */
const STALE_MS = 24 * 3_600_000;

export interface LaterAnswer {
  readonly due_at: Instant;
  readonly state: "waiting" | "dropped";
  readonly reason: string | null;
}

/** One wish an occurrence: a second thought takes the place of the first. */
export async function addLater(db: PatientDb, later: Later): Promise<void> {
  await change(db, (queue) => [...queue.filter((one) => one.occurrence !== later.occurrence), later]);
}

export async function latersOf(db: PatientDb): Promise<readonly Later[]> {
  return (await readDocument(db, "laters")) ?? [];
}

/**
 * Sends what waits, each under its own id; the answers by id. Silence, faults and an ended session leave the rest in the
 * queue; what the server refuses for good leaves it.
 */
export async function sendLaters(db: PatientDb, patient: Uuid, now: number): Promise<ReadonlyMap<Uuid, LaterAnswer>> {
  const answers = new Map<Uuid, LaterAnswer>();
  for (const later of await latersOf(db)) {
    try {
      if (Date.parse(later.at) > now - STALE_MS) {
        const answer = await api<LaterAnswer>("POST", "/me/reminders/later", { query: { patient }, body: later });
        answers.set(later.id, answer);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (![400, 404, 409].includes(error.status)) break;
    }
    await change(db, (queue) => queue.filter((one) => one.id !== later.id));
  }
  return answers;
}

async function change(db: PatientDb, to: (queue: readonly Later[]) => readonly Later[]): Promise<void> {
  const tx = db.transaction("documents", "readwrite", { durability: "strict" });
  const queue = ((await tx.store.get("laters")) ?? []) as readonly Later[];
  await tx.store.put(to(queue), "laters");
  await tx.done;
}
