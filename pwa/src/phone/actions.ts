/** What the app does: opening, saving, sending, signing out. Each is one verb; screens call nothing deeper. */
import { batch } from "@preact/signals";
import { api, ApiError, auth } from "../api/client";
import type { Me, SessionItem, Uuid } from "../api/types";
import { language, setLanguage, type Language } from "../i18n/core";
import { closeOldCheckins } from "./checkin/closing";
import { noteLocks, readCare, refreshCheckins, settledNow } from "./checkin/store";
import { readyUntil as findReadyUntil } from "./plan/ready";
import { closeOldDrafts, FINISH_QUIET_MS } from "./session/closing";
import { openPatientDb, readDocument, writeDocument, type PatientDb } from "./store/db";
import { readDevice, rememberAccount, writeDevice } from "./store/device";
import { allEntries, changeEntry, prune, releaseHolds, retryEntry, voidEntry } from "./store/outbox";
import { erasePerson, keepFigures, refreshPlan, refreshReceipts } from "./store/person";
import { changeSeen, readNews, refreshMessages, refreshProgress } from "./store/news";
import { askBackgroundSync, Sender, type Trigger } from "./store/sender";
import { sendOutbox, withSendLock, type SendOutcome } from "./store/sync";
import { localDate } from "./store/time";
import * as state from "./state";

/** How often an open app asks whether the therapist has seen what was sent. */
const RECEIPTS_MS = 2 * 60_000;
/** Coming back to the app within this time is not opening it again. */
const GREET_AGAIN_MS = 15_000;
let greetedAt = 0;

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("homestretch") : null;

// ---------- Opening ----------

/** First what the phone knows, so that it opens without a network; then what the server says. */
export async function boot(): Promise<void> {
  const [sound, repSeconds, known, current] = await Promise.all([
    readDevice("sound"),
    readDevice("repSeconds"),
    readDevice("accounts"),
    readDevice("current"),
  ]);
  state.backgroundSync.value = "SyncManager" in globalThis;
  state.sound.value = sound ?? true;
  state.repSeconds.value = repSeconds ?? 4;
  const account = known?.find((one) => one.patients.some((patient) => patient.id === current));
  const person = account?.patients.find((patient) => patient.id === current);
  if (account && person) {
    state.people.value = account.patients;
    await openPerson(person);
  }
  listen();
  // A fresh phone on its way to join has nobody to ask about.
  if (person !== undefined || !location.pathname.startsWith("/join/")) await greetServer("open");
  if (state.phase.value === "starting") state.phase.value = "nobody";
}

async function openPerson(person: state.Person): Promise<void> {
  state.database.value?.close();
  // A newer app in another tab upgrades the database, or somebody signed out there: everything is on disk, start over.
  const db = await openPatientDb(person.id, { onReplaced: () => location.reload() });
  await writeDevice("current", person.id);
  state.database.value = db;
  state.person.value = person;
  state.readyUntil.value = null;
  state.missed.value = new Set();
  await Promise.all([releaseHolds(db), closeOldDrafts(db), closeOldCheckins(db, localDate(new Date()))]);
  await reload();
  state.phase.value = "ready";
  // Tidying may be cut short by whoever closes the database; there is a next time.
  void prune(db, Date.now()).catch(() => undefined);
}

/** Counts what this page wrote, so that a reading that was overtaken by a writing is not shown. */
let writes = 0;

/** Reads everything of this person from disk into the signals. */
export async function reload(): Promise<void> {
  const db = state.database.value;
  for (;;) {
    if (db === null || db !== state.database.value) return;
    const seen = writes;
    const [plan, entries, drafts, therapist, stop, care, news] = await Promise.all([
      readDocument(db, "plan"),
      allEntries(db),
      db.getAll("drafts"),
      readDocument(db, "therapist"),
      readDocument(db, "stop"),
      readCare(db),
      readNews(db),
    ]);
    if (seen !== writes) continue;
    batch(() => {
      state.plan.value = plan;
      state.entries.value = entries;
      state.draft.value = drafts[0] ?? null;
      state.therapist.value = therapist;
      state.stop.value = stop;
      state.care.value = care;
      [state.messages.value, state.seenMessages.value, state.progress.value, state.outcomesLater.value] = news;
    });
    break;
  }
  void checkReady();
}

