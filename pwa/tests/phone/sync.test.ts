/** API.md, "What the phone does": one test for each answer, and for the moments between tap and answer. */
import { beforeEach, describe, expect, test } from "vitest";
import { readDocument, type PatientDb } from "../../src/phone/store/db";
import { allEntries, changeEntry, retryEntry, saveEntry, setAside, voidEntry } from "../../src/phone/store/outbox";
import { sendOutbox } from "../../src/phone/store/sync";
import { answering, FakeServer, freshDb, json, problem, sessionItem } from "./world";

let db: PatientDb;
let patient: string;
let now: number;

beforeEach(async () => {
  ({ db, patient } = await freshDb());
  now = Date.parse("2026-11-24T07:12:00Z");
});

const send = (options: { evenEmpty?: boolean; despiteStop?: boolean } = {}) =>
  sendOutbox(db, patient, { ...options, now: () => now });
const states = async () => (await allEntries(db)).map((entry) => entry.state);
async function saved(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await saveEntry(db, sessionItem(), now + index)).id);
  now += count;
  return ids;
}

describe("answers about one item", () => {
  test.each(["stored", "duplicate", "amended"] as const)("%s leaves the outbox", async (status) => {
    await saved(1);
    const server = new FakeServer(answering(status));
    expect(await send()).toEqual({ kind: "done", answered: 1 });
    expect(await states()).toEqual(["sent"]);
    expect(await send()).toEqual({ kind: "idle" });
    expect(server.calls).toHaveLength(1);
  });

  test("superseded leaves, and is no longer the version to show", async () => {
    await saved(1);
    new FakeServer(answering("superseded"));
    await send();
    expect(await states()).toEqual(["superseded"]);
  });

  test("held leaves, stays under attention with the reason, and is not unsent", async () => {
    await saved(1);
    const errors = [{ code: "plan_closed", detail: "The plan is closed.", attr: null }];
    const server = new FakeServer(answering("held", errors));
    await send();
    expect(await states()).toEqual(["held"]);
    expect((await allEntries(db))[0]!.errors).toEqual(errors);
    await send({ evenEmpty: true });
    expect(server.calls[1]).toMatchObject({ pending: 0, items: [] });
  });

  test("a held item that was corrected goes again with a later edited_at, and then is sent", async () => {
    const item = sessionItem();
    await saveEntry(db, item, now);
    const server = new FakeServer(answering("held"));
    await send();
    await saveEntry(db, { ...item, effort: 4 }, now + 5);
    server.respond = answering("stored");
    await send();
    expect(server.calls[1]!.items[0]!.edited_at).toBe("2026-11-24T08:12:00.005+01:00");
    expect(await states()).toEqual(["sent"]);
  });

  test("each item has its own fate", async () => {
    const [first, second] = await saved(2);
    new FakeServer((call) =>
      json(200, {
        results: call.items.map((item, index) => ({
          index,
          id: item.id,
          status: item.id === first ? "held" : "stored",
          late: false,
          errors: [],
        })),
        server_time: "",
        clock_skew_s: 0,
      }),
    );
    await send();
    const byId = Object.fromEntries((await allEntries(db)).map((entry) => [entry.id, entry.state]));
    expect(byId).toEqual({ [first!]: "held", [second!]: "sent" });
  });

  test("an answer without a result for an item leaves it waiting, and the sending ends", async () => {
    await saved(2);
    const server = new FakeServer((call) =>
      json(200, {
        results:
          call.items.length === 2
            ? [{ index: 0, id: call.items[0]!.id, status: "stored", late: false, errors: [] }]
            : [],
        server_time: "",
        clock_skew_s: 0,
      }),
    );
    await send();
    expect((await states()).sort()).toEqual(["sent", "waiting"]);
    expect(server.calls).toHaveLength(2);
  });

  test("a status of a later version leaves the item waiting, and the sending ends", async () => {
    await saved(1);
    const server = new FakeServer(answering("archived" as never));
    expect(await send()).toEqual({ kind: "done", answered: 0 });
    expect(await states()).toEqual(["waiting"]);
    expect(server.calls).toHaveLength(1);
  });

  test("an id the server could not read is matched by its index", async () => {
    await saved(1);
    new FakeServer(() =>
      json(200, {
        results: [{ index: 0, id: null, status: "held", late: false, errors: [] }],
        server_time: "",
        clock_skew_s: 0,
      }),
    );
    await send();
    expect(await states()).toEqual(["held"]);
  });
});

