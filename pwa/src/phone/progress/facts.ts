/** Facts and scores in plain words. */
import { number } from "../../i18n/format";
import type { OutcomeScore } from "./document";
import type { ShownFact } from "./checkin";
import type { Instrument } from "./outcomes";
import { tp } from "./words";

export interface SaidFact {
  /** The question in a few words; `short` for the headline. */
  readonly name: string;
  readonly short: string;
  /** "15–30 → 30–60 min", for the eye. */
  readonly range: string;
  /** "15–30 min, now 30–60 min", for the ear. */
  readonly read: string;
}

export function sayFact(fact: ShownFact): SaidFact {
  const [from, to] = [sayAnswer(fact.id, fact.from), sayAnswer(fact.id, fact.to)];
  const name = tp(`fact.${fact.id}` as "fact.q_lbp");
  const unit = (range: string): string => withUnit(fact.id, range);
  return {
    name,
    short: fact.id === "q_sit_time" ? tp("short.q_sit_time") : name,
    range: unit(from === to ? from : tp("range", { from, to })),
    read: unit(tp("rangeRead", { from, to })),
  };
}

function sayAnswer(id: string, answer: string | number): string {
  if (id === "q_sit_time" || id === "q_night") return tp(`${id}.${answer}` as "q_night.once");
  return String(answer);
}

function withUnit(id: string, range: string): string {
  if (id === "q_sit_time") return tp("minutes", { range });
  return id === "q_night" ? range : tp("ofTen", { range });
}

export interface ScoreLine {
  readonly instrument: Instrument;
  readonly range: string;
  readonly meaning: string | null;
  readonly worse: boolean;
}

/** One line an instrument: the first score, the newest, and what the change means (CLINICAL.md D.1, D.4, D.5). */
export function scoreLines(scores: readonly OutcomeScore[]): ScoreLine[] {
  const order: readonly Instrument[] = ["nprs", "psfs", "groc"];
  return order.flatMap((instrument): ScoreLine[] => {
    const all = scores.filter((one) => one.instrument === instrument).sort((a, b) => a.date.localeCompare(b.date));
    const last = all.at(-1);
    if (last === undefined) return [];
    const first = all.find((one) => one.score !== null);
    const meaning = last.meaning === null ? null : tp(`meaning.${last.meaning}`);
    return [{ instrument, range: sayScores(instrument, first, last), meaning, worse: last.meaning === "worse" }];
  });
}

function sayScores(instrument: Instrument, first: OutcomeScore | undefined, last: OutcomeScore): string {
  if (last.score === null) return tp("score.none");
  const to = sayScore(last.score, instrument);
  // GROC already compares with the start: one number says it.
  if (instrument === "groc") return to;
  const from = first === undefined || first === last ? null : sayScore(first.score!, instrument);
  return tp("score.one", { score: from === null || from === to ? to : tp("range", { from, to }) });
}

function sayScore(score: number, instrument: Instrument): string {
  return number(score, { maximumFractionDigits: 1, ...(instrument === "groc" && { signDisplay: "exceptZero" }) });
}
