import { describe, expect, it } from "vitest";
import { precautionsOf } from "../../src/clinic/patient/precautions";

const conflict = (change: Record<string, unknown>) => ({
  rule: "R01", action: "warn", prescription: "p1", key: "k1", finding: "condition = IFI", demands: [], sentence: "Keep your leg in line.", cap: "Thigh never behind the trunk",
  source: "", certainty: "low", alternatives: [], ...change,
});

describe("what to take care with", () => {
  it("is one line a rule, of the phase in force alone", () => {
    const answer = {
      phases: [
        { phase: 1, conflicts: [conflict({ rule: "R09" })] },
        { phase: 2, conflicts: [conflict({}), conflict({ prescription: "p2" }), conflict({ rule: "R03", prescription: null, cap: null, finding: "painful gait" }), conflict({ rule: "release" })] },
      ],
    };
    expect(precautionsOf(answer, 2)).toEqual([
      { rule: "R01", what: "Thigh never behind the trunk", why: "IFI", prescriptions: ["p1", "p2"] },
      { rule: "R03", what: "Keep your leg in line.", why: "painful gait", prescriptions: [] },
    ]);
  });
});
