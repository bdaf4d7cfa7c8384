import type { Fact } from "../types";

/** Readers of one fact's fields. What is absent, null or of another type than expected is not there: never zero, never a crash. */

export function num(fact: Fact, ...names: string[]): number | null {
  for (const name of names) if (typeof fact[name] === "number") return fact[name];
  return null;
}

export function text(fact: Fact, ...names: string[]): string | null {
  for (const name of names) if (typeof fact[name] === "string" && fact[name] !== "") return fact[name];
  return null;
}

/** A local date, also where the server gives an instant. */
export function day(fact: Fact, ...names: string[]): string | null {
  const found = text(fact, ...names);
  return found && /^\d{4}-\d\d-\d\d/.test(found) ? found.slice(0, 10) : null;
}

/** Evidence is a list; an older server gave one object. */
export function factsOf(evidence: unknown): readonly Fact[] {
  const list: unknown[] = Array.isArray(evidence) ? evidence : [evidence];
  return list.filter((one): one is Fact => typeof one === "object" && one !== null);
}
