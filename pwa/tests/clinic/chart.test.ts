import { describe, expect, it } from "vitest";
import { brokenPath, dateAt, left, middle, painY, spark, ticks, timeScale } from "../../src/clinic/chart/scale";
import { addDays, age, dayNumber, weekday } from "../../src/clinic/dates";

describe("the time scale", () => {
  const scale = timeScale("2026-10-19", "2026-11-01", 40, 180);

  it("gives every date a column of its own and finds the date under any x", () => {
    expect(scale.step).toBe(10);
    expect(left(scale, "2026-10-21")).toBe(60);
    expect(middle(scale, "2026-10-19")).toBe(45);
    for (let x = 40; x < 180; x += 1) expect(dateAt(scale, x)).toBe(addDays("2026-10-19", Math.floor((x - 40) / 10)));
  });

  it("stays on the axis whatever the pointer does", () => {
    expect(dateAt(scale, -500)).toBe("2026-10-19");
    expect(dateAt(scale, 5_000)).toBe("2026-11-01");
  });

  it("is not shifted by daylight saving, which ended on 25 October", () => {
    expect(left(scale, "2026-10-26") - left(scale, "2026-10-25")).toBe(10);
  });

  it("labels Mondays, fewer of them when there is no room", () => {
    expect(ticks(scale, 50)).toEqual(["2026-10-19", "2026-10-26"]);
    expect(ticks(scale, 100)).toEqual(["2026-10-19"]);
    expect(ticks(timeScale("2026-10-20", "2026-11-10", 0, 220), 50)).toEqual(["2026-10-26", "2026-11-02", "2026-11-09"]);
  });
});

describe("lines", () => {
  it("break where there is no answer", () => {
    expect(brokenPath([{ x: 0, y: 1 }, { x: 1, y: 2 }, null, { x: 3, y: 4 }])).toBe("M0 1L1 2M3 4");
    expect(brokenPath([null, null])).toBe("");
  });

  it("put zero at the bottom and ten at the top", () => {
    expect([painY(0, 30, 186), painY(5, 30, 186), painY(10, 30, 186)]).toEqual([186, 108, 30]);
  });

  it("mark the last answer of a sparkline even when it lies back", () => {
    const { last, path } = spark([5, 4, null, 3, null], 104, 40);
    expect(last!.x).toBe(76);
    expect(path.split("M")).toHaveLength(3);
    expect(spark([null, null], 100, 40)).toEqual({ path: "", last: null });
    expect(spark([4], 100, 40).last!.x).toBe(4);
  });
});

describe("dates", () => {
  it("count whole days over month, year and leap day", () => {
    expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(dayNumber("2026-11-24") - dayNumber("2026-10-19")).toBe(36);
  });

  it("know the weekday, also before 1970", () => {
    expect(weekday("2026-11-24")).toBe(2);
    expect(weekday("1969-12-28")).toBe(7);
  });

  it("turn a birthday over on the day itself", () => {
    expect(age("1964-11-25", "2026-11-24")).toBe(61);
    expect(age("1964-11-24", "2026-11-24")).toBe(62);
  });
});