/** Something is on disk; now the screen may show it. */
export async function written(): Promise<void> {
  writes += 1;
  await reload();
}

/** Something is on disk, and `show` puts the very same on the screen without reading it again. */
export function wroteShown(show: () => void): void {
  writes += 1;
  show();
}

async function checkReady(): Promise<void> {
  const person = state.person.value;
  const plan = state.plan.value;
  state.readyUntil.value = person && plan ? await findReadyUntil(person.id, plan.payload) : null;
}

function listen(): void {
  addEventListener("online", () => void greetServer("online"));
  addEventListener("offline", () => (state.reachable.value = false));
  document.addEventListener("visibilitychange", () => {
    state.today.value = localDate(new Date());
    if (document.visibilityState === "visible" && Date.now() - greetedAt > GREET_AGAIN_MS) void greetServer("open");
  });
  setInterval(() => (state.today.value = localDate(new Date())), 30_000);
  setInterval(() => {
    const unseen = state.entries.value.some((entry) => entry.state === "sent" && entry.seenAt === null);
    if (document.visibilityState !== "visible") return;
    if (unseen || state.lock.value !== null) void fetchReceipts();
    void fetchMessages();
  }, RECEIPTS_MS);
  channel?.addEventListener("message", () => void reload());
  navigator.serviceWorker?.addEventListener("controllerchange", () => void checkReady());
  sender.start();
}

/** Who am I, send, plan, receipts: in this order, so that the plan that comes back knows what was just sent. */
async function greetServer(trigger: Trigger): Promise<void> {
  greetedAt = Date.now();
  const me = await whoAmI();
  if (me === null) return;
  await adopt(me);
  if (state.database.value === null) return;
  // The plan's texts, letters and reminders come in the language of the record: it is the one that the person reads here.
  if (me.role === "patient" && !me.locale.startsWith(language.value)) await tellLanguage();
  if (state.plan.value === null) await fetchPlan();
  await sender.poke(trigger);
  await fetchPlan();
  await fetchReceipts();
  await fetchCheckins();
  await fetchNews();
  await lookAfterReminders();
}

/** Comes with a chunk of its own: nothing on the first screen waits for it. */
async function lookAfterReminders(): Promise<void> {
  const now = online();
  if (now === null) return;
  const chunk = await import("./reminders/keeping").catch(() => null);
  await chunk?.keepReminders(now.db, now.person.id);
}

/** Who is shown, where the server may be asked about them; null without a person or without a session. */
function online(): { readonly db: PatientDb; readonly person: state.Person } | null {
  const db = state.database.value;
  const person = state.person.value;
  return db !== null && person !== null && state.session.value === "open" ? { db, person } : null;
}

/**
 * Ends the session on the server. The cookie is not ours to delete, so without a network the server is told at the next
 * chance, before it could answer that somebody is signed in. Resolves with whether it was told.
 */
async function endSession(): Promise<boolean> {
  try {
    await auth("DELETE", "/auth/session");
    await writeDevice("leaving", null);
    return true;
  } catch (error) {
    noteFailure(error);
    return false;
  }
}

async function whoAmI(): Promise<Me | null> {
  if ((await readDevice("leaving")) && !(await endSession())) return null;
  try {
    const me = await api<Me>("GET", "/me");
    state.session.value = "open";
    state.reachable.value = true;
    return me;
  } catch (error) {
    noteFailure(error);
    return null;
  }
}

