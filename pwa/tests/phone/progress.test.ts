/** What Progress shows: days, the chart, facts, scores and goals. */
import { beforeAll, describe, expect, test } from "vitest";
import { setLanguage } from "../../src/i18n/core";
import { factsByDate, markOf, sumOf, weeksKnown, weeksOf, type DayFacts, type World } from "../../src/phone/progress/calendar";
import { chartOf, draw, runsOf, summaryOf, type ChartDay } from "../../src/phone/progress/chart";
import { factsOf, headlineOf, wayOf } from "../../src/phone/progress/checkin";
import type { OutcomeScore, ProgressDay, ProgressPayload, StoredProgress } from "../../src/phone/progress/document";
import { sayFact, scoreLines } from "../../src/phone/progress/facts";
import { goalsOf } from "../../src/phone/progress/goals";
import { newEntry, type Entry } from "../../src/phone/store/entry";
import { payloadOf, planOf, prescription, sessionItem } from "./world";

const TODAY = "2026-11-24"; // a Tuesday
const FETCHED = Date.parse("2026-11-24T06:00:00Z");

const NO_DAY = {
  ...{ due: 0, done: 0, partly: 0, skipped: 0, missed: 0, unknown: 0, excused: 0, extra: 0 },
  ...{ sessions_due: 0, sessions_done: 0, sessions_unknown: 0, pain_max: null, pain_last: null, effort: null },
};
const day = (date: string, change: Partial<ProgressDay> = {}): ProgressDay =>
  ({ plan: "plan", date, ...NO_DAY, ...change }) as ProgressDay;
const stored = (change: Partial<ProgressPayload> = {}, fetchedAt = FETCHED): StoredProgress => ({
  payload: { days: [], adherence_7: null, adherence_28: null, pain: [], ...change },
  fetchedAt,
});
const world = (change: Partial<World> = {}): World => ({ plan: null, progress: null, entries: [], today: TODAY, ...change });
const checkin = (at: string, answers: object): Entry =>
  newEntry({ type: "checkin", id: `${at} ${JSON.stringify(answers)}`, at, kind: "weekly", version: 1, answers }, 1);

describe("the mark of a day", () => {
  const facts = (change: Partial<DayFacts>): DayFacts => ({
    ...{ due: 2, done: 0, partly: 0, skipped: 0, missed: 0, excused: 0 },
    ...{ sessionsDue: 1, sessionsDone: 0, sessionsUnknown: 0 },
    ...change,
  });
  test.each<[string, DayFacts | undefined, string, string]>([
    ["all of it", facts({ done: 2 }), "2026-11-23", "full"],
    ["one of two", facts({ done: 1, missed: 1 }), "2026-11-23", "part"],
    ["a part of one", facts({ partly: 1, missed: 1 }), "2026-11-23", "part"],
    ["nothing, and the server says so", facts({ missed: 2 }), "2026-11-23", "none"],
    ["nothing that anybody knows of: unknown is not missed", facts({}), "2026-11-23", "unknown"],
    ["a reason given for all", facts({ skipped: 2 }), "2026-11-23", "skipped"],
    ["nothing due", facts({ due: 0 }), "2026-11-23", "rest"],
    ["excused by a pause or a lock", facts({ due: 0, excused: 2 }), "2026-11-23", "excused"],
    ["today, not begun", facts({}), TODAY, "next"],
    ["to come", facts({}), "2026-11-25", "next"],
    ["no plan", undefined, "2026-11-23", "blank"],
  ])("%s", (_name, known, date, mark) => expect(markOf(known, date, TODAY)).toBe(mark));
});

