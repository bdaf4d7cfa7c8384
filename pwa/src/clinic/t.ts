/** The clinic app's own words. */
import { translator } from "../i18n/core";
import english from "../i18n/en/clinic.json";

export const t = translator(english, { es: () => import("../i18n/es/clinic.json") });
export type Key = Parameters<typeof t>[0];

/**
 * The word for a value that comes from the server, e.g. `kind.stretch`. A value this version has no word for is shown
 * as it is, with its dashes and underscores as spaces: readable, and never a crash.
 */
export function word(prefix: string, value: string): string {
  return knownWord(prefix, value) ?? value.replaceAll(/[-_]/g, " ");
}

/** The same, and null where there is no word. */
export function knownWord(prefix: string, value: string): string | null {
  const key = `${prefix}.${value}`;
  return key in english ? t(key as Key) : null;
}

/** A sentence of the server in the reader's language, where the catalogue has this very sentence; else null. */
export function sameSentence(prefix: string, sentence: string): string | null {
  const key = Object.entries(english).find(([name, text]) => name.startsWith(`${prefix}.`) && text === sentence)?.[0];
  return key === undefined ? null : t(key as Key);
}
