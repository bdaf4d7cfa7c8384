import type { JSX } from "preact";
import { useRef } from "preact/hooks";

export interface ScaleProps {
  /** One radio group for these numbers; zero gets a row of its own, with its words. */
  readonly values: readonly number[];
  readonly zero: string;
  readonly value: number | null;
  readonly label: string;
  readonly onChange: (value: number) => void;
  /** Words for the two ends, below the scale. */
  readonly ends: readonly string[];
  /** "+3" instead of "3". */
  readonly signed?: boolean;
}

const STEP: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** A number in one tap; nothing is preselected. One tab stop, arrow keys move, Space or Enter answers. */
export function Scale({ values, zero, value, label, onChange, ends, signed = false }: ScaleProps): JSX.Element {
  const group = useRef<HTMLDivElement>(null);
  const start = value ?? values[0]!;
  const move = (event: KeyboardEvent, index: number): void => {
    const step = STEP[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (index + step + values.length) % values.length;
    group.current?.querySelectorAll<HTMLButtonElement>("button")[next]?.focus();
  };
  return (
    <div>
      <div class="scale" role="radiogroup" aria-label={label} ref={group}>
        {values.map((one, index) => (
          <button
            key={one}
            type="button"
            role="radio"
            class={one === 0 ? "zero" : undefined}
            aria-checked={value === one}
            tabIndex={one === start ? 0 : -1}
            onClick={() => onChange(one)}
            onKeyDown={(event) => move(event, index)}
          >
            {sayValue(one, signed)}
            {one === 0 && <span class="zw"> {zero}</span>}
          </button>
        ))}
      </div>
      <p class="ends">
        {ends.map((words) => (
          <span key={words}>{words}</span>
        ))}
      </p>
    </div>
  );
}

/** With the real minus, which is as wide as a digit. */
export function sayValue(value: number, signed: boolean): string {
  if (value < 0) return `−${-value}`;
  return signed && value > 0 ? `+${value}` : String(value);
}