describe("days", () => {
  const plan = payloadOf([
    planOf([prescription("a"), prescription("b")], [
      { date: "2026-11-22", items: ["a", "b"].map((id) => ({ prescription: id, slot: 1, state: "due" as const })) },
      { date: "2026-11-23", items: ["a", "b"].map((id) => ({ prescription: id, slot: 1, state: "due" as const })) },
      { date: TODAY, items: ["a", "b"].map((id) => ({ prescription: id, slot: 1, state: "due" as const })) },
      { date: "2026-11-25", items: [] },
    ]),
  ]);
  const log = (id: string) => ({
    ...{ id: `log-${id}`, prescription: id, slot: 1, side: "left" as const, variant: null, sets_done: 3, reps: null },
    ...{ hold_s: null, load_kg: null, pain: 2, difficulty: null, skipped: null },
  });
  const entry = (at: string, change: Partial<Entry> = {}, logged_at: string | null = null): Entry => ({
    ...newEntry(sessionItem({ performed_at: at, logged_at, exercises: [log("a"), log("b")] }), FETCHED + 1000),
    ...change,
  });

  test("several plans are added up", () => {
    const days = [day(TODAY, { due: 2, done: 2 }), day(TODAY, { plan: "other", due: 1, missed: 1 })];
    expect(factsByDate(world({ progress: stored({ days }) })).get(TODAY)).toMatchObject({ due: 3, done: 2, missed: 1 });
  });

  test("the server's row holds, until this phone knows more", () => {
    const progress = stored({ days: [day("2026-11-23", { due: 2, missed: 2, sessions_due: 1 })] });
    expect(factsByDate(world({ plan, progress })).get("2026-11-23")).toMatchObject({ done: 0, missed: 2 });
    const later = world({ plan, progress, entries: [entry("2026-11-23T08:00:00+01:00")] });
    expect(factsByDate(later).get("2026-11-23")).toMatchObject({ due: 2, done: 2, sessionsDone: 1, missed: 0 });
  });

  test("without any word of the server the plan and the outbox say it, and what is open is unknown", () => {
    const alone = world({ plan, entries: [entry("2026-11-22T08:00:00+01:00")] });
    const [cells] = weeksOf(alone, 2).slice(-1).map((week) => week.cells);
    expect(cells!.map((cell) => cell.mark)).toEqual(["unknown", "next", "rest", "blank", "blank", "blank", "blank"]);
    expect(weeksOf(alone, 2)[0]!.cells[6]).toMatchObject({ date: "2026-11-22", mark: "full", late: false });
  });

  test("late is what was written down on a later day, here or as the server says", () => {
    const progress = stored({ days: [day("2026-11-17", { due: 1, done: 1 })], late: ["2026-11-17", "2026-11-16"] });
    const entries = [entry("2026-11-22T08:00:00+01:00", {}, "2026-11-23T09:00:00+01:00")];
    const cells = weeksOf(world({ plan, progress, entries }), 2).flatMap((week) => week.cells);
    expect(cells.filter((cell) => cell.late).map((cell) => cell.date)).toEqual(["2026-11-17", "2026-11-22"]);
  });

  test("the sum leaves out what is unknown, and today until it is done", () => {
    const days = [
      day("2026-11-20", { due: 2, done: 2, sessions_due: 1, sessions_done: 1 }),
      day("2026-11-21", { due: 2, missed: 2, sessions_due: 1 }),
      day("2026-11-22", { due: 2, unknown: 2, sessions_due: 1, sessions_unknown: 1 }),
      day(TODAY, { due: 2, unknown: 2, sessions_due: 1, sessions_unknown: 1 }),
    ];
    const before = world({ progress: stored({ days }) });
    expect(sumOf(before, weeksOf(before, 4))).toEqual({ done: 1, asked: 2 });
    const after = world({ plan, progress: stored({ days }), entries: [entry("2026-11-24T08:00:00+01:00")] });
    expect(sumOf(after, weeksOf(after, 4))).toEqual({ done: 2, asked: 3 });
  });

  test("as many weeks as there is something to see in", () => {
    const since = (date: string): number => weeksKnown(world({ progress: stored({ days: [day(date)] }) }), 16);
    expect([TODAY, "2026-11-23", "2026-11-22", "2026-10-19", "2025-01-01"].map(since)).toEqual([1, 1, 2, 6, 16]);
    expect(weeksKnown(world(), 16)).toBe(1);
  });
});

