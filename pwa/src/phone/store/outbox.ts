/** The outbox of one patient: every function is one IndexedDB transaction, and resolves only once it is on disk. */
import type { SyncResult, Uuid, VoidItem } from "../../api/types";
import type { PatientDb } from "./db";
import { afterAnswer, isKnownStatus, newEntry, type Entry, type OutgoingItem } from "./entry";
import { uuid7 } from "./ids";
import { isoWithMillis, isoWithOffset } from "./time";

/** Entries the therapist has seen, or that were taken back, leave the phone after this many days. */
const KEEP_DAYS = 30;

export interface SaveOptions {
  /** Not to be sent before this time, milliseconds: the person is still answering. */
  readonly notBefore?: number;
  /** The session in progress that ends with this entry. */
  readonly closes?: Uuid;
  /** The check-in in progress that ends with this entry. */
  readonly ends?: "morningDraft" | "weeklyDraft";
}

/**
 * Saves a new entry, or a changed one. Once a send was begun the server may have the earlier version, so the change
 * carries `edited_at`, always later than the one before (API.md: same id without a later `edited_at` would be held).
 * A session in progress that it closes goes in the same transaction: a kill in between can neither lose nor double it.
 */
export async function saveEntry(
  db: PatientDb,
  item: OutgoingItem,
  now: number,
  { notBefore = 0, closes, ends }: SaveOptions = {},
): Promise<Entry> {
  const tx = db.transaction(["entries", "drafts", "documents"], "readwrite", { durability: "strict" });
  const entries = tx.objectStore("entries");
  const before = await entries.get(item.id);
  const entry = before === undefined ? newEntry(item, now, notBefore) : changed(before, item, now, notBefore);
  await entries.put(entry);
  if (closes !== undefined) await tx.objectStore("drafts").delete(closes);
  if (ends !== undefined) await tx.objectStore("documents").delete(ends);
  await tx.done;
  return entry;
}

/**
 * Changes fields of an entry that is there. Reads and writes in one transaction: two answers tapped within a blink, or
 * in two tabs, both stay.
 */
export async function changeEntry(
  db: PatientDb,
  id: Uuid,
  change: Readonly<Record<string, unknown>>,
  now: number,
  notBefore = 0,
): Promise<void> {
  const tx = db.transaction("entries", "readwrite", { durability: "strict" });
  const before = await tx.store.get(id);
  if (before !== undefined) await tx.store.put(changed(before, { ...before.item, ...change }, now, notBefore));
  await tx.done;
}

function changed(before: Entry, item: OutgoingItem, now: number, notBefore: number): Entry {
  const edited = before.attempts > 0 || before.state !== "waiting";
  const withEdit = edited ? { ...item, edited_at: isoWithMillis(new Date(Math.max(now, lastEdit(before) + 1))) } : item;
  return {
    ...before,
    item: withEdit,
    state: "waiting",
    revision: before.revision + 1,
    notBefore,
    errors: [],
    seenAt: null,
    seenBy: null,
  };
}

function lastEdit(entry: Entry): number {
  const at = entry.item["edited_at"];
  return typeof at === "string" ? Date.parse(at) : 0;
}

/** Takes an entry back: what was never sent just goes; what the server may have is voided there. */
export async function voidEntry(db: PatientDb, id: Uuid, now: number): Promise<void> {
  const tx = db.transaction("entries", "readwrite", { durability: "strict" });
  const entry = await tx.store.get(id);
  if (entry !== undefined) {
    await tx.store.put({ ...entry, state: "voided", revision: entry.revision + 1, errors: [] });
    if (entry.attempts > 0) await tx.store.put(newEntry(voidOf(id, now), now));
  }
  await tx.done;
}

function voidOf(id: Uuid, now: number): OutgoingItem {
  const item: VoidItem = { type: "void", id: uuid7(now), of: id, at: isoWithOffset(new Date(now)) };
  return { ...item };
}

