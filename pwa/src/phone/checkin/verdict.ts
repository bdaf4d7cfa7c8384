/** What the plan's own rule says about a morning, at once and offline (CLINICAL.md D.2, "Next morning" and "Leg"). Pure. */
import type { PainRule } from "../../api/types";
import { COLOURS, leg, morning, worst } from "../../rules/pain-rule";
import type { PainColour } from "../plan/painRule";
import { dangerIn } from "./danger";
import { lastAnswer, usualMorning, type PastCheckin } from "./history";

export interface Verdict {
  readonly colour: PainColour;
  /** What made the colour: the pain of the morning, or the leg. */
  readonly by: "pain" | "leg";
  readonly limit: number;
  /** The usual morning it was compared with; null while there is none. */
  readonly usual: number | null;
  /** The therapist's own words for it, or null: then the app has its own. */
  readonly words: string | null;
}

const ORDER: readonly PainColour[] = [...COLOURS, "stop"];

/** What the rules of several plans say about one morning: the strictest, and the first of two that are as strict. */
export function morningVerdict(checkin: PastCheckin, past: readonly PastCheckin[], rules: readonly PainRule[]): Verdict | null {
  const all = rules.flatMap((rule) => verdictOf(checkin, past, rule) ?? []);
  return all.sort((a, b) => ORDER.indexOf(b.colour) - ORDER.indexOf(a.colour))[0] ?? null;
}

/** null when nothing was answered that the rule speaks of. `past` holds the morning and what came before it. */
export function verdictOf(checkin: PastCheckin, past: readonly PastCheckin[], rule: PainRule): Verdict | null {
  const { answers } = checkin;
  const number = (id: string): number | null => (typeof answers[id] === "number" ? (answers[id] as number) : null);
  const usual = usualMorning(past, checkin.date, rule.baseline);
  const ofPain = morning(number("q_morning"), usual, rule.limit);
  const lasted = answers["q_leg_30min"];
  const weak = answers["q_weak"] as "no" | "not_sure" | "yes" | null | undefined;
  const ofLeg = leg(
    { reach: lastAnswer(past, "q_radiate", checkin), tingling: lastAnswer(past, "q_tingle", checkin) },
    { reach: number("q_radiate"), tingling: number("q_tingle") },
    {
      lastsOver30Min: lasted === "yes" ? true : lasted === "no" ? false : null,
      newNumbArea: answers["q_numb_new"] === "yes",
      weak: weak ?? null,
    },
  );
  const stop = dangerIn({ ...checkin, type: "checkin" }).stop;
  const found = worst([ofPain, ofLeg]);
  if (found === null && stop.length === 0) return null;
  const colour: PainColour = stop.length > 0 ? "stop" : found!;
  const by = colour === "stop" ? (stop.includes("pain") ? "pain" : "leg") : ofPain === found ? "pain" : "leg";
  return { colour, by, limit: rule.limit, usual, words: rule.words?.[colour] || null };
}
