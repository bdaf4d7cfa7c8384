/** A clinic's own exercise while it is written, and what is sent of it. */
import type { Dose, Exercise, ExerciseDetail, Frequency } from "../../types";
import { misfits, type Figure } from "./figure";

export type MuscleUse = Exercise["muscles"][number];

export interface Draft {
  /** made here, so that a POST that is repeated after a lost answer makes one exercise */
  readonly id: string;
  /** null: not on the server yet */
  readonly version: number | null;
  readonly name: string;
  readonly kind: Exercise["kind"];
  readonly position: Exercise["position"];
  readonly laterality: Exercise["laterality"];
  readonly level: number;
  readonly muscles: readonly MuscleUse[];
  readonly equipment: readonly string[];
  readonly demands: readonly string[];
  readonly steps: readonly string[];
  readonly cue: string;
  readonly mistake: string;
  readonly caution: string;
  readonly default_dose: Dose;
  readonly default_frequency: Frequency;
  readonly figure: Figure | null;
  /** whether the server has a figure that a `figure: null` would take away, and a photo with it */
  readonly drawn: boolean;
}

export const FEWEST_STEPS = 3;
export const MOST_STEPS = 5;
/** in which the precautions, the phone and the handout are not told what they need */
export type Gap = "name" | "muscles" | "steps" | "figure";

const DOSE: Dose = {
  sets: 3, reps: 10, hold_s: null, rest_s: 30, load: "none", load_kg: null, effort: null, side: "affected", tempo: null,
};

export function emptyDraft(id: string = crypto.randomUUID()): Draft {
  return {
    id, version: null, name: "", kind: "strengthen", position: "supine", laterality: "unilateral", level: 1, muscles: [],
    equipment: [], demands: [], steps: ["", "", ""], cue: "", mistake: "", caution: "", default_dose: DOSE,
    default_frequency: { kind: "weekdays", days: [1, 3, 5], times_per_day: 1 }, figure: null, drawn: false,
  };
}

export function draftOf(exercise: ExerciseDetail): Draft {
  const { id, version, name, kind, position, laterality, level, muscles, equipment, demands, cue, mistake, caution, default_dose, default_frequency } = exercise;
  return {
    id, version, name, kind, position, laterality, level, muscles, equipment: equipment as string[], demands: demands as string[], cue, mistake, caution,
    default_dose, default_frequency, steps: atLeast(exercise.steps), figure: exercise.anim as Figure | null, drawn: exercise.anim !== null,
  };
}

/** A new exercise that begins as another one; its name says that it is not the same. */
export function copyOf(exercise: ExerciseDetail, name: string, id: string = crypto.randomUUID()): Draft {
  return { ...draftOf(exercise), id, version: null, name, drawn: false };
}

function atLeast(steps: readonly string[]): string[] {
  return [...steps, ...Array<string>(Math.max(0, FEWEST_STEPS - steps.length)).fill("")];
}

/** What still has to be said before it can be saved. */
export function gaps(draft: Draft): Gap[] {
  const found: Gap[] = [];
  if (!draft.name.trim()) found.push("name");
  if (!draft.muscles.some((muscle) => muscle.role === "primary")) found.push("muscles");
  if (said(draft.steps).length < FEWEST_STEPS) found.push("steps");
  if (draft.figure && misfits(draft.figure).length > 0) found.push("figure");
  return found;
}

export function bodyOf(draft: Draft) {
  const { id: _id, version: _version, drawn, figure, ...rest } = draft;
  return {
    ...rest, ...((figure || drawn) && { figure }), name: draft.name.trim(), steps: said(draft.steps), cue: draft.cue.trim(), mistake: draft.mistake.trim(), caution: draft.caution.trim(),
  };
}

function said(steps: readonly string[]): string[] {
  return steps.map((step) => step.trim()).filter(Boolean);
}
