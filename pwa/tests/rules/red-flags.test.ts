import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import raw from "../../../patients/redflags.yaml?raw";
import { isLocking, mayLock, ruleOf } from "../../src/rules/red-flags";

const { red_flags, locks } = parse(raw) as { red_flags: { id: string }[]; locks: string[] };

describe("which signs lock", () => {
  test.each(red_flags.map(({ id }) => id))("%s: as on the server, on both sides", (id) => {
    const locking = locks.includes(ruleOf(id));
    expect([isLocking(id), mayLock(id)]).toEqual([locking, locking]);
  });

  test("a sign of a newer server", () => {
    for (const id of ["RF99", "RF99.x", "constructor", ""]) expect([isLocking(id), mayLock(id)]).toEqual([false, true]);
  });
});
