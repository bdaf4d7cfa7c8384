/** This browser's subscription, and for whom it is: made, renewed, ended. Page and service worker. */
import { api, ApiError } from "../../api/client";
import type { Uuid } from "../../api/types";
import { readDocument, withDb, writeDocument, type PatientDb } from "../store/db";
import { deviceId, knownPatients } from "../store/device";
import { channelState } from "./document";

/** Raises `ApiError`, and then it is still on: a phone that is not known to be off would go on being pushed to. */
export function turnOff(db: PatientDb, patient: Uuid): Promise<void> {
  return alone(async () => {
    await tellOff(db);
    const registration = await navigator.serviceWorker.getRegistration();
    if (registration && !(await isOnForAnother(patient))) await unsubscribe(registration);
  });
}

async function tellOff(db: PatientDb): Promise<void> {
  const here = await readDocument(db, "push");
  if (here === null) return;
  await api("DELETE", `/me/push-subscriptions/${here.id}`).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  });
  await writeDocument(db, "push", null);
}

/** At sign-out: the server is told for everybody of this account where it can be, and the browser forgets in any case. */
export function leave(patients: Iterable<Uuid>): Promise<void> {
  return alone(async () => {
    for (const patient of patients) await withDb(patient, tellOff).catch(() => undefined);
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration) await unsubscribe(registration);
  });
}

/** An address that somebody else's sign-in or a fault took off the server's list comes back within a day. */
const TELL_AGAIN_MS = 24 * 3_600_000;

/**
 * When the app opens: what was switched on stays on, under the server's present key, and under a new address when the
 * push service gave the old one up; once a day the server is told that it is. A permission that was taken back is told too.
 */
export function keepSubscribed(db: PatientDb, patient: Uuid): Promise<void> {
  return alone(() => keep(db, patient));
}

async function keep(db: PatientDb, patient: Uuid): Promise<void> {
  const [here, stored] = [await readDocument(db, "push"), await readDocument(db, "reminders")];
  if (here === null || stored === null) return;
  if (Notification.permission !== "granted") return tellOff(db);
  const registration = await navigator.serviceWorker.ready;
  const now = await registration.pushManager.getSubscription();
  const key = stored.payload.vapid_public_key;
  const gone = channelState(stored.payload, "push") === "no_subscription";
  const told = Date.now() - here.toldAt < TELL_AGAIN_MS;
  if (!gone && told && now?.endpoint === here.endpoint && here.key === key) return;
  if (gone) await now?.unsubscribe();
  await subscribe(registration, db, patient, key);
}

/** The browser has changed its address by itself; everybody for whom it was on keeps their reminders. */
export async function renewEverybody(registration: ServiceWorkerRegistration): Promise<void> {
  for (const { id: patient } of await knownPatients()) {
    await alone(() => withDb(patient, (db) => renew(registration, db, patient)));
  }
}

async function renew(registration: ServiceWorkerRegistration, db: PatientDb, patient: Uuid): Promise<void> {
  const [here, stored] = [await readDocument(db, "push"), await readDocument(db, "reminders")];
  if (here !== null) await subscribe(registration, db, patient, stored?.payload.vapid_public_key ?? here.key);
}

/** Raises `ApiError` when the server could not be told, and DOMException when the browser's push service was not to be had. */
export function subscribeFor(
  registration: ServiceWorkerRegistration,
  db: PatientDb,
  patient: Uuid,
  key: string,
): Promise<void> {
  return alone(() => subscribe(registration, db, patient, key));
}

/** One change at a time, over tabs and worker: what is renewed just now must not come back after it was switched off. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work();
  return navigator.locks.request("homestretch-push", work) as Promise<T>;
}

async function subscribe(
  registration: ServiceWorkerRegistration,
  db: PatientDb,
  patient: Uuid,
  key: string,
): Promise<void> {
  const { endpoint, keys } = (await browserSubscription(registration, key)).toJSON();
  const body = { endpoint, keys, device: await deviceId() };
  const { id } = await api<{ id: Uuid }>("POST", "/me/push-subscriptions", { query: { patient }, body });
  await writeDocument(db, "push", { id, endpoint: endpoint ?? "", key, toldAt: Date.now() });
}

/** A browser holds one subscription, and refuses a second under another key. */
async function browserSubscription(registration: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const wanted = bytesOf(key);
  const known = await registration.pushManager.getSubscription();
  if (known && isSame(known.options.applicationServerKey, wanted)) return known;
  await known?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: wanted });
}

async function unsubscribe(registration: ServiceWorkerRegistration): Promise<void> {
  const subscription = await registration.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

function isSame(a: ArrayBuffer | null, b: Uint8Array): boolean {
  const bytes = a === null ? new Uint8Array() : new Uint8Array(a);
  return bytes.length === b.length && bytes.every((byte, index) => byte === b[index]);
}

/** base64url, as keys of web push are written. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

async function isOnForAnother(patient: Uuid): Promise<boolean> {
  for (const { id: other } of await knownPatients()) {
    if (other !== patient && (await withDb(other, (db) => readDocument(db, "push"))) !== null) return true;
  }
  return false;
}
