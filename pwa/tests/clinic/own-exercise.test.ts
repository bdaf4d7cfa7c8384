import { describe, expect, it } from "vitest";
import { bodyOf, copyOf, draftOf, emptyDraft, gaps } from "../../src/clinic/library/own/draft";
import { angle, heldBy, misfits, rangeOf, withAngle, withRow, type Figure } from "../../src/clinic/library/own/figure";
import type { ExerciseDetail } from "../../src/clinic/types";

/** The clam: feet on each other, so that outward rotation may read as more than 45° only where a foot is attached. */
const CLAM: Figure = {
  cam: [20, 14], base: "side", root: ["pelvis", 5], tempo: [2, 1, 2], props: [{ mat: [-55, 50, 15] }],
  start: { hip_w: [45, 0, 0], knee_w: 90, hands: { w: "hip_w" } },
  end: { hip_w: [45, 30, 10] },
  pin: { foot_o: 0 },
};

describe("joint angles", () => {
  it("at the end are the start's where the end says nothing, and 0 where nobody says anything", () => {
    expect(angle(CLAM, "end", "knee_w", 0)).toBe(90);
    expect(angle(CLAM, "end", "hip_w", 1)).toBe(30);
    expect(angle(CLAM, "start", "trunk", 2)).toBe(0);
  });

  it("change one at a time; what the form does not edit is carried along", () => {
    const next = withAngle(CLAM, "end", "hip_w", 0, 60);
    expect(next.end["hip_w"]).toEqual([60, 30, 10]);
    expect(next.start).toBe(CLAM.start);
    expect(next["props"]).toBe(CLAM["props"]);
    expect(CLAM.end["hip_w"]).toEqual([45, 30, 10]);
    expect(withAngle(CLAM, "end", "knee_w", 0, 40).end["knee_w"]).toBe(40);
    expect(withAngle(CLAM, "end", "trunk", 1, 5).end["trunk"]).toEqual([0, 5, 0]);
    expect(withRow(CLAM, "tempo", 1, 20).tempo).toEqual([2, 20, 2]);
  });

  it("set at the start are followed by the end until it has its own", () => {
    const bent = withAngle(CLAM, "start", "knee_w", 0, 70);
    expect(angle(bent, "end", "knee_w", 0)).toBe(70);
    expect(angle(withAngle(withAngle(CLAM, "end", "knee_w", 0, 20), "start", "knee_w", 0, 70), "end", "knee_w", 0)).toBe(20);
  });

  it("out of range are all found, at the places by which the server names them", () => {
    const wrong = withRow(withAngle(withAngle(CLAM, "end", "hip_w", 0, 126), "start", "knee_w", 0, -1), "cam", 1, 81);
    expect(misfits(wrong)).toEqual([
      { place: "start.knee_w", value: -1, range: [0, 150] },
      { place: "end.hip_w.0", value: 126, range: [-30, 125] },
      { place: "cam.1", value: 81, range: [-60, 80] },
    ]);
    expect(misfits(withAngle(CLAM, "end", "hip_w", 0, 125))).toEqual([]);
    expect(misfits(withAngle(CLAM, "end", "hip_w", 0, Number.NaN))).toHaveLength(1);
  });

  it("allow the wider rotation of a foot that lies on the other leg, on that side only", () => {
    const figure4 = { ...CLAM, attach: { foot_w: "thigh_o" } };
    expect(rangeOf(CLAM, "hip_w", 2)).toEqual([-45, 45]);
    expect(rangeOf(figure4, "hip_w", 2)).toEqual([-45, 85]);
    expect(rangeOf(figure4, "hip_o", 2)).toEqual([-45, 45]);
  });

  it("of a limb whose foot or hand is held do not decide alone", () => {
    expect(heldBy(CLAM, "end", "leg_o")).toBe("foot");
    expect(heldBy(CLAM, "end", "leg_w")).toBeNull();
    expect(heldBy(CLAM, "end", "arm_w")).toBe("hand");
    expect(heldBy(CLAM, "end", "arm_o")).toBeNull();
    expect(heldBy(CLAM, "start", "body")).toBeNull();
    expect(heldBy({ ...CLAM, end: { hands: { w: "free" } } }, "end", "arm_w")).toBeNull();
  });
});

const LIBRARY = {
  ...emptyDraft("11111111-1111-7111-8111-111111111111"), version: 3, owner: null, archived: false, slug: "clam", synonyms: ["shell"], sources: ["A book [R]"],
  name: "Clam", muscles: [{ slug: "gluteus-medius", role: "primary" }], steps: ["Lie down.", "Lift."], easier: null, harder: null, review_status: "reviewed",
  figure: null, video: null, anim: CLAM,
} as unknown as ExerciseDetail;

describe("an own exercise", () => {
  it("cannot be saved without name, primary muscle and three steps, nor with angles out of range", () => {
    expect(gaps(emptyDraft())).toEqual(["name", "muscles", "steps"]);
    const whole = { ...draftOf(LIBRARY), steps: ["a", "b", "c"] };
    expect(gaps(whole)).toEqual([]);
    expect(gaps({ ...whole, steps: ["a", "b", "  "] })).toEqual(["steps"]);
    expect(gaps({ ...whole, muscles: [{ slug: "piriformis", role: "secondary" }] })).toEqual(["muscles"]);
    expect(gaps({ ...whole, figure: withAngle(CLAM, "end", "hip_w", 0, 140) })).toEqual(["figure"]);
  });

  it("that begins as another one is a new one: other id, no version, no sources, not reviewed", () => {
    const copy = copyOf(LIBRARY, "Clam, our version", "22222222-2222-7222-8222-222222222222");
    expect(copy).toMatchObject({ id: "22222222-2222-7222-8222-222222222222", version: null, name: "Clam, our version", figure: CLAM });
    for (const field of ["id", "version", "sources", "synonyms", "review_status", "owner"]) expect(bodyOf(copy)).not.toHaveProperty(field);
  });

  it("is sent without blanks at the edges and without empty steps", () => {
    expect(bodyOf({ ...draftOf(LIBRARY), name: " Clam ", steps: [" a ", "", "b", "c "] })).toMatchObject({ name: "Clam", steps: ["a", "b", "c"] });
  });

  it("takes a figure away only where there was one, as a photo would go with it", () => {
    const photo = draftOf({ ...LIBRARY, anim: null } as unknown as ExerciseDetail);
    expect(bodyOf(photo)).not.toHaveProperty("figure");
    expect(bodyOf({ ...photo, figure: CLAM })).toHaveProperty("figure", CLAM);
    expect(bodyOf({ ...draftOf(LIBRARY), figure: null })).toHaveProperty("figure", null);
  });

  it("always offers three steps to write", () => {
    expect(draftOf(LIBRARY).steps).toEqual(["Lie down.", "Lift.", ""]);
  });
});
