/** When to send. The sender knows nothing of IndexedDB, so the clock can be the test's. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Sender, type Trigger } from "../../src/phone/store/sender";
import type { SendOutcome } from "../../src/phone/store/sync";

const DONE: SendOutcome = { kind: "done", answered: 1 };
const SILENCE: SendOutcome = { kind: "later", silent: true, waitMs: null };

let triggers: Trigger[];
let outcome: SendOutcome;
let sender: Sender;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  triggers = [];
  outcome = DONE;
  sender = new Sender({
    send: (trigger) => (triggers.push(trigger), Promise.resolve(outcome)),
    onOutcome: () => undefined,
    random: () => 1,
  });
});
afterEach(() => {
  sender.stop();
  vi.useRealTimers();
});

test("every minute while open, and not once it is stopped", async () => {
  sender.start();
  await vi.advanceTimersByTimeAsync(120_000);
  sender.stop();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(triggers).toEqual(["minute", "minute"]);
});

test("after silence: 2, 4, 8 seconds, until there is an answer", async () => {
  outcome = SILENCE;
  await sender.poke("save");
  await vi.advanceTimersByTimeAsync(1999);
  expect(triggers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1 + 4000);
  expect(triggers).toEqual(["save", "backoff", "backoff"]);
  outcome = DONE;
  await vi.advanceTimersByTimeAsync(8000);
  expect(triggers).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(triggers).toHaveLength(4);
});

test("the network's return does not wait for the backoff, and starts it anew", async () => {
  outcome = SILENCE;
  for (let round = 0; round < 5; round += 1) await sender.poke("save");
  await sender.poke("online");
  expect(triggers.at(-1)).toBe("online");
  await vi.advanceTimersByTimeAsync(2000);
  expect(triggers.at(-1)).toBe("backoff");
});

test("a time the server named holds for everybody, however eager", async () => {
  outcome = { kind: "later", silent: false, waitMs: 30_000 };
  await sender.poke("save");
  outcome = DONE;
  await sender.poke("open");
  await sender.poke("asked");
  expect(triggers).toEqual(["save"]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(triggers).toEqual(["save", "backoff"]);
});

test("what is saved during a send goes right after it", async () => {
  let finish: (value: SendOutcome) => void = () => undefined;
  const slow = new Sender({
    send: (trigger) => (triggers.push(trigger), new Promise((resolve) => (finish = resolve))),
    onOutcome: () => undefined,
  });
  void slow.poke("open");
  void slow.poke("save");
  expect(triggers).toEqual(["open"]);
  finish(DONE);
  await vi.advanceTimersByTimeAsync(0);
  expect(triggers).toEqual(["open", "save"]);
});
