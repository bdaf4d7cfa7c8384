export interface Order {
  /** Begins once everything before it is over; resolves or rejects as `work` does. What failed does not stop the next. */
  readonly after: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when everything so far is over, well or not. */
  readonly idle: () => Promise<unknown>;
}

/** One write after the other: the last letter typed is the last one written, and two quick taps both stay. */
export function inOrder(): Order {
  let last: Promise<unknown> = Promise.resolve();
  return {
    after: (work) => {
      const next = last.then(work);
      last = next.catch(() => undefined);
      return next;
    },
    idle: () => last,
  };
}
