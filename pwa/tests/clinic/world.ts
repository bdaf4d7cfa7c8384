import type { Exercise, Phase, Prescription, Program } from "../../src/clinic/types";

/** A small fixed cast for the clinic's tests; each helper takes what matters for one test. */

export function exercise(change: Partial<Exercise> = {}): Exercise {
  return {
    id: "clam", version: 1, slug: "qf-clam", name: "Clam", synonyms: ["clamshell"], kind: "strengthen",
    muscles: [{ slug: "quadratus-femoris", role: "primary" }], position: "side_lying", laterality: "unilateral", level: 2,
    steps: [], cue: "", mistake: "", caution: "", demands: [], equipment: [],
    default_dose: { sets: 3, reps: 12, hold_s: 3, rest_s: 60, load: "bodyweight", load_kg: null, effort: 5, side: "affected", tempo: null },
    default_frequency: { kind: "weekdays", days: [1, 2, 4, 6], times_per_day: 1 },
    easier: null, harder: null, figure: null, sources: [], review_status: "draft", owner: null, video: null, archived: false, ...change,
  };
}

export function item(id: string, change: Partial<Prescription> = {}): Prescription {
  return {
    id, key: `key-${id}`, exercise: "clam", dose: exercise().default_dose, frequency: exercise().default_frequency,
    optional_if: null, needs_release: false, easier_allowed: true, note: "", ...change,
  };
}

export function phase(n: number, items: Prescription[], change: Partial<Phase> = {}): Phase {
  return { id: `phase-${n}`, n, name: `Phase ${n}`, from_day: (n - 1) * 21, to_day: n * 21, entry: [], exit: [], prescriptions: items, ...change };
}

export function program(change: Partial<Program> = {}): Program {
  return {
    id: "program", version: 1, name: "Plan", template: false, sealed: false, pain_limit: 5, evidence: "", entry: [],
    phases: [phase(1, [item("a"), item("b"), item("c")]), phase(2, [item("d")])], ...change,
  };
}

export const ids = (program: Program): string[][] => program.phases.map((each) => each.prescriptions.map((one) => one.id));
