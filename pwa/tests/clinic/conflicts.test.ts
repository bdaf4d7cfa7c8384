import { describe, expect, it } from "vitest";
import { forget, isSettled, keep, overrides, readCheck, unsettled } from "../../src/clinic/builder/conflicts";
import type { Conflict } from "../../src/clinic/types";
import { program } from "./world";

const conflict = (change: Partial<Conflict> = {}): Conflict => ({
  rule: "R01", action: "block", prescription: "a", sentence: "", cap: null, source: [], certainty: "moderate", alternatives: [], ...change,
});

describe("precaution conflicts", () => {
  it("are read from every phase of the check", () => {
    const answer = { phases: [{ phase: 1, conflicts: [conflict()] }, { phase: 2, conflicts: [conflict({ prescription: "d" })] }] };
    expect(readCheck(answer).map((each) => each.prescription)).toEqual(["a", "d"]);
    expect(readCheck(null)).toEqual([]);
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
