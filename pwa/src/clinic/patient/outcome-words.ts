import { t } from "../t";
import { TIMEPOINTS, type Instrument, type Outcome, type OutcomeDue, type Timepoint } from "../types";

/** Scores in a table: one row an instrument, one column a time. Pure. */

export interface Cell {
  readonly outcome: Outcome | null;
  readonly state: OutcomeDue["state"] | null;
}

/** The newest answer of each time; a corrected one replaces the first. */
export function cellsOf(instrument: Instrument, outcomes: readonly Outcome[], schedule: readonly OutcomeDue[]): Record<Timepoint, Cell> {
  const cells = {} as Record<Timepoint, Cell>;
  for (const timepoint of TIMEPOINTS) {
    const answers = outcomes.filter((one) => one.instrument === instrument && one.timepoint === timepoint);
    const due = schedule.find((one) => one.instrument === instrument && one.timepoint === timepoint);
    cells[timepoint] = { outcome: answers.sort((a, b) => a.at.localeCompare(b.at)).at(-1) ?? null, state: due?.state ?? null };
  }
  return cells;
}

/** The last score with what it means: "Pain: down 2, much better". */
export function changeSentence(instrument: Instrument, outcomes: readonly Outcome[]): string | null {
  const latest = outcomes.filter((one) => one.instrument === instrument && one.score !== null).sort((a, b) => a.at.localeCompare(b.at)).at(-1);
  if (!latest?.meaning) return null;
  const meaning = t(`outcome.meaning.${latest.meaning}`);
  if (instrument === "groc" || latest.change === null) return t("outcome.says", { what: t(`outcome.name.${instrument}`), meaning });
  const by = Math.round(Math.abs(latest.change) * 10) / 10;
  if (by === 0) return t("outcome.unchanged", { what: t(`outcome.name.${instrument}`) });
  return t(latest.change < 0 ? "outcome.down" : "outcome.up", { what: t(`outcome.name.${instrument}`), by, meaning });
}

/** With its sign where the scale has one: "+3". */
export function scoreText(instrument: Instrument, score: number): string {
  const rounded = Math.round(score * 10) / 10;
  return instrument === "groc" && rounded > 0 ? `+${rounded}` : String(rounded).replace("-", "−");
}

/** What a patient named as hard at the baseline, to be asked again later by the same names. */
export function namedActivities(outcomes: readonly Outcome[]): string[] {
  const first = outcomes.filter((one) => one.instrument === "psfs").sort((a, b) => a.at.localeCompare(b.at))[0];
  const list: unknown = first?.answers["activities"];
  return Array.isArray(list) ? list.map((one) => String((one as { text?: unknown }).text ?? "")).filter(Boolean) : [];
}

export interface OutcomeDraft {
  readonly nprs: Readonly<Record<"now" | "average" | "worst", number | null>>;
  readonly psfs: readonly { readonly text: string; readonly score: number | null }[];
  readonly groc: number | null;
}

/** What is sent: null stays null, an activity without words is left out. Null when nothing was answered. */
export function answersOf(instrument: Instrument, draft: OutcomeDraft): Record<string, unknown> | null {
  if (instrument === "nprs") return Object.values(draft.nprs).some((score) => score !== null) ? { ...draft.nprs } : null;
  if (instrument === "groc") return draft.groc === null ? null : { change: draft.groc };
  const activities = draft.psfs.map((each) => ({ text: each.text.trim(), score: each.score })).filter((each) => each.text !== "");
  return activities.some((each) => each.score !== null) ? { activities } : null;
}
