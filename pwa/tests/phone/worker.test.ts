/** The service worker's answers to a push and a tap, with real databases of several people on one phone. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Rule } from "../../src/phone/reminders/document";
import { latersOf } from "../../src/phone/reminders/laters";
import { wallClock } from "../../src/phone/reminders/clock";
import { occurrenceId } from "../../src/phone/reminders/uuid5";
import { onClick, onPush, type Desk } from "../../src/phone/reminders/worker";
import type { NoticeData, NoticeOptions } from "../../src/phone/reminders/notice";
import { openPatientDb, writeDocument } from "../../src/phone/store/db";
import { readDevice, resetDevice, writeDevice } from "../../src/phone/store/device";
import { saveEntry } from "../../src/phone/store/outbox";
import { uuid7 } from "../../src/phone/store/ids";
import { json, sessionItem } from "./world";

interface Shown {
  readonly title: string;
  readonly options: NoticeOptions;
}

class FakeDesk implements Desk {
  readonly shown: Shown[] = [];
  readonly opened: [string, boolean][] = [];
  readonly registration = {
    showNotification: (title: string, options: NoticeOptions) => {
      this.shown.push({ title, options });
      return Promise.resolve();
    },
    getNotifications: () => Promise.resolve(this.shown),
  } as unknown as ServiceWorkerRegistration;
  readonly sendAll = (): Promise<void> => Promise.reject(new Error("no network"));
  readonly openApp = (path: string, anew: boolean): Promise<void> => {
    this.opened.push([path, anew]);
    return Promise.resolve();
  };
  last(): Shown {
    return this.shown.at(-1)!;
  }
}

const ZONE = "Europe/Madrid";
const today = (): string => wallClock(Date.now(), ZONE).date;

function rule(part: Partial<Rule> = {}): Rule {
  return {
    id: uuid7(),
    kind: "exercise",
    after_days: null,
    times: ["08:00"],
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    quiet: null,
    channels: ["push"],
    only_if_not_done: true,
    repeat_after_min: null,
    paused: false,
    timezone: ZONE,
    next_due_at: null,
    ...part,
  };
}

const documentOf = (patient: string, rules: Rule[]) => ({
  patient,
  vapid_public_key: "",
  channels: [],
  rules,
  calendar: false,
});

/** A person of this phone, with these rules known to it. */
async function live(patient: string, rules: Rule[]): Promise<void> {
  const db = await openPatientDb(patient);
  await writeDocument(db, "reminders", { payload: documentOf(patient, rules), fetchedAt: 0 });
  db.close();
}

async function household(...people: [string, string][]): Promise<void> {
  const patients = people.map(([id, name]) => ({ id, name, relation: "self" as const }));
  await writeDevice("accounts", [{ user: "u", email: null, patients }]);
  await writeDevice("current", people[0]![0]);
}

const push = (occurrence: string, sequence = 1): string => JSON.stringify({ v: 1, occurrence, sequence });

let desk: FakeDesk;
let nell: string;
let otto: string;
beforeEach(async () => {
  await resetDevice();
  await writeDevice("language", "en");
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
  desk = new FakeDesk();
  [nell, otto] = [uuid7(), uuid7()];
});

describe("several people on one phone", () => {
  test("a push is the person's whose rule it is, and says whose", async () => {
    const [hers, his] = [rule(), rule()];
    await household([nell, "Nell Placeholder"], [otto, "Otto Placeholder"]);
    await live(nell, [hers]);
    await live(otto, [his]);
    const occurrence = await occurrenceId(his.id, today(), 1);
    await onPush(push(occurrence), desk);
    expect(desk.shown).toHaveLength(1);
    expect(desk.last().title).toBe("Otto: Your reminder");
    expect(desk.last().options.tag).toBe(occurrence);

    await onClick(desk.last().options.data, "start", desk);
    expect(desk.opened).toEqual([["/start", true]]);
    expect(await readDevice("current")).toBe(otto);
  });

  test("one alone is not named", async () => {
    const hers = rule();
    await household([nell, "Nell Placeholder"]);
    await live(nell, [hers]);
    await onPush(push(await occurrenceId(hers.id, today(), 1)), desk);
    expect(desk.last().title).toBe("Your reminder");
  });
});

