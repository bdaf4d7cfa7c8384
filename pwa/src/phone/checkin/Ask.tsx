import type { JSX } from "preact";
import { Field, PainScale, Seg } from "../../ui";
import { withAnswer, type CheckinDraft } from "./draft";
import { MIDDLE_PLACES, question, SIDED_PLACES, type Answer } from "./questions";
import { tc, type CheckinKey } from "./t";

const SCORES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;
/** Choices of this many or fewer words stand in one row. */
const ROW = 3;

function askWords(id: string): string {
  return tc(`ask.${id}` as "ask.q_morning");
}

function choiceWords(id: string, choice: number | string): string {
  return tc(`choice.${id}.${choice}` as CheckinKey);
}

export interface AskProps {
  readonly id: string;
  readonly draft: CheckinDraft;
  readonly onChange: (change: (draft: CheckinDraft) => CheckinDraft) => void;
  /** The question is the headline of the screen. */
  readonly head?: boolean;
}

/** One question of the catalogue with the control of its kind. Nothing is preselected. */
export function Ask(props: AskProps): JSX.Element {
  const { id, head } = props;
  const words = askWords(id);
  return (
    <section>
      {head ? <h1 class="ask">{words}</h1> : <h2 class="q">{words}</h2>}
      <Control {...props} />
    </section>
  );
}

function Control({ id, draft, onChange }: AskProps): JSX.Element {
  const asked = question(id);
  const answer = draft.answers[id] ?? null;
  const give = (value: Answer): void => onChange((now) => withAnswer(now, id, value));
  const label = askWords(id);
  switch (asked.kind) {
    case "score":
      return id === "q_follow" ? (
        <FollowScale label={label} value={answer as number | null} onChange={give} />
      ) : (
        <PainScale label={label} value={answer as number | null} onChange={give} />
      );
    case "score_or":
      return (
        <>
          <PainScale label={label} value={typeof answer === "number" ? answer : null} onChange={give} />
          <button
            type="button"
            class="opt other"
            aria-pressed={answer === asked.word}
            onClick={() => give(answer === asked.word ? null : asked.word!)}
          >
            {tc(`word.${asked.word}` as "word.not_tried")}
          </button>
        </>
      );
    case "count":
      return <CountField label={label} value={answer as number | null} onChange={give} />;
    case "places":
      return <Places label={label} value={(answer as readonly string[] | null) ?? []} onChange={give} />;
    default: {
      const choices = asked.choices ?? [];
      return (
        <div class={choices.length > ROW ? "two" : undefined}>
          <Seg
            label={label}
            layout={choices.length > ROW ? "grid" : "seg"}
            choices={choices.map((value) => ({ value, text: choiceWords(id, value) }))}
            value={answer as number | string | null}
            onChange={give}
          />
        </div>
      );
    }
  }
}

/** 0–10 of what was done, so not in the colour of pain. */
function FollowScale(props: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}): JSX.Element {
  return (
    <div class="follow">
      <Seg
        label={props.label}
        layout="grid"
        choices={SCORES.map((value) => ({ value, text: String(value) }))}
        value={props.value as (typeof SCORES)[number] | null}
        onChange={props.onChange}
      />
      <p class="ends">
        <span>0 = {tc("follow.zero")}</span>
        <span>{tc("follow.ends")}</span>
      </p>
    </div>
  );
}

const MOST_TIMES = 1000;

function CountField(props: {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}): JSX.Element {
  const read = (text: string): void => {
    const times = Number.parseInt(text, 10);
    props.onChange(Number.isNaN(times) ? null : Math.min(MOST_TIMES, Math.max(0, times)));
  };
  return (
    <Field
      label={<span class="vh">{props.label}</span>}
      value={props.value === null ? "" : String(props.value)}
      type="number"
      inputMode="numeric"
      min={0}
      max={MOST_TIMES}
      help={tc("count.hint")}
      onInput={read}
    />
  );
}

/** Where it is numb: any number of places, each on its side. */
function Places(props: {
  label: string;
  value: readonly string[];
  onChange: (value: readonly string[] | null) => void;
}): JSX.Element {
  const toggle = (place: string): void => {
    const next = props.value.includes(place)
      ? props.value.filter((one) => one !== place)
      : [...props.value, place];
    props.onChange(next.length > 0 ? next : null);
  };
  const chip = (place: string, text: string): JSX.Element => (
    <button
      key={place}
      type="button"
      class="chip"
      aria-pressed={props.value.includes(place)}
      onClick={() => toggle(place)}
    >
      {text}
    </button>
  );
  return (
    <div class="places" role="group" aria-label={props.label}>
      {(["left", "right"] as const).map((side) => (
        <div key={side} role="group" aria-label={tc(`leg.${side}`)}>
          <p class="small quiet">{tc(`leg.${side}`)}</p>
          <div class="skips">{SIDED_PLACES.map((place) => chip(`${side}_${place}`, tc(`place.${place}`)))}</div>
        </div>
      ))}
      <div class="skips">{MIDDLE_PLACES.map((place) => chip(place, tc(`place.${place}`)))}</div>
    </div>
  );
}
