import { describe, expect, it } from "vitest";
import { forget, isSettled, keep, merge, ofPhase, overrides, readCheck, readRefusal, unsettled } from "../../src/clinic/builder/conflicts";
import type { Conflict } from "../../src/clinic/types";
import { program } from "./world";

const conflict = (change: Partial<Conflict> = {}): Conflict => ({
  rule: "R01", action: "block", prescription: "a", key: "key-a", sentence: "", cap: null, source: "", finding: "", demands: [], certainty: "moderate", alternatives: [], ...change,
});

describe("precaution conflicts", () => {
  it("are read from every phase of the check", () => {
    const answer = { phases: [{ phase: 1, conflicts: [conflict()] }, { phase: 2, conflicts: [conflict({ prescription: "d" })] }] };
    expect(readCheck(answer).map((each) => [each.phase, each.prescription])).toEqual([[1, "a"], [2, "d"]]);
  });

  it("may be about a phase as a whole, which asks for no answer", () => {
    const whole = readCheck({ phases: [{ phase: 2, conflicts: [conflict({ action: "warn", prescription: null, key: null })] }] });
    expect(ofPhase(whole, 2)).toHaveLength(1);
    expect(unsettled(program(), whole, {})).toEqual([]);
  });

  it("of a refusal join what is known: its own replaced, warnings kept", () => {
    const known = readCheck({ phases: [{ phase: 1, conflicts: [conflict({ sentence: "old" }), conflict({ rule: "R02", action: "warn" })] }] });
    const refused = readRefusal(program(), { conflicts: [conflict({ sentence: "new" }), conflict({ prescription: "d", key: "key-d" })] });
    expect(refused.map((each) => each.phase)).toEqual([1, 2]);
    expect(merge(known, refused).map((each) => [each.rule, each.sentence])).toEqual([["R02", ""], ["R01", "new"], ["R01", ""]]);
    expect(readRefusal(program(), null)).toEqual([]);
  });

  it("inform when they are warnings, and want a reason when they block or need a release", () => {
    expect(isSettled(program(), conflict({ action: "warn" }), {})).toBe(true);
    expect(isSettled(program(), conflict({ action: "release" }), {})).toBe(false);
    const reasons = keep({}, [conflict()], "key-a", "cleared by the surgeon");
    expect(unsettled(program(), [conflict(), conflict({ prescription: "b" })], reasons)).toHaveLength(1);
  });

  it("do not count for an exercise that is not in the program any more", () => {
    expect(unsettled(program(), [conflict({ prescription: "gone" })], {})).toEqual([]);
  });

  it("send one reason a rule and key, and only for conflicts that still stand", () => {
    const reasons = { ...keep({}, [conflict(), conflict({ rule: "R05" })], "key-a", "why"), "R99 key-a": "old" };
    expect(overrides(program(), [conflict(), conflict({ rule: "R05" }), conflict({ action: "warn", rule: "R02" })], reasons)).toEqual([
      { rule: "R01", key: "key-a", reason: "why" },
      { rule: "R05", key: "key-a", reason: "why" },
    ]);
  });

  it("are open again once the reason is taken back", () => {
    const reasons = keep(keep({}, [conflict()], "key-a", "why"), [conflict()], "key-b", "why");
    expect(Object.keys(forget(reasons, "key-a"))).toEqual(["R01 key-b"]);
  });
});
