/** How long to leave a server alone that did not answer. */

const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

/**
 * Milliseconds to wait after the `failures`-th silence in a row (1, 2, …): doubling, at most five minutes, with
 * jitter over the upper half, so that a thousand phones do not come back in the same second after an outage.
 */
export function backoffMs(failures: number, random: number = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
