import * as calls from "../calls";
import { t, word, type Key } from "../t";
import type { Facet } from "../url";
import { language } from "../../i18n/core";

export interface FacetOption {
  value: string;
  text: string;
  count: number;
}

/** Words for muscles, equipment and demands come from the server's vocabularies; the rest are fixed and in the catalogue. */
export type Vocabularies = Readonly<Record<string, string>>;

interface RawTerm {
  slug: string;
  name?: string;
  names?: Record<string, string>;
}

function termName(term: RawTerm): string {
  return term.name ?? term.names?.[language.value] ?? term.names?.["en"] ?? term.slug.replaceAll("-", " ");
}

export async function loadVocabularies(): Promise<Vocabularies> {
  const answers = await Promise.all((["muscles", "equipment", "demands"] as const).map(calls.vocabulary));
  const terms = answers.flatMap((answer) => (Array.isArray(answer) ? answer : (answer as { results?: RawTerm[] }).results ?? []) as RawTerm[]);
  return Object.fromEntries(terms.map((term) => [term.slug, termName(term)]));
}

export function facetName(facet: Facet): string {
  return t(`facet.${facet}` as Key);
}

export function optionText(facet: Facet, value: string, words: Vocabularies): string {
  if (facet === "level") return t("level", { n: Number(value) });
  if (facet === "kind") return word("kind", value);
  if (facet === "position") return word("position", value);
  return words[value] ?? value.replaceAll(/[-_]/g, " ");
}

/** Facets of an answer, whether counts come as a list or as a table. */
export function readFacet(facets: unknown, facet: Facet, words: Vocabularies): FacetOption[] {
  const raw = (facets as Record<string, unknown> | undefined)?.[facet];
  const pairs: [string, number][] = Array.isArray(raw)
    ? (raw as { value: string | number; count: number }[]).map((each) => [String(each.value), each.count])
    : Object.entries((raw as Record<string, number> | undefined) ?? {});
  return pairs.map(([value, count]) => ({ value, count, text: optionText(facet, value, words) }));
}
