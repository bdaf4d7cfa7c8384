/** Facts out of the check-ins: the server's, or the first and newest answer that this phone has itself. Pure. */
import type { Instant, LocalDate } from "../../api/types";
import type { Entry } from "../store/entry";
import { dateShown } from "../store/time";
import type { Fact, StoredProgress } from "./document";

export interface CheckinItem {
  readonly at: Instant;
  readonly kind: "morning" | "weekly";
  readonly answers: Readonly<Record<string, unknown>>;
}

export type Way = "better" | "same" | "worse";

export interface ShownFact extends Fact {
  readonly way: Way;
}

/** Choices from the worst to the best (CLINICAL.md D.7). */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  q_sit_time: ["lt5", "5_15", "15_30", "30_60", "gt60"],
  q_night: ["more", "once", "no"],
};

/** The order of showing; what a person can do comes before what hurts. The same as `patients/progress_facts.py`. */
const SHOWN = ["q_sit_time", "q_sit_pain", "q_extend", "q_cross", "q_night", "q_lbp"];

/** The server's facts, with an answer of this phone on top where it is newer. */
export function factsOf(stored: StoredProgress | null, entries: readonly Entry[]): ShownFact[] {
  const known = new Map((stored?.payload.facts ?? []).map((fact) => [fact.id, fact]));
  return SHOWN.flatMap((id): ShownFact[] => {
    const own = answersTo(id, entries);
    const fact = known.get(id);
    const newest = own.at(-1);
    const first = fact ? { value: fact.from, date: fact.from_date } : own[0];
    const last = fact && (!newest || newest.date < fact.to_date) ? { value: fact.to, date: fact.to_date } : newest;
    if (first === undefined || last === undefined || first.date === last.date) return [];
    const shown = { id, from: first.value, from_date: first.date, to: last.value, to_date: last.date };
    return [{ ...shown, way: wayOf(shown) }];
  });
}

function answersTo(id: string, entries: readonly Entry[]): { value: string | number; date: LocalDate }[] {
  return entries.flatMap((entry) => {
    if (entry.item.type !== "checkin" || (entry.state !== "waiting" && entry.state !== "sent")) return [];
    const { at, answers } = entry.item as unknown as CheckinItem;
    const value = answers[id];
    const given = typeof value === "number" || (typeof value === "string" && value !== "not_tried");
    return given ? [{ value, date: dateShown(at) }] : [];
  });
}

export function wayOf({ id, from, to }: Pick<Fact, "id" | "from" | "to">): Way {
  const order = ORDER[id];
  // Scores are pain: less is better. Choices are ordered from the worst to the best.
  const gain = order ? order.indexOf(String(to)) - order.indexOf(String(from)) : Number(from) - Number(to);
  if (gain === 0) return "same";
  return gain > 0 ? "better" : "worse";
}

/** The one fact for the headline: the first that got better; none is better than a worse one in large letters. */
export function headlineOf(facts: readonly ShownFact[]): ShownFact | null {
  return facts.find((fact) => fact.way === "better") ?? null;
}
