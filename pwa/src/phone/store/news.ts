/** What the clinic's side has to say besides the plan: messages and progress, kept for reading without a network. */
import { api, ApiError } from "../../api/client";
import type { LocalDate, Uuid } from "../../api/types";
import type { Message, StoredMessages } from "../messages/thread";
import type { ProgressPayload, StoredProgress } from "../progress/document";
import { keepAnswer, readDocument, type PatientDb } from "./db";

/** As many as a long course of treatment has; older ones stay with the clinic. */
const PAGE = 200;

/** What of it is on the phone, for the signals: messages, ids seen here, progress, put off until. */
export async function readNews(
  db: PatientDb,
): Promise<[StoredMessages | null, readonly Uuid[], StoredProgress | null, LocalDate | null]> {
  const [messages, seen, progress, later] = await Promise.all([
    readDocument(db, "messages"),
    readDocument(db, "seenMessages"),
    readDocument(db, "progress"),
    readDocument(db, "outcomesLater"),
  ]);
  return [messages, seen ?? [], progress, later];
}

/** Tells the server what was looked at, then asks for the list. Raises `ApiError`; what is stored stays as it was. */
export async function refreshMessages(db: PatientDb, patient: Uuid): Promise<void> {
  const reported = await reportSeen(db, patient);
  const fetchedAt = Date.now();
  const page = await api<{ results: Message[] }>("GET", "/me/messages", { query: { patient, page_size: PAGE } });
  await keepAnswer(db, "messages", { list: page.results, fetchedAt });
  // Only now, so that they are never unread in between; and only these, since more may have been looked at meanwhile.
  if (reported.length > 0) await changeSeen(db, (seen) => seen.filter((id) => !reported.includes(id)));
}

async function reportSeen(db: PatientDb, patient: Uuid): Promise<readonly Uuid[]> {
  const ids = (await readDocument(db, "seenMessages")) ?? [];
  if (ids.length === 0) return ids;
  try {
    await api("POST", "/me/messages/seen", { query: { patient }, body: { ids } });
  } catch (error) {
    // Refused (withdrawn meanwhile): there is nothing to say about it any more. Silence and faults: next time.
    if (!(error instanceof ApiError) || (error.status !== 400 && error.status !== 404)) throw error;
  }
  return ids;
}

export async function changeSeen(db: PatientDb, change: (seen: readonly Uuid[]) => readonly Uuid[]): Promise<void> {
  const tx = db.transaction("documents", "readwrite");
  const seen = ((await tx.store.get("seenMessages")) ?? []) as readonly Uuid[];
  await tx.store.put(change(seen), "seenMessages");
  await tx.done;
}

export async function refreshProgress(db: PatientDb, patient: Uuid): Promise<void> {
  const fetchedAt = Date.now();
  const payload = await api<ProgressPayload>("GET", "/me/progress", { query: { patient } });
  await keepAnswer(db, "progress", { payload, fetchedAt });
}
