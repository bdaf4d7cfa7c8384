/** From a check-in in progress to an entry of the outbox. */
import type { LocalDate, Uuid } from "../../api/types";
import { readDocument, writeDocument, type PatientDb } from "../store/db";
import { saveEntry } from "../store/outbox";
import { daysBetween } from "../store/time";
import { isStarted, signsOf, toItem, type CheckinDraft } from "./draft";
import type { CheckinKind } from "./questions";
import { DRAFT_OF } from "./store";

/** A weekly check-in may be left half-way and gone on with for so long; then what was said is sent as it stands. */
const WEEKLY_OPEN_DAYS = 6;

/** Saves what was asked and answered, in one transaction with the end of the draft. null when nothing was said. */
export async function closeDraft(db: PatientDb, draft: CheckinDraft): Promise<Uuid | null> {
  if (!isStarted(draft) && signsOf(draft).length === 0) {
    await writeDocument(db, DRAFT_OF[draft.kind], null);
    return null;
  }
  await saveEntry(db, toItem(draft), Date.now(), { ends: DRAFT_OF[draft.kind] });
  return draft.id;
}

/** A morning left open on an earlier day is over: what was said in it is kept, a warning sign above all. */
export async function closeOldCheckins(db: PatientDb, today: LocalDate): Promise<void> {
  const openDays: Readonly<Record<CheckinKind, number>> = { morning: 0, weekly: WEEKLY_OPEN_DAYS };
  for (const kind of ["morning", "weekly"] as const) {
    const draft = await readDocument(db, DRAFT_OF[kind]);
    if (draft !== null && daysBetween(draft.date, today) > openDays[kind]) await closeDraft(db, draft);
  }
}
