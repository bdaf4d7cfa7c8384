import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { boldPart, evidenceLines, flagWords, locks } from "../../src/clinic/parts/flag-words";
import { setLanguage } from "../../src/i18n/core";
import type { Flag } from "../../src/clinic/types";

const raised_at = "2026-11-22T20:43:00+01:00";
const words = (kind: Flag["kind"], ...evidence: Record<string, unknown>[]): string => {
  const found = flagWords({ kind, evidence, raised_at });
  return found.rest ? `${boldPart(found)} ${found.rest}` : found.bold;
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-24T10:00:00+01:00"), toFake: ["Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await setLanguage("en");
});

describe("why a flag was raised, in words", () => {
  it.each<[Flag["kind"], Record<string, unknown>, string]>([
    ["pain_above_rule", { date: "2026-11-21", moment: "during", pain: 6, limit: 5, reference: null, exercise: "Bridge" }, "Pain 6 in Bridge on Saturday, limit 5"],
    ["pain_above_rule", { date: "2026-11-22", moment: "morning", pain: 6, limit: 5, reference: 3 }, "Morning pain 6 on Sunday, usual morning 3, limit 5"],
    ["pain_above_rule", { date: "2026-11-23", moment: "stop", pain: 8, limit: null }, "Pain 8 yesterday: exercises stopped for the day"],
    ["pain_above_rule", { date: "2026-11-24", moment: "limit", pain: 6, limit: 5 }, "The usual morning pain is at the limit: usual morning 6, limit 5"],
    ["pain_trend", { from: 2, to: 4, from_date: "2026-11-10", to_date: "2026-11-24" }, "Usual morning pain has risen: from 2 to 4 since 10 Nov"],
    ["leg_symptoms", { date: "2026-11-21", from: 3, to: 5, lasted: "yes", numb: false, weak: null, tingle: [1, 1] }, "Leg symptoms went lower: knee to foot since Saturday, longer than 30 min"],
    ["leg_symptoms", { date: "2026-11-21", from: 3, to: 3, lasted: null, numb: true, weak: "not_sure", tingle: [null, 2] }, "Leg symptoms: a new numb area, not sure about weakness, tingling often"],
    ["silent", { since: "2026-11-16", days: 7, adherence_before: 0.86 }, "No session for 8 days, was at 86%"],
    ["overdoing", { done: 1640, asked: 1200, ratio: 1.37 }, "137% of what was asked, 16.4 sets where 12 were asked"],
    ["no_benefit", { week: 6, pain_from: 5, pain_to: 4.5, psfs_gain: 0.7 }, "Week 6 without benefit: pain 5, now 4.5, function changed by 0.7"],
    ["skips", { exercise: "Bridge", reasons: { unsure: 2, pain: 3 } }, "Bridge left out: too painful 3 ×, not sure how 2 ×"],
    ["precaution", { exercise: "Bridge", sentence: "Not now.", action: "block" }, "Bridge: Speaks against it: Not now."],
    ["message_waiting", { text: "Is it fine to sit on a cushion?" }, "Wrote 2 days ago: “Is it fine to sit on a cushion?”"],
    ["red_flag", { date: "2026-11-24", answers: ["RF1.urine"] }, "Warning sign answered today: new trouble starting, stopping or feeling urine. Exercises are locked"],
    ["red_flag", { date: "2026-11-24", answers: ["RF11"] }, "Warning sign answered today: morning stiffness over 30 min, both buttocks in turn, better with moving"],
    ["held_items", { items: 2 }, "2 entries"],
    ["join_attempts", { wrong_dates: 5 }, "5 wrong birth dates, the link is dead"],
  ])("%s", (kind, fact, expected) => {
    expect(words(kind, fact)).toBe(expected);
  });

  it("is unlocked with it where a sign locks, and only there", () => {
    const flag = (...answers: string[]) => ({ kind: "red_flag" as const, evidence: [{ answers: ["RF7"] }, { answers }] });
    expect([locks(flag("RF10", "RF11")), locks(flag("RF11", "RF2")), locks({ kind: "silent", evidence: [] })]).toEqual([false, true, false]);
  });

  it("counts silence up to today, since the flag was raised only once", () => {
    vi.setSystemTime(new Date("2026-12-01T10:00:00+01:00"));
    expect(words("silent", { since: "2026-11-16", days: 7, adherence_before: null })).toBe("No session for 15 days");
  });

  it("is never empty: without evidence the kind stands alone", () => {
    expect(words("pain_above_rule")).toBe("Pain above the rule");
    expect(words("phone_unreachable", {})).toBe("Phone cannot be reached");
    expect(words("skips", { reasons: {} })).toBe("Exercises left out again and again");
  });

  it("says that the patient took an answer back", () => {
    expect(words("pain_above_rule", { date: "2026-11-21", moment: "during", pain: 6, limit: 5, withdrawn: true })).toBe("Pain 6 on Saturday (withdrawn by the patient), limit 5");
  });

  it("lists every piece once, newest first", () => {
    const piece = (date: string, pain: number) => ({ date, moment: "during", pain, limit: 5, exercise: "Bridge" });
    const lines = evidenceLines({ kind: "pain_above_rule", evidence: [piece("2026-11-20", 7), piece("2026-11-20", 7), piece("2026-11-21", 6)], raised_at });
    expect(lines).toEqual(["Pain 6 in Bridge on Saturday, limit 5", "Pain 7 in Bridge on Friday, limit 5"]);
  });

  it("is Spanish for a Spanish therapist", async () => {
    await setLanguage("es");
    expect(words("silent", { since: "2026-11-16", days: 7, adherence_before: 0.86 })).toMatch(/^8 días sin sesión, antes 86\s%$/);
  });
});
