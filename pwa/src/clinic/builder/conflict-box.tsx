import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Icon } from "../../ui";
import { Figure } from "../parts/figure";
import type { Vocabularies } from "../library/facets";
import { spoken } from "../spoken";
import { t, word } from "../t";
import type { Conflict, Exercise } from "../types";
import { needsReason } from "./conflicts";

export interface ConflictBoxProps {
  readonly name: string;
  readonly conflicts: readonly Conflict[];
  readonly reason: string | undefined;
  readonly exercises: ReadonlyMap<string, Exercise>;
  readonly words: Vocabularies;
  readonly already: ReadonlySet<string>;
  readonly readOnly: boolean;
  readonly onSwap: (exercise: Exercise) => void;
  readonly onKeep: (reason: string | null) => void;
  readonly onRemove: () => void;
}

/**
 * A conflict opens where it happens: what the exercise asks for and why that matters here, then the safer choices, and
 * only then the field for keeping it anyway.
 */
export function ConflictBox(props: ConflictBoxProps): JSX.Element {
  const blocking = props.conflicts.some(needsReason);
  const alternatives = safer(props);
  return (
    <div class="cf" role="group" aria-label={t("conflict.of", { name: props.name })}>
      <ul class="w">
        {props.conflicts.map((conflict) => (
          <Reason key={`${conflict.rule} ${conflict.sentence}`} conflict={conflict} words={props.words} />
        ))}
      </ul>
      {blocking && !props.readOnly && (
        <>
          {alternatives.length > 0 && <p class="gl">{t("conflict.safer")}</p>}
          <div class="alt">
            {alternatives.map((exercise) => (
              <button type="button" class="btn" key={exercise.id} onClick={() => props.onSwap(exercise)}>
                <Figure exercise={exercise} />
                <span>
                  <b>{exercise.name}</b>
                  {props.already.has(exercise.id) ? t("conflict.already_here") : t("conflict.swap_in")}
                </span>
              </button>
            ))}
          </div>
          <KeepAnyway reason={props.reason} onKeep={props.onKeep} onRemove={props.onRemove} />
        </>
      )}
    </div>
  );
}

function safer({ conflicts, exercises }: ConflictBoxProps): Exercise[] {
  const ids = conflicts.filter(needsReason).flatMap((conflict) => conflict.alternatives.map((each) => each.id));
  return [...new Set(ids)].map((id) => exercises.get(id)).filter((each) => each !== undefined).slice(0, 4);
}

/** What the exercise asks for, what of the patient it meets, what to do; then where that comes from and how sure it is. */
export function Reason({ conflict, words }: { conflict: Conflict; words: Vocabularies }): JSX.Element {
  const demands = conflict.demands.map((slug) => uncapitalise(words[slug] ?? word("demand", slug)));
  const what = demands.length > 0 ? t("conflict.asks_for", { what: demands.join(", ") }) : "";
  return (
    <li>
      <Icon name="warn" small />
      <span>
        <b>{[word("action", conflict.action), what].filter(Boolean).join(", ")}.</b> {conflict.finding && t("conflict.here", { finding: spoken(conflict.finding) })}{" "}
        {spoken(conflict.sentence)} {conflict.cap && conflict.cap !== conflict.sentence && t("conflict.cap", { text: spoken(conflict.cap) })}
        <details class="src">
          <summary>
            {[conflict.rule, t("conflict.certainty", { word: word("certainty", conflict.certainty) })].join(" · ")}
          </summary>
          {spoken(conflict.source)}
        </details>
      </span>
    </li>
  );
}

/** A vocabulary's word inside a sentence. */
function uncapitalise(text: string): string {
  return text.charAt(0).toLocaleLowerCase() + text.slice(1);
}

function KeepAnyway({ reason, onKeep, onRemove }: Pick<ConflictBoxProps, "reason" | "onKeep" | "onRemove">): JSX.Element {
  const [text, setText] = useState("");
  if (reason) {
    return (
      <div class="why2">
        <p class="kept">
          <Icon name="check" small />
          <span>
            <b>{t("conflict.kept")}</b> {reason}
          </span>
        </p>
        <Button onClick={() => { setText(reason); onKeep(null); }}>{t("change")}</Button>
      </div>
    );
  }
  const keep = (): void => {
    if (text.trim()) onKeep(text.trim());
  };
  return (
    <form class="why2" onSubmit={(event) => { event.preventDefault(); keep(); }}>
      <input
        class="input" aria-label={t("conflict.why")} placeholder={t("conflict.why")} value={text} maxLength={500}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" disabled={!text.trim()}>
        {t("conflict.keep")}
      </Button>
      <Button icon="close" onClick={onRemove}>
        {t("conflict.take_out")}
      </Button>
    </form>
  );
}
