/**
 * The library's own sentences in the reader's language: names of templates and phases, criteria, findings, what a
 * precaution rule says. The server sends what is stored; a sentence that was translated word for word is shown
 * translated, anything else as a therapist has typed it. Not for what goes back to the server, nor for a text field.
 * `exercises/wording.py` does the same for the phone.
 */
import { translator } from "../i18n/core";

type Sentences = Readonly<Record<string, string>>;

let table: Sentences = {};
const say = translator({} as Sentences, {
  es: async () => {
    const file = await import("../../../programs/es.json");
    table = file.default;
    return file;
  },
});

export function spoken(text: string): string {
  const whole = say(text);
  if (whole !== text || !text) return whole;
  for (const key of Object.keys(table)) {
    const places = key.includes("{") ? pattern(key).exec(text)?.groups : undefined;
    if (places) return say(key, Object.fromEntries(Object.entries(places).map(([name, part]) => [name, spoken(part)])));
  }
  return text;
}

/** A key with places, `{value}`, as a pattern that names them. */
function pattern(key: string): RegExp {
  const parts = key.split(/\{(\w+)\}/);
  return new RegExp(`^${parts.map((part, at) => (at % 2 ? `(?<${part}>.+)` : escaped(part))).join("")}$`);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
