import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import * as calls from "../calls";
import type { Exercise } from "../types";
import type { LibraryQuery } from "../url";
import { useResource, useSettled, type Resource } from "../use";
import { loadVocabularies, type Vocabularies } from "./facets";

/** The words of the vocabularies, loaded once a visit. */
const words = signal<Vocabularies>({});
let wordsLoading: Promise<void> | null = null;

export function useVocabularies(): Vocabularies {
  useEffect(() => {
    wordsLoading ??= loadVocabularies().then(
      (loaded) => {
        words.value = loaded;
      },
      () => {
        wordsLoading = null; // slugs are readable until the next visit to a library page asks again
      },
    );
  }, []);
  return words.value;
}

export interface LibraryAnswer {
  exercises: Exercise[];
  facets: unknown;
}

/** The exercises that fit a query, found by the server by any of their names. The last answer stays until the next is there. */
export function useLibrary(query: LibraryQuery): Resource<LibraryAnswer> {
  const search = useSettled(query.search.trim());
  const params: Record<string, string> = { ...query.chosen, ...(search && { search }) };
  return useResource(JSON.stringify(params), async (signal) => {
    const page = await calls.exercises(params, signal);
    return { exercises: page.results, facets: page.facets };
  });
}
