import { describe, expect, it } from "vitest";
import { readSession } from "../../src/clinic/patient/log";
import { axisRange, bands, changes, dayFacts } from "../../src/clinic/patient/timeline";
import { sessionWords, lateWords } from "../../src/clinic/patient/session-words";
import type { Day, ExerciseLog, Plan, Revision, SessionLog } from "../../src/clinic/types";
import { phase, program } from "./world";

const day = (date: string, change: Partial<Day> = {}): Day => ({
  plan: "plan", date, due: 4, done: 4, partly: 0, skipped: 0, missed: 0, unknown: 0, excused: 0, extra: 0, sessions_due: 1,
  sessions_done: 1, sessions_unknown: 0, pain_max: null, pain_last: null, effort: null, ...change,
});
const log = (prescription: string, change: Partial<ExerciseLog> = {}): ExerciseLog => ({
  id: prescription, prescription, slot: 1, side: "left", variant: null, sets_done: 2, reps: [10, 10], hold_s: null, load_kg: null, pain: 2,
  difficulty: "right", skipped: null, ...change,
});
const session = (local_date: string, change: Partial<SessionLog> = {}): SessionLog => ({
  id: local_date, plan: "plan", performed_at: `${local_date}T07:10:00+01:00`, logged_at: null, duration_s: 900, pain_before: 3, pain_after: 2,
  effort: 4, note: "", exercises: [log("clam"), log("bridge", { pain: 6, difficulty: "hard" })], local_date,
  received_at: `${local_date}T07:30:00+01:00`, late: false, seen_at: null, ...change,
});
const none = { days: [], sessions: [], pain: [], checkins: [] };

describe("a day on the axis", () => {
  it("tells no plan, a rest day and a day half done apart", () => {
    const facts = dayFacts({ ...none, days: [day("2026-11-22", { due: 0, done: 0, sessions_due: 0, sessions_done: 0 }), day("2026-11-23", { done: 1, partly: 2 })] }, "2026-11-21", "2026-11-23");
    expect(facts.map((each) => [each.date, each.sessionsDue, each.share])).toEqual([
      ["2026-11-21", null, null], ["2026-11-22", 0, null], ["2026-11-23", 1, 0.5],
    ]);
  });

  it("adds up two plans of one date", () => {
    const [fact] = dayFacts({ ...none, days: [day("2026-11-23"), day("2026-11-23", { plan: "other", done: 0, sessions_done: 0 })] }, "2026-11-23", "2026-11-23");
    expect([fact!.sessionsDue, fact!.sessionsDone, fact!.share]).toEqual([2, 1, 0.5]);
  });

  it("takes the highest pain of one exercise, the pain after the last session, and zero for an answer", () => {
    const source = { ...none, sessions: [session("2026-11-23", { performed_at: "2026-11-23T19:00:00+01:00", pain_after: 0 }), session("2026-11-23", { id: "am", pain_after: 5 })] };
    const [fact] = dayFacts(source, "2026-11-23", "2026-11-23");
    expect(fact!.worst).toEqual({ score: 6, prescription: "bridge", difficulty: "hard" });
    expect(fact!.others).toEqual({ low: 2, high: 6 });
    expect(fact!.after).toBe(0);
  });

  it("keeps a morning without an answer empty", () => {
    const checkin = { id: "c", at: "", kind: "morning" as const, answers: { q_morning: null }, local_date: "2026-11-23", seen_at: null };
    expect(dayFacts({ ...none, checkins: [checkin] }, "2026-11-23", "2026-11-23")[0]!.morning).toBeNull();
  });
});

describe("phases on the axis", () => {
  const revision = (n: number, effective_from: string, of: number): Revision => ({
    id: `r${n}`, n, program: "program", phase: of, pain_rule: { limit: 5 }, effective_from, author: null, reason: `reason ${n}`, created_at: "",
  });
  const plan = (revisions: Revision[]): Plan => ({
    id: "plan", version: 1, patient: "p", program: "program", program_name: "Plan", status: "active", starts_on: "2026-10-19", ended_on: null,
    end_reason: "", phase: 1, pain_rule: { limit: 5 }, revisions, pauses: [], overrides: [], notes: "",
  });
  const programs = new Map([["program", program({ phases: [phase(1, []), phase(2, [])] })]]);

  it("last until the next revision, and the last one to the end of the axis", () => {
    const found = bands(plan([revision(1, "2026-10-19", 1), revision(2, "2026-11-09", 2)]), programs, "2026-11-24");
    expect(found.map((each) => [each.n, each.from, each.to])).toEqual([[1, "2026-10-19", "2026-11-08"], [2, "2026-11-09", "2026-11-24"]]);
  });

  it("are one band over a revision that only changed the dose", () => {
    expect(bands(plan([revision(1, "2026-10-19", 1), revision(2, "2026-10-26", 1)]), programs, "2026-11-24")).toHaveLength(1);
  });

  it("give way to a later revision that starts earlier", () => {
    const replaced = plan([revision(1, "2026-10-19", 1), revision(2, "2026-11-20", 2), revision(3, "2026-11-09", 2)]);
    expect(changes(replaced, (each) => each.reason)).toEqual([{ date: "2026-11-09", text: "reason 3" }]);
  });
});

