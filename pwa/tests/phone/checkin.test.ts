/** The check-in: its questions are the server's, its answers are API.md's, and what stops the exercises stops them here. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import questions from "../../../patients/checkin.yaml?raw";
import signs from "../../../patients/redflags.yaml?raw";
import english from "../../src/i18n/en/checkin.json";
import spanish from "../../src/i18n/es/checkin.json";
import { closeDraft, closeOldCheckins } from "../../src/phone/checkin/closing";
import { dangerIn, ownLocks, releasedBy } from "../../src/phone/checkin/danger";
import {
  askedOn,
  awaitsLock,
  backward,
  forward,
  impliedSigns,
  isPageAnswered,
  leftOut,
  newCheckin,
  signsOf,
  toItem,
  withAnswer,
  withoutReach,
  withReach,
  withSign,
  type CheckinDraft,
} from "../../src/phone/checkin/draft";
import {
  isMorningDue,
  isWeeklyDue,
  lastAnswer,
  pastCheckins,
  usualMorning,
  type PastCheckin,
} from "../../src/phone/checkin/history";
import { pagesOf, QUESTIONS, VERSION, type Answers } from "../../src/phone/checkin/questions";
import { adviceOf, advised, wordsFor, type Sign } from "../../src/phone/checkin/signs";
import { readCare } from "../../src/phone/checkin/store";
import { morningVerdict, verdictOf } from "../../src/phone/checkin/verdict";
import { isLocking } from "../../src/rules/red-flags";
import { writeDocument } from "../../src/phone/store/db";
import { newEntry, type Entry, type OutgoingItem } from "../../src/phone/store/entry";
import { allEntries } from "../../src/phone/store/outbox";
import { freshDb, sessionItem } from "./world";

interface YamlQuestion {
  id: string;
  ask: string;
  when: string;
  kind: string;
  choices?: Record<string, string>;
  word?: string;
  if?: { question: string; rose?: true; answer?: string | string[] };
}
const catalogue = parse(questions) as { version: number; questions: YamlQuestion[] };
const warning = parse(signs) as { red_flags: Sign[]; locks: string[] };
const EN = english as Record<string, string>;
const ES = spanish as Record<string, string>;
const TODAY = "2026-11-24";
const NOW = Date.parse("2026-11-24T07:12:00+01:00");

const morning = (lastReach: number | null = null): CheckinDraft =>
  newCheckin({ kind: "morning", askSide: false, lastReach }, NOW);
const answered = (answers: Answers, draft = morning()): CheckinDraft => ({ ...draft, page: 2, seen: 2, answers });
const checkin = (answers: Answers, id = "one"): OutgoingItem => ({
  type: "checkin",
  id,
  at: "2026-11-24T07:12:00+01:00",
  kind: "morning",
  version: 1,
  answers,
});
const past = (date: string, answers: Answers, kind: "morning" | "weekly" = "morning"): PastCheckin => ({
  id: `${date} ${kind}`,
  at: `${date}T07:00:00+01:00`,
  date,
  kind,
  answers,
});

describe("the catalogue is the server's", () => {
  test("ids, order, kinds, choices, conditions and the version", () => {
    expect(VERSION).toBe(catalogue.version);
    expect(QUESTIONS.map(({ id, when, kind, word }) => ({ id, when, kind, word }))).toEqual(
      catalogue.questions.map(({ id, when, kind, word }) => ({ id, when, kind, word })),
    );
    for (const { id, choices, if: condition } of catalogue.questions) {
      const mine = QUESTIONS.find((one) => one.id === id)!;
      expect((mine.choices ?? []).map(String).sort()).toEqual(Object.keys(choices ?? {}).sort());
      const answer = condition?.answer;
      expect(mine.if).toEqual(condition && (answer ? { ...condition, answer: [answer].flat() } : condition));
    }
  });
  test("the English words are the catalogue's, and both languages have all of them", () => {
    for (const { id, ask, choices } of catalogue.questions) {
      expect(EN[`ask.${id}`]).toBe(ask);
      expect(ES[`ask.${id}`]).toBeTruthy();
      for (const choice of Object.keys(choices ?? {})) {
        expect(EN[`choice.${id}.${choice}`]).toBeTruthy();
        expect(ES[`choice.${id}.${choice}`]).toBeTruthy();
      }
    }
  });
  test("every question stands on one page, in the catalogue's order", () => {
    const ids = [...pagesOf("morning", false), ...pagesOf("weekly", false)].flat();
    expect(ids).toEqual(catalogue.questions.filter((one) => one.when !== "intake").map((one) => one.id));
    expect(pagesOf("weekly", true)[0]).toEqual(["q_side"]);
  });
  test("the warning signs: the same words, a translation of each, and the same ones lock", () => {
    for (const { id, ask, text } of warning.red_flags) {
      const rule = id.split(".")[0]!;
      expect(EN[`sign.${id}.ask`]).toBe(ask.trim());
      expect(EN[`sign.${rule}.text`]).toBe(text.trim());
      expect(ES[`sign.${id}.ask`]).toBeTruthy();
      // The same number of sentences, so that what to do first is the same one.
      expect(ES[`sign.${rule}.text`]!.split(". ").length).toBe(text.trim().split(". ").length);
      expect(isLocking(id)).toBe(warning.locks.includes(rule));
    }
  });
});

describe("answers as API.md writes them", () => {
  test("absent = not asked, null = not answered, zero is an answer", () => {
    let draft = withAnswer(morning(2), "q_morning", 0);
    expect(toItem(draft).answers).toEqual({ q_morning: 0, q_morning_vs: null });
    draft = withReach(forward(draft)!, "left", 2);
    expect(toItem(draft).answers).toEqual({ q_morning: 0, q_morning_vs: null, q_radiate: 2, q_tingle: null });
    draft = withAnswer(forward(withAnswer(draft, "q_tingle", 0))!, "q_redflag", []);
    expect(toItem(draft)).toMatchObject({
      type: "checkin",
      kind: "morning",
      version: 1,
      at: "2026-11-24T07:12:00+01:00",
      answers: { q_radiate: 2, q_tingle: 0, q_weak: null, q_numb_new: null, q_redflag: [] },
    });
    expect(Object.keys(toItem(draft).answers)).not.toContain("q_leg_30min");
  });
  test("q_leg_30min only when it went further down than at the last check-in", () => {
    const at = (lastReach: number | null, reach: number): readonly string[] =>
      askedOn(withReach(forward(morning(lastReach))!, "left", reach));
    expect(at(1, 2)).toContain("q_leg_30min");
    expect(at(2, 2)).not.toContain("q_leg_30min");
    expect(at(null, 5)).not.toContain("q_leg_30min");
  });
  test("the 30 minutes left out on the page before are named beside the signs, and nothing else of that page is", () => {
    const lower = (answers: Answers): CheckinDraft => ({ ...answered({ q_radiate: 3, ...answers }), lastReach: 1 });
    expect(leftOut(lower({ q_weak: "no", q_numb_new: "no" }))).toEqual(["q_leg_30min"]);
    expect(leftOut(lower({ q_leg_30min: "no", q_weak: "yes" }))).toEqual(["q_numb_new", "weaker"]);
    expect(leftOut({ ...lower({ q_weak: "no", q_numb_new: "no" }), lastReach: 3 })).toEqual([]);
    for (const id of ["q_leg_30min", "q_weak", "q_numb_new", "q_numb_where", "weaker"]) {
      for (const words of [EN, ES]) expect(words).toHaveProperty([`signs.open.${id}`]);
    }
  });
  test("an answer whose question is no longer asked is not sent", () => {
    const draft = answered({ q_numb_new: "no", q_numb_where: ["left_foot"] });
    expect(toItem(draft).answers).not.toHaveProperty("q_numb_where");
  });
  test("q_radiate is the lower of both legs; the same place again takes it back", () => {
    let draft = withReach(withReach(morning(), "left", 2), "right", 4);
    expect(draft.answers["q_radiate"]).toBe(4);
    draft = withReach(draft, "right", 4);
    expect(draft.answers["q_radiate"]).toBe(2);
    draft = withoutReach(draft);
    expect([draft.answers["q_radiate"], draft.reach]).toEqual([0, { left: 0, right: 0 }]);
    expect(withoutReach(draft).answers["q_radiate"]).toBeNull();
  });
  test("pages: back and forth; a page says when something on it was left out", () => {
    const draft = morning();
    expect(backward(draft)).toBeNull();
    expect(isPageAnswered(draft)).toBe(false);
    expect(isPageAnswered({ ...draft, answers: { q_morning: 0, q_morning_vs: "same" } })).toBe(true);
    expect(backward(forward(draft)!)).toMatchObject({ page: 0, seen: 1 });
    expect(forward(forward(forward(draft)!)!)).toBeNull();
  });
});

describe("warning signs that other answers say (D.7)", () => {
  test("pain down both legs is the sign of RF1; one leg, or buttocks alone, is not", () => {
    const both = withReach(withReach(morning(), "left", 2), "right", 3);
    expect(impliedSigns(both)).toEqual(["RF1.legs"]);
    expect(toItem({ ...both, seen: 1 }).answers["q_redflag"]).toEqual(["RF1.legs"]);
    expect(impliedSigns(withReach(withReach(morning(), "left", 1), "right", 1))).toEqual([]);
    expect(impliedSigns(withReach(morning(), "left", 5))).toEqual([]);
  });
  test("weak and giving way is RF2; numb between the legs is RF1.saddle", () => {
    expect(impliedSigns({ ...answered({ q_weak: "yes" }), weaker: "yes" })).toEqual(["RF2"]);
    expect(impliedSigns({ ...answered({ q_weak: "yes" }), weaker: "no" })).toEqual([]);
    expect(impliedSigns({ ...answered({ q_weak: "no" }), weaker: "yes" })).toEqual([]);
    expect(impliedSigns(answered({ q_numb_new: "yes", q_numb_where: ["saddle"] }))).toEqual(["RF1.saddle"]);
  });
  test("a sign that locks comes before any exercise, ticked or said by another answer", () => {
    expect(awaitsLock(null)).toBe(false);
    expect(awaitsLock(morning())).toBe(false);
    expect(awaitsLock(withSign(morning(), "RF7"))).toBe(false);
    expect(awaitsLock(withSign(morning(), "RF1.urine"))).toBe(true);
    expect(awaitsLock({ ...answered({ q_weak: "yes" }), weaker: "yes" })).toBe(true);
  });
  test("ticking and taking back; with nothing ticked the list is not answered", () => {
    const ticked = withSign(withSign(morning(), "RF4"), "RF7");
    expect(signsOf(ticked)).toEqual(["RF4", "RF7"]);
    expect(withSign(withSign(ticked, "RF4"), "RF7").answers["q_redflag"]).toBeNull();
  });
});

describe("what stops the exercises, as the server says it", () => {
  const stopOf = (answers: Answers): readonly string[] => dangerIn(checkin(answers)).stop;
  test.each([
    [{ q_morning: 8 }, ["pain"]],
    [{ q_morning: 7 }, []],
    [{ q_pain_worst: 9 }, ["pain"]],
    [{ q_lbp: 10 }, []],
    [{ q_weak: "yes" }, ["q_weak"]],
    [{ q_weak: "not_sure" }, []],
    [{ q_numb_new: "yes" }, ["q_numb_new"]],
    [{ q_leg_30min: "yes" }, ["q_leg_30min"]],
    [{ q_leg_30min: null }, []],
  ] as [Answers, string[]][])("%j", (answers, stop) => expect(stopOf(answers)).toEqual(stop));

  test("pain of 8 anywhere in a session, and in a pain entry of today, not of the week", () => {
    const log = { pain: 8 } as never;
    expect(dangerIn(sessionItem({ exercises: [log] })).stop).toEqual(["pain"]);
    expect(dangerIn(sessionItem({ pain_after: 8 })).stop).toEqual(["pain"]);
    expect(dangerIn({ type: "pain", id: "p", score: 8, moment: "night" }).stop).toEqual(["pain"]);
    expect(dangerIn({ type: "pain", id: "p", score: 8, moment: "worst_7d" }).stop).toEqual([]);
  });

  const sent = (entry: Entry): Entry => ({ ...entry, state: "sent" });
  const flagged = newEntry(checkin({ q_redflag: ["RF1.urine"], q_weak: "yes" }), NOW);
  const kinds = (entries: Entry[], released: string[] = [], today = TODAY): string[] =>
    ownLocks(entries, released, today).map((one) => one.kind);

  test("a sign locks beyond the day, a stop until midnight; RF7, 10 and 11 lock nothing", () => {
    expect(kinds([flagged])).toEqual(["red_flag", "stop"]);
    expect(kinds([flagged], [], "2026-11-25")).toEqual(["red_flag"]);
    expect(kinds([newEntry(checkin({ q_redflag: ["RF7", "RF10", "RF11"] }), NOW)])).toEqual([]);
  });
  test("only the server's word after it had the answer opens again", () => {
    // Sent, but the plan was asked before: the server may not have known of it.
    expect(releasedBy([], [], [])).toBeNull();
    const lock = { id: "l", kind: "red_flag", since: "2026-11-24T07:12:00+01:00", until: null } as const;
    const stillLocked = releasedBy([lock], [sent(flagged)], [])!;
    expect(kinds([sent(flagged)], stillLocked)).toEqual(["red_flag"]);
    const opened = releasedBy([], [sent(flagged)], stillLocked)!;
    expect(kinds([sent(flagged)], opened)).toEqual([]);
    expect(releasedBy([], [sent(flagged)], opened)).toBeNull();
  });
  test("what waits, or was refused as a whole call, stays locked whatever anybody says", () => {
    for (const state of ["waiting", "aside", "held"] as const) expect(kinds([{ ...flagged, state }])).toHaveLength(2);
  });
});

describe("advice", () => {
  const text = (id: string): string => warning.red_flags.find((one) => one.id === id)!.text.trim();
  test("what to do first leads; nothing is left out", () => {
    expect(adviceOf("RF1.urine", text("RF1.urine"))).toEqual({
      lead: "Go to an emergency department now.",
      why: ["These signs can mean nerves in your lower back are being squeezed."],
      never: ["Do not drive yourself.", "Do not wait for a reply in this app."],
    });
    expect(adviceOf("RF3", text("RF3")).lead).toBe("Get emergency care now.");
    for (const { id } of warning.red_flags) {
      const { lead, why, never } = adviceOf(id, text(id));
      expect([lead, ...why, ...never].sort().join(" ").length).toBe(text(id).length);
    }
  });
  test("self-harm is said whole, in the specification's own words", () => {
    expect(adviceOf("RF13", text("RF13")).lead).toBe(
      "You matter. Call your local crisis line or emergency number now.",
    );
  });
  test("the most urgent first, RF1's five signs once", () => {
    const found = advised(warning.red_flags, ["RF11", "RF8", "RF1.legs", "RF1.urine"]);
    expect(found.map((one) => one.id)).toEqual(["RF1.legs", "RF8", "RF11"]);
  });
  test("a clinic's later wording is shown rather than an outdated translation", () => {
    const words = (wording: string): { text: string; foreign: boolean } =>
      wordsFor(wording, "sign.RF4.text", EN, (key) => ES[key]!);
    expect(words(text("RF4"))).toEqual({ text: ES["sign.RF4.text"], foreign: false });
    expect(words("Something else.")).toEqual({ text: "Something else.", foreign: true });
  });
});

describe("what was said before", () => {
  const week = [3, 4, 3, 2].map((pain, at) => past(`2026-11-${20 + at}`, { q_morning: pain, q_radiate: at }));
  test("a usual morning is of the seven dates before; else the intake's", () => {
    expect(usualMorning(week, TODAY, 6)).toBe(3);
    expect(usualMorning(week.slice(2), TODAY, 6)).toBe(6);
    expect(usualMorning(week, "2026-11-30", 6)).toBe(6);
  });
  test("the last answer before this check-in, skipping what was not answered", () => {
    const now = past(TODAY, { q_radiate: 5 });
    expect(lastAnswer([...week, now], "q_radiate", now)).toBe(3);
    expect(lastAnswer([...week, past("2026-11-23", {}, "weekly")], "q_radiate")).toBe(3);
    expect(lastAnswer([], "q_radiate")).toBeNull();
  });
  test("this phone's word goes before the server's; a withdrawn one is none", () => {
    const log = { askedOn: TODAY, items: [past(TODAY, { q_morning: 1 })] };
    const own = newEntry(checkin({ q_morning: 2 }, `${TODAY} morning`), NOW);
    expect(pastCheckins([own], log).map((one) => one.answers["q_morning"])).toEqual([2]);
    expect(pastCheckins([{ ...own, state: "voided" }], log)).toEqual([]);
  });
  test("due each morning until done or put off; weekly when seven days have passed", () => {
    const done = [past(TODAY, {}), past("2026-11-18", {}, "weekly")];
    expect(isMorningDue([], TODAY, {})).toBe(true);
    expect(isMorningDue([], TODAY, { morning: TODAY })).toBe(false);
    expect(isMorningDue(done, TODAY, {})).toBe(false);
    expect(isMorningDue(done, "2026-11-25", { morning: TODAY })).toBe(true);
    expect(isWeeklyDue(done, TODAY, {})).toBe(false);
    expect(isWeeklyDue(done, "2026-11-25", {})).toBe(true);
    expect(isWeeklyDue([], TODAY, { weekly: TODAY })).toBe(false);
  });
});

describe("what the rule says to a morning", () => {
  const rule = { limit: 5, baseline: 3, words: { red: "Rest today. Dana", amber: null } };
  const before = past("2026-11-23", { q_radiate: 1, q_tingle: 0 });
  const say = (answers: Answers): unknown => {
    const now = past(TODAY, answers);
    const verdict = verdictOf(now, [before, now], rule);
    return verdict && [verdict.colour, verdict.by, verdict.words];
  };
  test.each([
    [{ q_morning: 3 }, ["green", "pain", null]],
    [{ q_morning: 5 }, ["amber", "pain", null]],
    [{ q_morning: 6 }, ["red", "pain", "Rest today. Dana"]],
    [{ q_morning: 8 }, ["stop", "pain", null]],
    [{ q_morning: 0, q_radiate: 2, q_leg_30min: "no" }, ["amber", "leg", null]],
    [{ q_radiate: 2, q_leg_30min: null }, ["red", "leg", "Rest today. Dana"]],
    [{ q_morning: 2, q_numb_new: "yes" }, ["stop", "leg", null]],
    [{ q_morning: null }, null],
  ] as [Answers, unknown][])("%j", (answers, said) => expect(say(answers)).toEqual(said));
  test("of several plans the strictest counts, a stop above all", () => {
    const now = past(TODAY, { q_morning: 5 });
    const strict = { ...rule, limit: 4 };
    const of = (answers: Answers, ...rules: (typeof rule)[]): unknown => {
      const checkin = past(TODAY, answers);
      const found = morningVerdict(checkin, [before, checkin], rules);
      return found && [found.colour, found.limit];
    };
    expect(of(now.answers, rule, strict)).toEqual(["red", 4]);
    expect(of(now.answers, strict, rule)).toEqual(["red", 4]);
    expect(of({ q_morning: 8 }, rule, strict)).toEqual(["stop", 5]);
    expect(of({ q_morning: 3 }, rule)).toEqual(["green", 5]);
    expect([of({ q_morning: null }, rule), of({ q_morning: 3 })]).toEqual([null, null]);
  });
});

describe("on the phone", () => {
  test("closing is one step: the entry is there and the draft is gone", async () => {
    const { db } = await freshDb();
    const draft = answered({ q_morning: 2, q_redflag: [] });
    await writeDocument(db, "morningDraft", draft);
    expect(await closeDraft(db, draft)).toBe(draft.id);
    expect((await readCare(db)).morning).toBeNull();
    expect((await allEntries(db)).map((one) => one.item["answers"])).toEqual([
      { q_morning: 2, q_morning_vs: null, q_radiate: null, q_tingle: null, q_weak: null, q_numb_new: null, q_redflag: [] },
    ]);
  });
  test("a morning left open is kept the next day, a sign in it above all; an empty one goes", async () => {
    const { db } = await freshDb();
    await writeDocument(db, "morningDraft", withSign(answered({ q_morning: 2 }), "RF5"));
    await closeOldCheckins(db, TODAY);
    expect(await allEntries(db)).toEqual([]);
    await closeOldCheckins(db, "2026-11-25");
    expect((await allEntries(db)).map((one) => dangerIn(one.item).signs)).toEqual([["RF5"]]);
    await writeDocument(db, "morningDraft", morning());
    await closeOldCheckins(db, "2026-11-25");
    expect([(await readCare(db)).morning, (await allEntries(db)).length]).toEqual([null, 1]);
  });
  test("a weekly one may be left half-way for days", async () => {
    const { db } = await freshDb();
    const weekly = { ...newCheckin({ kind: "weekly", askSide: false, lastReach: null }, NOW), answers: { q_pain_now: 2 } };
    await writeDocument(db, "weeklyDraft", weekly);
    await closeOldCheckins(db, "2026-11-30");
    expect((await readCare(db)).weekly).toEqual(weekly);
    await closeOldCheckins(db, "2026-12-01");
    expect((await allEntries(db)).map((one) => one.item["answers"])).toEqual([{ q_pain_now: 2, q_pain_avg: null }]);
  });
});
