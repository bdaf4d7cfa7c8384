/**
 * The pain-monitoring model (CLINICAL.md D.2, RULINGS.md "Pain rule"), so that the phone can say at once, also without
 * a network, what the therapist's rule says. The server's twin is `patients/pain_rule.py`; both run
 * `tests/pain_rule_cases.yaml`. Scores are NPRS 0–10; null is "not answered", never zero.
 */

export type Colour = "green" | "amber" | "red";
export type Score = number | null;

/** From the mildest to the worst. */
export const COLOURS: readonly Colour[] = ["green", "amber", "red"];
const GREEN_DURING = 2;
const BASELINE_DATES = 7;
const BASELINE_LEAST = 3;
/** Pain of 8 or more stops the exercises for the day, whatever the limit. */
export const STOP_PAIN = 8;

/** One exercise, at its worst. */
export function during(pain: Score, limit: number): Colour | null {
  if (pain === null) return null;
  if (pain > limit) return "red";
  return pain <= GREEN_DURING ? "green" : "amber";
}

/** The latest answer within four hours, against the pain before; without that, against the baseline. */
export function after(pain: Score, before: Score, limit: number, baseline: Score = null): Colour | null {
  if (pain === null) return null;
  const reference = before ?? baseline;
  if (pain > limit || (reference !== null && pain >= reference + 3)) return "red";
  return reference !== null && pain === reference + 2 ? "amber" : "green";
}

/** The next morning, against the usual morning. */
export function morning(pain: Score, baseline: Score, limit: number): Colour | null {
  if (pain === null) return null;
  if (pain > limit || (baseline !== null && pain >= baseline + 3)) return "red";
  return baseline !== null && pain > baseline ? "amber" : "green";
}

/** `reach` 0 none … 5 foot, `tingling` 0–3. */
export interface Leg {
  reach: Score;
  tingling: Score;
}

export interface LegAnswers {
  /** Asked only when the reach rose; an unanswered question there counts as lasting. */
  lastsOver30Min?: boolean | null;
  newNumbArea?: boolean;
  weak?: "no" | "not_sure" | "yes" | null;
}

/** Leg symptoms against before the session. */
export function leg(before: Leg, now: Leg, answers: LegAnswers = {}): Colour | null {
  const { lastsOver30Min = null, newNumbArea = false, weak = null } = answers;
  if (newNumbArea || weak === "yes") return "red";
  const lower = rose(before.reach, now.reach);
  if (lower && lastsOver30Min !== false) return "red";
  if (lower || rose(before.tingling, now.tingling) || weak === "not_sure") return "amber";
  return now.reach !== null || now.tingling !== null || weak !== null ? "green" : null;
}

function rose(before: Score, now: Score): boolean {
  return before !== null && now !== null && now > before;
}

/** The worst of all moments that were answered: red wins every tie. */
export function worst(colours: readonly (Colour | null)[]): Colour | null {
  return colours.reduce<Colour | null>(
    (found, one) => (one !== null && (found === null || COLOURS.indexOf(one) > COLOURS.indexOf(found)) ? one : found),
    null,
  );
}

/**
 * The usual morning: the median of the answers of the seven dates before the judged one (at least three), rounded half
 * up; with fewer, the intake's. `mornings` are those seven dates' answers in any order.
 */
export function baseline(mornings: readonly Score[], intake: Score = null): Score {
  const answers = mornings
    .slice(-BASELINE_DATES)
    .filter((answer): answer is number => answer !== null)
    .sort((a, b) => a - b);
  if (answers.length < BASELINE_LEAST) return intake;
  const middle = answers.length / 2;
  const low = answers[Math.ceil(middle) - 1] ?? 0;
  const high = answers[Math.floor(middle)] ?? 0;
  return Math.floor((low + high) / 2 + 0.5);
}
