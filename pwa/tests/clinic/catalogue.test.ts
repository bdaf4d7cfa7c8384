import { describe, expect, it } from "vitest";
import english from "../../src/i18n/en/clinic.json";
import spanish from "../../src/i18n/es/clinic.json";

type Table = Record<string, string | Record<string, string>>;
const placeholders = (message: string | Record<string, string>): string[] =>
  [...new Set((typeof message === "string" ? message : Object.values(message).join(" ")).match(/\{\w+\}/g) ?? [])].sort();

describe("the clinic's words", () => {
  it("are all there in Spanish, with the same placeholders and plurals", () => {
    const [en, es] = [english as Table, spanish as Table];
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en)) {
      expect([key, typeof es[key], placeholders(es[key]!)]).toEqual([key, typeof en[key], placeholders(en[key]!)]);
    }
  });
});
