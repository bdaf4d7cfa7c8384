/** From a session in progress to an entry of the outbox. */
import { prescriptionsOf } from "../plan/day";
import { readDocument, type PatientDb } from "../store/db";
import { saveEntry } from "../store/outbox";
import { localDate } from "../store/time";
import { isAnswered, toSession, type Draft } from "./draft";

/** While the person still answers on Finish, the session stays on the phone for this long after the last tap. */
export const FINISH_QUIET_MS = 90_000;

/** Saves it in one transaction with the end of the draft; whether there was anything to save. */
export async function closeDraft(db: PatientDb, draft: Draft, quiet: boolean): Promise<boolean> {
  const stored = await readDocument(db, "plan");
  const prescriptions = new Map((stored?.payload.plans ?? []).flatMap((plan) => [...prescriptionsOf(plan)]));
  const now = Date.now();
  if (!draft.items.some(isAnswered)) {
    await db.delete("drafts", draft.id);
    return false;
  }
  await saveEntry(db, { ...toSession(draft, prescriptions) }, now, {
    notBefore: quiet ? now + FINISH_QUIET_MS : 0,
    closes: draft.id,
  });
  return true;
}

/** A session left open on an earlier day is over: what was done in it is kept and sent as it stands. */
export async function closeOldDrafts(db: PatientDb): Promise<void> {
  const today = localDate(new Date());
  for (const draft of await db.getAll("drafts")) {
    if (localDate(new Date(draft.touchedAt)) !== today) await closeDraft(db, draft, false);
  }
}
