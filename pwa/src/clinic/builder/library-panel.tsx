import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { Button, Icon, Skeleton } from "../../ui";
import { FacetBar } from "../library/facet-bar";
import { useLibrary, useVocabularies } from "../library/use-library";
import { Figure } from "../parts/figure";
import { LoadError } from "../parts/problem";
import { t, word } from "../t";
import type { Exercise } from "../types";
import type { LibraryQuery } from "../url";
import { useKeys } from "../use";

export interface LibraryPanelProps {
  readonly inPhase: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly onAdd: (exercise: Exercise) => void;
  readonly onGrab: (event: PointerEvent, exercise: Exercise) => void;
}

/** The library beside the program: search, facets, and + to put an exercise into the open phase. */
export function LibraryPanel({ inPhase, readOnly, onAdd, onGrab }: LibraryPanelProps): JSX.Element {
  const [query, setQuery] = useState<LibraryQuery>({ search: "", chosen: {} });
  const words = useVocabularies();
  const { data, error, reload } = useLibrary(query);
  const input = useRef<HTMLInputElement>(null);
  useKeys({ a: () => input.current?.focus() });
  const filtered = query.search.trim() !== "" || Object.keys(query.chosen).length > 0;

  return (
    <section class="lib" aria-label={t("nav.library")}>
      <h2>{t("nav.library")}</h2>
      <label class="input">
        <Icon name="search" small />
        <span class="vh">{t("library.search")}</span>
        <input
          ref={input} type="search" value={query.search} placeholder={t("library.search")} autocomplete="off"
          onInput={(event) => setQuery({ ...query, search: event.currentTarget.value })}
        />
      </label>
      <FacetBar facets={data?.facets} words={words} chosen={query.chosen} onChange={(chosen) => setQuery({ ...query, chosen })} />
      {error && <LoadError error={error} onRetry={reload} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && (
        <p class="gl" role="status">
          {filtered ? t("library.found", { count: data.exercises.length }) : t("exercises", { count: data.exercises.length })}
        </p>
      )}
      <ul class="lb-list">
        {data?.exercises.map((exercise) => (
          <Row key={exercise.id} exercise={exercise} words={words} search={query.search} here={inPhase.has(exercise.id)} readOnly={readOnly} onAdd={onAdd} onGrab={onGrab} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps extends Pick<LibraryPanelProps, "readOnly" | "onAdd" | "onGrab"> {
  readonly exercise: Exercise;
  readonly words: Readonly<Record<string, string>>;
  readonly search: string;
  readonly here: boolean;
}

function Row({ exercise, words, search, here, readOnly, onAdd, onGrab }: RowProps): JSX.Element {
  return (
    <li class={here ? "lb on" : "lb"}>
      <span class="th grab" onPointerDown={(event) => !readOnly && onGrab(event, exercise)}>
        <Figure exercise={exercise} />
      </span>
      <span>
        <a class="nm" href={`/clinic/library/${exercise.id}`} target="_blank">
          {exercise.name}
        </a>
        <small class="quiet">{otherName(exercise, search) ?? primaryMuscle(exercise, words)}</small>
        <small class="quiet">
          {word("kind", exercise.kind)} · {t("level", { n: exercise.level })}
        </small>
      </span>
      {!readOnly && <Button icon={here ? "check" : "plus"} label={t(here ? "builder.add_again" : "builder.add", { name: exercise.name })} onClick={() => onAdd(exercise)} />}
    </li>
  );
}

/** The synonym that was searched for, so that one sees why this was found. */
function otherName(exercise: Exercise, search: string): string | null {
  const wanted = search.trim().toLowerCase();
  if (!wanted || exercise.name.toLowerCase().includes(wanted)) return null;
  const match = exercise.synonyms?.find((name) => name.toLowerCase().includes(wanted));
  return match ? t("library.also_called", { name: match }) : null;
}

function primaryMuscle(exercise: Exercise, words: Readonly<Record<string, string>>): string {
  const slugs = exercise.muscles.filter((muscle) => muscle.role === "primary").map((muscle) => muscle.slug);
  return slugs.map((slug) => words[slug] ?? slug.replaceAll("-", " ")).join(", ");
}
