/** One thing the person logged, from the tap to the therapist's eyes. */
import type { Instant, SyncResult, SyncStatus, Uuid } from "../../api/types";

/**
 * waiting     only on this phone, to be sent
 * sent        the server has said that it is stored (stored, duplicate, amended)
 * superseded  the server has a later version, which is the one to show
 * held        the server keeps it but could not accept it; the person must correct or remove it
 * aside       the server refused the whole call with this one item in it; it exists only here
 * voided      taken back by the person
 */
export type EntryState = "waiting" | "sent" | "superseded" | "held" | "aside" | "voided";

/** An item of `POST /me/sync`, kept as it will be sent. A later version of the app may have made types this one does not know. */
export interface OutgoingItem {
  readonly type: string;
  readonly id: Uuid;
  readonly [field: string]: unknown;
}

export interface Entry {
  readonly id: Uuid;
  readonly item: OutgoingItem;
  readonly state: EntryState;
  /** When it was first saved here, milliseconds; the order of sending. */
  readonly savedAt: number;
  /** Counts local changes, so that the answer to an older version never removes a newer one. */
  readonly revision: number;
  /** How often a send of this entry was begun. Once above zero the server may have it, so a change needs `edited_at`. */
  readonly attempts: number;
  /** Not to be sent before this time (milliseconds): the person is still answering on the Finish screen. */
  readonly notBefore: number;
  readonly errors: SyncResult["errors"];
  readonly seenAt: Instant | null;
  readonly seenBy: string | null;
}

export function newEntry(item: OutgoingItem, now: number, notBefore = 0): Entry {
  return {
    id: item.id,
    item,
    state: "waiting",
    savedAt: now,
    revision: 1,
    attempts: 0,
    notBefore,
    errors: [],
    seenAt: null,
    seenBy: null,
  };
}

/** What each answer of a sync means for the entry (API.md, "What the phone does"). */
const STATE_AFTER: Readonly<Record<SyncStatus, EntryState>> = {
  stored: "sent",
  duplicate: "sent",
  amended: "sent",
  superseded: "superseded",
  held: "held",
};

export function isKnownStatus(status: string): status is SyncStatus {
  return Object.hasOwn(STATE_AFTER, status);
}

/** The entry after the server's answer to its version `sentRevision`; a change made meanwhile stays waiting. */
export function afterAnswer(entry: Entry, sentRevision: number, result: Pick<SyncResult, "status" | "errors">): Entry {
  if (entry.revision !== sentRevision || entry.state === "voided") return entry;
  return { ...entry, state: STATE_AFTER[result.status], errors: result.errors ?? [] };
}

/** Unsent: exists only on this phone. A held entry is kept by the server, so it is not among these. */
export function isUnsent(entry: Entry): boolean {
  return entry.state === "waiting" || entry.state === "aside";
}

export function needsAttention(entry: Entry): boolean {
  return entry.state === "held" || entry.state === "aside";
}
