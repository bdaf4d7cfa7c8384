/** Saving goals and outcome answers: on disk first, then the screen moves, then it is sent. */
import type { LocalDate } from "../../api/types";
import { requireDb, sendSoon, written } from "../actions";
import { entries, progress } from "../state";
import { readDocument, writeDocument } from "../store/db";
import { inOrder } from "../store/inOrder";
import { uuid7 } from "../store/ids";
import { saveEntry } from "../store/outbox";
import { isoWithMillis, isoWithOffset } from "../store/time";
import type { Goal } from "./document";
import { dueNow } from "./due";
import { activityNames, isCurrent, newOutcomeDraft, outcomeItem, type Instrument, type OutcomeDraft } from "./outcomes";

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

/** What was begun goes on; else the questions that are due now; null when there are none. */
export async function openOutcomeDraft(): Promise<OutcomeDraft | null> {
  const begun = await readDocument(requireDb(), "outcomeDraft");
  if (begun !== null && isCurrent(begun, dueNow.value)) return begun;
  if (dueNow.value.length === 0) return null;
  const names = activityNames(progress.value?.payload.outcomes?.activities, entries.value);
  const draft = newOutcomeDraft(dueNow.value, names, uuid7);
  await keepOutcomeDraft(draft);
  return draft;
}

const keeping = inOrder();

export function keepOutcomeDraft(draft: OutcomeDraft): Promise<void> {
  const db = requireDb();
  return keeping.after(() => writeDocument(db, "outcomeDraft", draft));
}

/** One questionnaire is answered: into the outbox. Once only, whatever was killed in between. */
export async function closeInstrument(draft: OutcomeDraft, instrument: Instrument): Promise<OutcomeDraft> {
  const now = new Date();
  const item = outcomeItem(draft, instrument, isoWithOffset(now));
  if (item !== null && !entries.value.some((one) => one.id === item.id)) {
    await saveEntry(requireDb(), item, now.getTime());
    await written();
    await sendSoon();
  }
  const closed = { ...draft, closed: [...draft.closed, instrument] };
  await keepOutcomeDraft(closed);
  return closed;
}

export function dropOutcomeDraft(): Promise<void> {
  return writeDocument(requireDb(), "outcomeDraft", null);
}

/** "Later": not asked again before this date. */
export async function putOff(until: LocalDate): Promise<void> {
  await writeDocument(requireDb(), "outcomesLater", until);
  await written();
}
