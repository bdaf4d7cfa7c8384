/**
 * Which warning signs lock the exercises until a clinician unlocks them (CLINICAL.md D.8, RULINGS.md "Red flags"). The
 * server's twin is `patients/redflags.yaml`, and the tests compare the two. Pure.
 */
const LOCKS: ReadonlyMap<string, boolean> = new Map([
  ...["RF1", "RF2", "RF3", "RF4", "RF5", "RF6", "RF8", "RF9", "RF12", "RF13"].map((rule) => [rule, true] as const),
  // These ask for a visit.
  ...["RF7", "RF10", "RF11"].map((rule) => [rule, false] as const),
]);

/** RF1.urine is one of RF1's signs. */
export function ruleOf(sign: string): string {
  return sign.split(".", 1)[0] ?? sign;
}

/** Known to lock. A sign of a newer server does not: the lock comes with that server's plan. */
export function isLocking(sign: string): boolean {
  return LOCKS.get(ruleOf(sign)) ?? false;
}

/** Not known to be without a lock. Where a lock is to be ended, a sign of a newer server has one. */
export function mayLock(sign: unknown): boolean {
  return typeof sign !== "string" || (LOCKS.get(ruleOf(sign)) ?? true);
}
