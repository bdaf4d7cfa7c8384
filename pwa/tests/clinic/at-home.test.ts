import { describe, expect, it } from "vitest";
import { dayState, stateWords, sumRows, sumSentences } from "../../src/clinic/patient/adherence-words";
import { answersOf, cellsOf, changeSentence, namedActivities, scoreText, type OutcomeDraft } from "../../src/clinic/patient/outcome-words";
import { valueText } from "../../src/clinic/patient/readiness-card";
import { revisionLabel, unchangedSince } from "../../src/clinic/patient/revision-words";
import { dayWords } from "../../src/clinic/patient/time-axis";
import { limitOn, limitSteps, sinceTheChange, type DayFacts } from "../../src/clinic/patient/timeline";
import type { AdherenceDay, Outcome, Plan, Revision } from "../../src/clinic/types";
import { exercise, item, phase, program } from "./world";

const day = (change: Partial<AdherenceDay> = {}): AdherenceDay => ({
  plan: "plan", date: "2026-11-23", due: 4, done: 4, partly: 0, skipped: 0, missed: 0, unknown: 0, excused: 0, extra: 0, sessions_due: 1, sessions_done: 1,
  sessions_unknown: 0, dose_asked: 400, dose_done: 400, dose_over: 0, dose_unknown: 0, why: null, ...change,
});

describe("a day of the sum", () => {
  it.each<[string, Partial<AdherenceDay>]>([
    ["done", {}],
    ["missed", { sessions_done: 0, done: 0, missed: 4 }],
    ["skipped", { sessions_done: 0, done: 0, skipped: 4 }],
    ["missed", { sessions_done: 0, done: 0, skipped: 2, missed: 2 }],
    ["unknown", { sessions_done: 0, done: 0, unknown: 4, sessions_unknown: 1 }],
    ["some", { sessions_due: 2 }],
    ["excused", { sessions_due: 0, sessions_done: 0, due: 0, done: 0, excused: 4, why: "pause" }],
    ["rest", { sessions_due: 0, sessions_done: 0, due: 0, done: 0 }],
    ["extra", { sessions_due: 0, sessions_done: 0, due: 0, done: 0, extra: 2 }],
  ])("is %s for %o", (expected, change) => {
    expect(dayState(day(change))).toBe(expected);
  });

  it("has a row for every date of the window, also where no plan ran", () => {
    const rows = sumRows({ from: "2026-11-21", to: "2026-11-23", rows: [day(), day({ date: "2026-11-22", plan: "a" }), day({ date: "2026-11-22", plan: "b" })] });
    expect(rows.map((row) => [row.date, row.plan, row.state])).toEqual([
      ["2026-11-23", "plan", "done"], ["2026-11-22", "a", "done"], ["2026-11-22", "b", "done"], ["2026-11-21", null, "no_plan"],
    ]);
    expect(stateWords(rows[3]!)).toBe("no plan");
    expect(stateWords({ date: "", plan: null, state: "excused", day: day({ why: "lock" }) })).toBe("excused, locked");
  });

  it("tells what counts from what is not known and what is excused", () => {
    const session = { done: 3, due: 7, unknown: 2, excused: 4, value: 0.6, band: "partial" as const };
    expect(sumSentences({ session })[0]).toBe("3 of 5 sessions done.");
    expect(sumSentences({ session })).toHaveLength(3);
    expect(sumSentences({ session: { ...session, done: 0, due: 0, unknown: 0, excused: 0, value: null } })).toEqual(["No session counts in these days."]);
  });
});

