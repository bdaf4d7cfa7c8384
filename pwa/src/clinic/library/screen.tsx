import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { Empty, Icon, Skeleton } from "../../ui";
import { Figure } from "../parts/figure";
import { LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t, word } from "../t";
import type { Exercise } from "../types";
import { readLibrary, writeLibrary, type LibraryQuery } from "../url";
import { useKeys, useTitle } from "../use";
import { ExerciseDetail } from "./exercise-detail";
import { FacetBar } from "./facet-bar";
import { useLibrary, useVocabularies } from "./use-library";
import type { Vocabularies } from "./facets";

/** The library: search, facets, and one exercise beside the list. Everything chosen is in the address. */
export function LibraryScreen(): JSX.Element {
  const { url, route } = useLocation();
  const id = useRoute().params["id"] ?? null;
  const search = new URL(url, location.origin).search;
  const query = readLibrary(search);
  const [text, setText] = useState(query.search);
  const words = useVocabularies();
  const { data, error, reload } = useLibrary({ ...query, search: text });
  const base = id ? `/clinic/library/${id}` : "/clinic/library";
  const go = (next: LibraryQuery): void => route(base + writeLibrary(next), true);
  useTitle(t("title.page", { page: t("nav.library") }));
  useEffect(() => {
    if (text.trim() !== query.search) go({ ...query, search: text });
  }, [text]);
  useKeys({ a: () => document.getElementById("library-search")?.focus() });

  return (
    <main class="wrap lib-page">
      <section class="lib-list">
        <div class="hd">
          <h1>{t("nav.library")}</h1>
          {data && <span class="quiet" role="status">{t("exercises", { count: data.exercises.length })}</span>}
          {abilities.value.library && <a class="btn" href="/clinic/library/new"><Icon name="plus" small />{t("own.new")}</a>}
        </div>
        <label class="input">
          <Icon name="search" small />
          <span class="vh">{t("library.search")}</span>
          <input id="library-search" type="search" value={text} placeholder={t("library.search")} autocomplete="off" onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <FacetBar facets={data?.facets} words={words} chosen={query.chosen} onChange={(chosen) => go({ ...query, chosen })} />
        {error && <LoadError error={error} onRetry={reload} />}
        {!data && !error && <Skeleton lines={8} />}
        {data?.exercises.length === 0 && <Empty icon="search" title={t("library.nothing")}>{t("library.nothing_text")}</Empty>}
        <ul class="cards">
          {data?.exercises.map((exercise) => (
            <Card key={exercise.id} exercise={exercise} here={exercise.id === id} words={words} search={search} />
          ))}
        </ul>
      </section>
      {id && (
        <aside class="detail" aria-label={t("library.detail")}>
          <ExerciseDetail key={id} id={id} words={words} back={`/clinic/library${search}`} />
        </aside>
      )}
    </main>
  );
}

function Card({ exercise, here, words, search }: { exercise: Exercise; here: boolean; words: Vocabularies; search: string }): JSX.Element {
  const primary = exercise.muscles.find((muscle) => muscle.role === "primary");
  return (
    <li>
      <a class="ex-card" href={`/clinic/library/${exercise.id}${search}`} aria-current={here ? "true" : undefined}>
        <span class="th"><Figure exercise={exercise} /></span>
        <b>{exercise.name}</b>
        <small class="quiet">
          {primary && (words[primary.slug] ?? primary.slug.replaceAll("-", " "))} · {word("kind", exercise.kind)} · {t("level", { n: exercise.level })}
        </small>
      </a>
    </li>
  );
}
