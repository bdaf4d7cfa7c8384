/** What the server says about reminders, what of it stays on the phone, and the wishes that wait to be sent. */
import type { components } from "../../api/schema";
import type { Instant, Uuid } from "../../api/types";

type Schemas = components["schemas"];

export type Rule = Schemas["ReminderRule"];
export type Quiet = NonNullable<Rule["quiet"]>;
export type Channel = Rule["channels"][number];
export type RemindersPayload = Schemas["Reminders"];

export interface StoredReminders {
  readonly payload: RemindersPayload;
  readonly fetchedAt: number;
}

/** "Later today", queued until the server has answered. */
export interface Later {
  readonly id: Uuid;
  readonly occurrence: Uuid;
  readonly at: Instant;
}

/** This browser is subscribed for this patient: the server's id, and what it was told. */
export interface PushHere {
  readonly id: Uuid;
  readonly endpoint: string;
  /** The server's key under which the browser subscribed. */
  readonly key: string;
  readonly toldAt: number;
}

/** The feed's address is shown once by the server, so this phone keeps it for copying again. */
export interface CalendarHere {
  readonly url: string;
}

/** Reminders of what is due today; those of the clinic are its own. */
export function isExercise(rule: Rule): boolean {
  return (rule.kind ?? "exercise") === "exercise";
}

/** The reminder that the settings change; the first one, since most people have one. */
export function mainRule(payload: RemindersPayload): Rule | null {
  return payload.rules.find(isExercise) ?? null;
}

export function channelState(payload: RemindersPayload, name: Channel): string {
  return payload.channels.find((channel) => channel.name === name)?.state ?? "no_subscription";
}

export function canMail(payload: RemindersPayload): boolean {
  return channelState(payload, "email") !== "no_address";
}
