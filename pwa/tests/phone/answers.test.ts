/** Answers of the server that overtake each other on a slow network. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Rule, RemindersPayload } from "../../src/phone/reminders/document";
import { refreshReminders, saveRules } from "../../src/phone/reminders/store";
import { openPatientDb, readDocument, type PatientDb } from "../../src/phone/store/db";
import { resetDevice } from "../../src/phone/store/device";
import { refreshPlan } from "../../src/phone/store/person";
import { uuid7 } from "../../src/phone/store/ids";
import { json, payloadOf } from "./world";

let db: PatientDb;
let patient: string;
/** Requests under way, in the order in which they were made; the test answers them in any other. */
let asked: ((body: unknown) => void)[];

beforeEach(async () => {
  await resetDevice();
  vi.useFakeTimers({ toFake: ["Date"] });
  patient = uuid7();
  db = await openPatientDb(patient);
  asked = [];
  globalThis.fetch = () => new Promise((answer) => asked.push((body) => answer(json(200, body))));
});
afterEach(() => {
  db.close();
  vi.useRealTimers();
});

/** A request has been made, a moment later than whatever was before. */
async function under(way: number): Promise<void> {
  await vi.waitFor(() => expect(asked).toHaveLength(way));
  vi.setSystemTime(Date.now() + 10);
}

const reminders = (...times: string[][]): RemindersPayload => ({
  patient,
  vapid_public_key: "",
  channels: [],
  rules: times.map((one) => ({ id: uuid7(), times: one }) as unknown as Rule),
  calendar: false,
});
const hours = async (): Promise<unknown> =>
  (await readDocument(db, "reminders"))?.payload.rules.map((rule) => rule.times);

test("what was asked for before a change, and comes after it, does not undo it", async () => {
  const opening = refreshReminders(db, patient);
  await under(1);
  const saving = saveRules(db, patient, [{ times: ["08:00"] }]);
  await under(2);
  asked[1]!(reminders(["08:00"]));
  await saving;
  vi.setSystemTime(Date.now() + 10);
  asked[0]!(reminders());
  expect((await opening).rules).toHaveLength(1);
  expect(await hours()).toEqual([["08:00"]]);
});

test("what was asked for while a change was on its way may not know of it either", async () => {
  const saving = saveRules(db, patient, [{ times: ["09:30"] }]);
  await under(1);
  const meanwhile = refreshReminders(db, patient);
  await under(2);
  asked[0]!(reminders(["09:30"]));
  await saving;
  asked[1]!(reminders());
  await meanwhile;
  expect(await hours()).toEqual([["09:30"]]);
});

test("what was asked for afterwards counts, and so does everything after the clock was set back", async () => {
  const saving = saveRules(db, patient, [{ times: ["09:30"] }]);
  await under(1);
  asked[0]!(reminders(["09:30"]));
  await saving;
  vi.setSystemTime(Date.now() + 10);
  const later = refreshReminders(db, patient);
  await under(2);
  asked[1]!(reminders(["10:00"]));
  await later;
  expect(await hours()).toEqual([["10:00"]]);

  vi.setSystemTime(Date.now() - 3_600_000);
  const back = refreshReminders(db, patient);
  await under(3);
  asked[2]!(reminders(["11:00"]));
  await back;
  expect(await hours()).toEqual([["11:00"]]);
});

test("the plan that was asked for last stays, in whatever order they come", async () => {
  const name = (therapist: string): unknown => ({ ...payloadOf([]), therapist });
  const first = refreshPlan(db, patient, Date.now());
  await under(1);
  const second = refreshPlan(db, patient, Date.now());
  await under(2);
  asked[1]!(name("Dana Later"));
  expect((await second).payload.therapist).toBe("Dana Later");
  asked[0]!(name("Dana Earlier"));
  expect((await first).payload.therapist).toBe("Dana Later");
  expect((await readDocument(db, "plan"))?.payload.therapist).toBe("Dana Later");
  expect(await readDocument(db, "therapist")).toBe("Dana");
});
