/** Reminders on the phone: whose an opaque id is, when "later today" is, what a day looks like to a push, what is said. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ExerciseLog, ItemState, PlansPayload, SessionItem } from "../../src/api/types";
import { setLanguage } from "../../src/i18n/core";
import { isQuiet, laterAt, minutesOf, wallClock } from "../../src/phone/reminders/clock";
import type { RemindersPayload, Rule } from "../../src/phone/reminders/document";
import { addLater, latersOf, sendLaters } from "../../src/phone/reminders/laters";
import { noticeOf, type Say } from "../../src/phone/reminders/notice";
import { standingOf, type Known } from "../../src/phone/reminders/standing";
import { withMain } from "../../src/phone/reminders/store";
import { sayDays, sayWhen } from "../../src/phone/reminders/summary";
import { occurrenceId, uuid5 } from "../../src/phone/reminders/uuid5";
import { occasionOf } from "../../src/phone/reminders/whose";
import { newEntry, type Entry, type OutgoingItem } from "../../src/phone/store/entry";
import { freshDb, json, payloadOf, planOf, prescription, problem, sessionItem } from "./world";

const RULE = "0190a5d2-7e4b-7cc3-9d0a-3f1f6b1a2c4d";
/** A session in which "a" was done on this morning. */
function done(pain: number | null = 2): SessionItem & OutgoingItem {
  const log = { prescription: "a", slot: 1, sets_done: 3, pain, skipped: null } as unknown as ExerciseLog;
  return sessionItem({ performed_at: "2026-11-24T07:30:00+01:00", exercises: [log] });
}

const QUIET = { from: "21:00", to: "07:00" };

function rule(part: Partial<Rule> = {}): Rule {
  return {
    id: RULE,
    kind: "exercise",
    after_days: null,
    times: ["08:00"],
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    quiet: null,
    channels: ["push"],
    only_if_not_done: true,
    repeat_after_min: null,
    paused: false,
    timezone: "Europe/Madrid",
    next_due_at: null,
    ...part,
  };
}

