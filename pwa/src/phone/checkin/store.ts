/** What the phone keeps about check-ins and locks besides its entries: read together, refreshed from the server. */
import { api } from "../../api/client";
import type { LocalDate, Lock, Uuid } from "../../api/types";
import { readDocument, writeDocument, type PatientDb } from "../store/db";
import type { Entry } from "../store/entry";
import { allEntries } from "../store/outbox";
import { addDays } from "../store/time";
import { isSettled, releasedBy, type Released } from "./danger";
import type { CheckinDraft } from "./draft";
import { toPast, type PastCheckin, type PutOff, type StoredLog } from "./history";
import type { CheckinKind } from "./questions";

export interface Care {
  readonly morning: CheckinDraft | null;
  readonly weekly: CheckinDraft | null;
  readonly log: StoredLog | null;
  readonly putOff: PutOff;
  readonly released: readonly Released[];
  readonly unlockedOn: LocalDate | null;
}

export const NO_CARE: Care = { morning: null, weekly: null, log: null, putOff: {}, released: [], unlockedOn: null };

export const DRAFT_OF = { morning: "morningDraft", weekly: "weeklyDraft" } as const satisfies Record<
  CheckinKind,
  string
>;

export async function readCare(db: PatientDb): Promise<Care> {
  const [morning, weekly, log, putOff, released, unlockedOn] = await Promise.all([
    readDocument(db, "morningDraft"),
    readDocument(db, "weeklyDraft"),
    readDocument(db, "checkinLog"),
    readDocument(db, "checkinPutOff"),
    readDocument(db, "released"),
    readDocument(db, "unlockedOn"),
  ]);
  return { morning, weekly, log, putOff: putOff ?? {}, released: released ?? [], unlockedOn };
}

/** The last weekly check-in and the mornings that make a usual one lie within this. */
const LOG_DAYS = 14;

/** Check-ins that came from another phone, or from this one before it was set up anew. Raises `ApiError`. */
export async function refreshCheckins(db: PatientDb, patient: Uuid, today: LocalDate): Promise<void> {
  const from = addDays(today, -LOG_DAYS);
  const items: PastCheckin[] = [];
  for (let cursor: string | null = null, pages = 0; pages < 5; pages += 1) {
    const page: LogPage = await api<LogPage>("GET", "/me/log", {
      query: { patient, from, to: today, page_size: 100, cursor },
    });
    items.push(...page.results.filter((item) => item.type === "checkin").map(toPast));
    cursor = page.next === null ? null : new URL(page.next, location.origin).searchParams.get("cursor");
    if (cursor === null) break;
  }
  await writeDocument(db, "checkinLog", { askedOn: today, items });
}

interface LogPage {
  readonly next: string | null;
  readonly results: readonly (Omit<PastCheckin, "date"> & { readonly type: string; readonly local_date: LocalDate })[];
}

/** Entries the server has an answer for now: what it says about locks after this moment knows of them. */
export async function settledNow(db: PatientDb): Promise<Entry[]> {
  return (await allEntries(db)).filter(isSettled);
}

/** The server's word on locks, asked after `settled` was: ends those of this phone that it no longer names. */
export async function noteLocks(db: PatientDb, locks: readonly Lock[], settled: readonly Entry[]): Promise<boolean> {
  const next = releasedBy(locks, settled, (await readDocument(db, "released")) ?? []);
  if (next !== null) await writeDocument(db, "released", next);
  return next !== null;
}