describe("answers about the call", () => {
  test("401: sign in; items stay", async () => {
    await saved(2);
    new FakeServer(() => problem(401, "not_authenticated"));
    expect(await send()).toEqual({ kind: "sign-in" });
    expect(await states()).toEqual(["waiting", "waiting"]);
  });

  test("403 csrf_failed: a new token once, then the call again", async () => {
    await saved(1);
    const server = new FakeServer((call) =>
      call.token === "fresh-1" ? (answering("stored")(call) as Response) : problem(403, "csrf_failed"),
    );
    expect(await send()).toEqual({ kind: "done", answered: 1 });
    expect(server.calls.map((call) => call.token)).toEqual(["first", "fresh-1"]);
  });

  test("403 csrf_failed twice: no loop and no verdict on the person", async () => {
    await saved(1);
    const server = new FakeServer(() => problem(403, "csrf_failed"));
    expect(await send()).toEqual({ kind: "later", silent: false, waitMs: null });
    expect(server.tokens).toBe(1);
    expect(await readDocument(db, "stop")).toBeNull();
  });

  test.each([
    [409, "wrong_patient"],
    [403, "permission_denied"],
    [400, "schema_unsupported"],
  ])("%i %s: stop and keep under that person, until the app is opened again", async (status, code) => {
    await saved(2);
    const server = new FakeServer(() => problem(status, code));
    expect(await send()).toEqual({ kind: "stopped", code, detail: `Sentence about ${code}.` });
    expect(await states()).toEqual(["waiting", "waiting"]);
    expect(await send()).toMatchObject({ kind: "stopped", code });
    expect(server.calls).toHaveLength(1);
    server.respond = answering("stored");
    expect(await send({ despiteStop: true })).toEqual({ kind: "done", answered: 2 });
  });

  test.each([400, 413])("%i: halve down to one, set that one aside, send all the others", async (status) => {
    const ids = await saved(7);
    const poison = ids[4]!;
    const server = new FakeServer((call) =>
      call.items.some((item) => item.id === poison)
        ? problem(status, "invalid")
        : (answering("stored")(call) as Response),
    );
    expect(await send()).toMatchObject({ kind: "done" });
    const byId = Object.fromEntries((await allEntries(db)).map((entry) => [entry.id, entry.state]));
    expect(byId).toEqual(Object.fromEntries(ids.map((id) => [id, id === poison ? "aside" : "sent"])));
    expect((await allEntries(db)).find((entry) => entry.id === poison)!.errors[0]!.code).toBe("invalid");
    // 7 → 4 + 3; the poison is in the second half: 3 → 2 + 1, 2 → 1 + 1.
    expect(server.calls.map((call) => call.items.length)).toEqual([7, 4, 3, 2, 1, 1, 1]);
    expect(server.calls.at(-1)!.pending).toBe(1);
  });

  test("one set aside goes again only when the person asks", async () => {
    const [id] = await saved(1);
    await setAside(db, id!, []);
    const server = new FakeServer(answering("stored"));
    expect(await send()).toEqual({ kind: "idle" });
    await retryEntry(db, id!);
    expect(await send()).toEqual({ kind: "done", answered: 1 });
    expect(server.calls).toHaveLength(1);
  });

  test("429: wait as long as the server says", async () => {
    await saved(1);
    new FakeServer(() => problem(429, "throttled", { "Retry-After": "17" }));
    expect(await send()).toEqual({ kind: "later", silent: false, waitMs: 17_000 });
    expect(await states()).toEqual(["waiting"]);
  });

  test.each([500, 502, 503])("%i: back off; items stay", async (status) => {
    await saved(1);
    new FakeServer(() => new Response("<html>", { status }));
    expect(await send()).toEqual({ kind: "later", silent: false, waitMs: null });
    expect(await states()).toEqual(["waiting"]);
  });

  test("silence: back off; items stay", async () => {
    await saved(1);
    new FakeServer(() => "silence");
    expect(await send()).toEqual({ kind: "later", silent: true, waitMs: null });
    expect(await states()).toEqual(["waiting"]);
  });
});

