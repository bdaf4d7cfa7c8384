import type { JSX } from "preact";
import { painY, spark } from "../chart/scale";

const WIDTH = 136;
const HEIGHT = 40;

/** Pain over weeks, oldest first; the words beside it carry the number. The dotted line is the middle of the scale, 5. */
export function Spark({ values }: { values: readonly (number | null)[] }): JSX.Element {
  const { path, last } = spark(values, WIDTH, HEIGHT);
  const middle = painY(5, 3, HEIGHT - 3);
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <line class="c-mid" x1={0} x2={WIDTH} y1={middle} y2={middle} />
      <path d={path} />
      {last && <circle cx={last.x} cy={last.y} r={3.5} />}
    </svg>
  );
}

/** Adherence as a number with a bar under it; a dash where nothing was due. */
export function Share({ value, text }: { value: number | null; text: string }): JSX.Element {
  return (
    <span class="ad">
      <b>{text}</b>
      <i aria-hidden="true">{value !== null && <u style={{ width: `${Math.round(Math.min(1, value) * 100)}%` }} />}</i>
    </span>
  );
}
