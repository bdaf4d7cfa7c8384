import { describe, expect, it } from "vitest";
import { commit, redo, seal, start, undo } from "../../src/clinic/builder/history";

describe("undo history", () => {
  it("goes back and forth through every step", () => {
    const edited = commit(commit(start("a"), "b"), "c");
    expect(undo(edited).present).toBe("b");
    expect(undo(undo(edited)).present).toBe("a");
    expect(redo(undo(edited)).present).toBe("c");
  });

  it("stays where it is at either end", () => {
    const fresh = start("a");
    expect(undo(fresh)).toBe(fresh);
    expect(redo(fresh)).toBe(fresh);
  });

  it("forgets what was undone once something new is done", () => {
    const branched = commit(undo(commit(start("a"), "b")), "c");
    expect(redo(branched).present).toBe("c");
    expect(undo(branched).present).toBe("a");
  });

  it("makes one step of typing on in one field, and another after a pause", () => {
    let typing = start("");
    for (const text of ["8", "80", "805"]) typing = commit(typing, text, "note");
    expect(undo(typing).present).toBe("");
    const paused = commit(seal(typing), "8055", "note");
    expect(undo(paused).present).toBe("805");
  });

  it("never joins changes of two fields, nor after an undo", () => {
    const two = commit(commit(start("a"), "b", "sets"), "c", "reps");
    expect(undo(two).present).toBe("b");
    expect(undo(commit(undo(two), "d", "reps")).present).toBe("b");
  });

  it("takes an unchanged state for no step", () => {
    const fresh = start({ value: 1 });
    expect(commit(fresh, fresh.present)).toBe(fresh);
  });
});
