import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import raw from "../../../tests/pain_rule_cases.yaml?raw";
import { after, baseline, during, leg, morning, worst, type Colour, type Score } from "../../src/rules/pain-rule";

type Weak = "no" | "not_sure" | "yes";
interface LegCase {
  before: [Score, Score];
  now: [Score, Score];
  lasts?: boolean | null;
  numb?: boolean;
  weak?: Weak;
  colour: Colour | null;
}
interface Cases {
  during: [Score, number, Colour | null][];
  after: [Score, Score, number, Score, Colour | null][];
  morning: [Score, Score, number, Colour | null][];
  leg: LegCase[];
  worst: [(Colour | null)[], Colour | null][];
  baseline: [Score[], Score, Score][];
}

// The same table that tests/patients/test_pain_rule.py runs: phone and server must give one verdict.
const cases = parse(raw) as Cases;

describe("the pain rule agrees with the server's", () => {
  test.each(cases.during)("during: pain %s, limit %s → %s", (pain, limit, colour) => {
    expect(during(pain, limit)).toBe(colour);
  });
  test.each(cases.after)("after: pain %s, before %s, limit %s, baseline %s → %s", (pain, before, limit, usual, colour) => {
    expect(after(pain, before, limit, usual)).toBe(colour);
  });
  test.each(cases.morning)("morning: pain %s, baseline %s, limit %s → %s", (pain, usual, limit, colour) => {
    expect(morning(pain, usual, limit)).toBe(colour);
  });
  test.each(cases.leg.map((one) => [one] as const))("leg: %o", (one) => {
    const [before, now] = [one.before, one.now].map(([reach, tingling]) => ({ reach, tingling }));
    const answers = { lastsOver30Min: one.lasts ?? null, newNumbArea: one.numb ?? false, weak: one.weak ?? null };
    expect(leg(before!, now!, answers)).toBe(one.colour);
  });
  test.each(cases.worst)("worst of %o → %s", (colours, colour) => {
    expect(worst(colours)).toBe(colour);
  });
  test.each(cases.baseline)("baseline of %o, intake %s → %s", (mornings, intake, usual) => {
    expect(baseline(mornings, intake)).toBe(usual);
  });
});
