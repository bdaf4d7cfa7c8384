/** Goals in the patient's own words: the server's list with this phone's newer wordings on top. Pure. */
import type { Instant } from "../../api/types";
import { needsAttention, type Entry, type OutgoingItem } from "../store/entry";
import type { Goal, StoredProgress } from "./document";

export interface ShownGoal extends Goal {
  /** The server could not take it; the person must look at it. */
  readonly attention: boolean;
}

type GoalItem = OutgoingItem & { readonly at: Instant; readonly text: string; readonly done_at?: Instant | null };

/** Open ones first, in the order in which they were written. */
export function goalsOf(stored: StoredProgress | null, entries: readonly Entry[]): ShownGoal[] {
  const goals = new Map<string, ShownGoal>();
  for (const goal of stored?.payload.goals ?? []) goals.set(goal.id, { ...goal, attention: false });
  for (const entry of entries) {
    if (entry.item.type !== "goal") continue;
    if (entry.state === "voided") goals.delete(entry.id);
    else if (!goals.has(entry.id) || isNewer(entry, stored)) goals.set(entry.id, ofEntry(entry));
  }
  return [...goals.values()].sort(
    (a, b) => Number(a.done_at !== null) - Number(b.done_at !== null) || a.id.localeCompare(b.id),
  );
}

/** Unsent is newer than anything the server can say; sent, until the server was asked again. */
function isNewer(entry: Entry, stored: StoredProgress | null): boolean {
  if (entry.state === "superseded") return false;
  if (entry.state !== "sent") return true;
  const edited = entry.item["edited_at"];
  const changedAt = Math.max(entry.savedAt, typeof edited === "string" ? Date.parse(edited) : 0);
  return stored === null || changedAt > stored.fetchedAt;
}

function ofEntry(entry: Entry): ShownGoal {
  const { id, text, done_at } = entry.item as GoalItem;
  return { id, text, done_at: done_at ?? null, attention: needsAttention(entry) };
}
