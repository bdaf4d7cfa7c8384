import { describe, expect, test } from "vitest";
import { inOrder } from "../../src/phone/store/inOrder";

const later = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

describe("one write after the other", () => {
  test("whatever takes longer, and also after one that failed", async () => {
    const { after, idle } = inOrder();
    const done: string[] = [];
    const slow = after(async () => {
      await later(20);
      done.push("slow");
      return "its answer";
    });
    const failing = after(async () => {
      done.push("failing");
      throw new Error("disk");
    });
    const quick = after(async () => void done.push("quick"));
    await expect(failing).rejects.toThrow("disk");
    expect(await slow).toBe("its answer");
    await quick;
    expect(done).toEqual(["slow", "failing", "quick"]);
    void after(() => Promise.reject(new Error("again"))).catch(() => undefined);
    await idle();
    expect(await after(async () => done.length)).toBe(3);
  });
});
