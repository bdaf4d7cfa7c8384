import { describe, expect, test } from "vitest";
import { groupsOf, isOpen, itemsOn, nextDueDate } from "../../src/phone/plan/day";
import { doseSeconds, minutesFor } from "../../src/phone/plan/minutes";
import { clinicWords, painColour } from "../../src/phone/plan/painRule";
import { figuresDue } from "../../src/phone/plan/ready";
import { daysInARow, weekOf } from "../../src/phone/plan/week";
import { newEntry, type Entry, type EntryState } from "../../src/phone/store/entry";
import { payloadOf, planOf, prescription, sessionItem, DOSE } from "./world";

const bridge = prescription("bridge", { sets: 2 });
const stretch = prescription("stretch", { sets: 3 });
const due = (id: string, slot = 1, state = "due" as const) => ({ prescription: id, slot, state });
const day = (date: string, ...items: ReturnType<typeof due>[]) => ({ date, items });
const TODAY = "2026-11-24";
const payload = payloadOf([
  planOf(
    [bridge, stretch],
    [
      day("2026-11-23", due("bridge"), due("stretch")),
      day(TODAY, due("bridge"), due("stretch"), due("bridge", 2)),
      day("2026-11-26", due("bridge")),
    ],
  ),
]);

function logged(
  rows: { id: string; sets: number; slot?: number; skipped?: "pain" | null }[],
  at = `${TODAY}T07:10:00+01:00`,
  state: EntryState = "waiting",
): Entry {
  const exercises = rows.map((row) => ({
    id: `log-${row.id}`,
    prescription: row.id,
    slot: row.slot ?? 1,
    side: "both" as const,
    variant: null,
    sets_done: row.sets,
    reps: null,
    hold_s: null,
    load_kg: null,
    pain: null,
    difficulty: null,
    skipped: row.skipped ?? null,
  }));
  return { ...newEntry(sessionItem({ performed_at: at, exercises }), 1), state };
}
const statesWith = (...entries: Entry[]) => itemsOn(payload, entries, TODAY).map((item) => item.state);

