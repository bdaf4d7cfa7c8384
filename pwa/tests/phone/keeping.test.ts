/** Messages, goals and outcome answers on their way into the outbox: one step on disk each, whatever is killed. */
import { beforeEach, expect, test } from "vitest";
import { keepMessageDraft, readMessageDraft, sendMessage, writeAgain } from "../../src/phone/messages/actions";
import { closeInstrument, keepOutcomeDraft, openOutcomeDraft, putOff, saveGoal } from "../../src/phone/progress/actions";
import { withAnswer } from "../../src/phone/progress/outcomes";
import * as state from "../../src/phone/state";
import { writeDocument, type PatientDb } from "../../src/phone/store/db";
import { newEntry } from "../../src/phone/store/entry";
import { allEntries } from "../../src/phone/store/outbox";
import { localDate } from "../../src/phone/store/time";
import { FakeServer, freshDb, payloadOf, planOf } from "./world";

let db: PatientDb;

beforeEach(async () => {
  new FakeServer(() => "silence");
  const fresh = await freshDb();
  db = fresh.db;
  state.database.value = db;
  state.entries.value = [];
  state.progress.value = null;
  const today = localDate(new Date());
  state.today.value = today;
  const plan = payloadOf([{ ...planOf([], []), starts_on: today }]);
  await writeDocument(db, "plan", { payload: plan, etag: null, confirmedAt: 1 });
  state.plan.value = { payload: plan, etag: null, confirmedAt: 1 };
});

test("a message leaves the line it was written on and is in the outbox, in one step", async () => {
  await keepMessageDraft({ body: "Can I do", about: null });
  const whole = { body: " Can I do it on the bed? ", about: { type: "prescription", id: "a" } as const };
  void keepMessageDraft(whole);
  await sendMessage(whole);
  expect(await readMessageDraft()).toBeNull();
  expect((await allEntries(db)).map((entry) => entry.item)).toMatchObject([
    { type: "message", body: "Can I do it on the bed?", about: whole.about },
  ]);
});

test("blanks are no message", async () => {
  await sendMessage({ body: " \n ", about: null });
  expect(await allEntries(db)).toEqual([]);
});

test("what the server could not take is written anew, and the refused one is taken back", async () => {
  const held = { ...newEntry({ type: "message", id: "held", at: "2026-11-24T07:00:00Z", body: "Why?", about: { id: "x" } }, 1) };
  await db.put("entries", { ...held, state: "held", attempts: 1 });
  await writeAgain(held);
  expect(await readMessageDraft()).toEqual({ body: "Why?", about: null });
  const [first, second] = await allEntries(db);
  expect(first).toMatchObject({ id: "held", state: "voided" });
  expect(second!.item).toMatchObject({ type: "void", of: "held" });
});

test("a goal of another phone is changed under its own id, as an edit", async () => {
  await saveGoal("walk to the market", true, { id: "theirs", text: "walk", done_at: null });
  const [entry] = await allEntries(db);
  expect(entry!.item).toMatchObject({ type: "goal", id: "theirs", text: "walk to the market" });
  expect(entry!.item["edited_at"]).toBeTruthy();
  expect(entry!.item["done_at"]).toBeTruthy();
});

test("a goal of this phone that was never sent is one item, however often it is worded anew", async () => {
  await saveGoal("walk", false, null);
  const id = (await allEntries(db))[0]!.id;
  await saveGoal("walk to the market", false, { id, text: "walk", done_at: null });
  expect((await allEntries(db)).map((entry) => entry.item)).toMatchObject([{ id, text: "walk to the market", done_at: null }]);
});

test("what was begun is there again after a kill, and one questionnaire becomes one item", async () => {
  const begun = (await openOutcomeDraft())!;
  expect(begun.instruments).toEqual(["nprs", "psfs"]);
  await keepOutcomeDraft(withAnswer(begun, "nprs.now", 0));
  const again = (await openOutcomeDraft())!;
  expect(again.nprs).toEqual({ now: 0, average: null, worst: null });
  await closeInstrument(again, "nprs");
  await closeInstrument(again, "nprs"); // killed before the draft knew of it
  const entries = await allEntries(db);
  expect(entries.map((entry) => entry.id)).toEqual([again.ids.nprs]);
  expect(entries[0]!.item).toMatchObject({ type: "outcome", instrument: "nprs", timepoint: "baseline" });
  expect((await openOutcomeDraft())!.closed).toEqual(["nprs"]);
});

test("no answer at all is nothing to send", async () => {
  const closed = await closeInstrument((await openOutcomeDraft())!, "psfs");
  expect(closed.closed).toEqual(["psfs"]);
  expect(await allEntries(db)).toEqual([]);
});

test("later is later, also after a restart", async () => {
  await putOff("2026-11-25");
  expect(state.outcomesLater.value).toBe("2026-11-25");
  expect(await db.get("documents", "outcomesLater")).toBe("2026-11-25");
});
