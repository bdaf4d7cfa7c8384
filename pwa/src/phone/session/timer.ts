/**
 * The timer of one exercise: ready → hold (or repetitions) → rest → next set. Pure: time comes in as an argument.
 * It is built on instants, not on ticks, so a browser that slows its timers down cannot stretch a hold.
 */
import type { Dose } from "../../api/types";

/**
 * ready  get into position
 * hold   one repetition that is held
 * move   out of one held repetition and into the next
 * reps   a whole set of repetitions without a hold, paced
 * free   a set without numbers; the person says when it is done
 * rest   between sets
 */
export type StepKind = "ready" | "hold" | "move" | "reps" | "free" | "rest";

export interface Step {
  readonly kind: StepKind;
  /** From 1. During a rest: the set that was just done. */
  readonly set: number;
  /** From 1; 0 where no repetition is running. */
  readonly rep: number;
  /** Seconds; null = until the person says so. */
  readonly seconds: number | null;
  /** The last step of its set: when it ends, the set is done. */
  readonly endsSet: boolean;
}

export const READY_S = 5;
const MOVE_S = 3;
/** A phone that slept is not a person who exercised: after a gap this long the next step starts when the phone wakes. */
const SLEPT_MS = 2_500;

export interface TimerOptions {
  /** Sets that are already done, from an interrupted session. */
  readonly setsDone?: number;
  /** Pace of repetitions without a hold, seconds each. */
  readonly repSeconds?: number;
}

export function stepsOf(dose: Dose, { setsDone = 0, repSeconds = 4 }: TimerOptions = {}): Step[] {
  const steps: Step[] = [];
  for (let set = setsDone + 1; set <= dose.sets; set += 1) {
    if (steps.length === 0) steps.push({ kind: "ready", set, rep: 0, seconds: READY_S, endsSet: false });
    else if (dose.rest_s > 0) steps.push({ kind: "rest", set: set - 1, rep: 0, seconds: dose.rest_s, endsSet: false });
    else steps.push({ kind: "move", set, rep: 0, seconds: MOVE_S, endsSet: false });
    steps.push(...setSteps(dose, set, repSeconds));
  }
  return steps;
}

function setSteps({ reps, hold_s }: Dose, set: number, repSeconds: number): Step[] {
  if (hold_s === null) {
    const seconds = reps === null ? null : reps * repSeconds;
    return [{ kind: reps === null ? "free" : "reps", set, rep: 0, seconds, endsSet: true }];
  }
  const steps: Step[] = [];
  const count = reps ?? 1;
  for (let rep = 1; rep <= count; rep += 1) {
    if (rep > 1) steps.push({ kind: "move", set, rep: rep - 1, seconds: MOVE_S, endsSet: false });
    steps.push({ kind: "hold", set, rep, seconds: hold_s, endsSet: rep === count });
  }
  return steps;
}

export interface Run {
  readonly steps: readonly Step[];
  /** The step that is running; equals `steps.length` when the exercise is done. */
  readonly index: number;
  /** When the running step was (re)started, milliseconds; null = paused or not started. */
  readonly since: number | null;
  /** Milliseconds of the step that had run before the last pause. */
  readonly before: number;
}

export function startOf(steps: readonly Step[]): Run {
  return { steps, index: 0, since: null, before: 0 };
}

export function isRunning(run: Run): boolean {
  return run.since !== null;
}

export function isComplete(run: Run): boolean {
  return run.index >= run.steps.length;
}

export function isFresh(run: Run): boolean {
  return run.index === 0 && run.since === null && run.before === 0;
}

export function play(run: Run, now: number): Run {
  return run.since !== null || isComplete(run) ? run : { ...run, since: now };
}

export function pause(run: Run, now: number): Run {
  return run.since === null ? run : { ...run, since: null, before: elapsedMs(run, now) };
}

/** Ends the running step now: "Go now" in a rest, "Set done" in a set. */
export function skipStep(run: Run, now: number): Run {
  return isComplete(run) ? run : { ...run, index: run.index + 1, since: now, before: 0 };
}

/** Ends the running set, whatever step of it runs. */
export function finishSet(run: Run, now: number): Run {
  const end = run.steps.findIndex((step, index) => index >= run.index && step.endsSet);
  return end < 0 ? run : { ...run, index: end + 1, since: now, before: 0 };
}

export function elapsedMs(run: Run, now: number): number {
  return run.before + (run.since === null ? 0 : Math.max(0, now - run.since));
}

/** Moves on over every step that has ended by `now`. */
export function advance(run: Run, now: number): Run {
  let current = run;
  for (;;) {
    const step = current.steps[current.index];
    if (step === undefined) return current.since === null ? current : { ...current, since: null, before: 0 };
    if (current.since === null || step.seconds === null) return current;
    const over = elapsedMs(current, now) - step.seconds * 1000;
    if (over < 0) return current;
    current = { ...current, index: current.index + 1, since: over > SLEPT_MS ? now : now - over, before: 0 };
  }
}

/** The same run at another pace; a set that is running keeps the repetition it is in. */
export function repace(run: Run, reps: number, repSeconds: number, now: number): Run {
  const old = run.steps[run.index];
  const steps = run.steps.map((step) => (step.kind === "reps" ? { ...step, seconds: reps * repSeconds } : step));
  if (old?.kind !== "reps" || old.seconds === null) return { ...run, steps };
  const before = (elapsedMs(run, now) / old.seconds) * reps * repSeconds;
  return { ...run, steps, before, since: run.since === null ? null : now };
}

/** How many sets are finished. */
export function setsDone(run: Run): number {
  const finished = run.steps.slice(0, run.index).filter((step) => step.endsSet);
  const first = run.steps[0];
  return finished.length + (first === undefined ? 0 : first.set - 1);
}

export interface Face {
  readonly kind: StepKind | "done";
  readonly set: number;
  readonly rep: number;
  /** What the big digits show: whole seconds left, or for paced repetitions the one that is running; null = none. */
  readonly digits: number | null;
  /** 0 to 1, how full the tide is: the set's share that is done. */
  readonly tide: number;
}

/** What to show at `now`. Before the start it shows the work, not the "get ready". */
export function face(run: Run, now: number, reps: number | null): Face {
  const index = isFresh(run) && run.steps[0]?.kind === "ready" ? 1 : run.index;
  const step = run.steps[index];
  if (step === undefined) return { kind: "done", set: setsDone(run), rep: 0, digits: null, tide: 1 };
  const elapsed = index === run.index ? elapsedMs(run, now) / 1000 : 0;
  const share = step.seconds === null || step.seconds === 0 ? 0 : Math.min(1, elapsed / step.seconds);
  const rep = step.kind === "reps" && reps !== null ? Math.min(reps, Math.floor(share * reps) + 1) : step.rep;
  const digits = step.kind === "reps" ? rep : step.seconds === null ? null : Math.max(0, Math.ceil(step.seconds - elapsed));
  return { kind: step.kind, set: step.set, rep, digits, tide: tideOf(step, share, reps) };
}

function tideOf(step: Step, share: number, reps: number | null): number {
  if (step.kind === "reps") return share;
  if (step.kind !== "hold" && step.kind !== "move") return 0;
  const count = Math.max(1, reps ?? 1);
  const finished = step.kind === "hold" ? step.rep - 1 + share : step.rep;
  return Math.min(1, finished / count);
}