describe("the day", () => {
  test("without entries it is the server's", () => expect(statesWith()).toEqual(["due", "due", "due"]));
  test("all sets: done; some: partly; a reason: skipped", () => {
    expect(
      statesWith(
        logged([
          { id: "bridge", sets: 2 },
          { id: "stretch", sets: 1 },
          { id: "bridge", slot: 2, sets: 0, skipped: "pain" },
        ]),
      ),
    ).toEqual(["done", "partly", "skipped"]);
  });
  test.each(["voided", "superseded"] as const)("a %s entry counts for nothing", (state) => {
    expect(statesWith(logged([{ id: "bridge", sets: 2 }], undefined, state))).toEqual(["due", "due", "due"]);
  });
  test("half in the morning and the rest at noon is done", () => {
    expect(statesWith(logged([{ id: "stretch", sets: 3 }]), logged([{ id: "stretch", sets: 1 }]))[1]).toBe("done");
  });
  test("a session belongs to the date the phone showed, not to UTC's", () => {
    expect(statesWith(logged([{ id: "bridge", sets: 2 }], `${TODAY}T00:20:00+01:00`))[0]).toBe("done");
    expect(statesWith(logged([{ id: "bridge", sets: 2 }], "2026-11-23T23:50:00-05:00"))[0]).toBe("due");
  });
  test("slots are separate goes, in order", () => {
    const groups = groupsOf(
      itemsOn(
        payload,
        [
          logged([
            { id: "bridge", sets: 2 },
            { id: "stretch", sets: 3 },
          ]),
        ],
        TODAY,
      ),
    );
    expect(groups.map((group) => [group.slot, group.items.filter(isOpen).length])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });
  test("the next due date skips days of rest", () => expect(nextDueDate(payload, TODAY)).toBe("2026-11-26"));
  test("an item whose prescription the phone does not have is left out", () => {
    const strange = payloadOf([planOf([bridge], [day(TODAY, due("bridge"), due("unknown"))])]);
    expect(itemsOn(strange, [], TODAY)).toHaveLength(1);
  });
});

describe("the week", () => {
  const both = (date: string) =>
    logged(
      [
        { id: "bridge", sets: 2 },
        { id: "stretch", sets: 3 },
        { id: "bridge", slot: 2, sets: 2 },
      ],
      `${date}T08:00:00+01:00`,
    );
  test("done, half, rest, to come, from Monday on", () => {
    const marks = weekOf(payload, [both("2026-11-23"), logged([{ id: "bridge", sets: 2 }])], TODAY).map(
      (one) => one.mark,
    );
    expect(marks).toEqual(["full", "part", "rest", "next", "rest", "rest", "rest"]);
  });
  test("a day the plan does not speak of is unknown, never missed", () => {
    const later = payloadOf([planOf([bridge], [day(TODAY, due("bridge"))])]);
    expect(weekOf(later, [], TODAY)[0]!.mark).toBe("unknown");
  });
  test("a row of days ends at a missed one, and passes over rest", () => {
    expect(daysInARow(payload, [both("2026-11-23"), both(TODAY)], TODAY)).toBe(2);
    expect(daysInARow(payload, [both(TODAY)], TODAY)).toBe(1);
    expect(daysInARow(payload, [both(TODAY), both("2026-11-26")], "2026-11-26")).toBe(2);
  });
});

describe("minutes, as the clinic's burden has them", () => {
  test.each([
    ["a held stretch", { sets: 3, reps: 1, hold_s: 30, rest_s: 30 }, 150],
    ["short holds move in and out", { sets: 2, reps: 10, hold_s: 3, rest_s: 45 }, 205],
    ["repetitions", { sets: 3, reps: 12, hold_s: null, rest_s: 60 }, 300],
    ["both sides in each repetition", { sets: 2, reps: 8, hold_s: 5, rest_s: 30, side: "alternating" as const }, 350],
    [
      "a prescribed tempo, with a hold of its own",
      { sets: 1, reps: 10, hold_s: null, rest_s: 0, tempo: [3, 1, 4] },
      80,
    ],
    ["a prescribed tempo around the dose's hold", { sets: 1, reps: 10, hold_s: 5, rest_s: 0, tempo: [3, 1, 4] }, 120],
    ["a walk", { sets: 1, reps: 1, hold_s: 900, rest_s: 0 }, 900],
    ["a set without numbers", { sets: 2, reps: null, hold_s: null, rest_s: 30 }, 40],
  ])("%s", (_name, change, seconds) => expect(doseSeconds({ ...DOSE, side: "left", ...change })).toBe(seconds));
  test("a day is the sum, in whole minutes, and nothing takes none", () => {
    expect(
      minutesFor([
        { ...DOSE, sets: 3, reps: 1, hold_s: 30, rest_s: 30 },
        { ...DOSE, sets: 1, reps: 1, hold_s: 900, rest_s: 0 },
      ]),
    ).toBe(18);
    expect(minutesFor([{ ...DOSE, sets: 1, reps: 1, hold_s: null }])).toBe(1);
    expect(minutesFor([])).toBe(0);
  });
});

describe("the pain rule (CLINICAL.md D.2, limit 5 and 3)", () => {
  const rule = (limit: number) => ({ limit, baseline: null, words: { red: "Stop that one." } });
  test.each([
    [0, 5, "green"],
    [2, 5, "green"],
    [3, 5, "amber"],
    [5, 5, "amber"],
    [6, 5, "red"],
    [7, 5, "red"],
    [8, 5, "stop"],
    [10, 5, "stop"],
    [3, 3, "amber"],
    [4, 3, "red"],
    [8, 10, "stop"],
  ])("%i with limit %i is %s", (score, limit, colour) => expect(painColour(score, rule(limit))).toBe(colour));
  test("the clinic's own words come first; without them the app speaks", () => {
    expect(clinicWords(6, rule(5))).toBe("Stop that one.");
    expect(clinicWords(9, rule(5))).toBeNull();
    expect(clinicWords(9, { limit: 5, baseline: null, words: { stop: null } })).toBeNull();
  });
});

test("figures due are those of every day in the plan, once", () => {
  expect(figuresDue(payload).sort()).toEqual(
    ["bridge", "stretch"].flatMap((id) => ["poster", "src", "thumb"].map((kind) => `/figures/ex-${id}-${kind}.svg`)),
  );
});
