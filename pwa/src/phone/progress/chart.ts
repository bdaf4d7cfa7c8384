/** Pain over weeks with the sessions under it: where each thing is drawn. Pure. */
import type { CheckinItem } from "./checkin";
import { isSession } from "../plan/day";
import type { Entry } from "../store/entry";
import type { LocalDate } from "../../api/types";
import { addDays, dateShown, isoWeekday } from "../store/time";
import { factsByDate, type World } from "./calendar";

export interface ChartDay {
  readonly date: LocalDate;
  /** null: no answer; the line breaks. */
  readonly pain: number | null;
  /** Share of what was due that was done, 0 to 1; null when nothing was due. */
  readonly share: number | null;
}

/** "morning": the answer of the morning. "day": the strongest pain of the day, where nobody asks in the morning. */
export type PainSeries = "morning" | "day";

export interface Chart {
  readonly series: PainSeries;
  readonly days: readonly ChartDay[];
}

export function chartOf(world: World, length: number): Chart {
  const mornings = morningPain(world);
  const ofDay = dayPain(world);
  const series: PainSeries = mornings.size === 0 && ofDay.size > 0 ? "day" : "morning";
  const pain = series === "morning" ? mornings : ofDay;
  const facts = factsByDate(world);
  const days = Array.from({ length }, (_, index): ChartDay => {
    const date = addDays(world.today, index + 1 - length);
    const day = facts.get(date);
    const share = day === undefined || day.due === 0 ? null : (day.done + day.partly / 2) / day.due;
    return { date, pain: pain.get(date) ?? null, share };
  });
  return { series, days };
}

function morningPain({ progress, entries }: World): Map<LocalDate, number> {
  const found = new Map((progress?.payload.morning ?? []).map((one) => [one.date, one.score]));
  for (const entry of live(entries)) {
    if (entry.item.type !== "checkin") continue;
    const { at, answers } = entry.item as unknown as CheckinItem;
    if (typeof answers["q_morning"] === "number") found.set(dateShown(at), answers["q_morning"]);
  }
  return found;
}

function dayPain({ progress, entries }: World): Map<LocalDate, number> {
  const found = new Map<LocalDate, number>();
  const note = (date: LocalDate, score: number | null): void => {
    if (score !== null) found.set(date, Math.max(score, found.get(date) ?? 0));
  };
  for (const one of progress?.payload.pain ?? []) note(one.date, one.pain_max);
  for (const entry of live(entries)) {
    if (!isSession(entry)) continue;
    const { performed_at, pain_before, pain_after, exercises } = entry.item;
    const date = dateShown(performed_at);
    for (const score of [pain_before, pain_after, ...exercises.map((one) => one.pain)]) note(date, score);
  }
  return found;
}

function live(entries: readonly Entry[]): Entry[] {
  return entries.filter((entry) => entry.state === "waiting" || entry.state === "sent");
}

// ---------- Drawing ----------

export interface Frame {
  readonly width: number;
  /** 1 at the usual text size; 2 where the text is twice as large. */
  readonly em: number;
}

export interface Drawing {
  readonly height: number;
  readonly left: number;
  readonly y: (score: number) => number;
  readonly x: (index: number) => number;
  readonly step: number;
  /** One path a run of answers on neighbouring days. */
  readonly runs: readonly string[];
  readonly dots: readonly { readonly x: number; readonly y: number; readonly last: boolean }[];
  readonly bars: readonly { readonly x: number; readonly share: number }[];
  readonly bar: { readonly width: number; readonly top: number; readonly height: number };
  readonly labels: readonly { readonly x: number; readonly date: LocalDate }[];
}

const TOP = 10;
const PLOT = 122;
const BAR = 16;
/** A label such as "16 Nov" needs this much at the usual text size. */
const LABEL = 72;

export function draw(days: readonly ChartDay[], { width, em }: Frame): Drawing {
  const left = 26 * em;
  const step = (width - left - 4) / Math.max(1, days.length);
  const x = (index: number): number => left + (index + 0.5) * step;
  const top = TOP * em;
  const y = (score: number): number => top + ((10 - score) / 10) * PLOT;
  const last = days.reduce((found, day, index) => (day.pain === null ? found : index), -1);
  // Dots closer than their own size would be a thick line.
  const dotted = step >= 5;
  const dots = days.flatMap(({ pain }, index) =>
    pain !== null && (dotted || index === last || isLonely(days, index))
      ? [{ x: x(index), y: y(pain), last: index === last }]
      : [],
  );
  return {
    ...{ left, step, x, y, dots },
    height: top + PLOT + 6 + BAR + 24 * em,
    runs: runsOf(days).map((run) => run.map(([index, pain]) => `${round(x(index))} ${round(y(pain))}`).join("L")),
    bars: days.flatMap(({ share }, index) => (share === null ? [] : [{ x: x(index), share }])),
    bar: { width: Math.min(6.4, step * 0.8), top: top + PLOT + 6, height: BAR },
    labels: labelsOf(days, x, LABEL * em, width),
  };
}

function isLonely(days: readonly ChartDay[], index: number): boolean {
  return (days[index - 1]?.pain ?? null) === null && (days[index + 1]?.pain ?? null) === null;
}

/** Runs of at least two answers on neighbouring days. */
export function runsOf(days: readonly ChartDay[]): [number, number][][] {
  const runs: [number, number][][] = [];
  days.forEach(({ pain }, index) => {
    if (pain === null) return;
    const open = runs.at(-1);
    if (open?.at(-1)?.[0] === index - 1) open.push([index, pain]);
    else runs.push([[index, pain]]);
  });
  return runs.filter((run) => run.length > 1);
}

/** Mondays, as many as fit beside each other. */
function labelsOf(
  days: readonly ChartDay[],
  x: (index: number) => number,
  wide: number,
  width: number,
): { x: number; date: LocalDate }[] {
  const found: { x: number; date: LocalDate }[] = [];
  days.forEach(({ date }, index) => {
    const from = Math.max(x(index) - 3, found.at(-1) ? found.at(-1)!.x + wide : 0);
    if (isoWeekday(date) === 1 && from === x(index) - 3 && from + wide * 0.8 <= width) found.push({ x: from, date });
  });
  return found;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** For whoever does not see the chart: first and last answer, and how often the line breaks. */
export function summaryOf(days: readonly ChartDay[]): { from: number; to: number; gaps: number } | null {
  const answered = days.flatMap(({ pain }, index) => (pain === null ? [] : [{ pain, index }]));
  const first = answered[0];
  const last = answered.at(-1);
  if (first === undefined || last === undefined) return null;
  const gaps = answered.filter((one, n) => n > 0 && one.index - answered[n - 1]!.index > 1).length;
  return { from: first.pain, to: last.pain, gaps };
}
