import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { ts } from "../i18n/shared";

const SCORES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const STEP: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface PainScaleProps {
  /** null: not answered. Zero is an answer, so nothing is ever preselected. */
  readonly value: number | null;
  readonly onChange: (score: number) => void;
  /** What the question was, when it differs from "Pain, 0 to 10". */
  readonly label?: string;
}

/** NPRS 0–10 in one tap. A radio group: one tab stop, arrow keys move focus, Space or Enter answers. */
export function PainScale({ value, onChange, label }: PainScaleProps): JSX.Element {
  const group = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent, from: number): void => {
    const step = STEP[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (from + step + SCORES.length) % SCORES.length;
    group.current?.querySelectorAll<HTMLButtonElement>("button")[next]?.focus();
  };
  return (
    <div>
      <div class="pain" role="radiogroup" aria-label={label ?? ts("pain.label")} ref={group}>
        {SCORES.map((score) => (
          <button
            key={score}
            type="button"
            role="radio"
            class={score === 0 ? "zero" : undefined}
            style={{ "--n": score }}
            aria-checked={value === score}
            tabIndex={score === (value ?? 0) ? 0 : -1}
            onClick={() => onChange(score)}
            onKeyDown={(event) => move(event, score)}
          >
            {score}
            {score === 0 && <span class="zw"> {ts("pain.none")}</span>}
          </button>
        ))}
      </div>
      <p class="ends">
        <span />
        <span>{ts("pain.worst")}</span>
      </p>
    </div>
  );
}
