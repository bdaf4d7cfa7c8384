/** "Ready without a network until Sunday": said only when the plan and every picture that will be due are on the phone. */
import type { LocalDate, PlansPayload, Uuid } from "../../api/types";
import { prescriptionsOf } from "./day";

/** Pictures of one patient's plan; named by patient, so that signing out removes exactly these. */
export function figureCacheName(patient: Uuid): string {
  return `homestretch-figures-${patient}`;
}

/** Every picture of every exercise that some day in the plan asks for. */
export function figuresDue(payload: PlansPayload): string[] {
  const urls = new Set<string>();
  for (const plan of payload.plans) {
    const prescriptions = prescriptionsOf(plan);
    for (const item of plan.days.flatMap((day) => day.items)) {
      const exercise = payload.exercises[prescriptions.get(item.prescription)?.exercise ?? ""];
      if (exercise?.figure) for (const url of Object.values(exercise.figure)) if (url) urls.add(url);
    }
  }
  return [...urls];
}

/**
 * Brings the missing pictures into the cache and drops those no longer due, once the screen stands: on a slow line they
 * would keep the pictures that are looked at waiting. Failures stay missing; next time again.
 */
export async function cacheFigures(patient: Uuid, payload: PlansPayload): Promise<void> {
  const cache = await caches.open(figureCacheName(patient));
  const wanted = new Set(figuresDue(payload));
  const present = await pathsIn(cache);
  for (const path of present) if (!wanted.has(path)) await cache.delete(path);
  if ([...wanted].every((url) => present.has(url))) return;
  await screenStands();
  const here = await pathsIn(cache);
  const missing = [...wanted].filter((url) => !here.has(url));
  while (missing.length > 0) await Promise.allSettled(missing.splice(0, AT_ONCE).map((url) => cache.add(url)));
}

const AT_ONCE = 4;
/** After so many milliseconds nobody is waiting for a picture any more. */
const LONGEST_WAIT_MS = 8_000;

/** Resolves when the pictures on the screen have come and the browser has nothing to do. */
async function screenStands(): Promise<void> {
  await idle();
  const shown = Promise.allSettled([...document.images].map((image) => image.decode()));
  await Promise.race([shown, new Promise((done) => setTimeout(done, LONGEST_WAIT_MS))]);
  await idle();
}

function idle(): Promise<unknown> {
  // Safari has no idle callback.
  return new Promise((done) =>
    "requestIdleCallback" in globalThis ? requestIdleCallback(done, { timeout: 3_000 }) : setTimeout(done, 300),
  );
}

async function pathsIn(cache: Cache): Promise<Set<string>> {
  return new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
}

/**
 * The last day on which everything needed is on the phone, or null when something is missing: a service worker that
 * opens the app, the plan, every picture due.
 */
export async function readyUntil(patient: Uuid, payload: PlansPayload): Promise<LocalDate | null> {
  if (!navigator.serviceWorker?.controller || payload.plans.length === 0) return null;
  const cache = await caches.open(figureCacheName(patient));
  const present = await pathsIn(cache);
  return figuresDue(payload).every((url) => present.has(url)) ? payload.until : null;
}
