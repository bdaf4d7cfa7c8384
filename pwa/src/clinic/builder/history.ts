/** Undo for whole documents. A document is immutable, so a step is one reference. */

export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
  /** what the last step edited; typing on in the same field does not make a step for each letter */
  tag: string | null;
}

const DEPTH = 200;

export function start<T>(present: T): History<T> {
  return { past: [], present, future: [], tag: null };
}

/**
 * A new state. Consecutive changes that carry the same tag become one step; `null` never joins.
 */
export function commit<T>(history: History<T>, next: T, tag: string | null = null): History<T> {
  if (Object.is(next, history.present)) return history;
  const joins = tag !== null && tag === history.tag;
  const past = joins ? history.past : [...history.past, history.present].slice(-DEPTH);
  return { past, present: next, future: [], tag };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future], tag: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: rest, tag: null };
}

/** Ends the current step, so that the next change to the same field can be undone on its own. */
export function seal<T>(history: History<T>): History<T> {
  return history.tag === null ? history : { ...history, tag: null };
}