describe("the chart", () => {
  const days = (...pains: (number | null)[]): ChartDay[] =>
    pains.map((pain, index) => ({ date: `2026-11-${String(index + 1).padStart(2, "0")}`, pain, share: null }));

  test("the line breaks where there is no answer, and is never drawn to zero", () => {
    expect(runsOf(days(4, 3, null, 5, null, 2, 0))).toEqual([
      [[0, 4], [1, 3]],
      [[5, 2], [6, 0]],
    ]);
    expect(runsOf(days(null, null))).toEqual([]);
  });

  test("every answer has its place inside the frame, at any width and text size", () => {
    for (const width of [200, 326, 480])
      for (const em of [1, 2])
        for (const length of [7, 35, 112]) {
          const many = Array.from({ length }, (_, index) => ({ date: TODAY, pain: index % 11, share: 0.5 }));
          const drawing = draw(many, { width, em });
          for (const { x, y } of drawing.dots) {
            expect(x).toBeGreaterThan(drawing.left);
            expect(x).toBeLessThan(width);
            expect(y).toBeGreaterThanOrEqual(drawing.y(10));
            expect(y).toBeLessThanOrEqual(drawing.y(0));
          }
          expect(drawing.bars).toHaveLength(length);
          expect(drawing.bar.width).toBeLessThanOrEqual(drawing.step);
          expect(drawing.bar.top + drawing.bar.height).toBeLessThan(drawing.height);
        }
  });

  test("more pain is higher, and ten steps are the whole height", () => {
    const { y } = draw(days(1), { width: 326, em: 1 });
    expect([y(10), y(5), y(0)]).toEqual([10, 71, 132]);
  });

  test("labels are Mondays and never run into each other or out of the frame", () => {
    const long = Array.from({ length: 112 }, (_, index) => {
      const date = new Date(Date.parse("2026-08-05T12:00:00Z") + index * 86_400_000).toISOString().slice(0, 10);
      return { date, pain: null, share: null };
    });
    for (const em of [1, 2]) {
      const { labels } = draw(long, { width: 326, em });
      expect(labels.length).toBeGreaterThan(0);
      labels.forEach(({ x, date }, index) => {
        expect(new Date(`${date}T12:00:00Z`).getUTCDay()).toBe(1);
        expect(x + 50 * em).toBeLessThanOrEqual(326);
        if (index > 0) expect(x - labels[index - 1]!.x).toBeGreaterThanOrEqual(72 * em);
      });
    }
  });

  test("a lonely answer is a dot even where dots would be too close", () => {
    const long: ChartDay[] = Array.from({ length: 112 }, (_, index) => ({ date: TODAY, pain: index === 5 ? 3 : null, share: null }));
    long[111] = { date: TODAY, pain: 2, share: null };
    expect(draw(long, { width: 326, em: 1 }).dots.map((dot) => dot.last)).toEqual([false, true]);
  });

  test("mornings where there are any, else the strongest pain of the day", () => {
    const pain = [{ date: "2026-11-23", pain_max: 6, pain_last: 2 }];
    expect(chartOf(world({ progress: stored({ pain }) }), 3)).toMatchObject({ series: "day", days: [{ pain: null }, { pain: 6 }, { pain: null }] });
    expect(chartOf(world(), 3)).toMatchObject({ series: "morning", days: [{ pain: null }, { pain: null }, { pain: null }] });
    const morning = [{ date: "2026-11-22", score: 4 }];
    const entries = [checkin("2026-11-24T06:50:00+01:00", { q_morning: 0 })];
    expect(chartOf(world({ progress: stored({ pain, morning }), entries }), 3)).toMatchObject({
      series: "morning",
      days: [{ pain: 4 }, { pain: null }, { pain: 0 }],
    });
  });

  test("half done is half a bar, a rest day has none", () => {
    const progress = stored({ days: [day("2026-11-22", { due: 2, done: 1 }), day("2026-11-23"), day(TODAY, { due: 2, partly: 1 })] });
    expect(chartOf(world({ progress }), 3).days.map((one) => one.share)).toEqual([0.5, null, 0.25]);
  });

  test("its words name the first and last answer and the gaps", () => {
    expect(summaryOf(days(6, null, null, 4, 3, null, 5, null))).toEqual({ from: 6, to: 5, gaps: 2 });
    expect(summaryOf(days(3))).toEqual({ from: 3, to: 3, gaps: 0 });
    expect(summaryOf(days(null))).toBeNull();
  });
});