describe("the range shown", () => {
  it("starts with the plan, the first log or four weeks ago, and never ends in one column", () => {
    expect(axisRange("plan", "2026-11-24", "2026-10-19", "2026-09-01")).toEqual({ first: "2026-10-19", last: "2026-11-24" });
    expect(axisRange("all", "2026-11-24", "2026-10-19", "2026-09-01").first).toBe("2026-09-01");
    expect(axisRange("4weeks", "2026-11-24", null, null)).toEqual({ first: "2026-10-28", last: "2026-11-24" });
    expect(axisRange("plan", "2026-11-24", "2026-11-24", null)).toEqual({ first: "2026-11-24", last: "2026-12-07" });
    expect(axisRange("plan", "2026-11-24", "2026-12-01", null)).toEqual({ first: "2026-11-24", last: "2026-12-07" });
  });

  it("asks for at most the 400 dates the server gives", () => {
    expect(axisRange("all", "2026-11-24", "2024-01-01", "2024-01-01").first).toBe("2025-10-21");
  });
});

describe("what a phone left out", () => {
  const kept = { type: "session" as const, id: "s", plan: "plan", performed_at: "2026-11-23T07:10:00+01:00", local_date: "2026-11-23", received_at: "2026-11-23T07:30:00+01:00", late: false, seen_at: null, entered_by: null, exercises: [{ id: "e", prescription: "clam", sets_done: 2 }] };

  it("is no answer, and never zero", () => {
    expect(readSession(kept)).toMatchObject({ pain_before: null, pain_after: null, effort: null, note: "", logged_at: null });
    expect(readSession(kept).exercises[0]).toMatchObject({ pain: null, difficulty: null, skipped: null, reps: [], side: "both", slot: 1 });
    expect(sessionWords(readSession(kept), 5, () => "Clam")).toEqual({ alarm: null, text: "No pain scores.", done: 1, of: 1 });
  });

  it("keeps a zero that was answered", () => {
    expect(readSession({ ...kept, pain_after: 0 }).pain_after).toBe(0);
  });
});

describe("a session in words", () => {
  const nameOf = (each: ExerciseLog): string => ({ clam: "Clam", bridge: "Bridge", walk: "Walk" })[each.prescription] ?? "";

  it("says first what hurt more than the limit allows", () => {
    expect(sessionWords(session("2026-11-21"), 5, nameOf)).toEqual({ alarm: "Bridge pain 6, too hard", text: "Others 2.", done: 2, of: 2 });
  });

  it("names the two worst of a day that hurt everywhere", () => {
    const bad = session("2026-11-21", { exercises: [log("clam", { pain: 6 }), log("bridge", { pain: 8 }), log("walk", { pain: 7, difficulty: null })] });
    expect(sessionWords(bad, 5, nameOf).alarm).toBe("Bridge pain 8, right; Walk pain 7; 1 more above the limit");
  });

  it("says what was skipped and why, and counts a skip as not done", () => {
    const skipped = session("2026-11-19", { exercises: [log("clam"), log("bridge", { skipped: "pain", sets_done: 0, pain: null }), log("walk", { skipped: "time", sets_done: 0, pain: null })] });
    expect(sessionWords(skipped, 5, nameOf)).toEqual({
      alarm: null, text: "Pain 2 throughout. Skipped Bridge (too painful); Walk (no time).", done: 1, of: 3,
    });
  });

  it("never takes no answer for zero", () => {
    const silent = session("2026-11-19", { exercises: [log("clam", { pain: null })] });
    expect(sessionWords(silent, 5, nameOf).text).toBe("No pain scores.");
  });

  it("marks what was filled in on a later day", () => {
    expect(lateWords(session("2026-11-18", { late: true, logged_at: "2026-11-19T20:00:00+01:00" }))).toBe("Filled in late, on Thursday 19 November");
    expect(lateWords(session("2026-11-18"))).toBeNull();
  });
});
