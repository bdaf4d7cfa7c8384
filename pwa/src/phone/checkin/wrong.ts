/** "I gave a wrong answer": the clinic is told in a message; the lock stays until a clinician has spoken (D.8). */
import type { Uuid } from "../../api/types";
import { requireDb, sendSoon, written } from "../actions";
import { uuid7 } from "../store/ids";
import { saveEntry } from "../store/outbox";
import { isoWithOffset } from "../store/time";

export async function tellClinic(checkin: Uuid, body: string): Promise<void> {
  const now = Date.now();
  const at = isoWithOffset(new Date(now));
  const message = { type: "message", id: uuid7(now), at, body, about: { type: "checkin", id: checkin } };
  await saveEntry(requireDb(), message, now);
  await written();
  await sendSoon();
}
