/** Warning signs as a person reads them: which first, what to do first, in which language. Pure. */
import type { PlansPayload } from "../../api/types";
import { ruleOf } from "../../rules/red-flags";
import { byUrgency } from "../../rules/urgency";

export type Sign = PlansPayload["red_flags"][number];

/** The signs that were ticked, the most urgent first, one for each advice: RF1 says the same for all of its signs. */
export function advised(known: readonly Sign[], ticked: readonly string[]): Sign[] {
  const found = ticked.flatMap((id) => known.filter((sign) => sign.id === id));
  const once = found.filter((sign, at) => found.findIndex((one) => one.text === sign.text) === at);
  return byUrgency(once);
}

/** A number that helps at once, or the clinic first. */
export function callsEmergency(sign: Sign | undefined): boolean {
  return sign?.urgency === "emergency";
}

/** Which sentence of an advice says what to do first. What is not named says it in the first. */
const LEAD: Readonly<Record<string, number>> = { RF1: 1, RF2: 1, RF3: 2, RF4: 1, RF6: 1, RF8: 1 };
/** Said whole and in its own order, whatever the layout (CLINICAL.md D.8). */
const WHOLE = new Set(["RF13"]);
const FORBIDS = /^(?:Do not|No) /;

export interface Advice {
  readonly lead: string;
  readonly why: readonly string[];
  readonly never: readonly string[];
}

/** The sentences of an advice, by what they are for. Nothing is left out and nothing is added. */
export function adviceOf(sign: string, text: string): Advice {
  const rule = ruleOf(sign);
  if (WHOLE.has(rule)) return { lead: text, why: [], never: [] };
  const sentences = text.trim().split(/(?<=\.)\s+/);
  const at = Math.min(LEAD[rule] ?? 0, sentences.length - 1);
  const rest = sentences.filter((_, index) => index !== at);
  return {
    lead: sentences[at] ?? "",
    why: rest.filter((sentence) => !FORBIDS.test(sentence)),
    never: rest.filter((sentence) => FORBIDS.test(sentence)),
  };
}

/**
 * The server's English wording in the person's language, where the translation was made of these very words; a clinic's
 * later wording is shown as it is rather than beside an outdated translation.
 */
export function wordsFor(
  wording: string,
  key: string,
  english: Readonly<Record<string, string>>,
  translate: (key: string) => string,
): { readonly text: string; readonly foreign: boolean } {
  return english[key] === wording.trim()
    ? { text: translate(key), foreign: false }
    : { text: wording.trim(), foreign: true };
}
