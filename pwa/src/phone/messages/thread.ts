/** The conversation with the clinic: what the server has, with this phone's own unsent messages on top. Pure. */
import type { components } from "../../api/schema";
import type { Instant, LocalDate, Uuid } from "../../api/types";
import type { Entry } from "../store/entry";
import { dateShown, localDate } from "../store/time";

export type About = components["schemas"]["MessageSubject"];
/** One message of `GET /me/messages`; `mine`: written by whoever is signed in, a carer or the patient. */
export type Message = components["schemas"]["MessageDocument"];

export interface StoredMessages {
  /** Newest first, as the server gives them. */
  readonly list: readonly Message[];
  /** Milliseconds. */
  readonly fetchedAt: number;
}

/** What is being written: it survives a kill. */
export interface MessageDraft {
  readonly body: string;
  readonly about: About | null;
}

/** How a message of one's own stands: the three plain states, or "attention" with the reason. */
export type Standing = "phone" | "sent" | "seen" | "attention";

export interface Line {
  readonly id: Uuid;
  readonly at: Instant;
  readonly body: string;
  readonly about: About | null;
  readonly own: boolean;
  /** Who wrote it, where that is not plain: a carer, or another member of the team. */
  readonly name: string | null;
  /** Only for one's own. */
  readonly standing: Standing | null;
  readonly seenAt: Instant | null;
  readonly seenBy: string | null;
  /** The clinic's, not looked at so far. */
  readonly unread: boolean;
}

export interface ThreadDay {
  readonly date: LocalDate;
  readonly lines: readonly Line[];
}

export function unreadOf(stored: StoredMessages | null, seenHere: readonly Uuid[]): Uuid[] {
  const here = new Set(seenHere);
  return (stored?.list ?? [])
    .filter((one) => one.from.side === "clinic" && one.seen_at === null && !here.has(one.id))
    .map((one) => one.id);
}

/** Oldest first, by day of this phone. What was taken back is gone; what the server has too is shown once. */
export function threadOf(
  stored: StoredMessages | null,
  entries: readonly Entry[],
  seenHere: readonly Uuid[],
): ThreadDay[] {
  const own = new Map(entries.filter((entry) => entry.item.type === "message").map((entry) => [entry.id, entry]));
  const unread = new Set(unreadOf(stored, seenHere));
  const lines = new Map<Uuid, Line>();
  for (const one of stored?.list ?? []) lines.set(one.id, ofServer(one, own.get(one.id), unread.has(one.id)));
  for (const [id, entry] of own) {
    if (entry.state === "voided") lines.delete(id);
    else if (!lines.has(id)) lines.set(id, ofEntry(entry));
  }
  const sorted = [...lines.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id.localeCompare(b.id));
  return byDay(sorted);
}

function ofServer(one: Message, entry: Entry | undefined, unread: boolean): Line {
  const own = one.from.side === "patient";
  const seenAt = one.seen_at ?? entry?.seenAt ?? null;
  return {
    ...{ id: one.id, at: one.at, body: one.body, about: one.about, own },
    name: own && one.mine ? null : one.from.name,
    standing: own ? (seenAt === null ? "sent" : "seen") : null,
    seenAt,
    seenBy: one.seen_by ?? entry?.seenBy ?? null,
    unread,
  };
}

const STANDING = { waiting: "phone", held: "attention", aside: "attention", superseded: "sent", voided: "sent" } as const;

function ofEntry(entry: Entry): Line {
  const item = entry.item as Entry["item"] & { at: Instant; body: string; about?: About | null };
  return {
    ...{ id: entry.id, at: item.at, body: item.body, about: item.about ?? null, own: true, name: null },
    standing: entry.state === "sent" ? (entry.seenAt === null ? "sent" : "seen") : STANDING[entry.state],
    seenAt: entry.seenAt,
    seenBy: entry.seenBy,
    unread: false,
  };
}

function byDay(lines: readonly Line[]): ThreadDay[] {
  const days: { date: LocalDate; lines: Line[] }[] = [];
  for (const line of lines) {
    const date = shownOn(line.at);
    const last = days.at(-1);
    if (last?.date === date) last.lines.push(line);
    else days.push({ date, lines: [line] });
  }
  return days;
}

/** The server answers in UTC, this phone wrote with its own offset: both on the day this phone shows now. */
export function shownOn(at: Instant): LocalDate {
  const parsed = new Date(at);
  return Number.isNaN(parsed.getTime()) ? dateShown(at) : localDate(parsed);
}

export function isEmptyDraft(draft: MessageDraft | null): boolean {
  return draft === null || draft.body.trim() === "";
}
