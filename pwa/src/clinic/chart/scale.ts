import { addDays, dayNumber, weekday } from "../dates";

/** Geometry of the charts: pure numbers, in SVG user units. */

export interface TimeScale {
  first: string;
  last: string;
  x0: number;
  x1: number;
  /** width of one day */
  step: number;
}

/** Each date owns a column of equal width; its mark stands in the middle of the column. */
export function timeScale(first: string, last: string, x0: number, x1: number): TimeScale {
  const days = Math.max(1, dayNumber(last) - dayNumber(first) + 1);
  return { first, last, x0, x1, step: (x1 - x0) / days };
}

export function left(scale: TimeScale, date: string): number {
  return scale.x0 + (dayNumber(date) - dayNumber(scale.first)) * scale.step;
}

export function middle(scale: TimeScale, date: string): number {
  return left(scale, date) + scale.step / 2;
}

/** The date under x, clamped to the axis. */
export function dateAt(scale: TimeScale, x: number): string {
  const days = dayNumber(scale.last) - dayNumber(scale.first);
  const index = Math.floor((x - scale.x0) / scale.step);
  return addDays(scale.first, Math.min(days, Math.max(0, index)));
}

export function painY(score: number, top: number, bottom: number): number {
  return bottom - (score / 10) * (bottom - top);
}

const round = (value: number) => Math.round(value * 10) / 10;

/**
 * An SVG path through points in order. A null breaks the line: a day without an answer is a gap, never a straight line through it.
 * A single answer between two gaps has no line; its dot still shows it.
 */
export function brokenPath(points: readonly ({ x: number; y: number } | null)[]): string {
  let path = "";
  let pen = false;
  for (const point of points) {
    if (point === null) {
      pen = false;
      continue;
    }
    path += `${pen ? "L" : "M"}${round(point.x)} ${round(point.y)}`;
    pen = true;
  }
  return path;
}

/** Mondays to write under the axis, thinned so that labels keep at least `room` units each. */
export function ticks(scale: TimeScale, room: number): string[] {
  const total = dayNumber(scale.last) - dayNumber(scale.first);
  const firstMonday = (8 - weekday(scale.first)) % 7;
  const weeks = Math.max(1, Math.ceil(room / (scale.step * 7)));
  const out: string[] = [];
  for (let day = firstMonday; day <= total; day += 7 * weeks) out.push(addDays(scale.first, day));
  return out;
}

export interface Spark {
  path: string;
  last: { x: number; y: number } | null;
}

/** A sparkline of pain 0–10, oldest first; null is a gap. The dot marks the last answer, wherever that was. */
export function spark(values: readonly (number | null)[], width: number, height: number): Spark {
  const inset = 4;
  const step = values.length > 1 ? (width - 2 * inset) / (values.length - 1) : 0;
  const points = values.map((value, i) =>
    value === null ? null : { x: inset + i * step, y: painY(value, inset - 1, height - inset + 1) },
  );
  const last = points.filter((point) => point !== null).at(-1) ?? null;
  return { path: brokenPath(points), last };
}
