/** Both languages say the same things: the same keys, the same placeholders, the plurals their language needs. */
import { describe, expect, test } from "vitest";
import type { Message } from "../../src/i18n/core";
import englishMessages from "../../src/i18n/en/messages.json";
import englishNotice from "../../src/i18n/en/notice.json";
import englishReminders from "../../src/i18n/en/reminders.json";
import englishOutcome from "../../src/i18n/en/outcome.json";
import englishCheckin from "../../src/i18n/en/checkin.json";
import englishPhone from "../../src/i18n/en/phone.json";
import englishProgress from "../../src/i18n/en/progress.json";
import englishShared from "../../src/i18n/en/shared.json";
import spanishMessages from "../../src/i18n/es/messages.json";
import spanishNotice from "../../src/i18n/es/notice.json";
import spanishReminders from "../../src/i18n/es/reminders.json";
import spanishOutcome from "../../src/i18n/es/outcome.json";
import spanishCheckin from "../../src/i18n/es/checkin.json";
import spanishPhone from "../../src/i18n/es/phone.json";
import spanishProgress from "../../src/i18n/es/progress.json";
import spanishShared from "../../src/i18n/es/shared.json";

type Table = Record<string, Message>;
const forms = (message: Message): string[] => (typeof message === "string" ? [message] : Object.values(message));
const placeholders = (message: Message): string[] =>
  [...new Set(forms(message).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

describe.each([
  ["checkin", englishCheckin as Table, spanishCheckin as Table],
  ["phone", englishPhone as Table, spanishPhone as Table],
  ["messages", englishMessages as Table, spanishMessages as Table],
  ["progress", englishProgress as Table, spanishProgress as Table],
  ["outcome", englishOutcome as Table, spanishOutcome as Table],
  ["notice", englishNotice as Table, spanishNotice as Table],
  ["reminders", englishReminders as Table, spanishReminders as Table],
  ["shared", englishShared as Table, spanishShared as Table],
])("%s", (_name, english, spanish) => {
  test("the same keys", () => expect(Object.keys(spanish).sort()).toEqual(Object.keys(english).sort()));
  test.each(Object.keys(english))("%s: the same placeholders", (key) => {
    const extra = placeholders(spanish[key]!).filter((name) => !placeholders(english[key]!).includes(name));
    expect(extra).toEqual([]);
  });
  test("plurals have the form for 'other'", () => {
    for (const table of [english, spanish])
      for (const message of Object.values(table))
        if (typeof message !== "string") expect(message).toHaveProperty("other");
  });
  test("a question in Spanish opens as one", () => {
    const count = (text: string, mark: RegExp): number => text.match(mark)?.length ?? 0;
    const wrong = Object.values(spanish)
      .flatMap(forms)
      .filter((text) => count(text, /¿/g) !== count(text, /(?<=[^\s"“«(])\?/g));
    expect(wrong).toEqual([]);
  });
  test("no exclamation marks: facts, not cheer", () => {
    for (const table of [english, spanish])
      expect(
        Object.values(table)
          .flatMap(forms)
          .filter((text) => /[!¡]/.test(text)),
      ).toEqual([]);
  });
});
