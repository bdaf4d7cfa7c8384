import { language } from "../../../i18n/core";
import * as calls from "../../calls";
import type { Term } from "../../types";
import { useResource, type Resource } from "../../use";

export type Terms = Readonly<Record<calls.Vocabulary, readonly Term[]>>;

/** The three vocabularies apart, each in the reader's language. */
export function useTerms(): Resource<Terms> {
  return useResource<Terms>(`terms ${language.value}`, async () => {
    const [muscles, equipment, demands] = await Promise.all((["muscles", "equipment", "demands"] as const).map(calls.terms));
    return { muscles: muscles ?? [], equipment: equipment ?? [], demands: demands ?? [] };
  });
}