/** Shows the person this session may write for. Another person's plan and outbox stay on the phone, untouched. */
async function adopt(me: Me): Promise<void> {
  if (me.role === "staff" && me.patients.length === 0) {
    if (state.person.value === null) location.replace("/clinic/");
    else state.session.value = "ended";
    return;
  }
  const account = await rememberAccount(me);
  state.people.value = account.patients;
  const current = account.patients.find((patient) => patient.id === state.person.value?.id) ?? account.patients[0];
  if (current !== undefined && current.id !== state.person.value?.id) await openPerson(current);
}

async function fetchPlan(): Promise<void> {
  const now = online();
  if (now === null) return;
  const { db, person } = now;
  try {
    const [before, settled] = [state.lock.value, await settledNow(db)];
    const fresh = await refreshPlan(db, person.id, Date.now());
    if (state.person.value?.id !== person.id) return;
    const released = await noteLocks(db, fresh.payload.locks, settled);
    state.plan.value = fresh;
    if (released) await written();
    if (before !== null && state.lock.value === null) await noteUnlocked();
    // Pictures take their time; nothing else waits for them.
    void keepFigures(person.id, fresh).then(checkReady);
  } catch (error) {
    noteFailure(error);
  }
}

async function fetchReceipts(): Promise<void> {
  const now = online();
  if (now === null) return;
  const { db, person } = now;
  const receipts = await refreshReceipts(db, person.id);
  if (receipts === null || state.person.value?.id !== person.id) return;
  await reload();
  const known = (state.plan.value?.payload.locks ?? []).map((one) => one.id);
  const named = receipts.locks.map((one) => one.id);
  if (known.length !== named.length || !named.every((id) => known.includes(id))) await fetchPlan();
}

/** A clinician has opened the exercises again, and Today says so. */
async function noteUnlocked(): Promise<void> {
  state.adviceRead.value = false;
  await writeDocument(requireDb(), "unlockedOn", state.today.value);
  await written();
}

/** Check-ins of other phones, once a day: what a usual morning is, and how far down it went the last time. */
async function fetchCheckins(): Promise<void> {
  const now = online();
  if (now === null || state.care.value.log?.askedOn === state.today.value) return;
  await refreshCheckins(now.db, now.person.id, state.today.value).then(written, noteFailure);
}

/** Messages and progress. Each alone, so that one that fails does not keep the other away. */
async function fetchNews(): Promise<void> {
  await Promise.all([fetchMessages(), fetchOne("progress", refreshProgress)]);
}

export function fetchMessages(): Promise<void> {
  return fetchOne("messages", refreshMessages);
}

async function fetchOne(what: state.News, refresh: (db: PatientDb, patient: Uuid) => Promise<void>): Promise<void> {
  const now = online();
  if (now === null) return;
  const { db, person } = now;
  await refresh(db, person.id).catch((error: unknown) => {
    state.missed.value = new Set([...state.missed.value, what]);
    noteFailure(error);
  });
  if (state.person.value?.id === person.id) await written();
}

/** Messages of the clinic stood on the screen: no longer unread here, and the server hears of it. */
export async function markShown(ids: readonly Uuid[]): Promise<void> {
  await changeSeen(requireDb(), (seen) => [...new Set([...seen, ...ids])]);
  await written();
  await fetchMessages();
}

function noteFailure(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) state.session.value = "ended";
  if (error.status === 0) state.reachable.value = false;
}

// ---------- Sending ----------

export const sender = new Sender({ send: sendNow, onOutcome: noteOutcome });

function sendNow(trigger: Trigger): Promise<SendOutcome> {
  const db = state.database.value;
  const person = state.person.value;
  if (db === null || person === null) return Promise.resolve({ kind: "idle" });
  const opened = trigger === "open" || trigger === "asked";
  return withSendLock(() =>
    sendOutbox(db, person.id, { evenEmpty: opened || trigger === "online", despiteStop: opened }),
  );
}

