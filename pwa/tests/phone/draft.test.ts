import { describe, expect, test } from "vitest";
import type { DueGroup } from "../../src/phone/plan/day";
import {
  answeredCount,
  backward,
  forward,
  newDraft,
  toSession,
  touch,
  withItem,
  type Draft,
} from "../../src/phone/session/draft";
import { exercise, planOf, prescription } from "./world";

const NOW = Date.parse("2026-11-24T06:10:00Z");
const bridge = prescription("bridge", { sets: 2, reps: 10, hold_s: 3, side: "both" });
const stretch = prescription("stretch", { sets: 3, reps: 1, hold_s: 30, side: "left" });
const band = prescription("band", {
  sets: 3,
  reps: 12,
  hold_s: null,
  load: "dumbbell",
  load_kg: 2.5,
  side: "alternating",
});
const walk = prescription("walk", { sets: 1, reps: 1, hold_s: 900, side: "both" });
const known = new Map([bridge, stretch, band, walk].map((one) => [one.id, one]));
const plan = planOf([bridge, stretch, band, walk], []);

function group(): DueGroup {
  const items = [bridge, stretch, band, walk].map((one) => ({
    plan,
    prescription: one,
    exercise: exercise(one.id),
    slot: 2,
    state: one === walk ? ("done" as const) : ("due" as const),
    entry: null,
    doneAt: null,
  }));
  return { plan, slot: 2, items };
}
const fresh = (): Draft => newDraft(group(), NOW);

describe("a new session", () => {
  test("holds what is still open, with the phone's date, and nothing answered", () => {
    const draft = fresh();
    expect(draft).toMatchObject({
      plan: "plan",
      date: "2026-11-24",
      slot: 2,
      startedAt: "2026-11-24T07:10:00+01:00",
      index: 0,
      view: "do",
    });
    expect(draft.items.map((item) => [item.prescription, item.side, item.setsDone, item.pain])).toEqual([
      ["bridge", "both", null, null],
      ["stretch", "left", null, null],
      ["band", "both", null, null],
    ]);
  });
});

describe("moving", () => {
  test("forward: do, rate, next; past the last it ends", () => {
    const rate = forward(fresh())!;
    expect(rate).toMatchObject({ index: 0, view: "rate" });
    expect(forward(rate)).toMatchObject({ index: 1, view: "do" });
    expect(forward({ ...rate, index: 2 })).toBeNull();
  });
  test("backward: rate, do, the one before; before the first it leaves", () => {
    const rate = forward(fresh())!;
    expect(backward(rate)).toMatchObject({ index: 0, view: "do" });
    expect(backward(forward(rate)!)).toMatchObject({ index: 0, view: "rate" });
    expect(backward(fresh())).toBeNull();
  });
});

describe("an earlier day, filled in", () => {
  const late = newDraft(group(), NOW, "2026-11-22");
  test("counts for that day and says when it was written down; nobody knows how long it took", () => {
    expect(late).toMatchObject({ date: "2026-11-22", startedAt: "2026-11-22T07:10:00+01:00", view: "rate" });
    const session = toSession(touch(withItem(late, 0, { setsDone: 2 }), NOW + 60_000), known);
    expect(session).toMatchObject({
      performed_at: "2026-11-22T07:10:00+01:00",
      logged_at: "2026-11-24T07:11:00+01:00",
      duration_s: null,
    });
  });
  test("has nothing to time: it goes from answer to answer", () => {
    expect(forward(late)).toMatchObject({ index: 1, view: "rate" });
    expect(backward(forward(late)!)).toMatchObject({ index: 0, view: "rate" });
    expect(backward(late)).toBeNull();
  });
  test("the end of summer time does not move it to another day", () => {
    expect(newDraft(group(), Date.parse("2026-10-25T23:30:00Z"), "2026-10-24").startedAt).toBe(
      "2026-10-24T00:30:00+02:00",
    );
  });
});

describe("time spent", () => {
  test("adds what lies between touches, but not the hours the app was closed", () => {
    const soon = touch(fresh(), NOW + 60_000);
    expect(touch(soon, NOW + 60_000 + 4 * 3_600_000).activeMs).toBe(60_000);
    expect(touch(soon, NOW + 180_000).activeMs).toBe(180_000);
  });
  test("a clock set back does not count", () => expect(touch(fresh(), NOW - 5000).activeMs).toBe(0));
});

describe("as POST /me/sync takes it", () => {
  test("rows with slot, side, what was asked and done; zero pain is an answer, none is null", () => {
    let draft = withItem(fresh(), 0, { setsDone: 2, pain: 0, difficulty: "right" });
    draft = withItem(draft, 1, { setsDone: 1 });
    draft = withItem(draft, 2, { skipped: "equipment" });
    const session = toSession({ ...draft, activeMs: 899_600 }, known);
    expect(session).toEqual({
      type: "session",
      id: draft.id,
      plan: "plan",
      performed_at: "2026-11-24T07:10:00+01:00",
      logged_at: null,
      edited_at: null,
      duration_s: 900,
      pain_before: null,
      pain_after: null,
      effort: null,
      note: "",
      exercises: [
        {
          id: draft.items[0]!.id,
          prescription: "bridge",
          slot: 2,
          side: "both",
          variant: null,
          sets_done: 2,
          reps: [10, 10],
          hold_s: 3,
          load_kg: null,
          pain: 0,
          difficulty: "right",
          skipped: null,
        },
        {
          id: draft.items[1]!.id,
          prescription: "stretch",
          slot: 2,
          side: "left",
          variant: null,
          sets_done: 1,
          reps: [1],
          hold_s: 30,
          load_kg: null,
          pain: null,
          difficulty: null,
          skipped: null,
        },
        {
          id: draft.items[2]!.id,
          prescription: "band",
          slot: 2,
          side: "both",
          variant: null,
          sets_done: 0,
          reps: null,
          hold_s: null,
          load_kg: null,
          pain: null,
          difficulty: null,
          skipped: "equipment",
        },
      ],
    });
  });
  test("what nothing was said about is left out, not logged as zero", () => {
    const draft = withItem(fresh(), 1, { setsDone: 3 });
    expect(answeredCount(draft)).toBe(1);
    expect(toSession(draft, known).exercises.map((log) => log.prescription)).toEqual(["stretch"]);
  });
  test("zero sets without a word is not an answer", () => {
    expect(toSession(withItem(fresh(), 0, { setsDone: 0 }), known).exercises).toEqual([]);
  });
});