describe("between tap and answer", () => {
  test("an item added during a send survives it and goes next", async () => {
    await saved(1);
    const late = sessionItem();
    const server = new FakeServer(async (call) => {
      if (server.calls.length === 1) await saveEntry(db, late, now);
      return answering("stored")(call);
    });
    expect(await send()).toEqual({ kind: "done", answered: 2 });
    expect(server.calls.map((call) => call.items.length)).toEqual([1, 1]);
    expect(await states()).toEqual(["sent", "sent"]);
  });

  test("a change made while its first version is on the way is sent as an edit, never dropped with the first", async () => {
    const item = sessionItem();
    await saveEntry(db, item, now);
    const server: FakeServer = new FakeServer(async (call) => {
      if (server.calls.length === 1) await saveEntry(db, { ...item, pain_after: 6 }, now + 1000);
      return answering(server.calls.length === 1 ? "stored" : "amended")(call);
    });
    await send();
    expect(server.calls[1]!.items[0]).toMatchObject({ pain_after: 6, edited_at: "2026-11-24T08:12:01.000+01:00" });
    expect(await states()).toEqual(["sent"]);
  });

  test("an answer that was lost: the next call says the same, and duplicate settles it", async () => {
    await saved(1);
    const server = new FakeServer(() => "silence");
    await send();
    server.respond = answering("duplicate");
    await send();
    expect(server.calls[1]!.items).toEqual(server.calls[0]!.items);
    expect(await states()).toEqual(["sent"]);
  });

  test("a change after a lost answer carries edited_at, since the server may have the first version", async () => {
    const item = sessionItem();
    await saveEntry(db, item, now);
    const server = new FakeServer(() => "silence");
    await send();
    await saveEntry(db, { ...item, effort: 4 }, now + 1);
    server.respond = answering("amended");
    await send();
    expect(server.calls[0]!.items[0]!.edited_at).toBeNull();
    expect(server.calls[1]!.items[0]!.edited_at).toBe("2026-11-24T08:12:00.001+01:00");
  });

  test("a change before any send is just the item", async () => {
    const item = sessionItem();
    await saveEntry(db, item, now);
    await saveEntry(db, { ...item, effort: 4 }, now + 1);
    const server = new FakeServer(answering("stored"));
    await send();
    expect(server.calls[0]!.items).toEqual([{ ...item, effort: 4 }]);
  });

  test("edits within one millisecond are still in order", async () => {
    const item = sessionItem();
    await saveEntry(db, item, now);
    new FakeServer(answering("stored"));
    await send();
    const first = await saveEntry(db, { ...item, effort: 2 }, now);
    const second = await saveEntry(db, { ...first.item, effort: 4 }, now);
    expect(Date.parse(String(second.item["edited_at"]))).toBeGreaterThan(Date.parse(String(first.item["edited_at"])));
  });

  test("what was never sent is taken back without a trace; what may have been is voided there", async () => {
    const [unsentId] = await saved(1);
    await voidEntry(db, unsentId!, now);
    const server = new FakeServer(answering("stored"));
    expect(await send()).toEqual({ kind: "idle" });
    const [sentId] = await saved(1);
    await send();
    await voidEntry(db, sentId!, now);
    await send();
    expect(server.calls[1]!.items).toMatchObject([{ type: "void", of: sentId }]);
    expect((await states()).sort()).toEqual(["sent", "voided", "voided"]);
  });

  test("an answer that comes after the person took the entry back does not bring it back", async () => {
    const [id] = await saved(1);
    const server = new FakeServer(async (call) => {
      if (server.calls.length === 1) await voidEntry(db, id!, now);
      return answering("stored")(call);
    });
    await send();
    expect(server.calls[1]!.items).toMatchObject([{ type: "void", of: id }]);
    expect((await allEntries(db)).find((entry) => entry.id === id)!.state).toBe("voided");
  });
});

describe("the call itself", () => {
  test("pending is what stays unsent beyond the call: the rest of a long queue, what is still being answered, what is aside", async () => {
    await saved(201);
    const [aside] = await saved(1);
    await setAside(db, aside!, []);
    await saveEntry(db, sessionItem(), now, { notBefore: now + 90_000 });
    const server = new FakeServer(answering("stored"));
    await send();
    expect(server.calls.map((call) => [call.items.length, call.pending])).toEqual([
      [200, 3],
      [1, 2],
    ]);
  });

  test("opening sends a call even when there is nothing to send, once", async () => {
    const server = new FakeServer(answering("stored"));
    expect(await send({ evenEmpty: true })).toEqual({ kind: "done", answered: 0 });
    expect(server.calls).toMatchObject([
      { items: [], pending: 0, schema: 1, patient, tz: "Europe/Madrid", sent_at: "2026-11-24T08:12:00+01:00" },
    ]);
  });

  test("an empty call that the server refuses sets nothing aside", async () => {
    new FakeServer(() => problem(400, "invalid"));
    expect(await send({ evenEmpty: true })).toMatchObject({ kind: "stopped", code: "invalid" });
  });

  test("oldest first, and below 1 MiB a call", async () => {
    for (let index = 0; index < 5; index += 1)
      await saveEntry(db, sessionItem({ note: "x".repeat(300_000) }), now + index);
    now += 5;
    const server = new FakeServer(answering("stored"));
    await send();
    expect(server.calls.map((call) => call.items.length)).toEqual([3, 2]);
  });

  test("what is still being answered on Finish waits for its time", async () => {
    await saveEntry(db, sessionItem(), now, { notBefore: now + 90_000 });
    const server = new FakeServer(answering("stored"));
    expect(await send()).toEqual({ kind: "idle" });
    now += 90_000;
    expect(await send()).toEqual({ kind: "done", answered: 1 });
    expect(server.calls).toHaveLength(1);
  });
});

test("two answers tapped within a blink both stay", async () => {
  const item = sessionItem();
  await saveEntry(db, item, now);
  await Promise.all([changeEntry(db, item.id, { pain_after: 3 }, now), changeEntry(db, item.id, { effort: 4 }, now)]);
  expect((await allEntries(db))[0]!.item).toMatchObject({ pain_after: 3, effort: 4 });
});

test("the session in progress goes in the same step in which its entry comes", async () => {
  const item = sessionItem();
  await db.put("drafts", { id: item.id } as never);
  await saveEntry(db, item, now, { closes: item.id });
  expect(await db.getAll("drafts")).toEqual([]);
  expect(await states()).toEqual(["waiting"]);
});
