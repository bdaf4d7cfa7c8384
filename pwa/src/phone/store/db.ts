/**
 * One IndexedDB database per patient, so that two people on one phone never mix, and one small database for the
 * device itself. Migrations only ever add or transform: no version drops an entry that was not sent.
 */
import { deleteDB, openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { LocalDate, PlansPayload, Uuid } from "../../api/types";
import type { Released } from "../checkin/danger";
import type { CheckinDraft } from "../checkin/draft";
import type { PutOff, StoredLog } from "../checkin/history";
import type { MessageDraft, StoredMessages } from "../messages/thread";
import type { StoredProgress } from "../progress/document";
import type { OutcomeDraft } from "../progress/outcomes";
import type { CalendarHere, Later, PushHere, StoredReminders } from "../reminders/document";
import type { Draft } from "../session/draft";
import type { Entry, EntryState } from "./entry";

export interface StoredPlan {
  readonly payload: PlansPayload;
  readonly etag: string | null;
  /** When the server was last asked and said that this is the plan, milliseconds. */
  readonly confirmedAt: number;
}

/** Why sending for this person has stopped; cleared by opening the app again or signing in. */
export interface SendStop {
  readonly code: string;
  readonly detail: string;
}

export interface Documents {
  plan: StoredPlan;
  receiptsCursor: string;
  therapist: string;
  stop: SendStop;
  morningDraft: CheckinDraft;
  weeklyDraft: CheckinDraft;
  checkinLog: StoredLog;
  checkinPutOff: PutOff;
  /** Locks of this phone's own entries that the server has ended. */
  released: readonly Released[];
  /** The date on which a clinician opened the exercises again, local. */
  unlockedOn: LocalDate;
  progress: StoredProgress;
  messages: StoredMessages;
  /** Messages of the clinic that were on this screen, and of which the server has not heard yet. */
  seenMessages: readonly Uuid[];
  messageDraft: MessageDraft;
  outcomeDraft: OutcomeDraft;
  /** Outcome questions were put off: not asked again before this date, local. */
  outcomesLater: string;
  /** Rules and hours: the service worker finds in them whose an occurrence is. */
  reminders: StoredReminders;
  /** "Later today" that the server has not heard of yet. */
  laters: readonly Later[];
  /** This browser is subscribed for this person. */
  push: PushHere;
  calendar: CalendarHere;
}

export interface PatientSchema extends DBSchema {
  entries: { key: Uuid; value: Entry; indexes: { state: EntryState } };
  drafts: { key: Uuid; value: Draft };
  documents: { key: keyof Documents; value: Documents[keyof Documents] };
}

export type PatientDb = IDBPDatabase<PatientSchema>;
type Upgrade = (
  db: PatientDb,
  tx: IDBPTransaction<PatientSchema, StoreNames<PatientSchema>[], "versionchange">,
) => Promise<void> | void;

/** Element n brings version n to n + 1. Never edit one that was released; add another. */
export const MIGRATIONS: readonly Upgrade[] = [
  (db) => {
    db.createObjectStore("entries", { keyPath: "id" });
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("documents");
  },
  // Sending asks "what is waiting?" at every open; the index keeps that cheap after months of entries.
  async (_db, tx) => {
    const store = tx.objectStore("entries");
    store.createIndex("state", "state");
    for await (const cursor of store) {
      const old = cursor.value as Entry & { notBefore?: number };
      if (old.notBefore === undefined) await cursor.update({ ...old, notBefore: 0 });
    }
  },
];

const PREFIX = "homestretch-patient-";

export function patientDbName(patient: Uuid): string {
  return `${PREFIX}${patient}`;
}

export interface OpenOptions {
  /** For tests that build an older database. */
  readonly version?: number;
  /** Another tab upgrades or deletes the database; this connection is closed when the callback runs. */
  readonly onReplaced?: () => void;
}

/** Opens (and upgrades) the database of one patient. */
export function openPatientDb(
  patient: Uuid,
  { version = MIGRATIONS.length, onReplaced }: OpenOptions = {},
): Promise<PatientDb> {
  return openDB<PatientSchema>(patientDbName(patient), version, {
    async upgrade(db, oldVersion, newVersion, tx) {
      for (const migrate of MIGRATIONS.slice(oldVersion, newVersion ?? MIGRATIONS.length)) {
        await migrate(db, tx);
      }
    },
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onReplaced?.();
    },
  });
}

/** Opens one person's database for this work alone: the service worker, and the page for people who are not shown. */
export async function withDb<T>(patient: Uuid, work: (db: PatientDb) => Promise<T>): Promise<T> {
  const db = await openPatientDb(patient);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

export function deletePatientDb(patient: Uuid): Promise<void> {
  return deleteDB(patientDbName(patient));
}

export async function readDocument<K extends keyof Documents>(db: PatientDb, name: K): Promise<Documents[K] | null> {
  return ((await db.get("documents", name)) as Documents[K] | undefined) ?? null;
}

export async function writeDocument<K extends keyof Documents>(
  db: PatientDb,
  name: K,
  value: Documents[K] | null,
): Promise<void> {
  if (value === null) await db.delete("documents", name);
  else await db.put("documents", value, name);
}

/** Documents that are the server's answers, each with the time (milliseconds) at which the server was asked for it. */
type Answers = Pick<Documents, "plan" | "messages" | "progress" | "reminders">;

/**
 * Stores an answer unless one that was asked for later is here already, and returns what is stored now: on a slow
 * network answers overtake each other. An answer to a change counts from its arrival: what was asked for while the change
 * was on its way may not know of it. A stored time that lies ahead is a clock that was set back since, and holds nothing up.
 */
export async function keepAnswer<K extends keyof Answers>(db: PatientDb, name: K, answer: Answers[K]): Promise<Answers[K]> {
  const tx = db.transaction("documents", "readwrite");
  const stored = ((await tx.store.get(name)) as Answers[K] | undefined) ?? null;
  const overtaken = stored !== null && askedAt(answer) < askedAt(stored) && askedAt(stored) <= Date.now();
  if (!overtaken) await tx.store.put(answer, name);
  await tx.done;
  return overtaken ? stored : answer;
}

function askedAt(answer: Answers[keyof Answers]): number {
  return "confirmedAt" in answer ? answer.confirmedAt : answer.fetchedAt;
}
