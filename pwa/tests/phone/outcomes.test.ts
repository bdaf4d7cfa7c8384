/** When outcomes are asked, and what their answers are when they are sent. */
import { describe, expect, test } from "vitest";
import python from "../../../patients/outcomes.py?raw";
import {
  activityNames,
  dueOutcomes,
  isCurrent,
  newOutcomeDraft,
  nextQuestion,
  outcomeItem,
  questionsOf,
  scheduled,
  WINDOWS,
  withAnswer,
  withNames,
  type DueOutcome,
  type OutcomeDraft,
} from "../../src/phone/progress/outcomes";
import { newEntry, type Entry } from "../../src/phone/store/entry";
import { addDays } from "../../src/phone/store/time";

const START = "2026-11-02";
const AT = "2026-11-24T07:10:00+01:00";

let made = 0;
const makeId = (): string => `id-${(made += 1)}`;
const both = (timepoint: DueOutcome["timepoint"]): DueOutcome[] => [
  { instrument: "nprs", timepoint },
  { instrument: "psfs", timepoint },
];
const answered = (instrument: string, timepoint: string, answers: object = {}): Entry =>
  newEntry({ type: "outcome", id: makeId(), at: AT, instrument, timepoint, answers }, 1);

describe("the schedule", () => {
  test("its windows are the server's", () => {
    const table = /^WINDOWS[^{]*\{([^}]*)\}/m.exec(python)![1]!;
    const rows = [...table.matchAll(/^\s*("?\w+"?): \((-?\d+), (\d+)\)/gm)];
    const theirs = Object.fromEntries(
      rows.map(([, name, from, to]) => [name!.replaceAll('"', "").toLowerCase(), [Number(from), Number(to)]]),
    );
    expect(theirs).toEqual(WINDOWS);
  });

  test.each([
    [-15, null],
    [-14, "baseline"],
    [20, "baseline"],
    [21, "w4"],
    [34, "w4"],
    [35, null],
    [49, "w8"],
    [97, "w12"],
    [98, null],
    [181, "w24"],
    [182, null],
  ])("day %i of the plan asks %s", (day, timepoint) => {
    const due = scheduled(START, addDays(START, day));
    expect(new Set(due.map((one) => one.timepoint))).toEqual(new Set(timepoint === null ? [] : [timepoint]));
  });

  test("change since the start is not asked at the start", () => {
    const names = (day: number): string[] => scheduled(START, addDays(START, day)).map((one) => one.instrument);
    expect(names(0)).toEqual(["nprs", "psfs"]);
    expect(names(28)).toEqual(["nprs", "psfs", "groc"]);
  });

  test("the server's word of today goes before the schedule, an older one does not", () => {
    const said = { due: [{ instrument: "groc", timepoint: "w8" }] as DueOutcome[], on: "2026-11-24" };
    const known = { said, scores: both("baseline"), entries: [], startsOn: START };
    expect(dueOutcomes(known, "2026-11-24")).toEqual(said.due);
    expect(dueOutcomes(known, "2026-11-25").map((one) => one.instrument)).toEqual(["nprs", "psfs", "groc"]);
  });

  test("what was answered here is not asked again, with or without a network; what was taken back is", () => {
    const entry = answered("nprs", "baseline");
    const known = { said: null, scores: [], entries: [entry], startsOn: START };
    expect(dueOutcomes(known, START).map((one) => one.instrument)).toEqual(["psfs"]);
    const said = { due: both("baseline"), on: START };
    expect(dueOutcomes({ ...known, said }, START).map((one) => one.instrument)).toEqual(["psfs"]);
    const voided = { ...known, entries: [{ ...entry, state: "voided" as const }] };
    expect(dueOutcomes(voided, START).map((one) => one.instrument)).toEqual(["nprs", "psfs"]);
  });

  test("without a plan and without a word of the server nothing is asked", () => {
    expect(dueOutcomes({ said: null, scores: [], entries: [], startsOn: null }, START)).toEqual([]);
  });
});

describe("the answers", () => {
  const draft = (activities: string[] = []): OutcomeDraft => newOutcomeDraft(both("baseline"), activities, makeId);
  const names = (...texts: string[]): OutcomeDraft => ({
    ...draft(),
    psfs: { activities: texts.map((text) => ({ text, score: null })) },
  });

  test("nothing is preselected, and nothing said is nothing sent", () => {
    const fresh = draft();
    expect(outcomeItem(fresh, "nprs", AT)).toBeNull();
    expect(outcomeItem(fresh, "psfs", AT)).toBeNull();
    expect(outcomeItem(fresh, "groc", AT)).toBeNull();
  });

  test("zero is an answer, and what was left out is null", () => {
    const zero = withAnswer(draft(), "nprs.average", 0);
    expect(outcomeItem(zero, "nprs", AT)).toEqual({
      type: "outcome",
      id: zero.ids.nprs,
      at: AT,
      instrument: "nprs",
      timepoint: "baseline",
      answers: { now: null, average: 0, worst: null },
    });
  });

  test("one question after the other; one that is passed over stays open no longer", () => {
    let now = draft();
    expect(nextQuestion(now, "nprs")).toBe("nprs.now");
    now = withAnswer(now, "nprs.now", 3);
    expect(nextQuestion(now, "nprs")).toBe("nprs.average");
    now = { ...now, passed: ["nprs.average"] };
    expect(nextQuestion(now, "nprs")).toBe("nprs.worst");
    now = withAnswer(now, "nprs.worst", 6);
    expect(nextQuestion(now, "nprs")).toBeNull();
    expect(withAnswer(now, "nprs.average", 4).passed).toEqual([]);
  });

  test("activities are named first, then each is rated; empty and repeated names are no activities", () => {
    const typed = names(" Drive a car ", "", "drive  a CAR", "stairs");
    expect(questionsOf(typed, "psfs")).toEqual(["psfs.names"]);
    const named = withNames(typed);
    expect(named.psfs.activities.map((one) => one.text)).toEqual(["Drive a car", "stairs"]);
    expect(questionsOf(named, "psfs")).toEqual(["psfs.names", "psfs.0", "psfs.1"]);
    expect(nextQuestion(named, "psfs")).toBe("psfs.0");
    const rated = withAnswer(named, "psfs.1", 7);
    expect(outcomeItem(rated, "psfs", AT)?.["answers"]).toEqual({
      activities: [
        { text: "Drive a car", score: null },
        { text: "stairs", score: 7 },
      ],
    });
  });

  test("later the same activities are rated again, without naming them", () => {
    const later = newOutcomeDraft([{ instrument: "psfs", timepoint: "w4" }], ["stairs", "drive"], makeId);
    expect(questionsOf(later, "psfs")).toEqual(["psfs.0", "psfs.1"]);
  });

  test("names come from the server, else from what this phone was told", () => {
    const entry = answered("psfs", "baseline", { activities: [{ text: "stairs", score: 2 }] });
    expect(activityNames(["drive"], [entry])).toEqual(["drive"]);
    expect(activityNames([], [entry])).toEqual(["stairs"]);
    expect(activityNames(undefined, [])).toEqual([]);
  });

  test("what was begun goes on as long as it is asked for", () => {
    const begun = draft();
    expect(isCurrent(begun, both("baseline"))).toBe(true);
    expect(isCurrent(begun, both("w4"))).toBe(false);
    expect(isCurrent({ ...begun, closed: ["nprs"] }, [{ instrument: "nprs", timepoint: "baseline" }])).toBe(false);
  });
});
