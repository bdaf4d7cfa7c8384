/** Whether this phone may show reminders, and the browser's question. */
import type { Uuid } from "../../api/types";
import { isApple, isInstalled } from "../install";
import { readDocument, type PatientDb } from "../store/db";
import { subscribeFor } from "./subscribing";

/**
 * unsupported  this browser cannot show reminders
 * install      an iPhone can, once the app is on the home screen
 * ask          nobody has been asked yet
 * denied       refused, in the browser or the phone's settings; only there can it be changed
 * off          allowed, but not switched on for this person
 * on           reminders come here
 */
export type PushState = "unsupported" | "install" | "ask" | "denied" | "off" | "on";

export async function pushState(db: PatientDb): Promise<PushState> {
  if (!("Notification" in globalThis && "PushManager" in globalThis && "serviceWorker" in navigator))
    return isApple() && !isInstalled() ? "install" : "unsupported";
  if (Notification.permission === "denied") return "denied";
  if (Notification.permission === "default") return "ask";
  return (await readDocument(db, "push")) === null ? "off" : "on";
}

/**
 * After a tap on our own button: the browser's question, then the subscription. Raises `ApiError` when the server could
 * not be told, and DOMException when the browser's push service was not to be had.
 */
export async function turnOn(db: PatientDb, patient: Uuid, key: string): Promise<PushState> {
  if ((await Notification.requestPermission()) === "granted") {
    await subscribeFor(await navigator.serviceWorker.ready, db, patient, key);
  }
  return pushState(db);
}