describe("facts", () => {
  beforeAll(() => setLanguage("en"));
  const fact = (id: string, from: string | number, to: string | number) => ({
    ...{ id, from, to, from_date: "2026-10-20", to_date: "2026-11-17" },
  });

  test("in the ranges that were asked", () => {
    const [sit] = factsOf(stored({ facts: [fact("q_sit_time", "15_30", "30_60")] }), []);
    expect(sayFact(sit!)).toMatchObject({ short: "Sitting", range: "15–30 → 30–60 min", read: "15–30, now 30–60 min" });
    const [same] = factsOf(stored({ facts: [fact("q_sit_pain", 4, 4)] }), []);
    expect(sayFact(same!)).toMatchObject({ range: "4 of 10" });
  });

  test.each([
    ["q_sit_time", "15_30", "30_60", "better"],
    ["q_sit_time", "gt60", "lt5", "worse"],
    ["q_night", "more", "no", "better"],
    ["q_sit_pain", 6, 2, "better"],
    ["q_lbp", 2, 3, "worse"],
    ["q_cross", 0, 0, "same"],
  ] as const)("%s from %s to %s is %s", (id, from, to, way) => expect(wayOf({ id, from, to })).toBe(way));

  test("an answer of this phone that is newer counts, an older one does not, and 'not tried' is no answer", () => {
    const known = stored({ facts: [fact("q_sit_pain", 6, 4)] });
    const newer = factsOf(known, [checkin("2026-11-23T07:00:00+01:00", { q_sit_pain: 2, q_cross: "not_tried" })]);
    expect(newer).toMatchObject([{ id: "q_sit_pain", from: 6, to: 2, to_date: "2026-11-23" }]);
    const older = factsOf(known, [checkin("2026-11-01T07:00:00+01:00", { q_sit_pain: 9 })]);
    expect(older).toMatchObject([{ to: 4 }]);
  });

  test("without a network two answers of this phone are a fact, one is none", () => {
    const first = checkin("2026-11-10T07:00:00+01:00", { q_sit_time: "5_15" });
    expect(factsOf(null, [first])).toEqual([]);
    const second = checkin("2026-11-17T07:00:00+01:00", { q_sit_time: "15_30" });
    expect(factsOf(null, [first, second])).toMatchObject([{ from: "5_15", to: "15_30", way: "better" }]);
  });

  test("the headline is one that got better, never a worse one", () => {
    const facts = factsOf(stored({ facts: [fact("q_sit_time", "30_60", "15_30"), fact("q_cross", 5, 3)] }), []);
    expect(headlineOf(facts)?.id).toBe("q_cross");
    expect(headlineOf(facts.filter((one) => one.way === "worse"))).toBeNull();
  });

  test("scores: the first, the newest, and what the change means", () => {
    const score = (instrument: string, timepoint: string, date: string, change: Partial<OutcomeScore>) =>
      ({ instrument, timepoint, date, score: null, change: null, meaning: null, ...change }) as OutcomeScore;
    const lines = scoreLines([
      score("groc", "w4", "2026-11-17", { score: 2, meaning: "much_better" }),
      score("nprs", "w4", "2026-11-17", { score: 3, meaning: "much_better" }),
      score("nprs", "baseline", "2026-10-20", { score: 6 }),
      score("psfs", "baseline", "2026-10-20", { score: 3.7 }),
      score("psfs", "w4", "2026-11-17", {}),
    ]);
    expect(lines.map((one) => [one.instrument, one.range, one.meaning])).toEqual([
      ["nprs", "6 → 3 of 10", "much better"],
      ["psfs", "too few answers for a number", null],
      ["groc", "+2", "much better"],
    ]);
  });
});

describe("goals", () => {
  const goal = (id: string, text: string, done_at: string | null = null) => ({ id, text, done_at });
  const own = (id: string, text: string, change: Partial<Entry> = {}): Entry => ({
    ...newEntry({ type: "goal", id, at: "2026-11-24T07:00:00+01:00", text, done_at: null }, FETCHED - 1000),
    ...change,
  });

  test("an unsent wording is the newest, a sent one until the server was asked again", () => {
    const known = stored({ goals: [goal("a", "old words")] });
    const texts = (entry: Entry): string[] => goalsOf(known, [entry]).map((one) => one.text);
    expect(texts(own("a", "new words"))).toEqual(["new words"]);
    expect(texts(own("a", "new words", { state: "sent", savedAt: FETCHED + 1000 }))).toEqual(["new words"]);
    expect(texts(own("a", "long ago", { state: "sent" }))).toEqual(["old words"]);
    expect(texts(own("a", "lost", { state: "superseded", savedAt: FETCHED + 1000 }))).toEqual(["old words"]);
  });

  test("what was taken back is gone, what the server refused wants attention", () => {
    expect(goalsOf(stored({ goals: [goal("a", "x")] }), [own("a", "x", { state: "voided" })])).toEqual([]);
    expect(goalsOf(null, [own("a", "x", { state: "held" })])).toMatchObject([{ attention: true }]);
  });

  test("open ones before reached ones", () => {
    const known = stored({ goals: [goal("a", "done", "2026-11-20T07:00:00Z"), goal("b", "open")] });
    expect(goalsOf(known, []).map((one) => one.text)).toEqual(["open", "done"]);
  });
});