describe("whose an occurrence is", () => {
  test("a known example of RFC 9562: www.example.com in the name space of DNS", async () => {
    expect(await uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
  });

  test("the server's id (Python's uuid5) of a date and slot", async () => {
    expect(await occurrenceId(RULE, "2026-11-24", 2)).toBe("3006a0b8-0b52-5625-990d-2f0759be1259");
  });

  test("is found under its rule, today, yesterday and tomorrow, in any slot; another's is nobody's", async () => {
    const now = Date.parse("2026-11-24T09:00:00+01:00");
    const rules = [rule({ id: "0190a5d2-7e4b-7cc3-9d0a-000000000001" }), rule()];
    for (const [date, slot] of [["2026-11-24", 1], ["2026-11-23", 3], ["2026-11-25", 8]] as const) {
      const found = await occasionOf(await occurrenceId(RULE, date, slot), rules, now);
      expect(found).toMatchObject({ date, slot, rule: { id: RULE } });
    }
    expect(await occasionOf(await occurrenceId(RULE, "2026-11-27", 1), rules, now)).toBeNull();
  });
});

describe("later today", () => {
  const at = (local: string): number => Date.parse(`2026-11-24T${local}:00+01:00`);
  const later = (local: string, part: Partial<Rule> = {}): string | null => {
    const found = laterAt(at(local), "2026-11-24", rule(part));
    return found === null ? null : new Date(found).toISOString();
  };

  test("is in two hours", () => expect(later("08:05")).toBe("2026-11-24T09:05:00.000Z"));
  test("is not after the day", () => expect(later("22:00")).toBeNull());
  test("one minute before is still the day", () => expect(later("21:59")).toBe("2026-11-24T22:59:00.000Z"));
  test("is not in quiet hours that last into the night", () => expect(later("19:00", { quiet: QUIET })).toBeNull());
  test("the end of quiet hours is not quiet", () =>
    expect(later("05:00", { quiet: QUIET })).toBe("2026-11-24T06:00:00.000Z"));
  test("waits for the end of quiet hours that end on the same day", () =>
    expect(later("12:30", { quiet: { from: "14:00", to: "16:30" } })).toBe("2026-11-24T15:30:00.000Z"));
  test("a reminder of yesterday does not come again", () =>
    expect(laterAt(at("08:00"), "2026-11-23", rule())).toBeNull());
  test("the day is the rule's zone's, not this phone's", () => {
    // 22:30 in Madrid is the afternoon in New York.
    expect(later("22:30", { timezone: "America/New_York" })).toBe("2026-11-24T23:30:00.000Z");
  });
  test("never past midnight nor in quiet hours, whatever the hours are", () => {
    for (let minutes = 0; minutes < 24 * 60; minutes += 7)
      for (const quiet of [null, QUIET, { from: "13:00", to: "15:00" }, { from: "00:00", to: "23:59" }]) {
        const now = Date.parse("2026-10-25T00:00:00+02:00") + minutes * 60_000; // the clocks go back on this day
        const found = laterAt(now, "2026-10-25", rule({ quiet }));
        if (found === null) continue;
        const clock = wallClock(found, "Europe/Madrid");
        expect(clock.date).toBe("2026-10-25");
        expect(isQuiet(quiet, clock.minutes)).toBe(false);
        expect(found).toBeGreaterThan(now);
      }
  });
  test("equal ends mean no quiet hours", () => expect(isQuiet({ from: "07:00", to: "07:00" }, minutesOf("07:00"))).toBe(false));
});

describe("the day as this phone knows it", () => {
  const DATE = "2026-11-24";
  const NOW = Date.parse(`${DATE}T08:00:00+01:00`);
  const plan = (states: readonly [string, number, ItemState][]): PlansPayload => {
    const items = states.map(([prescription, slot, state]) => ({ prescription, slot, state }));
    return payloadOf([planOf([prescription("a"), prescription("b")], [{ date: DATE, items }])]);
  };
  const known = (payload: PlansPayload | null, entries: readonly Entry[] = []): Known => ({
    plan: payload && { payload, etag: null, confirmedAt: NOW },
    entries,
    released: [],
    morning: null,
  });
  const says = (facts: Known, slot = 1, slots = 1): string => standingOf(facts, DATE, slot, slots, NOW);

  test("something is due: open", () => expect(says(known(plan([["a", 1, "due"]])))).toBe("open"));
  test("all answered on the server: done", () =>
    expect(says(known(plan([["a", 1, "done"], ["b", 1, "skipped"]])))).toBe("done"));
  test("of two times a day the morning's reminder is content with one", () => {
    const half = known(plan([["a", 1, "done"], ["a", 2, "due"]]));
    expect(says(half, 1, 2)).toBe("done");
    expect(says(half, 2, 2)).toBe("open");
  });
  test("done here and not sent: waiting", () => {
    const entry = newEntry(done(), NOW);
    const facts = known(plan([["a", 1, "due"]]), [entry]);
    expect(says(facts)).toBe("waiting");
    expect(says({ ...facts, entries: [{ ...entry, state: "sent" }] })).toBe("done");
  });
  test("no plan on this phone, or nothing it knows of for this day: the server knows better", () => {
    expect(says(known(null))).toBe("open");
    expect(says(known(plan([])))).toBe("open");
  });
  test("a lock in force is louder than what is due; one that has ended is none", () => {
    const locked = plan([["a", 1, "due"]]);
    locked.locks.push({ id: "l", kind: "red_flag", since: `${DATE}T07:00:00+01:00`, until: null } as never);
    expect(says(known(locked))).toBe("locked");
    const over = plan([["a", 1, "due"]]);
    over.locks.push({ id: "l", kind: "stop", since: `${DATE}T05:00:00+01:00`, until: `${DATE}T06:00:00+01:00` } as never);
    expect(says(known(over))).toBe("open");
  });
  test("pain of eight in an entry that was not sent locks too", () => {
    const entry = newEntry(done(8), NOW);
    expect(says(known(plan([["a", 1, "due"], ["b", 1, "due"]]), [entry]))).toBe("locked");
  });
});

describe("what is said", () => {
  const ALL: readonly Say[] = [
    "open", "again", "done", "sent", "waiting", "neutral", "nudge", "stuck", "weekly", "noted", "queued", "putOff", "notAgain",
  ]; // prettier-ignore
  const facts = { patient: "p", occurrence: "o", date: "2026-11-24" };

  test.each(["en", "es"] as const)("%s: nothing that tells a stranger what it is about", async (language) => {
    await setLanguage(language);
    for (const say of ALL) {
      const { title, options } = noticeOf({ ...facts, say, at: 0 });
      expect(`${title} ${options.body}`).not.toMatch(/exerc|ejerc|pain|dolor|hip|cadera|therap|terap|leg|pierna|ache/i);
      expect(title + options.body).not.toMatch(/\{|undefined/);
      expect(options.tag).toBe("o");
    }
    await setLanguage("en");
  });
  test("only what is still to do has buttons; only a second time makes a sound again", () => {
    for (const say of ALL) {
      const { options } = noticeOf({ ...facts, say });
      expect(options.actions.length).toBe(say === "open" || say === "again" ? 2 : 0);
      expect(options.renotify).toBe(say === "again");
    }
    expect(noticeOf({ ...facts, say: "again", silent: true }).options.renotify).toBe(false);
  });
  test("a name only where several people share the phone", () => {
    expect(noticeOf({ ...facts, say: "open", name: "Nell" }).title).toBe("Nell: Your reminder");
    expect(noticeOf({ ...facts, say: "open" }).title).toBe("Your reminder");
  });
  test("days and hours in words", () => {
    expect(sayDays([1, 2, 3, 4, 5, 6, 7])).toBe("Every day");
    expect(sayDays([1, 2, 3, 4, 5])).toBe("Monday to Friday");
    expect(sayDays([6, 1])).toBe("Mon and Sat");
    expect(sayWhen(rule({ quiet: { from: "07:00", to: "07:00" } }))).toBe("Every day.");
  });
});

describe("the person's rules", () => {
  const payload = (rules: Rule[]): RemindersPayload =>
    ({ patient: "p", vapid_public_key: "", channels: [], rules, calendar: false });
  const weekly = rule({ id: "w", kind: "weekly", times: ["18:00"] });

  test("the first is made where there is none", () =>
    expect(withMain(payload([]), { times: ["07:30"] })).toEqual([
      { times: ["07:30"], weekdays: [1, 2, 3, 4, 5, 6, 7] },
    ]));
  test("a clinic's nudge is never sent back, and a pause is for all of one's own", () => {
    const rules = withMain(payload([rule(), rule({ id: "n", kind: "nudge", after_days: 3 }), weekly]), { paused: true });
    expect(rules.map((one) => [one.id, one.paused])).toEqual([[RULE, true], ["w", true]]); // prettier-ignore
    expect(rules[1]?.times).toEqual(["18:00"]);
  });
  test("the look back at the week is added once, and taken away", () => {
    expect(withMain(payload([rule()]), {}, true).map((one) => one.kind)).toEqual(["exercise", "weekly"]);
    expect(withMain(payload([rule(), weekly]), {}, true).length).toBe(2);
    expect(withMain(payload([rule(), weekly]), {}, false).map((one) => one.kind)).toEqual(["exercise"]);
  });
});

describe("the queue of later", () => {
  const sent: string[] = [];
  const serve = (replies: readonly (() => Response)[]): void => {
    const left = [...replies];
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      sent.push((JSON.parse(String(init.body)) as { id: string }).id);
      const reply = left.shift();
      if (reply === undefined) throw new TypeError("no network");
      return reply();
    });
  };
  const NOW = Date.parse("2026-11-24T08:00:00Z");
  const wish = (id: string, occurrence = id): { id: string; occurrence: string; at: string } => ({
    id,
    occurrence,
    at: "2026-11-24T10:00:00+00:00",
  });
  const ok = (): Response => json(200, { due_at: "2026-11-24T10:00:00Z", state: "waiting", reason: null });
  beforeEach(() => sent.splice(0));

  test("stays through silence and faults, in order, and goes once", async () => {
    const { db } = await freshDb();
    await addLater(db, wish("1"));
    await addLater(db, wish("2"));
    serve([]);
    expect((await sendLaters(db, "p", NOW)).size).toBe(0);
    serve([ok, () => json(503, null)]);
    await sendLaters(db, "p", NOW);
    expect((await latersOf(db)).map(({ id }) => id)).toEqual(["2"]);
    serve([() => problem(401, "not_authenticated")]);
    await sendLaters(db, "p", NOW);
    expect(await latersOf(db)).toHaveLength(1);
    serve([ok]);
    expect((await sendLaters(db, "p", NOW)).get("2")?.state).toBe("waiting");
    await sendLaters(db, "p", NOW);
    expect(sent.filter((id) => id === "2")).toHaveLength(3);
    expect(await latersOf(db)).toEqual([]);
  });
  test("what the server refuses for good is let go, and the next one is sent", async () => {
    const { db } = await freshDb();
    await addLater(db, wish("1"));
    await addLater(db, wish("2"));
    serve([() => json(404, null), ok]);
    await sendLaters(db, "p", NOW);
    expect(await latersOf(db)).toEqual([]);
  });
  test("a second thought takes the place of the first; a day later it says nothing any more", async () => {
    const { db } = await freshDb();
    await addLater(db, wish("1", "o"));
    await addLater(db, wish("2", "o"));
    expect((await latersOf(db)).map(({ id }) => id)).toEqual(["2"]);
    serve([ok]);
    await sendLaters(db, "p", NOW + 2 * 86_400_000);
    expect(sent).toEqual([]);
    expect(await latersOf(db)).toEqual([]);
  });
});
