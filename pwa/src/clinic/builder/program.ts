import type { Exercise, Phase, Prescription, Program } from "../types";

/**
 * Edits of a program as pure functions: each takes a program and gives a new one, so that undo is one reference and
 * nothing on screen can change half. Ids and keys are made here; the server keeps what it is sent.
 */

export type NewId = () => string;

const uuid: NewId = () => crypto.randomUUID();

const DAYS_OF_A_NEW_PHASE = 21;

function mapPhases(program: Program, change: (phase: Phase) => Phase): Program {
  const phases = program.phases.map(change);
  return phases.every((phase, i) => phase === program.phases[i]) ? program : { ...program, phases };
}

function renumber(phases: Phase[]): Phase[] {
  return phases.map((phase, i) => (phase.n === i + 1 ? phase : { ...phase, n: i + 1 }));
}

export function prescribeDefaults(exercise: Exercise, newId: NewId = uuid): Prescription {
  return {
    id: newId(),
    key: newId(),
    exercise: exercise.id,
    dose: { ...exercise.default_dose },
    frequency: exercise.default_frequency,
    optional_if: null,
    needs_release: false,
    easier_allowed: true,
    note: "",
  };
}

export function add(program: Program, phaseId: string, prescription: Prescription, at?: number): Program {
  return mapPhases(program, (phase) => {
    if (phase.id !== phaseId) return phase;
    const prescriptions = [...phase.prescriptions];
    prescriptions.splice(at ?? prescriptions.length, 0, prescription);
    return { ...phase, prescriptions };
  });
}

export function find(program: Program, id: string): { phase: Phase; index: number; prescription: Prescription } | null {
  for (const phase of program.phases) {
    const index = phase.prescriptions.findIndex((item) => item.id === id);
    const prescription = phase.prescriptions[index];
    if (prescription) return { phase, index, prescription };
  }
  return null;
}

export function remove(program: Program, id: string): Program {
  return mapPhases(program, (phase) => {
    const prescriptions = phase.prescriptions.filter((item) => item.id !== id);
    return prescriptions.length === phase.prescriptions.length ? phase : { ...phase, prescriptions };
  });
}

export function update(program: Program, id: string, patch: Partial<Prescription>): Program {
  return mapPhases(program, (phase) => {
    if (!phase.prescriptions.some((item) => item.id === id)) return phase;
    return {
      ...phase,
      prescriptions: phase.prescriptions.map((item) => (item.id === id ? { ...item, ...patch } : item)),
    };
  });
}

/**
 * Moves to a place in a phase; `index` counts in the target phase after the item was taken out. A key stands once in a
 * phase (copied phases share keys), so an item that comes to meet its own copy gets a new one.
 */
export function move(program: Program, id: string, phaseId: string, index: number): Program {
  const found = find(program, id);
  if (!found || !program.phases.some((phase) => phase.id === phaseId)) return program;
  if (found.phase.id === phaseId && found.index === index) return program;
  const target = program.phases.find((phase) => phase.id === phaseId);
  const clash = target?.id !== found.phase.id && target?.prescriptions.some((item) => item.key === found.prescription.key);
  const moved = clash ? { ...found.prescription, key: uuid() } : found.prescription;
  return add(remove(program, id), phaseId, moved, index);
}

/** One step up (−1) or down (+1); at the end of a phase it goes on into the neighbouring phase. */
export function step(program: Program, id: string, by: -1 | 1): Program {
  const found = find(program, id);
  if (!found) return program;
  const index = found.index + by;
  if (index >= 0 && index < found.phase.prescriptions.length) return move(program, id, found.phase.id, index);
  const neighbour = program.phases[program.phases.indexOf(found.phase) + by];
  if (!neighbour) return program;
  return move(program, id, neighbour.id, by < 0 ? neighbour.prescriptions.length : 0);
}

/**
 * Another exercise in the same place. It gets its own key: a chart that follows a key must never join two exercises.
 * The frequency stays since it says when, the dose is the new exercise's since it says how much of what.
 */
export function swap(program: Program, id: string, exercise: Exercise, newId: NewId = uuid): Program {
  const found = find(program, id);
  if (!found || found.prescription.exercise === exercise.id) return program;
  const dose = { ...exercise.default_dose, side: sideFor(exercise, found.prescription.dose.side) };
  return update(program, id, {
    id: newId(), key: newId(), exercise: exercise.id, dose, needs_release: false, optional_if: found.prescription.optional_if,
  });
}

