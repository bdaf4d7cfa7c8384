/** Saving goals and outcome answers: on disk first, then the screen moves, then it is sent. */
import type { LocalDate, Uuid } from "../../api/types";
import { requireDb, sendSoon, written } from "../actions";
import { entries } from "../state";
import { readDocument, writeDocument } from "../store/db";
import { uuid7 } from "../store/ids";
import { saveEntry } from "../store/outbox";
import { isoWithMillis, isoWithOffset } from "../store/time";
import type { Goal } from "./document";
import { outcomeItem, type Instrument, type OutcomeDraft } from "./outcomes";

/** A new goal, or another wording of one; `done` marks it as reached, or takes that back. */
export async function saveGoal(text: string, done: boolean, before: Goal | null): Promise<void> {
  const now = new Date();
  const known = entries.value.find((one) => one.id === before?.id);
  const item = {
    type: "goal",
    id: before?.id ?? uuid7(),
    at: (known?.item["at"] as string | undefined) ?? isoWithOffset(now),
    text: text.trim(),
    done_at: done ? (before?.done_at ?? isoWithOffset(now)) : null,
  };
  // Written on another phone, or long ago: the server has it, so this is an edit although this phone has no entry.
  const elsewhere = before !== null && known === undefined;
  await saveEntry(requireDb(), elsewhere ? { ...item, edited_at: isoWithMillis(now) } : item, now.getTime());
  await written();
  await sendSoon();
}

export function readOutcomeDraft(): Promise<OutcomeDraft | null> {
  return readDocument(requireDb(), "outcomeDraft");
}

export function keepOutcomeDraft(draft: OutcomeDraft): Promise<void> {
  return writeDocument(requireDb(), "outcomeDraft", draft);
}

/** One questionnaire is answered: into the outbox. The same id again changes nothing, so a kill in between is harmless. */
export async function closeInstrument(draft: OutcomeDraft, instrument: Instrument): Promise<Uuid | null> {
  const now = new Date();
  const item = outcomeItem(draft, instrument, isoWithOffset(now));
  if (item === null || entries.value.some((one) => one.id === item.id)) return null;
  await saveEntry(requireDb(), item, now.getTime());
  await written();
  await sendSoon();
  return item.id;
}

export function dropOutcomeDraft(): Promise<void> {
  return writeDocument(requireDb(), "outcomeDraft", null);
}

/** "Later": not asked again before this date. */
export async function putOff(until: LocalDate): Promise<void> {
  await writeDocument(requireDb(), "outcomesLater", until);
  await written();
}