describe("scores", () => {
  const outcome = (change: Partial<Outcome>): Outcome => ({
    type: "outcome", id: "o", at: "2026-10-20T10:00:00Z", instrument: "nprs", timepoint: "baseline", answers: {}, local_date: "2026-10-20", received_at: "",
    late: false, seen_at: null, entered_by: null, score: 6, incomplete: null, change: null, meaning: null, ...change,
  });

  it("say what a change means, and which way", () => {
    const later = outcome({ timepoint: "w4", at: "2026-11-17T10:00:00Z", score: 3.5, change: -2.5, meaning: "much_better" });
    expect(changeSentence("nprs", [later, outcome({})])).toBe("Pain, last 7 days: down 2.5, much better");
    expect(changeSentence("nprs", [outcome({})])).toBeNull();
    expect(changeSentence("groc", [outcome({ instrument: "groc", score: 3, change: 3, meaning: "much_better" })])).toBe("Change since the start: much better");
    expect(scoreText("groc", 3)).toBe("+3");
    expect(scoreText("groc", -2)).toBe("−2");
    expect(scoreText("psfs", 4.333)).toBe("4.3");
  });

  it("show the newest answer of a time, else whether it is due", () => {
    const cells = cellsOf("nprs", [outcome({ score: 5, at: "2026-10-21T10:00:00Z" }), outcome({})], [{ instrument: "nprs", timepoint: "w4", from: "2026-11-10", to: "2026-11-24", state: "due" }]);
    expect([cells.baseline.outcome?.score, cells.w4.outcome, cells.w4.state, cells.w24.state]).toEqual([5, null, "due", null]);
  });

  const draft: OutcomeDraft = { nprs: { now: null, average: 0, worst: null }, psfs: [{ text: " Sit ", score: 3 }, { text: "", score: 5 }], groc: null };
  it("keep an empty box empty, and a zero a zero", () => {
    expect(answersOf("nprs", draft)).toEqual({ now: null, average: 0, worst: null });
    expect(answersOf("nprs", { ...draft, nprs: { now: null, average: null, worst: null } })).toBeNull();
    expect(answersOf("psfs", draft)).toEqual({ activities: [{ text: "Sit", score: 3 }] });
    expect(answersOf("groc", draft)).toBeNull();
    expect(answersOf("groc", { ...draft, groc: 0 })).toEqual({ change: 0 });
  });

  it("ask later for the activities that were named first", () => {
    const named = outcome({ instrument: "psfs", answers: { activities: [{ text: "Sit", score: 2 }, { text: "Stairs", score: null }] } });
    expect(namedActivities([named])).toEqual(["Sit", "Stairs"]);
    expect(namedActivities([])).toEqual([]);
  });
});

describe("what a revision changed", () => {
  const revision = (n: number, effective_from: string, change: Partial<Revision> = {}): Revision => ({
    id: `r${n}`, n, program: `p${n}`, phase: 1, pain_rule: { limit: 5 }, effective_from, author: null, reason: "", created_at: "", ...change,
  });
  const sets = (n: number) => ({ ...exercise().default_dose, sets: n });
  const programs = new Map([
    ["p1", program({ phases: [phase(1, [item("a", { dose: sets(2) }), item("b", { exercise: "bridge" })]), phase(2, [])] })],
    ["p2", program({ phases: [phase(1, [item("a", { dose: sets(3) }), item("b", { exercise: "bridge" })]), phase(2, [])] })],
    ["p3", program({ phases: [phase(1, [item("a", { dose: sets(3) })]), phase(2, [])] })],
    ["p4", program({ phases: [phase(1, [item("a", { dose: sets(3) }), item("n", { exercise: "squeeze" })]), phase(2, [])] })],
  ]);
  const named = { programs, nameOf: (id: string) => ({ clam: "Clam", bridge: "Bridge", squeeze: "Squeeze" })[id] ?? "?" };
  const [one, two, three, four] = [revision(1, "2026-10-19"), revision(2, "2026-11-09"), revision(3, "2026-11-16"), revision(4, "2026-11-20")] as const;

  it("stands on the chart in a few words", () => {
    expect(revisionLabel(one, two, named)).toBe("Clam: 3 sets");
    expect(revisionLabel(two, three, named)).toBe("Bridge out");
    expect(revisionLabel(two, four, named)).toBe("Squeeze for Bridge");
    expect(revisionLabel(three, { ...three, phase: 2 }, named)).toBe("Phase 2");
    expect(revisionLabel(three, { ...three, pain_rule: { limit: 3 } }, named)).toBe("Limit 3");
    expect(revisionLabel(three, { ...three, reason: "As agreed" }, named)).toBe("As agreed");
  });

  const plan = (revisions: Revision[]): Plan => ({
    id: "plan", version: 1, patient: "p", program: "p1", program_name: "Plan", status: "active", starts_on: "2026-10-19", ended_on: null, end_reason: "", phase: 1,
    pain_rule: { limit: 5 }, revisions, pauses: [], overrides: [], notes: "",
  });

  it("knows since when an exercise is asked for as it is", () => {
    expect(unchangedSince(plan([one, two, three]), "key-a", named)).toBe("2026-11-09");
    expect(unchangedSince(plan([one, two, three]), "key-b", named)).toBeNull();
  });

  it("draws the limit of each day, one step for each", () => {
    const steps = limitSteps(plan([one, { ...two, pain_rule: { limit: 5 } }, { ...three, pain_rule: { limit: 3 } }]), "2026-11-24");
    expect(steps).toEqual([{ from: "2026-10-19", to: "2026-11-15", limit: 5 }, { from: "2026-11-16", to: "2026-11-24", limit: 3 }]);
    expect(["2026-11-15", "2026-11-16", "2027-01-01"].map((date) => limitOn(steps, date))).toEqual([5, 3, 3]);
    expect(limitOn([], "2026-11-15")).toBeNull();
  });

  it("asks about the days since the change that was followed by too much pain", () => {
    const facts = (date: string, morning: number | null): DayFacts => ({
      date, morning, sessionsDue: 1, sessionsDone: 1, share: 1, unknown: false, excused: false, after: null, worst: null, others: null, sessions: [], late: false,
    });
    const steps = [{ from: "2026-10-19", to: "2026-11-24", limit: 5 }];
    const changed = [{ date: "2026-11-09", text: "Clam: 3 sets" }, { date: "2026-11-20", text: "Bridge out" }];
    expect(sinceTheChange([facts("2026-11-08", 7), facts("2026-11-18", 6), facts("2026-11-22", 3)], changed, steps)).toEqual({ from: "2026-11-09", to: "2026-11-22" });
    expect(sinceTheChange([facts("2026-11-08", 7), facts("2026-11-18", 5)], changed, steps)).toBeNull();
    expect(sinceTheChange([facts("2026-11-18", 6)], [], steps)).toBeNull();
  });
});