/** An entry set aside goes back into the queue, once, because the person asked for it. */
export async function retryEntry(db: PatientDb, id: Uuid): Promise<void> {
  const tx = db.transaction("entries", "readwrite");
  const entry = await tx.store.get(id);
  if (entry?.state === "aside") await tx.store.put({ ...entry, state: "waiting", errors: [] });
  await tx.done;
}

/** The Finish screen is closed (or was, when the app was killed): nothing needs to wait any longer. */
export async function releaseHolds(db: PatientDb): Promise<void> {
  const tx = db.transaction("entries", "readwrite");
  for await (const cursor of tx.store.index("state").iterate("waiting")) {
    if (cursor.value.notBefore > 0) await cursor.update({ ...cursor.value, notBefore: 0 });
  }
  await tx.done;
}

export async function allEntries(db: PatientDb): Promise<Entry[]> {
  return (await db.getAll("entries")).sort((a, b) => a.savedAt - b.savedAt);
}

export interface Unsent {
  /** What may be sent now, oldest first. */
  readonly ready: Entry[];
  /** Everything that exists only on this phone, ready or not. */
  readonly total: number;
}

export async function unsent(db: PatientDb, now: number): Promise<Unsent> {
  const waiting = await db.getAllFromIndex("entries", "state", "waiting");
  const aside = await db.countFromIndex("entries", "state", "aside");
  const ready = waiting.filter((entry) => entry.notBefore <= now).sort((a, b) => a.savedAt - b.savedAt);
  return { ready, total: waiting.length + aside };
}

/** Notes that a send begins, before it begins: if the answer is lost, a later change must know that the server may have it. */
export async function markAttempt(db: PatientDb, ids: readonly Uuid[]): Promise<void> {
  const tx = db.transaction("entries", "readwrite", { durability: "strict" });
  for (const id of ids) {
    const entry = await tx.store.get(id);
    if (entry !== undefined) await tx.store.put({ ...entry, attempts: entry.attempts + 1 });
  }
  await tx.done;
}

/**
 * Applies the server's answers to exactly the versions that were sent, and returns how many answers were understood.
 * What the server left out, or answered in words of a later version, stays waiting.
 */
export async function applyAnswers(
  db: PatientDb,
  sent: readonly Entry[],
  results: readonly SyncResult[],
): Promise<number> {
  const tx = db.transaction("entries", "readwrite", { durability: "strict" });
  let understood = 0;
  for (const result of results) {
    const original = result.id === null ? sent[result.index] : sent.find((entry) => entry.id === result.id);
    if (original === undefined || !isKnownStatus(result.status)) continue;
    understood += 1;
    const current = await tx.store.get(original.id);
    if (current !== undefined) await tx.store.put(afterAnswer(current, original.revision, result));
  }
  await tx.done;
  return understood;
}

/** The one item the server refuses even alone: out of the way of the others, under the person's eyes. */
export async function setAside(db: PatientDb, id: Uuid, errors: SyncResult["errors"]): Promise<void> {
  const tx = db.transaction("entries", "readwrite", { durability: "strict" });
  const entry = await tx.store.get(id);
  if (entry?.state === "waiting") await tx.store.put({ ...entry, state: "aside", errors });
  await tx.done;
}

export async function markSeen(
  db: PatientDb,
  receipts: readonly { id: Uuid; seen_at: string; seen_by: string }[],
): Promise<void> {
  const tx = db.transaction("entries", "readwrite");
  for (const { id, seen_at, seen_by } of receipts) {
    const entry = await tx.store.get(id);
    if (entry !== undefined) await tx.store.put({ ...entry, seenAt: seen_at, seenBy: seen_by });
  }
  await tx.done;
}

/** Forgets old entries that are safely elsewhere. What is unsent or held stays, however old. */
export async function prune(db: PatientDb, now: number): Promise<void> {
  const tx = db.transaction("entries", "readwrite");
  const limit = now - KEEP_DAYS * 86_400_000;
  for await (const cursor of tx.store) {
    const { savedAt, state } = cursor.value;
    if (savedAt < limit && (state === "sent" || state === "superseded" || state === "voided")) await cursor.delete();
  }
  await tx.done;
}