function sideFor(exercise: Exercise, wanted: Prescription["dose"]["side"]): Prescription["dose"]["side"] {
  return exercise.laterality === "unilateral" ? wanted : exercise.default_dose.side;
}

export function updatePhase(program: Program, phaseId: string, patch: Partial<Phase>): Program {
  return mapPhases(program, (phase) => (phase.id === phaseId ? { ...phase, ...patch } : phase));
}

/** Sets the length of a phase in weeks; the phases after it keep their lengths and move along. */
export function setWeeks(program: Program, phaseId: string, weeks: number): Program {
  const index = program.phases.findIndex((phase) => phase.id === phaseId);
  const phase = program.phases[index];
  if (!phase || weeks < 1) return program;
  const shift = phase.from_day + weeks * 7 - phase.to_day;
  if (shift === 0) return program;
  const phases = program.phases.map((each, i) => {
    if (i < index) return each;
    if (i === index) return { ...each, to_day: each.to_day + shift };
    return { ...each, from_day: each.from_day + shift, to_day: each.to_day + shift };
  });
  return { ...program, phases };
}

export function addPhase(program: Program, name: string, newId: NewId = uuid): Program {
  const from_day = program.phases.at(-1)?.to_day ?? 0;
  const phase: Phase = {
    id: newId(), n: program.phases.length + 1, name, from_day, to_day: from_day + DAYS_OF_A_NEW_PHASE,
    entry: [], exit: [], prescriptions: [],
  };
  return { ...program, phases: [...program.phases, phase] };
}

/** A copy right after the original, equally long; what follows moves along. Keys stay: it is the same exercise going on. */
export function copyPhase(program: Program, phaseId: string, name: string, newId: NewId = uuid): Program {
  const index = program.phases.findIndex((phase) => phase.id === phaseId);
  const original = program.phases[index];
  if (!original) return program;
  const length = original.to_day - original.from_day;
  const copy: Phase = {
    ...original, id: newId(), name, from_day: original.to_day, to_day: original.to_day + length,
    prescriptions: original.prescriptions.map((item) => ({ ...item, id: newId(), dose: { ...item.dose } })),
  };
  const later = program.phases.slice(index + 1)
    .map((phase) => ({ ...phase, from_day: phase.from_day + length, to_day: phase.to_day + length }));
  return { ...program, phases: renumber([...program.phases.slice(0, index + 1), copy, ...later]) };
}

/** Takes a phase out; what follows closes the gap. */
export function removePhase(program: Program, phaseId: string): Program {
  const index = program.phases.findIndex((phase) => phase.id === phaseId);
  const gone = program.phases[index];
  if (!gone) return program;
  const length = gone.to_day - gone.from_day;
  const later = program.phases.slice(index + 1)
    .map((phase) => ({ ...phase, from_day: phase.from_day - length, to_day: phase.to_day - length }));
  return { ...program, phases: renumber([...program.phases.slice(0, index), ...later]) };
}

/** Same content, whatever the version: is there anything to save? */
export function sameContent(a: Program, b: Program): boolean {
  if (a === b) return true;
  return JSON.stringify(content(a)) === JSON.stringify(content(b));
}

function content(program: Program) {
  return [
    program.name, program.pain_limit, program.entry,
    program.phases.map((phase) => [
      phase.id, phase.n, phase.name, phase.from_day, phase.to_day, phase.entry, phase.exit,
      phase.prescriptions.map((item) => [
        item.id, item.key, item.exercise, doseContent(item), frequencyContent(item), item.optional_if,
        item.needs_release, item.easier_allowed, item.note,
      ]),
    ]),
  ];
}

function doseContent({ dose }: Prescription) {
  return [dose.sets, dose.reps, dose.hold_s, dose.rest_s, dose.load, dose.load_kg, dose.effort, dose.side, dose.tempo];
}

function frequencyContent({ frequency: f }: Prescription) {
  if (f.kind === "weekdays") return [f.kind, f.days, f.times_per_day];
  if (f.kind === "interval") return [f.kind, f.every_days, f.times_per_day];
  return [f.kind, f.count];
}
