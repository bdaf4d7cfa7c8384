import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dose } from "../../src/api/types";
import { compose, preferredLanguage, setLanguage } from "../../src/i18n/core";
import { longDay } from "../../src/i18n/format";
import { loggedSide, sayDose } from "../../src/phone/plan/dose";
import { parseBirthDate } from "../../src/phone/screens/join/birthDateParts";
import { backoffMs } from "../../src/phone/store/backoff";
import { uuid7 } from "../../src/phone/store/ids";
import { firstName } from "../../src/phone/store/names";
import { addDays, daysBetween, isoWeekday, isoWithMillis, isoWithOffset, localDate } from "../../src/phone/store/time";
import { DOSE } from "./world";

const say = (change: Partial<Dose>): string => sayDose({ ...DOSE, side: "both", ...change });
const CASES: readonly [Partial<Dose>, string, string][] = [
  [{ sets: 3, reps: 1, hold_s: 30, side: "left" }, "3 × hold 30 s, left", "3 × 30 s, izquierda"],
  [{ sets: 3, reps: null, hold_s: 20 }, "3 × hold 20 s", "3 × 20 s"],
  [{ sets: 3, reps: 10, hold_s: 5, side: "left" }, "3 × 10, hold 5 s, left", "3 × 10, mantén 5 s, izquierda"],
  [{ sets: 2, reps: 8, hold_s: null, side: "right" }, "2 × 8, right", "2 × 8, derecha"],
  [{ sets: 1, reps: 1, hold_s: 900 }, "15 min", "15 min"],
  [{ sets: 1, reps: 1, hold_s: 600, side: "alternating" }, "10 min", "10 min"],
  [{ sets: 2, reps: 1, hold_s: 150 }, "2 × 2.5 min", "2 × 2,5 min"],
  [{ sets: 1, reps: 10, hold_s: null }, "10 times", "10 veces"],
  [{ sets: 2, reps: null, hold_s: null }, "2 sets", "2 series"],
  [
    { sets: 3, reps: 12, hold_s: 1, load: "band", side: "alternating" },
    "3 × 12, hold 1 s, with the band, sides in turn",
    "3 × 12, mantén 1 s, con la goma, lados alternos",
  ],
  [{ sets: 3, reps: 8, load: "dumbbell", load_kg: 2.5 }, "3 × 8, 2.5 kg", "3 × 8, 2,5 kg"],
];

describe("doses as people say them", () => {
  test.each(CASES)("%j in English", (dose, english) => expect(say(dose)).toBe(english));

  describe("in Spanish", () => {
    beforeAll(() => setLanguage("es"));
    afterAll(() => setLanguage("en"));
    test.each(CASES)("%j", (dose, _english, spanish) => expect(say(dose)).toBe(spanish));
    test("the day", () => expect(longDay("2026-11-24")).toBe("Martes 24 de noviembre"));
  });

  test("the day in English", () => expect(longDay("2026-11-24")).toBe("Tuesday 24 November"));
  test("alternating, both and unresolved sides are logged as both", () => {
    expect((["left", "right", "both", "alternating", "affected"] as const).map(loggedSide)).toEqual([
      "left",
      "right",
      "both",
      "both",
      "both",
    ]);
  });
});

describe("messages", () => {
  test("plurals follow the language; numbers are grouped; unknown names stay visible", () => {
    const message = { one: "{count} day, {who}", other: "{count} days" };
    expect(compose(message, { count: 1 }, "en")).toBe("1 day, {who}");
    expect(compose(message, { count: 0 }, "en")).toBe("0 days");
    expect(compose("{n}", { n: 12000 }, "es")).toBe("12.000");
  });
  test("the phone's first language that we have", () => {
    expect(preferredLanguage(["fr-FR", "es-MX", "en"])).toBe("es");
    expect(preferredLanguage(["ca"])).toBe("en");
  });
});

describe("time", () => {
  test("instants carry this phone's offset, in winter and in summer", () => {
    expect(isoWithOffset(new Date("2026-11-24T06:10:00Z"))).toBe("2026-11-24T07:10:00+01:00");
    expect(isoWithOffset(new Date("2026-07-01T22:30:05Z"))).toBe("2026-07-02T00:30:05+02:00");
    expect(isoWithMillis(new Date("2026-07-01T22:30:05.007Z"))).toBe("2026-07-02T00:30:05.007+02:00");
  });
  test("local dates do not shift over the end of summer time", () => {
    expect(localDate(new Date("2026-10-25T00:30:00Z"))).toBe("2026-10-25");
    expect(addDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
    expect(isoWeekday("2026-11-29")).toBe(7);
  });
  test("ids are version 7 and sort by time", () => {
    expect(uuid7(1)).toMatch(/^00000000-0001-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuid7(2) > uuid7(1)).toBe(true);
  });
});

describe("backoff", () => {
  test("doubles from 2 s, at most five minutes, with jitter over the upper half", () => {
    expect([1, 2, 3, 4].map((failures) => backoffMs(failures, 1))).toEqual([2000, 4000, 8000, 16_000]);
    expect(backoffMs(1, 0)).toBe(1000);
    expect(backoffMs(50, 1)).toBe(300_000);
  });
});

describe("people", () => {
  test.each([
    ["Dana Example", "Dana"],
    ["Dr. Dana Example", "Dana"],
    ["  Dana ", "Dana"],
    ["Dr.", "Dr."],
  ])("%s is called %s", (full, first) => expect(firstName(full)).toBe(first));
  test("birth dates: only real days, not in the future, not before Methuselah", () => {
    const now = new Date("2026-11-24T12:00:00Z");
    expect(parseBirthDate("7", "3", "1956", now)).toBe("1956-03-07");
    expect(parseBirthDate("29", "2", "2000", now)).toBe("2000-02-29");
    for (const [day, month, year] of [
      ["29", "2", "2001"],
      ["31", "4", "1956"],
      ["0", "1", "1956"],
      ["1", "13", "1956"],
      ["25", "11", "2026"],
      ["1", "1", "1900"],
      ["1", "1", "56"],
    ] as const) {
      expect(parseBirthDate(day, month, year, now)).toBeNull();
    }
  });
});
