/** What is not saved yet, for as long as this tab lives: a reload or a wrong click loses nothing. */
import type { Draft } from "./draft";

const name = (key: string): string => `own-exercise:${key}`;

/** Null when nothing is kept, or when the exercise was changed on the server since. */
export function recall(key: string, version: number | null): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(name(key)) ?? "null") as Draft | null;
    return draft && draft.version === version ? draft : null;
  } catch {
    return null; // storage is off
  }
}

export function keep(key: string, draft: Draft): void {
  try {
    sessionStorage.setItem(name(key), JSON.stringify(draft));
  } catch {
    // Storage is off or full: the form still holds it.
  }
}

export function forget(key: string): void {
  try {
    sessionStorage.removeItem(name(key));
  } catch {
    // Storage is off: nothing was kept.
  }
}
