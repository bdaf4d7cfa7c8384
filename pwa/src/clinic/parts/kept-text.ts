import { useState } from "preact/hooks";
import { person } from "../session";

/**
 * What somebody types about a patient outlives a closed dialog, a reload and a dropped connection, for as long as the
 * tab lives and the same person is signed in. It is forgotten when the server has it.
 */
const name = (key: string): string => `typed:${person.value?.user.id ?? "nobody"}:${key}`;

export function useKeptText(key: string): [value: string, set: (value: string) => void, forget: () => void] {
  const [value, setValue] = useState(() => recall(key));
  const set = (next: string): void => {
    setValue(next);
    keep(key, next);
  };
  return [value, set, () => set("")];
}

function recall(key: string): string {
  try {
    return sessionStorage.getItem(name(key)) ?? "";
  } catch {
    return ""; // storage is off: the field alone holds it
  }
}

function keep(key: string, value: string): void {
  try {
    if (value) sessionStorage.setItem(name(key), value);
    else sessionStorage.removeItem(name(key));
  } catch {
    // Storage is off or full: the field still holds it.
  }
}

/** Notes about patients do not stay on a shared computer. */
export function forgetAllTyped(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed:")) sessionStorage.removeItem(key);
  } catch {
    // Storage is off: nothing was kept.
  }
}
