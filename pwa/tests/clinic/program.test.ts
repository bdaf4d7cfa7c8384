import { describe, expect, it } from "vitest";
import * as edits from "../../src/clinic/builder/program";
import { exercise, ids, item, phase, program } from "./world";

const counter = (): (() => string) => {
  let n = 0;
  return () => `new-${++n}`;
};

describe("moving", () => {
  it("steps within a phase and on into the neighbour", () => {
    expect(ids(edits.step(program(), "a", 1))).toEqual([["b", "a", "c"], ["d"]]);
    expect(ids(edits.step(program(), "c", 1))).toEqual([["a", "b"], ["c", "d"]]);
    expect(ids(edits.step(program(), "d", -1))).toEqual([["a", "b", "c", "d"], []]);
  });

  it("leaves the first and the last where they are", () => {
    const before = program();
    expect(edits.step(before, "a", -1)).toBe(before);
    expect(edits.step(before, "d", 1)).toBe(before);
  });

  it("drops at a place counted without the dragged item", () => {
    expect(ids(edits.move(program(), "a", "phase-1", 2))).toEqual([["b", "c", "a"], ["d"]]);
    expect(ids(edits.move(program(), "a", "phase-2", 1))).toEqual([["b", "c"], ["d", "a"]]);
  });

  it("gives an item a new key when it comes to meet its own copy, and keeps the key otherwise", () => {
    const copied = program({ phases: [phase(1, [item("a")]), phase(2, [item("x", { key: "key-a" })])] });
    const moved = edits.move(copied, "a", "phase-2", 0).phases[1]!.prescriptions;
    expect(moved[0]!.key).not.toBe("key-a");
    expect(edits.find(edits.move(program(), "a", "phase-2", 0), "a")!.prescription.key).toBe("key-a");
  });
});

describe("phases", () => {
  it("copies a phase right after itself: new ids, same keys, later phases move along", () => {
    const copied = edits.copyPhase(program(), "phase-1", "Again", counter());
    expect(copied.phases.map((each) => [each.n, each.name, each.from_day, each.to_day])).toEqual([
      [1, "Phase 1", 0, 21], [2, "Again", 21, 42], [3, "Phase 2", 42, 63],
    ]);
    expect(copied.phases[1]!.prescriptions.map((each) => each.key)).toEqual(["key-a", "key-b", "key-c"]);
    expect(new Set(copied.phases.flatMap((each) => each.prescriptions.map((one) => one.id))).size).toBe(7);
  });

  it("closes the gap that a removed phase leaves", () => {
    const [left] = edits.removePhase(program(), "phase-1").phases;
    expect([left!.n, left!.from_day, left!.to_day]).toEqual([1, 0, 21]);
  });

  it("changes a length without changing the lengths of the others", () => {
    const longer = edits.setWeeks(program(), "phase-1", 5);
    expect(longer.phases.map((each) => [each.from_day, each.to_day])).toEqual([[0, 35], [35, 56]]);
  });

  it("adds a phase after the last day", () => {
    expect(edits.addPhase(program(), "New", counter()).phases[2]).toMatchObject({ n: 3, name: "New", from_day: 42, to_day: 63 });
  });
});

describe("prescriptions", () => {
  it("starts with the exercise's own dose and days", () => {
    const added = edits.prescribeDefaults(exercise(), counter());
    expect(added).toMatchObject({ id: "new-1", key: "new-2", exercise: "clam", dose: exercise().default_dose, needs_release: false });
  });

  it("swaps in another exercise under a new key, with its own dose, the same days and the same side", () => {
    const before = program({ phases: [phase(1, [item("a", { dose: { ...exercise().default_dose, side: "left" } })])] });
    const bridge = exercise({ id: "bridge", default_dose: { ...exercise().default_dose, sets: 2 } });
    const after = edits.swap(before, "a", bridge, counter()).phases[0]!.prescriptions[0]!;
    expect(after).toMatchObject({ id: "new-1", key: "new-2", exercise: "bridge", frequency: item("a").frequency });
    expect(after.dose).toMatchObject({ sets: 2, side: "left" });
  });

  it("knows the same content whatever the version and the order of fields", () => {
    const before = program();
    expect(edits.sameContent(before, { ...before, version: 9 })).toBe(true);
    const { sets, ...rest } = exercise().default_dose;
    expect(edits.sameContent(before, edits.update(before, "a", { dose: { ...rest, sets } }))).toBe(true);
    expect(edits.sameContent(before, edits.update(before, "a", { note: "slowly" }))).toBe(false);
  });
});
