import type { ComponentChildren, JSX } from "preact";
import { Icon, Skeleton } from "../../ui";
import * as calls from "../calls";
import { Figure } from "../parts/figure";
import { LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t, word } from "../t";
import type { Exercise } from "../types";
import { useResource } from "../use";
import { doseText, frequencyText } from "../words";
import type { Vocabularies } from "./facets";

/** One exercise with everything that is known about it, and honestly whether a clinician has signed it off. */
export function ExerciseDetail({ id, words, back }: { id: string; words: Vocabularies; back: string }): JSX.Element {
  const { data: exercise, error, reload } = useResource(`exercise ${id}`, () => calls.exercise(id));
  if (error) return <LoadError error={error} onRetry={reload} />;
  if (!exercise) return <Skeleton lines={6} />;
  return (
    <article class="card stack ex-detail">
      <div class="hd">
        <h2>{exercise.name}</h2>
        <a class="btn icon plain" href={back} aria-label={t("close")}>
          <Icon name="close" small />
        </a>
      </div>
      {abilities.value.library && <OwnLinks exercise={exercise} />}
      {exercise.synonyms && exercise.synonyms.length > 0 && <p class="quiet small">{t("library.also_called", { name: exercise.synonyms.join(", ") })}</p>}
      <p>
        <span class={exercise.review_status === "draft" ? "chip feel" : "chip do"}>
          <Icon name={exercise.review_status === "draft" ? "warn" : "check"} small />
          {t(`review.${exercise.review_status}`)}
        </span>
      </p>
      <div class="big-figure"><Figure exercise={exercise} moving /></div>
      {exercise.video && <video class="big-figure" src={exercise.video} controls preload="metadata" aria-label={t("own.video", { name: exercise.name })} />}
      <ol class="steps">
        {exercise.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Said title={t("library.cue")} text={exercise.cue} />
      <Said title={t("library.mistake")} text={exercise.mistake} />
      <Said title={t("library.caution")} text={exercise.caution} />
      <dl class="facts">
        <Fact name={t("facet.kind")}>{word("kind", exercise.kind)}</Fact>
        <Fact name={t("facet.position")}>{word("position", exercise.position)}</Fact>
        <Fact name={t("facet.level")}>{t("level_of", { n: exercise.level })}</Fact>
        <Fact name={t("library.muscles")}>{muscles(exercise, words)}</Fact>
        <Fact name={t("facet.equipment")}>{exercise.equipment.map((slug) => words[slug] ?? slug).join(", ") || t("library.no_equipment")}</Fact>
        <Fact name={t("library.demands")}>{exercise.demands.map((slug) => words[slug] ?? word("demand", slug)).join(", ") || t("library.no_demands")}</Fact>
        <Fact name={t("library.default")}>{`${doseText(exercise.default_dose)} · ${frequencyText(exercise.default_frequency)}`}</Fact>
      </dl>
      {exercise.sources.length > 0 && (
        <div class="small">
          <b>{t("library.sources")}</b>
          <ul class="dots">
            {exercise.sources.map((source) => (
              <li key={source}>{source}</li>
            ))}
          </ul>
        </div>
      )}
    </article>
  );
}

/** The clinic's own are changed; from any other one makes one's own. */
function OwnLinks({ exercise }: { exercise: Exercise }): JSX.Element {
  return (
    <div class="acts-row">
      {exercise.owner && <span class="chip do">{t("own.ours")}</span>}
      {exercise.owner && !exercise.archived && <a class="btn" href={`/clinic/library/${exercise.id}/edit`}>{t("own.edit_short")}</a>}
      <a class="btn" href={`/clinic/library/new?copy=${exercise.id}`}>{t("own.make")}</a>
    </div>
  );
}

function muscles(exercise: Exercise, words: Vocabularies): string {
  return exercise.muscles
    .map((muscle) => `${words[muscle.slug] ?? muscle.slug.replaceAll("-", " ")}${muscle.role === "secondary" ? ` (${t("library.secondary")})` : ""}`)
    .join(", ");
}

function Said({ title, text }: { title: string; text: string }): JSX.Element | null {
  return text ? (
    <p>
      <b>{title}</b> {text}
    </p>
  ) : null;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt class="quiet">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
