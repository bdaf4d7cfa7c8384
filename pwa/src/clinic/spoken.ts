/**
 * The library's own sentences in the reader's language: names of templates and phases, criteria, findings, what a
 * precaution rule says, exercises. The server sends what is stored; a sentence that was translated word for word is shown
 * translated, anything else as a therapist has typed it. Not for what goes back to the server, nor for a text field.
 * `exercises/wording.py` does the same for the phone.
 */
import { translator } from "../i18n/core";

type Sentences = Readonly<Record<string, string>>;

let table: Sentences = {};
const say = translator({} as Sentences, {
  es: async () => {
    const files = await Promise.all([import("../../../programs/es.json"), import("../../../exercises/library/es.json")]);
    table = Object.assign({}, ...files.map((file) => file.default)) as Sentences;
    return { default: table };
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

interface Worded {
  readonly owner: string | null;
  readonly name: string;
  readonly steps?: readonly string[];
  readonly cue?: string;
  readonly mistake?: string;
  readonly caution?: string;
}

/** An exercise of the shared library as it is shown. A clinic's own stays as it was typed: it is sent back when edited. */
export function spokenExercise<E extends Worded>(exercise: E): E {
  if (exercise.owner !== null) return exercise;
  const { name, steps, cue, mistake, caution } = exercise;
  return {
    ...exercise,
    name: spoken(name),
    ...(steps && { steps: steps.map(spoken) }),
    ...(cue && { cue: spoken(cue) }),
    ...(mistake && { mistake: spoken(mistake) }),
    ...(caution && { caution: spoken(caution) }),
  };
}

/** A key with places, `{value}`, as a pattern that names them. */
function pattern(key: string): RegExp {
  const parts = key.split(/\{(\w+)\}/);
  return new RegExp(`^${parts.map((part, at) => (at % 2 ? `(?<${part}>.+)` : escaped(part))).join("")}$`);
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
