import { describe, expect, test } from "vitest";
import type { Dose } from "../../src/api/types";
import {
  advance,
  face,
  finishSet,
  isComplete,
  isRunning,
  pause,
  play,
  repace,
  setsDone,
  skipStep,
  startOf,
  stepsOf,
  type Run,
} from "../../src/phone/session/timer";
import { DOSE } from "./world";

const dose = (change: Partial<Dose>): Dose => ({ ...DOSE, ...change });
const HOLD = dose({ sets: 3, reps: 1, hold_s: 30, rest_s: 30 });
const HELD_REPS = dose({ sets: 2, reps: 3, hold_s: 5, rest_s: 45 });
const REPS = dose({ sets: 2, reps: 12, hold_s: null, rest_s: 60 });
const T0 = 1_000_000;

/** Lets the clock tick in steps a browser would, and returns where the run is. */
function after(run: Run, seconds: number, from = T0): Run {
  let current = run;
  for (let ms = 0; ms <= seconds * 1000; ms += 100) current = advance(current, from + ms);
  return current;
}
const kinds = (d: Dose, options = {}): string =>
  stepsOf(d, options)
    .map((step) => `${step.kind}${step.seconds ?? ""}`)
    .join(" ");

describe("steps", () => {
  test("three holds with rests", () => expect(kinds(HOLD)).toBe("ready5 hold30 rest30 hold30 rest30 hold30"));
  test("held repetitions", () =>
    expect(kinds(HELD_REPS)).toBe("ready5 hold5 move3 hold5 move3 hold5 rest45 hold5 move3 hold5 move3 hold5"));
  test("repetitions without a hold are paced as one set", () =>
    expect(kinds(REPS, { repSeconds: 3 })).toBe("ready5 reps36 rest60 reps36"));
  test("a prescribed tempo is the pace, whatever the person has chosen", () => {
    expect(kinds(dose({ sets: 1, reps: 10, hold_s: null, tempo: [3, 1, 4] }), { repSeconds: 3 })).toBe("ready5 reps80");
    expect(kinds(dose({ sets: 1, reps: 2, hold_s: 5, tempo: [3, 1, 4] }))).toBe("ready5 hold5 move7 hold5");
  });
  test("alternating: both sides in each repetition; a single one, a walk, alternates by itself", () => {
    expect(kinds(dose({ sets: 1, reps: 2, hold_s: 5, side: "alternating" }))).toBe(
      "ready5 hold5 change3 hold5 change3 hold5 change3 hold5",
    );
    expect(
      stepsOf(dose({ sets: 1, reps: 2, hold_s: 5, side: "alternating" }))
        .filter((step) => step.kind === "hold")
        .map((step) => step.rep),
    ).toEqual([1, 1, 2, 2]);
    expect(kinds(dose({ sets: 1, reps: 10, hold_s: null, side: "alternating" }), { repSeconds: 3 })).toBe(
      "ready5 reps60",
    );
    expect(kinds(dose({ sets: 1, reps: 1, hold_s: 600, side: "alternating" }))).toBe("ready5 hold600");
  });
  test("a set without numbers ends when the person says so", () =>
    expect(kinds(dose({ sets: 2, reps: null, hold_s: null, rest_s: 0 }))).toBe("ready5 free move3 free"));
  test("an interrupted session goes on with the set that was not done", () => {
    const steps = stepsOf(HOLD, { setsDone: 2 });
    expect(steps.map((step) => [step.kind, step.set])).toEqual([
      ["ready", 3],
      ["hold", 3],
    ]);
    expect(setsDone(startOf(steps))).toBe(2);
  });
  test("nothing is left when all sets are done", () =>
    expect(isComplete(startOf(stepsOf(HOLD, { setsDone: 3 })))).toBe(true));
});

