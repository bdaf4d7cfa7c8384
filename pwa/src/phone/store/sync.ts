/**
 * Sending the outbox of one patient: `POST /me/sync` until nothing is ready or the server says stop.
 * "Connected" is not "reachable": an item leaves the outbox only when the server's answer for that very item was read.
 */
import { api, ApiError } from "../../api/client";
import type { SyncRequest, SyncResponse, Uuid } from "../../api/types";
import { readDocument, writeDocument, type PatientDb } from "./db";
import { deviceId } from "./device";
import type { Entry } from "./entry";
import { applyAnswers, markAttempt, setAside, unsent } from "./outbox";
import { isoWithOffset, timeZone } from "./time";

/** The server's limits: 200 items and 1 MiB a call. A little under, for the envelope. */
const MAX_ITEMS = 200;
const MAX_BYTES = 1_000_000;

/**
 * idle       nothing was ready: the server was not asked, so nothing is known of it
 * done       everything that was ready has its answer
 * sign-in    the session has ended; items stay
 * stopped    the server refuses this person's outbox under this session; items stay under that person
 * later      silence, a fault or too many calls; come back after `waitMs` (null: back off)
 */
export type SendOutcome =
  | { readonly kind: "idle" }
  | { readonly kind: "done"; readonly answered: number }
  | { readonly kind: "sign-in" }
  | { readonly kind: "stopped"; readonly code: string; readonly detail: string }
  | { readonly kind: "later"; readonly silent: boolean; readonly waitMs: number | null };

export interface SendOptions {
  /** Sends a call even with nothing to send: it tells the server that this phone holds nothing back. */
  readonly evenEmpty?: boolean;
  /** Tries again although an earlier answer said stop: the app was opened or somebody signed in. */
  readonly despiteStop?: boolean;
  readonly now?: () => number;
}

/**
 * Sends what is ready for `patient`. Call it under `withSendLock`, or two tabs would send the same items twice
 * (harmless, since the server answers `duplicate`, but wasteful).
 */
export async function sendOutbox(db: PatientDb, patient: Uuid, options: SendOptions = {}): Promise<SendOutcome> {
  const now = options.now ?? Date.now;
  if (options.despiteStop) await writeDocument(db, "stop", null);
  const stop = await readDocument(db, "stop");
  if (stop !== null) return { kind: "stopped", ...stop };
  try {
    return await drain(db, patient, options.evenEmpty ?? false, now);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return settle(db, error);
  }
}

async function drain(db: PatientDb, patient: Uuid, evenEmpty: boolean, now: () => number): Promise<SendOutcome> {
  let answered: number | null = null;
  let greet = evenEmpty;
  for (;;) {
    const { ready, total } = await unsent(db, now());
    const batch = fitting(ready);
    if (batch.length === 0 && !greet) return answered === null ? { kind: "idle" } : { kind: "done", answered };
    greet = false;
    const progress = await sendHalving(db, patient, batch, total, now);
    answered = (answered ?? 0) + progress;
    if (progress === 0) return { kind: "done", answered };
  }
}

/** As many of the oldest as one call may carry. One entry alone always goes, however large: the server decides. */
function fitting(ready: readonly Entry[]): Entry[] {
  const batch: Entry[] = [];
  let bytes = 0;
  for (const entry of ready.slice(0, MAX_ITEMS)) {
    bytes += new TextEncoder().encode(JSON.stringify(entry.item)).length + 1;
    if (batch.length > 0 && bytes > MAX_BYTES) break;
    batch.push(entry);
  }
  return batch;
}

/** 400 and 413 say that something in the call is unreadable: halve until the one item is alone, and set that one aside. */
async function sendHalving(
  db: PatientDb,
  patient: Uuid,
  batch: readonly Entry[],
  total: number,
  now: () => number,
): Promise<number> {
  try {
    return await sendBatch(db, patient, batch, total - batch.length, now);
  } catch (error) {
    if (!isRefusal(error) || batch.length === 0) throw error;
    const only = batch.length === 1 ? batch[0] : undefined;
    if (only !== undefined) {
      await setAside(db, only.id, [...error.errors]);
      return 1;
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await sendHalving(db, patient, batch.slice(0, middle), total, now);
    const rest = (await unsent(db, now())).total;
    return first + (await sendHalving(db, patient, batch.slice(middle), rest, now));
  }
}

/** A schema the server no longer speaks is no fault of an item: the app must be updated, so it is not a refusal. */
function isRefusal(error: unknown): error is ApiError {
  return (
    error instanceof ApiError && (error.status === 400 || error.status === 413) && !error.has("schema_unsupported")
  );
}

/** Returns how many items got an answer this app understands; the rest stay waiting. */
async function sendBatch(
  db: PatientDb,
  patient: Uuid,
  batch: readonly Entry[],
  pending: number,
  now: () => number,
): Promise<number> {
  await markAttempt(
    db,
    batch.map((entry) => entry.id),
  );
  const body: SyncRequest = {
    schema: 1,
    patient,
    device: await deviceId(),
    sent_at: isoWithOffset(new Date(now())),
    tz: timeZone(),
    pending,
    items: batch.map((entry) => entry.item),
  };
  const answer = await api<SyncResponse>("POST", "/me/sync", { body });
  return applyAnswers(db, batch, answer.results);
}

async function settle(db: PatientDb, error: ApiError): Promise<SendOutcome> {
  if (error.status === 401) return { kind: "sign-in" };
  if (error.status === 429) return { kind: "later", silent: false, waitMs: (error.retryAfter ?? 60) * 1000 };
  // The client has already fetched a new token once. A second refusal is a fault, not a verdict on the person.
  if (error.has("csrf_failed")) return { kind: "later", silent: false, waitMs: null };
  if (error.status >= 400 && error.status < 500) {
    const stop = { code: error.errors[0]?.code ?? "error", detail: error.message };
    await writeDocument(db, "stop", stop);
    return { kind: "stopped", ...stop };
  }
  return {
    kind: "later",
    silent: error.status === 0,
    waitMs: error.retryAfter === null ? null : error.retryAfter * 1000,
  };
}

/** One sender at a time on this device, over all tabs and the service worker. Without Web Locks: just run. */
export function withSendLock<T>(work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request("homestretch-send", work) as Promise<T>;
}
