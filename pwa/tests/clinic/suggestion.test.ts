import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { setLanguage } from "../../src/i18n/core";
import { evidenceWords, headline, resultText } from "../../src/clinic/patient/suggestion-words";
import type { Dose, Suggestion, SuggestedChange } from "../../src/clinic/types";
import { exercise } from "./world";

const dose = (change: Partial<Dose>): Dose => ({ ...exercise().default_dose, ...change });
const bridge = { key: "k", prescription: "p", id: "e", name: "Bridge" };
const change = (change: Partial<SuggestedChange>): SuggestedChange => ({ what: "nothing", from: null, to: null, exercise: null, band: false, rest_days: 0, phase: null, ...change });
const said = (kind: Suggestion["kind"], what: Partial<SuggestedChange>, of: Suggestion["exercise"] = bridge): string => headline({ kind, exercise: of, change: change(what) });

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-24T10:00:00+01:00"), toFake: ["Date"] });
});
afterEach(async () => {
  vi.useRealTimers();
  await setLanguage("en");
});

describe("a suggestion in one line", () => {
  it.each<[Suggestion["kind"], Partial<SuggestedChange>, string]>([
    ["regress", { what: "sets", to: dose({ sets: 2 }), rest_days: 1 }, "Bridge: back to 2 sets, and rest it one day"],
    ["regress", { what: "sets", to: dose({ sets: 1 }), rest_days: 2 }, "Bridge: back to 1 set, and rest it 2 days"],
    ["regress", { what: "load", to: dose({ load: "dumbbell", load_kg: 2.5 }) }, "Bridge: down to 2.5 kg"],
    ["regress", { what: "exercise", exercise: { id: "x", name: "Buttock squeeze" } }, "Bridge: change to Buttock squeeze"],
    ["regress", { what: "rest", rest_days: 2 }, "Bridge: rest 2 days"],
    ["progress", { what: "reps", to: dose({ reps: 12 }) }, "Bridge: up to 12 repetitions"],
    ["progress", { what: "sets", to: dose({ sets: 3 }) }, "Bridge: up to 3 sets"],
    ["progress", { what: "load", from: dose({ load: "band" }), to: dose({ load: "band" }), band: true }, "Bridge: the next stronger band"],
    ["next_phase", { what: "phase", phase: 3, phase_name: "Build strength" }, "Go on to phase 3: Build strength"],
    ["hold", { what: "nothing" }, "Keep the plan as it is"],
  ])("%s %o", (kind, what, expected) => {
    expect(said(kind, what)).toBe(expected);
  });

  it("rests the whole plan where no exercise was red by itself", () => {
    expect(said("regress", { what: "rest", rest_days: 1 }, null)).toBe("Rest one day");
  });

  it("is Spanish for a Spanish therapist", async () => {
    await setLanguage("es");
    expect(said("regress", { what: "sets", to: dose({ sets: 2 }), rest_days: 1 })).toBe("Puente: volver a 2 series, y descansarlo un día");
  });

  it("says what holds once it is accepted", () => {
    expect(resultText(change({ what: "sets", to: dose({ sets: 2 }) }))).toBe("2 sets");
    expect(resultText(change({ what: "phase", phase: 3 }))).toBe("phase 3");
  });
});

describe("the rows behind it", () => {
  const session = { id: "s", kind: "session", date: "2026-11-21", colour: "red", effort: 6, target_effort: 5 };
  const during = { id: "d", kind: "during", date: "2026-11-21", colour: "red", pain: 6, reference: null, limit: 5, exercise: "Bridge" };
  const morning = { id: "m", kind: "morning", date: "2026-11-22", colour: "red", pain: 6, reference: 3, limit: 5 };
  const calm = { id: "c", kind: "morning", date: "2026-11-20", colour: "green", pain: 0, reference: null, limit: 5 };
  const adherence = { id: "a", kind: "adherence", date: "2026-11-24", value: 0.92, least: 0.7 };
  const baseline = { id: "b", kind: "baseline", date: "2026-11-24", now: 4, before: 2, limit: 5 };
  const rows = [calm, session, during, morning, baseline, adherence];

  it("of a hold say what stands against more", () => {
    const main = (...evidence: Suggestion["evidence"][number][]): string[] => evidenceWords({ kind: "hold", reason: "not_yet", evidence }).main;
    const green = { ...session, colour: "green", effort: 4 };
    expect(main(session, during, green, green, green, baseline, adherence)[0]).toContain("Bridge: pain 6");
    expect(main(green, green, { ...green, effort: 9 }, adherence)).toEqual(["Effort 4, 4, 9; at most 5 was asked"]);
    expect(main(green, { ...adherence, value: 0.43 })).toEqual(["43% of the sessions done in 7 days"]);
    expect(main(green, { ...session, colour: "amber", effort: 4 }, { ...during, colour: "amber", pain: 4 }, { ...baseline, before: null })).toEqual(["Usual morning pain 4"]);
  });

  it("of a red session are the red moments, newest first", () => {
    expect(evidenceWords({ kind: "regress", reason: "red_session", evidence: rows }).main).toEqual([
      "Morning pain 6 on Sunday, usual 3", "Bridge: pain 6 on Saturday, limit 5",
    ]);
  });

  it("of three amber sessions are three days, each by its worst moment", () => {
    const amber = (id: string, date: string, pain: number, exercise: string) => ({ ...during, id, date, pain, exercise, colour: "amber" });
    const evidence = [amber("1", "2026-11-19", 4, "Clam"), amber("2", "2026-11-21", 3, "Clam"), amber("3", "2026-11-21", 5, "Bridge"), amber("4", "2026-11-23", 3, "Walk")];
    expect(evidenceWords({ kind: "regress", reason: "three_ambers", evidence }).main).toEqual([
      "Walk: pain 3 yesterday, limit 5", "Bridge: pain 5 on Saturday, limit 5", "Clam: pain 4 on Thursday, limit 5",
    ]);
  });

  it("of a risen baseline are the two usual mornings", () => {
    expect(evidenceWords({ kind: "regress", reason: "baseline_up", evidence: rows }).main).toEqual(["Usual morning pain 4, two weeks ago 2"]);
  });

  it("of three good sessions are the sessions, the effort and what was done", () => {
    const good = [1, 2, 3].map((n) => ({ ...session, id: `s${n}`, colour: n === 2 ? "amber" : "green", effort: 4 }));
    expect(evidenceWords({ kind: "progress", reason: "three_good_sessions", evidence: [...good, adherence] }).main).toEqual([
      "3 sessions, one amber, none red", "Effort 4, 4, 4; at most 5 was asked", "92% of the sessions done in 7 days",
    ]);
  });

  it("of the next phase count the criteria", () => {
    const criteria = [true, false, null].map((met, n) => ({ id: `c${n}`, kind: "criteria", text: `Criterion ${n}`, met, value: null }));
    expect(evidenceWords({ kind: "next_phase", reason: "past_planned_end", evidence: criteria }).main).toEqual(["1 of 3 criteria hold"]);
  });

  it("keep a zero, and leave out what was not answered", () => {
    const all = evidenceWords({ kind: "hold", reason: "not_yet", evidence: [calm, { ...calm, id: "x", pain: null }, { ...adherence, value: null }] }).all;
    expect(all).toEqual(["Morning pain 0 on Friday, limit 5"]);
  });

  it("of a kind this version does not know say nothing", () => {
    expect(evidenceWords({ kind: "hold", reason: "new", evidence: [{ id: "?", kind: "moon", phase: "full" }] })).toEqual({ main: [], all: [] });
  });
});
