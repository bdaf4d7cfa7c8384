import { describe, expect, it } from "vitest";
import { answerOf, present, withAnswer, withBack, withNumber, withSurgery } from "../../src/clinic/patient/findings";

describe("findings", () => {
  it("tell no and not known apart", () => {
    expect(answerOf({}, "radiating")).toBe("unknown");
    expect(answerOf(withAnswer({}, "radiating", "no"), "radiating")).toBe("no");
    expect(withAnswer({ radiating: true }, "radiating", "unknown")).toEqual({});
  });

  it("leave alone what the form does not show", () => {
    expect(withAnswer({ ifs_mm: 12, medicines: "none" }, "knee", "yes")).toEqual({ ifs_mm: 12, medicines: "none", knee: true });
  });

  it("keep zero as a number and take an emptied field out", () => {
    expect(withNumber({}, "sitting_pain", 0)).toEqual({ sitting_pain: 0 });
    expect(withNumber({ sitting_pain: 4 }, "sitting_pain", null)).toEqual({});
  });

  it("hold both kinds of back pain, or none", () => {
    const both = withBack(withBack({}, "bending", true), "arching", true);
    expect(both).toEqual({ lbp: ["bending", "arching"] });
    expect(withBack(withBack(both, "bending", false), "arching", false)).toEqual({});
  });

  it("know no operation without its date", () => {
    expect(withSurgery({}, { weight_bearing_cleared: true })).toEqual({});
    expect(withSurgery({ surgery: { on: "2026-10-01" } }, { hip_flexion_max: 70 })).toEqual({ surgery: { on: "2026-10-01", hip_flexion_max: 70 } });
    expect(withSurgery({ surgery: { on: "2026-10-01" } }, { on: "" })).toEqual({});
  });

  it("list what is true", () => {
    expect(present({ radiating: true, knee: false, sitting_pain: 4, lbp: ["bending"] })).toEqual(["radiating", "sitting_pain", "lbp"]);
  });
});
