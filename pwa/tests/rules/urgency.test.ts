import { expect, test } from "vitest";
import { byUrgency } from "../../src/rules/urgency";

test("the most urgent first, equals as they are", () => {
  const all = ["routine", "48h", "emergency", "2_weeks", "same_day", "48h"].map((urgency, id) => ({ urgency, id }));
  expect(byUrgency(all).map(({ id }) => id)).toEqual([2, 4, 1, 5, 3, 0]);
  expect(all.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
});
