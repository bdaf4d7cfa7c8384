import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { t } from "../../t";
import type { Range } from "./figure";

export interface SliderProps {
  /** short, beside the slider */
  readonly label: string;
  /** whole, for those who do not see what it stands under */
  readonly name: string;
  readonly unit: "°" | " s";
  readonly value: number;
  readonly range: Range;
  readonly step?: number;
  /** the server's sentence about this number; what is out of range is said here anyway */
  readonly error?: string | null;
  readonly onChange: (value: number) => void;
}

/** One number twice: pushed or typed. What is typed out of range stays and is said to be so; the slider stops at its end. */
export function Slider({ label, name, unit, value, range, step = 1, error, onChange }: SliderProps): JSX.Element {
  const id = useId();
  const [text, setText] = useState(String(value));
  // What is being typed ("-", "1.") is no number yet and must not be typed over.
  useEffect(() => {
    if (Number(text) !== value || text.trim() === "") setText(String(value));
  }, [value]);
  const [low, high] = range;
  const outside = !(value >= low && value <= high);
  const said = outside ? t("own.outside", { value: `${value}${unit}`, low: `${low}${unit}`, high: `${high}${unit}` }) : error;
  const type = (next: string): void => {
    setText(next);
    if (next.trim() !== "" && Number.isFinite(Number(next))) onChange(Number(next));
  };
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input type="range" min={low} max={high} step={step} value={value} aria-label={name} onInput={(event) => onChange(Number(event.currentTarget.value))} />
      <span class="slider-num">
        <input
          id={id} class="input" type="number" inputMode="decimal" min={low} max={high} step={step} value={text} aria-label={t("own.number", { name })}
          aria-invalid={said ? "true" : undefined} aria-describedby={said ? `${id}-e` : undefined}
          onInput={(event) => type(event.currentTarget.value)} onBlur={() => setText(String(value))}
        />
        {unit.trim()}
      </span>
      {said && (
        <p id={`${id}-e`} class="field-error" role="alert">
          {said}
        </p>
      )}
    </div>
  );
}
