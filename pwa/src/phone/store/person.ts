/** Everything of one patient on this phone: opened, refreshed and removed together. */
import { api, apiResponse, ApiError } from "../../api/client";
import type { PlansPayload, Receipts, Uuid } from "../../api/types";
import { cacheFigures, figureCacheName } from "../plan/ready";
import { deletePatientDb, keepAnswer, readDocument, writeDocument, type PatientDb, type StoredPlan } from "./db";
import { firstName } from "./names";
import { markSeen } from "./outbox";

/**
 * Asks for the plan, at `now`, and stores it; returns what is stored then. 304 only renews the date on which it was confirmed.
 * Raises `ApiError` when there is no answer; the stored plan stays as it was.
 */
export async function refreshPlan(db: PatientDb, patient: Uuid, now: number): Promise<StoredPlan> {
  const stored = await readDocument(db, "plan");
  const headers: Record<string, string> = stored?.etag ? { "If-None-Match": stored.etag } : {};
  const answer = await apiResponse<PlansPayload | null>("GET", "/me/plans", { query: { patient }, headers });
  const fresh: StoredPlan =
    answer.data === null && stored !== null
      ? { ...stored, confirmedAt: now }
      : { payload: answer.data as PlansPayload, etag: answer.headers.get("ETag"), confirmedAt: now };
  const kept = await keepAnswer(db, "plan", fresh);
  if (kept.payload.therapist) await writeDocument(db, "therapist", firstName(kept.payload.therapist));
  return kept;
}

/** Learns what the clinic has seen, and the locks in force. Returns them, or null when there was no answer. */
export async function refreshReceipts(db: PatientDb, patient: Uuid): Promise<Receipts | null> {
  const since = await readDocument(db, "receiptsCursor");
  const receipts = await api<Receipts>("GET", "/me/receipts", { query: { patient, since } }).catch((error: unknown) => {
    if (error instanceof ApiError) return null;
    throw error;
  });
  if (receipts === null) return null;
  await markSeen(db, receipts.items);
  if (receipts.cursor) await writeDocument(db, "receiptsCursor", receipts.cursor);
  return receipts;
}

export async function keepFigures(patient: Uuid, plan: StoredPlan): Promise<void> {
  if ("caches" in globalThis) await cacheFigures(patient, plan.payload).catch(() => undefined);
}

/** Removes plan, entries, drafts and pictures of one patient from this phone. */
export async function erasePerson(patient: Uuid, db: PatientDb | null): Promise<void> {
  db?.close();
  await deletePatientDb(patient);
  if ("caches" in globalThis) await caches.delete(figureCacheName(patient));
}
