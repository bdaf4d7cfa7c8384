/** Who is signed in, and what that person may do. */
import { computed, signal } from "@preact/signals";
import { LANGUAGES, setLanguage, type Language } from "../i18n/core";
import { auth } from "../api/client";
import * as calls from "./calls";
import { forgetAllTyped } from "./parts/kept-text";
import type { StaffMe } from "./types";

export type SessionState = "loading" | "signed-in" | "signed-out" | "unreachable";

export const sessionState = signal<SessionState>("loading");
export const person = signal<StaffMe | null>(null);
/** True when the server ended the session while somebody was working: sign in over the page, lose nothing. */
export const expired = signal(false);

const chosenClinic = signal<string | null>(null);
export const clinic = computed(() => {
  const clinics = person.value?.clinics ?? [];
  return clinics.find((each) => each.id === chosenClinic.value) ?? clinics[0] ?? null;
});
export function chooseClinic(id: string): void {
  chosenClinic.value = id;
}

/** Staff of two clinics name the clinic on writes (API.md). */
export function clinicOnWrites(): { clinic?: string } {
  const several = (person.value?.clinics.length ?? 0) > 1;
  return several && clinic.value ? { clinic: clinic.value.id } : {};
}

/** What the role in this clinic allows, as the server itself says it: a button and its endpoint never disagree. */
export const abilities = computed(() => {
  const granted = new Set(clinic.value?.abilities ?? []);
  return {
    prescribe: granted.has("prescribe") && granted.has("library"),
    library: granted.has("library"),
    editPatient: granted.has("patients"),
    manageClinic: granted.has("clinic") && granted.has("staff"),
    invite: granted.has("invite"),
    resolve: granted.has("resolve") && granted.has("unlock"),
    readAccessLog: granted.has("patients"),
    answer: granted.has("answer"),
    paper: granted.has("paper"),
  };
});

export async function loadSession(): Promise<void> {
  try {
    const found = await calls.me();
    const changedPerson = person.value !== null && person.value.user.id !== found.user.id;
    if (changedPerson) location.reload();
    person.value = found;
    expired.value = false;
    sessionState.value = "signed-in";
    if (LANGUAGES.includes(found.locale as Language)) await setLanguage(found.locale as Language);
  } catch (error) {
    const status = error instanceof calls.ApiError ? error.status : 0;
    sessionState.value = status === 401 || status === 403 ? "signed-out" : "unreachable";
  }
}

export async function signOut(): Promise<void> {
  await auth("DELETE", "/auth/session");
  forgetAllTyped();
  person.value = null;
  sessionState.value = "signed-out";
}

/** For every failed call: an ended session opens the sign-in over the page instead of throwing the page away. */
export function noticeExpiry(error: unknown): void {
  if (error instanceof calls.ApiError && error.status === 401 && person.value) expired.value = true;
}
