/** The conversation: the server's list with this phone's own messages on top. */
import { describe, expect, test } from "vitest";
import { threadOf, unreadOf, type Message, type StoredMessages } from "../../src/phone/messages/thread";
import { changeSeen, refreshMessages } from "../../src/phone/store/news";
import { readDocument, writeDocument } from "../../src/phone/store/db";
import { newEntry, type Entry } from "../../src/phone/store/entry";
import { setCsrfStore } from "../../src/api/client";
import { freshDb, json, problem } from "./world";

const message = (id: string, change: Partial<Message> = {}): Message => ({
  ...{ id, at: "2026-11-24T06:10:00Z", body: id, about: null, mine: false, seen_at: null, seen_by: null },
  from: { name: "Dana Example", side: "clinic" },
  ...change,
});
const mine = (id: string, change: Partial<Message> = {}): Message =>
  message(id, { from: { name: "Rosa Sample", side: "patient" }, mine: true, ...change });
const stored = (...list: Message[]): StoredMessages => ({ list, fetchedAt: 1 });
const own = (id: string, change: Partial<Entry> = {}): Entry => ({
  ...newEntry({ type: "message", id, at: "2026-11-24T08:00:00+01:00", body: id, about: null }, 1),
  ...change,
});

describe("the thread", () => {
  test("oldest first, by the day this phone shows", () => {
    const days = threadOf(
      stored(message("c", { at: "2026-11-24T23:30:00Z" }), message("b"), message("a", { at: "2026-11-23T22:59:00Z" })),
      [own("d")],
      [],
    );
    expect(days.map((day) => [day.date, day.lines.map((line) => line.id)])).toEqual([
      ["2026-11-23", ["a"]],
      ["2026-11-24", ["b", "d"]],
      ["2026-11-25", ["c"]],
    ]);
  });

  test("what is on the phone and with the server is shown once, with the server's word about who saw it", () => {
    const days = threadOf(
      stored(mine("a", { seen_at: "2026-11-24T15:10:00Z", seen_by: "Dana Example" })),
      [own("a", { state: "sent" })],
      [],
    );
    expect(days.flatMap((day) => day.lines)).toMatchObject([{ id: "a", standing: "seen", seenBy: "Dana Example" }]);
  });

  test.each([
    ["waiting", null, "phone"],
    ["sent", null, "sent"],
    ["sent", "2026-11-24T15:10:00Z", "seen"],
    ["held", null, "attention"],
    ["aside", null, "attention"],
  ] as const)("one's own that is %s (seen at %s) stands as %s", (state, seenAt, standing) => {
    expect(threadOf(null, [own("a", { state, seenAt })], [])[0]!.lines[0]!.standing).toBe(standing);
  });

  test("what was taken back is gone, also where the server still lists it", () => {
    expect(threadOf(stored(mine("a")), [own("a", { state: "voided" })], [])).toEqual([]);
  });

  test("a carer's message bears the carer's name, one's own none", () => {
    const carer = { from: { name: "Carl Carer", side: "patient" as const }, mine: false };
    const lines = threadOf(stored(mine("b"), message("a", carer)), [], []).flatMap((day) => day.lines);
    expect(lines.map((line) => [line.id, line.own, line.name])).toEqual([
      ["a", true, "Carl Carer"],
      ["b", true, null],
    ]);
  });

  test("unread is what the clinic wrote and nobody has looked at, here or elsewhere", () => {
    const list = stored(message("new"), message("read", { seen_at: "2026-11-24T07:00:00Z" }), message("here"), mine("own"));
    expect(unreadOf(list, ["here"])).toEqual(["new"]);
    expect(unreadOf(null, [])).toEqual([]);
  });
});

describe("what was looked at", () => {
  const server = (seenAnswer: () => Response): { calls: [string, unknown][] } => {
    const calls: [string, unknown][] = [];
    setCsrfStore({ read: () => Promise.resolve("t"), write: () => Promise.resolve() });
    globalThis.fetch = ((input: RequestInfo | URL, init?: RequestInit) => {
      const path = new URL(String(input), "http://phone").pathname.replace("/api/v1", "");
      calls.push([path, init?.body ? JSON.parse(String(init.body)) : null]);
      return Promise.resolve(
        path === "/me/messages/seen" ? seenAnswer() : json(200, { results: [message("a")], next: null, previous: null }),
      );
    }) as typeof fetch;
    return { calls };
  };

  test("is reported before the list is asked for, once", async () => {
    const { db, patient } = await freshDb();
    const { calls } = server(() => json(200, { seen: ["a"] }));
    await changeSeen(db, () => ["a"]);
    await refreshMessages(db, patient);
    await refreshMessages(db, patient);
    expect(calls.map(([path]) => path)).toEqual(["/me/messages/seen", "/me/messages", "/me/messages"]);
    expect(calls[0]![1]).toEqual({ ids: ["a"] });
    expect((await readDocument(db, "messages"))?.list).toHaveLength(1);
  });

  test("waits on the phone when there is no answer, and what was looked at meanwhile is not forgotten", async () => {
    const { db, patient } = await freshDb();
    let answer: () => Response = () => problem(503, "down");
    server(() => answer());
    await writeDocument(db, "seenMessages", ["a"]);
    await expect(refreshMessages(db, patient)).rejects.toThrow();
    expect(await readDocument(db, "seenMessages")).toEqual(["a"]);
    answer = () => {
      void changeSeen(db, (seen) => [...seen, "b"]);
      return json(200, { seen: ["a"] });
    };
    await refreshMessages(db, patient);
    expect(await readDocument(db, "seenMessages")).toEqual(["b"]);
  });

  test("does not stand in the way of new messages when the server knows nothing of it any more", async () => {
    const { db, patient } = await freshDb();
    server(() => problem(404, "not_found"));
    await writeDocument(db, "seenMessages", ["gone"]);
    await refreshMessages(db, patient);
    expect(await readDocument(db, "seenMessages")).toEqual([]);
  });
});
