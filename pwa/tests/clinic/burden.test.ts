import { describe, expect, it } from "vitest";
import { byWeekday, heaviest, level, seconds, spread } from "../../src/clinic/builder/burden";
import { convert, daysAWeek, onWeekday, toggleDay } from "../../src/clinic/builder/frequency";
import type { Dose, Exercise, Prescription } from "../../src/clinic/types";
import { exercise, item, phase } from "./world";

const dose = (change: Partial<Dose>): Dose => ({ ...exercise().default_dose, hold_s: null, tempo: null, ...change });

describe("seconds of one exercise", () => {
  // The same cases as tests/programs/test_burden.py: phone, clinic and server must agree.
  it.each<[Partial<Dose>, Exercise["laterality"], number]>([
    [{ sets: 3, reps: 10, rest_s: 60, side: "affected" }, "unilateral", 3 * 10 * 5 + 2 * 60],
    [{ sets: 3, reps: 10, hold_s: 3, rest_s: 60, side: "affected" }, "unilateral", 3 * 10 * 8 + 2 * 60],
    [{ sets: 5, reps: 1, hold_s: 20, rest_s: 30, side: "both" }, "bilateral", 5 * 20 + 4 * 30],
    [{ sets: 5, reps: null, hold_s: 20, rest_s: 30, side: "both" }, "bilateral", 5 * 20 + 4 * 30],
    [{ sets: 2, reps: 8, rest_s: 30, side: "both", tempo: [3, 1, 3] }, "bilateral", 2 * 8 * 7 + 30],
    [{ sets: 2, reps: 8, hold_s: 2, rest_s: 30, side: "both", tempo: [3, 1, 3] }, "bilateral", 2 * 8 * 8 + 30],
    [{ sets: 3, reps: 10, rest_s: 60, side: "both" }, "unilateral", 2 * (150 + 120)],
    [{ sets: 3, reps: 10, rest_s: 60, side: "both" }, "bilateral", 150 + 120],
    [{ sets: 3, reps: 10, rest_s: 60, side: "alternating" }, "alternating", 2 * 150 + 120],
    [{ sets: 3, reps: 10, rest_s: 60, side: "left" }, "alternating", 150 + 120],
    [{ sets: 1, reps: 1, hold_s: 600, rest_s: 0, side: "alternating" }, "alternating", 600],
  ])("%o, %s: %d", (change, laterality, expected) => {
    expect(seconds(item("a", { dose: dose(change) }), exercise({ laterality }))).toBe(expected);
  });
});

const TEN_MINUTES = dose({ sets: 1, reps: null, hold_s: 600, rest_s: 0, side: "affected" });
const all = new Map([["clam", exercise()], ["walk", exercise({ id: "walk", muscles: [{ slug: "gait-pattern", role: "primary" }] })]]);
const ten = (id: string, change: Partial<Prescription> = {}): Prescription => item(id, { dose: TEN_MINUTES, ...change });

describe("a week", () => {
  it("counts dated items on their days and free ones as an average on all", () => {
    const days = byWeekday(
      phase(1, [
        ten("a", { frequency: { kind: "weekdays", days: [1, 3], times_per_day: 2 } }),
        ten("b", { frequency: { kind: "interval", every_days: 2, times_per_day: 1 } }),
        ten("c", { frequency: { kind: "per_week", count: 7 } }),
      ]),
      all,
    );
    expect(days.map((each) => each.minutes)).toEqual([35, 15, 35, 15, 15, 15, 15]);
    expect(days.map((each) => each.exercises)).toEqual([2.5, 1.5, 2.5, 1.5, 1.5, 1.5, 1.5]);
    expect(heaviest(days).day).toBe(1);
  });

  it("names the steps of the product, each exclusive", () => {
    expect(level({ exercises: 4, minutes: 20 })).toBe("fine");
    expect(level({ exercises: 5, minutes: 20 })).toBe("note");
    expect(level({ exercises: 4, minutes: 20.1 })).toBe("note");
    expect(level({ exercises: 8, minutes: 30 })).toBe("note");
    expect(level({ exercises: 8.1, minutes: 3 })).toBe("warning");
    expect(level({ exercises: 1, minutes: 31 })).toBe("warning");
  });
});

describe("spreading over A and B days", () => {
  const daysOf = (items: Prescription[]) => items.map((each) => (each.frequency.kind === "weekdays" ? each.frequency.days : each.frequency.kind));

  it("moves every other item of three days and leaves the amount", () => {
    const three = { kind: "weekdays" as const, days: [1, 3, 5], times_per_day: 1 };
    const spreaded = spread(phase(1, ["a", "b", "c", "d"].map((id) => ten(id, { frequency: three }))), all);
    expect(daysOf(spreaded.prescriptions)).toEqual([[1, 3, 5], [2, 4, 6], [1, 3, 5], [2, 4, 6]]);
    expect(Math.max(...byWeekday(spreaded, all).map((each) => each.minutes))).toBe(20);
  });

  it("alternates daily items only if that is what it takes, and never walking", () => {
    const daily = { kind: "weekdays" as const, days: [1, 2, 3, 4, 5, 6, 7], times_per_day: 1 };
    const full = phase(1, [...["a", "b", "c", "d"].map((id) => ten(id, { frequency: daily })), ten("w", { exercise: "walk", frequency: daily })]);
    const spreaded = spread(full, all);
    expect(daysOf(spreaded.prescriptions)).toEqual([[1, 3, 5, 7], [2, 4, 6], [1, 3, 5, 7], [2, 4, 6], [1, 2, 3, 4, 5, 6, 7]]);
    const light = phase(1, [ten("a", { frequency: daily })]);
    expect(daysOf(spread(light, all).prescriptions)).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
  });
});

describe("frequencies", () => {
  it("keeps the amount when it is said in another way", () => {
    expect(convert({ kind: "weekdays", days: [1, 3, 5], times_per_day: 2 }, "per_week")).toEqual({ kind: "per_week", count: 3 });
    expect(convert({ kind: "per_week", count: 2 }, "weekdays")).toEqual({ kind: "weekdays", days: [1, 4], times_per_day: 1 });
    expect(convert({ kind: "weekdays", days: [1, 3, 5], times_per_day: 2 }, "interval")).toEqual({ kind: "interval", every_days: 2, times_per_day: 2 });
    expect(convert({ kind: "interval", every_days: 14, times_per_day: 1 }, "per_week")).toEqual({ kind: "per_week", count: 1 });
  });

  it("toggles a weekday in calendar order", () => {
    expect(toggleDay([1, 5], 3)).toEqual([1, 3, 5]);
    expect(toggleDay([1, 3, 5], 3)).toEqual([1, 5]);
  });

  it("gives so many days a week their weekdays", () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((n) => daysAWeek(n).length)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(onWeekday({ kind: "weekdays", days: daysAWeek(2), times_per_day: 1 }, 4)).toBe(1);
  });
});
