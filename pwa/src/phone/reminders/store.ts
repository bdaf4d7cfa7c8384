/** The reminders of one patient on this phone: asked for, kept, changed. */
import { api } from "../../api/client";
import type { Uuid } from "../../api/types";
import { keepAnswer, type PatientDb } from "../store/db";
import { isExercise, type RemindersPayload, type Rule } from "./document";

/** Returns what is stored then. Raises `ApiError`; what is stored stays as it was. */
export async function refreshReminders(
  db: PatientDb,
  patient: Uuid,
  signal?: AbortSignal,
): Promise<RemindersPayload> {
  const fetchedAt = Date.now();
  const payload = await api<RemindersPayload>("GET", "/me/reminders", {
    query: { patient },
    ...(signal && { signal }),
  });
  return (await keepAnswer(db, "reminders", { payload, fetchedAt })).payload;
}

/** Makes the person's own rules these. Raises `ApiError`. */
export async function saveRules(
  db: PatientDb,
  patient: Uuid,
  rules: readonly Partial<Rule>[],
): Promise<RemindersPayload> {
  const payload = await api<RemindersPayload>("PUT", "/me/reminders", { query: { patient }, body: { rules } });
  return (await keepAnswer(db, "reminders", { payload, fetchedAt: Date.now() })).payload;
}

export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];
export const FIRST_HOUR = "08:00";

/**
 * The person's rules with the main one changed, or made. Ways, quiet hours and a pause are meant for all of them.
 * `weekly`: whether there is a look back at the week, at an hour of the server's; left out, as it is.
 */
export function withMain(payload: RemindersPayload, change: Partial<Rule>, weekly?: boolean): Partial<Rule>[] {
  const own = payload.rules.filter(isOwn).filter((rule) => weekly !== false || rule.kind !== "weekly");
  const main = own.find(isExercise);
  const { channels, quiet, paused } = change;
  const shared = Object.fromEntries(Object.entries({ channels, quiet, paused }).filter(([, set]) => set !== undefined));
  const rules: Partial<Rule>[] = own.map((rule) => ({ ...rule, ...(rule === main ? change : shared) }));
  if (main === undefined) rules.unshift({ times: [FIRST_HOUR], weekdays: [...EVERY_DAY], ...change });
  if (weekly && !own.some((rule) => rule.kind === "weekly"))
    rules.push({ kind: "weekly", ...shared, ...(main && { channels: main.channels }) });
  return rules;
}

/** A clinic's nudge is the clinic's to change. */
function isOwn(rule: Rule): boolean {
  return rule.kind !== "nudge";
}