function noteOutcome(outcome: SendOutcome): void {
  if (outcome.kind === "done") state.reachable.value = true;
  if (outcome.kind === "later") state.reachable.value = !outcome.silent;
  if (outcome.kind === "sign-in") state.session.value = "ended";
  if (outcome.kind === "done" && outcome.answered > 0) {
    channel?.postMessage("sent");
    void fetchPlan();
    void fetchNews();
  }
  void reload();
}

/** Tries now, because the person asked for it; resolves when the attempt is over. */
export async function sendAsked(): Promise<void> {
  await sender.poke("asked");
  await reload();
}

// ---------- Saving ----------

/** Changes fields of an entry; on disk when it resolves. `quiet`: the person is still answering, send a little later. */
export async function saveChange(id: Uuid, change: Partial<SessionItem>, quiet = false): Promise<void> {
  const now = Date.now();
  await changeEntry(requireDb(), id, { ...change }, now, quiet ? now + FINISH_QUIET_MS : 0);
  await written();
  if (!quiet) await sendSoon();
}

export async function sendSoon(): Promise<void> {
  channel?.postMessage("saved");
  await askBackgroundSync();
  void sender.poke("save");
}

/** The person has left Finish: what waited for further answers goes now. */
export async function finishAnswering(): Promise<void> {
  await releaseHolds(requireDb());
  await written();
  await sendSoon();
}

export async function removeEntry(id: Uuid): Promise<void> {
  await voidEntry(requireDb(), id, Date.now());
  await written();
  await sendSoon();
}

export async function tryAgain(id: Uuid): Promise<void> {
  await retryEntry(requireDb(), id);
  await written();
  await sendSoon();
}

// ---------- Who ----------

export async function switchPerson(to: state.Person): Promise<void> {
  await openPerson(to);
  await greetServer("open");
}

/** After join, transfer or sign-in: opens the person; plan and sending follow while the screen already moves. */
export async function enter(preferred: Uuid | null): Promise<void> {
  const me = await whoAmI();
  if (me === null) return;
  const wanted = me.patients.find((patient) => patient.id === preferred);
  await adopt(me);
  if (wanted !== undefined && wanted.id !== state.person.value?.id) await openPerson(wanted);
  void greetServer("open");
}

/** Ends the session and removes everything of this account from the phone, sent or not. The caller has warned. */
export async function signOut(): Promise<void> {
  const mine = new Set(state.people.value.map((patient) => patient.id));
  await import("./reminders/subscribing").then((chunk) => chunk.leave(mine)).catch(() => undefined);
  await writeDevice("leaving", true);
  await endSession();
  for (const id of mine) await erasePerson(id, id === state.person.value?.id ? state.database.value : null);
  const accounts = (await readDevice("accounts")) ?? [];
  await writeDevice(
    "accounts",
    accounts.filter((account) => !account.patients.some((patient) => mine.has(patient.id))),
  );
  await writeDevice("current", null);
  await writeDevice("csrf", null);
  location.replace("/sign-in");
}

// ---------- Settings of this phone ----------

export async function chooseLanguage(next: Language): Promise<void> {
  await writeDevice("language", next);
  // The words of another version of the app may be gone from the server: the newest has them.
  await setLanguage(next).catch(() => location.reload());
  await tellLanguage();
  await fetchPlan();
}

/** The choice holds on this phone at once; a server that cannot be told now is told at the next opening. */
async function tellLanguage(): Promise<void> {
  await api("PATCH", "/me", { body: { language: language.value } }).catch(() => undefined);
}

export async function setSound(on: boolean): Promise<void> {
  state.sound.value = on;
  await writeDevice("sound", on);
}

export async function setRepSeconds(seconds: number): Promise<void> {
  state.repSeconds.value = seconds;
  await writeDevice("repSeconds", seconds);
}

export function requireDb(): PatientDb {
  const db = state.database.value;
  if (db === null) throw new Error("No person is open on this phone.");
  return db;
}
