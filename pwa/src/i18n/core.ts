/**
 * Message catalogues: flat typed keys, `{name}` placeholders, plurals by the language's own rules.
 * English is bundled and is the fallback; every other language is a chunk that loads when it is chosen.
 */
// The core alone: the service worker speaks too, and needs no Preact.
import { signal } from "@preact/signals-core";

export type Language = "en" | "es";
export const LANGUAGES: readonly Language[] = ["en", "es"];

/** A sentence, or one sentence per plural category of `Intl.PluralRules`, chosen by the value `count`. */
export type Message = string | { readonly [category in Intl.LDMLPluralRule]?: string };
export type Values = Readonly<Record<string, string | number>>;
type Table = Readonly<Record<string, Message>>;
type Loader = () => Promise<{ default: Table }>;
export type Translate<K extends string> = (key: K, values?: Values) => string;

export const language = signal<Language>("en");

interface Catalogue {
  readonly tables: Map<Language, Table>;
  readonly loaders: Readonly<Record<string, Loader>>;
}
const catalogues: Catalogue[] = [];

/** Makes the `t` of one catalogue. `english` is the type of the keys and the fallback for missing translations. */
export function translator<T extends Table>(
  english: T,
  loaders: Readonly<Record<Exclude<Language, "en">, Loader>>,
): Translate<keyof T & string> {
  const tables = new Map<Language, Table>([["en", english]]);
  catalogues.push({ tables, loaders });
  return (key, values = {}) => {
    const current = language.value;
    const translated = tables.get(current)?.[key];
    return translated !== undefined ? compose(translated, values, current) : compose(english[key] ?? key, values, "en");
  };
}

/** Loads every catalogue of `next`, then switches; the page re-renders through the signal. */
export async function setLanguage(next: Language): Promise<void> {
  await Promise.all(catalogues.map((catalogue) => load(catalogue, next)));
  language.value = next;
  const page = globalThis as { document?: { documentElement: { lang: string } } };
  if (page.document) page.document.documentElement.lang = next;
}

/** For a chunk that brings its own catalogue after the language was chosen: its words are here when this resolves. */
export async function wordsReady(): Promise<void> {
  await Promise.all(catalogues.map((catalogue) => load(catalogue, language.value)));
}

async function load({ tables, loaders }: Catalogue, next: Language): Promise<void> {
  const loader = loaders[next];
  if (tables.has(next) || loader === undefined) return;
  tables.set(next, (await loader()).default);
}

/** The first language the person's device asks for that we have, else English. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const match = LANGUAGES.find((known) => tag.toLowerCase().split("-")[0] === known);
    if (match) return match;
  }
  return "en";
}

export function compose(message: Message, values: Values, lang: Language): string {
  const text = typeof message === "string" ? message : pickPlural(message, Number(values["count"] ?? 0), lang);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? formatNumber(value, lang) : value;
  });
}

function pickPlural(forms: Exclude<Message, string>, count: number, lang: Language): string {
  return forms[new Intl.PluralRules(lang).select(count)] ?? forms.other ?? "";
}

function formatNumber(value: number, lang: Language): string {
  return new Intl.NumberFormat(lang).format(value);
}
