/**
 * The service worker's part. A push carries an occurrence's id; whose it is, and what to say, this phone knows by
 * itself. Whatever goes wrong, a push shows something: browsers take the permission away from a worker that stays silent.
 */
import { preferredLanguage, setLanguage } from "../../i18n/core";
import type { Uuid } from "../../api/types";
import { readDocument, withDb, type PatientDb } from "../store/db";
import { knownPatients, readDevice, writeDevice } from "../store/device";
import { isUnsent } from "../store/entry";
import { uuid7 } from "../store/ids";
import { firstName } from "../store/names";
import { allEntries } from "../store/outbox";
import { withSendLock } from "../store/sync";
import { isoWithOffset } from "../store/time";
import { isQuiet, laterAt, wallClock } from "./clock";
import { addLater, latersOf, sendLaters } from "./laters";
import { noticeOf, type NoticeData, type NoticeFacts, type Say } from "./notice";
import { isLocked, standingOf, type Known } from "./standing";
import { refreshReminders } from "./store";
import { occasionOf, type Occasion } from "./whose";

/** What the worker lends; its own global is not in the page's types. */
export interface Desk {
  readonly registration: ServiceWorkerRegistration;
  /** Shows the app at this address: the window that is open, or a new one. `anew`: another person is to be shown. */
  readonly openApp: (path: string, anew: boolean) => Promise<void>;
  /** Sends what waits, for everybody on this phone. Rejects after silence. */
  readonly sendAll: () => Promise<void>;
}

/** A push must show something soon; who does not answer by then is asked another time. */
const PATIENCE_MS = 4_000;

interface Found extends Occasion {
  readonly patient: Uuid;
}

// ---------- A push ----------

export async function onPush(text: string, desk: Desk): Promise<void> {
  const { occurrence, sequence } = read(text);
  await speak();
  const facts = await whatToSay(occurrence, sequence).catch((): NoticeFacts => nobodys(occurrence));
  await show(desk, facts);
  if (facts.say !== "waiting") return;
  await desk.sendAll().then(
    async () => {
      if (await stillThere(desk, occurrence)) await show(desk, { ...facts, say: "sent", silent: true });
    },
    () => undefined,
  );
}

function read(text: string): { occurrence: Uuid; sequence: number } {
  try {
    const { occurrence, sequence } = JSON.parse(text) as { occurrence?: unknown; sequence?: unknown };
    return { occurrence: String(occurrence), sequence: Number(sequence) || 1 };
  } catch {
    return { occurrence: "homestretch", sequence: 1 };
  }
}

function nobodys(occurrence: Uuid): NoticeFacts {
  return { say: "neutral", patient: null, occurrence, date: null };
}

async function whatToSay(occurrence: Uuid, sequence: number): Promise<NoticeFacts> {
  const found = (await find(occurrence)) ?? (await askThenFind(occurrence));
  if (found === null) return nobodys(occurrence);
  const { patient, date, rule } = found;
  const now = Date.now();
  const silent = isQuiet(rule.quiet, wallClock(now, rule.timezone).minutes);
  const base = { patient, occurrence, date, name: await nameOf(patient), silent };
  return withDb(patient, async (db) => {
    const wished = (await latersOf(db)).find((later) => later.occurrence === occurrence);
    const at = wished ? Date.parse(wished.at) : null;
    const say = sayOf(await knownOf(db), found, sequence, now);
    if (at !== null && at > now && (say === "open" || say === "again"))
      return { ...base, say: "putOff", at, silent: true };
    return { ...base, say };
  });
}

function sayOf(known: Known, { rule, date, slot }: Found, sequence: number, now: number): Say {
  const kind = rule.kind ?? "exercise";
  if (kind === "weekly") return "weekly";
  if (kind === "nudge") {
    if (known.entries.some(isUnsent)) return "stuck";
    return isLocked(known, date, now) ? "neutral" : "nudge";
  }
  const standing = standingOf(known, date, slot, rule.times.length, now);
  if (standing === "locked") return "neutral";
  if (standing === "open") return sequence > 1 ? "again" : "open";
  return standing;
}

// ---------- A tap ----------

export async function onClick(data: NoticeData | null, action: string, desk: Desk): Promise<void> {
  if (action === "later" && data?.patient != null && data.date !== null) return later(data, desk);
  const anew = data?.patient != null && (await readDevice("current")) !== data.patient;
  if (anew) await writeDevice("current", data.patient);
  await desk.openApp(action === "start" ? "/start" : data?.say === "weekly" ? "/progress" : "/", anew);
}

async function later(data: NoticeData, desk: Desk): Promise<void> {
  await speak();
  const patient = data.patient!;
  const base = { ...data, name: await nameOf(patient), silent: true };
  const found = await find(data.occurrence);
  const at = found && laterAt(Date.now(), found.date, found.rule);
  if (at === null) return show(desk, { ...base, say: "notAgain" });
  const id = uuid7();
  await withDb(patient, async (db) => {
    await addLater(db, { id, occurrence: data.occurrence, at: isoWithOffset(new Date(at)) });
    await show(desk, { ...base, say: "queued", at });
    const answer = (await withSendLock(() => sendLaters(db, patient, Date.now()))).get(id);
    if (answer?.state === "dropped") await show(desk, { ...base, say: "notAgain" });
    else if (answer) await show(desk, { ...base, say: "noted", at: Date.parse(answer.due_at) });
    else await laterBySync(desk.registration);
  });
}

/** Where there is Background Sync the browser sends it even if the app stays closed. */
async function laterBySync(registration: ServiceWorkerRegistration): Promise<void> {
  const { sync } = registration as { sync?: { register(tag: string): Promise<void> } };
  await sync?.register("homestretch-send").catch(() => undefined);
}

// ---------- What this phone knows ----------

async function nameOf(patient: Uuid): Promise<string | null> {
  const all = await knownPatients();
  const name = all.find((one) => one.id === patient)?.name;
  return all.length < 2 || name === undefined ? null : firstName(name);
}

async function find(occurrence: Uuid): Promise<Found | null> {
  for (const { id } of await knownPatients()) {
    const stored = await withDb(id, (db) => readDocument(db, "reminders"));
    const occasion = stored && (await occasionOf(occurrence, stored.payload.rules, Date.now()));
    if (occasion) return { ...occasion, patient: id };
  }
  return null;
}

/** A reminder that was made since this phone last asked: the server says whose, if it can be reached. */
async function askThenFind(occurrence: Uuid): Promise<Found | null> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (const { id } of await knownPatients()) {
    await withDb(id, (db) => refreshReminders(db, id, signal)).catch(() => undefined);
  }
  return find(occurrence);
}

async function knownOf(db: PatientDb): Promise<Known> {
  const [plan, entries, released, morning] = await Promise.all([
    readDocument(db, "plan"),
    allEntries(db),
    readDocument(db, "released"),
    readDocument(db, "morningDraft"),
  ]);
  return { plan, entries, released: released ?? [], morning };
}

// ---------- Saying it ----------

async function speak(): Promise<void> {
  const chosen = await readDevice("language").catch(() => null);
  await setLanguage(chosen ?? preferredLanguage(navigator.languages)).catch(() => undefined);
}

async function show({ registration }: Desk, facts: NoticeFacts): Promise<void> {
  const { title, options } = noticeOf(facts);
  await registration.showNotification(title, options);
}

async function stillThere({ registration }: Desk, tag: string): Promise<boolean> {
  return (await registration.getNotifications({ tag })).length > 0;
}
