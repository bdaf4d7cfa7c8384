/** What the screens show. Signals only; everything that changes them is in `actions.ts`. */
import { computed, signal } from "@preact/signals";
import type { LocalDate, Lock, Me, Uuid } from "../api/types";
import { ownLocks } from "./checkin/danger";
import { pastCheckins } from "./checkin/history";
import { NO_CARE, type Care } from "./checkin/store";
import type { Draft } from "./session/draft";
import { unreadOf, type StoredMessages } from "./messages/thread";
import { groupsOf, isOpen, itemsOn } from "./plan/day";
import type { StoredProgress } from "./progress/document";
import type { PatientDb, SendStop, StoredPlan } from "./store/db";
import { isUnsent, needsAttention, type Entry } from "./store/entry";
import { localDate } from "./store/time";

export type Person = Me["patients"][number];

/** "starting" until the phone has looked into its own storage; "nobody" = sign in or join first. */
export const phase = signal<"starting" | "nobody" | "ready">("starting");
export const person = signal<Person | null>(null);
export const people = signal<readonly Person[]>([]);
export const database = signal<PatientDb | null>(null);
export const plan = signal<StoredPlan | null>(null);
export const entries = signal<readonly Entry[]>([]);
export const draft = signal<Draft | null>(null);
export const therapist = signal<string | null>(null);
/** What the server last said about messages and progress; entries of this phone come on top. */
export const messages = signal<StoredMessages | null>(null);
export const seenMessages = signal<readonly Uuid[]>([]);
export const progress = signal<StoredProgress | null>(null);
export const outcomesLater = signal<LocalDate | null>(null);
export const stop = signal<SendStop | null>(null);
/** Check-ins begun, put off or known from elsewhere, and locks the server has ended. */
export const care = signal<Care>(NO_CARE);
/** In this run of the app the person has read the advice and gone on; the next opening shows it again. */
export const adviceRead = signal(false);
export const readyUntil = signal<LocalDate | null>(null);
export const today = signal<LocalDate>(localDate(new Date()));
/** The session on the server: known only after an answer. */
export const session = signal<"unknown" | "open" | "ended">("unknown");
/** False after silence: connected is not reachable. */
export const reachable = signal(true);
export type News = "messages" | "progress";
/** What a call has failed to bring for this person: that others are answered does not bring it. */
export const missed = signal<ReadonlySet<News>>(new Set());
/** What was never fetched may still come: somebody is signed in, as far as is known, and nothing has failed yet. */
export function mayCome(news: News): boolean {
  return reachable.value && session.value !== "ended" && !missed.value.has(news);
}
export const backgroundSync = signal(false);
export const sound = signal(true);
export const repSeconds = signal(4);

export const todayItems = computed(() => (plan.value ? itemsOn(plan.value.payload, entries.value, today.value) : []));
export const todayGroups = computed(() => groupsOf(todayItems.value));
/** The next go of today: the first in which something is still open. */
export const nextGroup = computed(() => todayGroups.value.find((group) => group.items.some(isOpen)) ?? null);
export const unsentCount = computed(() => entries.value.filter(isUnsent).length);
/** Messages of the clinic that nobody has looked at yet, here or on another phone. */
export const unread = computed(() => unreadOf(messages.value, seenMessages.value));
export const attention = computed(() => entries.value.filter(needsAttention));

export const checkins = computed(() => pastCheckins(entries.value, care.value.log));

/** Locks that follow from this phone's own entries, sent or not. */
export const own = computed(() => ownLocks(entries.value, care.value.released, today.value));

/** What forbids exercises now: the server's locks, and what this phone has been told but has perhaps not yet sent. */
export const lock = computed((): Lock["kind"] | null => {
  const now = Date.now();
  const locks: { kind: Lock["kind"] }[] = (plan.value?.payload.locks ?? []).filter(
    (one) => one.until === null || Date.parse(one.until) > now,
  );
  const all = [...locks, ...own.value];
  if (all.some((one) => one.kind === "red_flag")) return "red_flag";
  return all.length > 0 ? "stop" : null;
});
