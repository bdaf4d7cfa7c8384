/** A reminder in a few words: hours, days, quiet hours, ways. */
import { capitalise, clockTime, weekday } from "../../i18n/format";
import { language } from "../../i18n/core";
import type { Channel, Quiet, RemindersPayload, Rule } from "./document";
import { channelState } from "./document";
import { tr } from "./settingsWords";

/** "08:00" as this person's country writes it. */
export function sayHour(hour: string): string {
  const [hours, minutes] = hour.split(":").map(Number);
  return clockTime(new Date(2001, 0, 1, hours, minutes));
}

function sayList(parts: readonly string[]): string {
  return new Intl.ListFormat(language.value, { type: "conjunction" }).format(parts);
}

export function sayHours(rule: Pick<Rule, "times">): string {
  return sayList(rule.times.map(sayHour));
}

/** ISO weekday 1 to 7; 1 January 2001 was a Monday. */
export function sayDay(day: number, width: "long" | "short"): string {
  return capitalise(weekday(`2001-01-0${day}`, width));
}

export function sayDays(days: readonly number[]): string {
  if (days.length === 7) return tr("days.every");
  if (days.join() === "1,2,3,4,5") return tr("days.working");
  return capitalise(sayList([...days].sort().map((day) => weekday(`2001-01-0${day}`, "short"))));
}

export function sayWhen(rule: Pick<Rule, "weekdays" | "quiet">): string {
  const days = sayDays(rule.weekdays);
  const quiet: Quiet | null = rule.quiet;
  if (quiet === null || quiet.from === quiet.to) return tr("row.days", { days });
  return tr("row.quiet", { days, from: sayHour(quiet.from), to: sayHour(quiet.to) });
}

/** What reaches this person now: ways that were chosen and work. */
export function waysOf(payload: RemindersPayload, rule: Pick<Rule, "channels"> | null): readonly Channel[] {
  return (rule?.channels ?? []).filter((name) => channelState(payload, name) === "ready");
}

export function sayWays(ways: readonly Channel[]): string {
  if (ways.length === 0) return tr("ways.none");
  if (ways.length === 1) return tr(ways[0] === "push" ? "ways.push" : "ways.email");
  return tr(ways[0] === "push" ? "ways.both" : "ways.bothMail");
}