describe("something is shown, whatever comes", () => {
  test.each([["", "homestretch"], ["no json", "homestretch"], [push("a-b"), "a-b"], ["null", "homestretch"]])(
    "%j",
    async (text, tag) => {
      await household([nell, "Nell Placeholder"]);
      await onPush(text, desk);
      expect(desk.shown.map(({ title, options }) => [title, options.tag])).toEqual([["There is something in the app", tag]]); // prettier-ignore
    },
  );

  test("on a phone that nobody is signed in on", async () => {
    await onPush(push(uuid7()), desk);
    expect(desk.last().title).toBe("There is something in the app");
    await onClick(desk.last().options.data, "", desk);
    expect(desk.opened).toEqual([["/", false]]);
  });

  test("a rule that was made since is asked for, once there is a network", async () => {
    const fresh = rule();
    await household([nell, "Nell Placeholder"]);
    const occurrence = await occurrenceId(fresh.id, today(), 1);
    await onPush(push(occurrence), desk);
    expect(desk.last().title).toBe("There is something in the app");
    globalThis.fetch = () => Promise.resolve(json(200, documentOf(nell, [fresh])));
    await onPush(push(occurrence), desk);
    expect(desk.last().title).toBe("Your reminder");
  });
});

describe("other kinds", () => {
  test("a nudge while the outbox is full says that it was not sent, not that nothing was done", async () => {
    const nudge = rule({ kind: "nudge", after_days: 3 });
    await household([nell, "Nell Placeholder"]);
    await live(nell, [nudge]);
    const occurrence = await occurrenceId(nudge.id, today(), 1);
    await onPush(push(occurrence), desk);
    expect(desk.last().title).toBe("How are you getting on?");
    const db = await openPatientDb(nell);
    await saveEntry(db, sessionItem(), Date.now());
    db.close();
    await onPush(push(occurrence), desk);
    expect(desk.last().title).toBe("Not sent yet");
  });

  test("a look back opens the progress", async () => {
    const weekly = rule({ kind: "weekly" });
    await household([nell, "Nell Placeholder"]);
    await live(nell, [weekly]);
    await onPush(push(await occurrenceId(weekly.id, today(), 1)), desk);
    expect(desk.last().options.actions).toEqual([]);
    await onClick(desk.last().options.data, "", desk);
    expect(desk.opened).toEqual([["/progress", false]]);
  });
});

describe("later today", () => {
  /** A zone in which "in two hours" is today. */
  const zone = new Date().getUTCHours() < 20 ? "UTC" : "Etc/GMT+12";

  async function tapped(): Promise<{ data: NoticeData; occurrence: string }> {
    const hers = rule({ timezone: zone });
    await household([nell, "Nell Placeholder"]);
    await live(nell, [hers]);
    const occurrence = await occurrenceId(hers.id, wallClock(Date.now(), zone).date, 1);
    await onPush(push(occurrence), desk);
    return { data: desk.last().options.data, occurrence };
  }
  const queue = async (): Promise<number> => {
    const db = await openPatientDb(nell);
    const count = (await latersOf(db)).length;
    db.close();
    return count;
  };

  test("without a network: noted here, and said so", async () => {
    const { data, occurrence } = await tapped();
    await onClick(data, "later", desk);
    expect(desk.last().options.body).toContain("Noted on this phone");
    expect(await queue()).toBe(1);
    await onPush(push(occurrence, 2), desk); // the repeat that the server could not know to leave out
    expect(desk.last().options.body).toContain("You put it off until");
    expect(desk.last().options.silent).toBe(true);
  });

  test("the server agrees, or says that it does not come again", async () => {
    const { data } = await tapped();
    const due = new Date(Date.now() + 7_200_000).toISOString();
    globalThis.fetch = () => Promise.resolve(json(200, { due_at: due, state: "waiting", reason: null }));
    await onClick(data, "later", desk);
    expect(desk.last().options.body).toContain("We remind you again at");
    expect(await queue()).toBe(0);
    globalThis.fetch = () => Promise.resolve(json(200, { due_at: due, state: "dropped", reason: "quiet_hours" }));
    await onClick(data, "later", desk);
    expect(desk.last().title).toBe("Not again today");
  });

  test("never after the day: a reminder of yesterday is not put off, and nothing is queued", async () => {
    const { data } = await tapped();
    const hers = rule({ timezone: zone });
    await live(nell, [hers]);
    const yesterday = wallClock(Date.now() - 86_400_000, zone).date;
    const occurrence = await occurrenceId(hers.id, yesterday, 1);
    await onClick({ ...data, occurrence, date: yesterday }, "later", desk);
    expect(desk.last().title).toBe("Not again today");
    expect(await queue()).toBe(0);
  });
});
