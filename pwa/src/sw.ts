/// <reference lib="webworker" />
/**
 * The service worker of the phone app: the shell without a network, the plan's pictures, and sending in the background.
 * The shell holds nothing personal. What is personal lies in IndexedDB and in caches named by patient.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { setCsrfStore } from "./api/client";
import { withDb } from "./phone/store/db";
import type { NoticeData } from "./phone/reminders/notice";
import { sendLaters } from "./phone/reminders/laters";
import { renewEverybody } from "./phone/reminders/subscribing";
import { onClick, onPush, type Desk } from "./phone/reminders/worker";
import { deviceCsrf, knownPatients } from "./phone/store/device";
import { releaseHolds, unsent } from "./phone/store/outbox";
import { sendOutbox, withSendLock } from "./phone/store/sync";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | PrecacheEntry)[] };

/** Background Sync is not in the standard library's types. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** Addresses of the server and of the clinic app: never answered with the phone's shell. */
const NOT_THE_PHONE = [
  /^\/(?:api|_allauth|accounts|operators|clinic|figures|static|assets|calendar|unsubscribe|healthz|readyz|metrics)(?:\/|$|\?)/,
  /\.[a-z\d]+$/i,
];

setCsrfStore(deviceCsrf);
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: NOT_THE_PHONE }));

// Figures have content-hashed addresses: what is cached is right for ever. The page fills the caches, patient by patient.
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith("/figures/"),
  async ({ request }) => (await caches.match(request.url)) ?? fetch(request),
);

// A new version takes over at once: entries and drafts are on disk, and their database migrates when it is opened.
self.addEventListener("install", () => void self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("sync", (event) => {
  const { tag } = event as SyncEvent;
  if (tag === "homestretch-send") (event as SyncEvent).waitUntil(sendEverybody());
});

// ---------- Reminders ----------

const desk: Desk = { registration: self.registration, openApp, sendAll: sendEverybody };

self.addEventListener("push", (event) => event.waitUntil(onPush(event.data?.text() ?? "", desk)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(onClick(event.notification.data as NoticeData | null, event.action, desk));
});

self.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(renewEverybody(self.registration));
});

/** A session of the same person that is under way stays as it is: it is what Start would open. */
async function openApp(path: string, anew: boolean): Promise<void> {
  const windows = await self.clients.matchAll({ type: "window" });
  const app = windows.find((one) => !NOT_THE_PHONE.some((pattern) => pattern.test(new URL(one.url).pathname)));
  if (app === undefined) {
    await self.clients.openWindow(path);
    return;
  }
  // A browser that does not count the tap any more refuses; the window is there all the same.
  const front = await app.focus().catch(() => app);
  if (anew || path !== "/start" || new URL(app.url).pathname !== "/session") await front.navigate(path);
}

// ---------- Sending ----------

/**
 * Sends what waits, for every person known on this phone. Each call names its patient, so the server refuses what does
 * not belong to the session that is signed in (409), and that outbox stays. Rejects after silence: the browser retries.
 */
async function sendEverybody(): Promise<void> {
  let silent = false;
  for (const { id: patient } of await knownPatients()) {
    const outcome = await withDb(patient, (db) =>
      withSendLock(async () => {
        await sendLaters(db, patient, Date.now());
        await releaseHolds(db);
        return (await unsent(db, Date.now())).ready.length === 0 ? null : sendOutbox(db, patient);
      }),
    );
    silent ||= outcome?.kind === "later";
  }
  new BroadcastChannel("homestretch").postMessage("sent");
  if (silent) throw new Error("The server did not answer; the browser will try again.");
}