describe("a day of the chart, read out", () => {
  const facts: DayFacts = {
    date: "2026-11-21", morning: 4, sessionsDue: 1, sessionsDone: 1, share: 1, unknown: false, excused: false, after: null,
    worst: { score: 6, prescription: "p", difficulty: "hard" }, others: { low: 2, high: 3 }, sessions: [], late: false,
  };
  const none = { morning: null, worst: null, others: null, sessionsDone: 0, share: 0 };
  const words = (change: Partial<DayFacts>, next: number | null = null): string[] => dayWords({ ...facts, ...change }, () => "Bridge", next).slice(1);

  it("says what hurt, what the others did, and the morning after", () => {
    expect(words({}, 6)).toEqual(["Morning pain 4", "1 of 1 session done", "Bridge: pain 6, too hard", "Other exercises: 2 to 3", "Morning after: pain 6"]);
  });

  it.each<[string, Partial<DayFacts>]>([
    ["no plan", { sessionsDue: null }],
    ["excused", { sessionsDue: 0, excused: true }],
    ["rest day", { sessionsDue: 0 }],
    ["the phone has not reported yet", { unknown: true }],
    ["0 of 1 session done", {}],
  ])("never mixes up %s", (expected, change) => {
    expect(words({ ...none, ...change })).toEqual([expected]);
  });

  it("keeps what was done although nothing was due", () => {
    expect(words({ ...none, sessionsDue: null, sessionsDone: 1 })).toEqual(["1 of 1 session done"]);
  });
});

describe("what the answers say about a criterion", () => {
  it("is said in the fact's own words", () => {
    expect(valueText({ value: "4.5", facts: { pain_avg: 4.5 } })).toBe("4.5");
    expect(valueText({ value: "0.64", facts: { limit_kept: 0.64 } })).toBe("64%");
    expect(valueText({ value: "3", facts: { reach: 3 } })).toBe("knee");
    expect(valueText({ value: "15", facts: { sit_minutes: 15, sit_pain: 4 } })).toBe("15 min");
    expect(valueText({ value: null, facts: { pain_avg: null } })).toBeNull();
  });
});
