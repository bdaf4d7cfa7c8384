/** What an opened app does about reminders: learns the rules, so that the worker knows whose a push is; stays subscribed; sends wishes. */
import { ApiError } from "../../api/client";
import type { Uuid } from "../../api/types";
import type { PatientDb } from "../store/db";
import { withSendLock } from "../store/sync";
import { sendLaters } from "./laters";
import { refreshReminders } from "./store";
import { keepSubscribed } from "./subscribing";

export async function keepReminders(db: PatientDb, patient: Uuid): Promise<void> {
  try {
    await withSendLock(() => sendLaters(db, patient, Date.now()));
    await refreshReminders(db, patient);
    await keepSubscribed(db, patient);
  } catch (error) {
    // No answer, or a push service that cannot be had now: at the next opening again.
    if (!(error instanceof ApiError) && !(error instanceof DOMException)) throw error;
  }
}