describe("running", () => {
  const started = play(startOf(stepsOf(HOLD)), T0);

  test("before the start it shows the hold, still", () => {
    expect(face(startOf(stepsOf(HOLD)), T0, 1)).toEqual({ kind: "hold", set: 1, rep: 1, digits: 30, tide: 0 });
  });
  test("counts down, fills the tide, rests, and knows the set is done", () => {
    expect(face(after(started, 2), T0 + 2000, 1)).toMatchObject({ kind: "ready", digits: 3 });
    expect(face(after(started, 17), T0 + 17_000, 1)).toMatchObject({ kind: "hold", digits: 18, tide: 0.4 });
    const resting = after(started, 41);
    expect(face(resting, T0 + 41_000, 1)).toMatchObject({ kind: "rest", digits: 24, tide: 0 });
    expect(setsDone(resting)).toBe(1);
  });
  test("the last second shows 1, never 0 and never minus", () => {
    expect(face(after(started, 34.9), T0 + 34_900, 1)).toMatchObject({ kind: "hold", digits: 1 });
  });
  test("ends by itself after the last hold: 5 + 3 × 30 + 2 × 30 seconds", () => {
    expect(isComplete(after(started, 154.8))).toBe(false);
    const done = after(started, 155);
    expect(isComplete(done)).toBe(true);
    expect(isRunning(done)).toBe(false);
    expect(setsDone(done)).toBe(3);
  });
  test("a pause stops the clock and keeps the seconds", () => {
    const paused = pause(after(started, 10), T0 + 10_000);
    expect(face(advance(paused, T0 + 500_000), T0 + 500_000, 1)).toMatchObject({ kind: "hold", digits: 25 });
    const again = play(paused, T0 + 600_000);
    expect(face(advance(again, T0 + 605_000), T0 + 605_000, 1)).toMatchObject({ digits: 20 });
  });
  test("ticks that come late do not stretch a hold", () => {
    const late = advance(advance(started, T0 + 5400), T0 + 36_000);
    expect(face(late, T0 + 36_000, 1)).toMatchObject({ kind: "rest", digits: 29 });
  });
  test("a phone that slept is not a person who exercised: one hold is over, no further set is counted", () => {
    const woken = advance(after(started, 10), T0 + 600_000);
    expect(setsDone(woken)).toBe(1);
    expect(face(woken, T0 + 600_000, 1)).toMatchObject({ kind: "rest", digits: 30 });
  });
  test("go now ends the rest; the set starts whole", () => {
    const resting = after(started, 41);
    expect(face(skipStep(resting, T0 + 41_000), T0 + 41_000, 1)).toMatchObject({ kind: "hold", set: 2, digits: 30 });
  });
  test("set done in the middle of held repetitions counts the set and rests", () => {
    const middle = after(play(startOf(stepsOf(HELD_REPS)), T0), 7);
    const rested = finishSet(middle, T0 + 7000);
    expect(setsDone(rested)).toBe(1);
    expect(face(rested, T0 + 7000, 3)).toMatchObject({ kind: "rest", digits: 45 });
  });
});

describe("repetitions", () => {
  const started = skipStep(play(startOf(stepsOf(REPS, { repSeconds: 4 })), T0), T0);

  test("shows the one that is running, from 1 to 12", () => {
    expect(face(started, T0, 12)).toMatchObject({ kind: "reps", digits: 1 });
    expect(face(after(started, 20.1), T0 + 20_100, 12)).toMatchObject({ digits: 6 });
    expect(face(after(started, 47.9), T0 + 47_900, 12)).toMatchObject({ digits: 12 });
  });
  test("a slower pace keeps the repetition that is running", () => {
    const slower = repace(after(started, 20.1), REPS, 6, T0 + 20_100);
    expect(face(slower, T0 + 20_100, 12)).toMatchObject({ digits: 6 });
    expect(face(after(slower, 5, T0 + 20_100), T0 + 25_100, 12)).toMatchObject({ digits: 6 });
    expect(face(after(slower, 6, T0 + 20_100), T0 + 26_100, 12)).toMatchObject({ digits: 7 });
  });
  test("held repetitions fill the tide over the whole set", () => {
    const run = after(play(startOf(stepsOf(HELD_REPS)), T0), 5 + 5 + 3 + 2.5);
    expect(face(run, T0 + 15_500, 3)).toMatchObject({ kind: "hold", rep: 2, tide: 0.5 });
  });
});
