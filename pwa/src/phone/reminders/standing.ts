/** What this phone knows about a day when a push comes: still open, done, done but unsent, or locked. Pure. */
import type { LocalDate } from "../../api/types";
import { ownLocks, type Released } from "../checkin/danger";
import { awaitsLock, type CheckinDraft } from "../checkin/draft";
import { groupsOf, itemsOn, type DueGroup } from "../plan/day";
import type { StoredPlan } from "../store/db";
import { isUnsent, type Entry } from "../store/entry";

export interface Known {
  readonly plan: StoredPlan | null;
  readonly entries: readonly Entry[];
  readonly released: readonly Released[];
  readonly morning: CheckinDraft | null;
}

export type Standing = "open" | "done" | "waiting" | "locked";

/** A lock of the server, of this phone's own entries, or a warning sign that was ticked and not gone through yet. */
export function isLocked(known: Known, date: LocalDate, now: number): boolean {
  const locks = known.plan?.payload.locks ?? [];
  return (
    locks.some((lock) => lock.until === null || Date.parse(lock.until) > now) ||
    ownLocks(known.entries, known.released, date).length > 0 ||
    awaitsLock(known.morning)
  );
}

/**
 * As the server's `asking.is_done`, with this phone's own entries on top: the last hour of the day asks for the whole
 * day, an earlier one for its share. A day that the phone knows nothing of is open: the server knows better.
 */
export function standingOf(known: Known, date: LocalDate, slot: number, slots: number, now: number): Standing {
  if (isLocked(known, date, now)) return "locked";
  if (known.plan === null) return "open";
  const items = itemsOn(known.plan.payload, known.entries, date).filter((item) => item.state !== "excused");
  if (items.length === 0) return "open";
  const groups = groupsOf(items);
  const wanted = Math.max(1, Math.ceil((groups.length * Math.min(slot, slots)) / slots));
  if (groups.filter(isAnswered).length < wanted) return "open";
  const mine = new Set(items.map((item) => item.entry));
  return known.entries.some((entry) => mine.has(entry.id) && isUnsent(entry)) ? "waiting" : "done";
}

/** A skip with a reason is an answer, and so is a part. */
function isAnswered(group: DueGroup): boolean {
  return group.items.every((item) => item.state !== "due");
}
