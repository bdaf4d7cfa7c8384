/**
 * The timer of one exercise: ready → hold (or repetitions) → rest → next set. Pure: time comes in as an argument.
 * It is built on instants, not on ticks, so a browser that slows its timers down cannot stretch a hold.
 */
import type { Dose } from "../../api/types";

/**
 * ready  get into position
 * hold   one repetition that is held
 * move   out of one held repetition and into the next
 * change the same, onto the other side
 * reps   a whole set of repetitions without a hold, paced
 * free   a set without numbers; the person says when it is done
 * rest   between sets
 */
export type StepKind = "ready" | "hold" | "move" | "change" | "reps" | "free" | "rest";

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
  /** The share of the set that is done when the step begins and when it ends, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

const READY_S = 5;
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
    if (steps.length === 0) steps.push(between("ready", set, READY_S));
    else if (dose.rest_s > 0) steps.push(between("rest", set - 1, dose.rest_s));
    else steps.push(between("move", set, MOVE_S));
    steps.push(...setSteps(dose, set, repSeconds));
  }
  return steps;
}

function between(kind: StepKind, set: number, seconds: number): Step {
  return { kind, set, rep: 0, seconds, endsSet: false, from: 0, to: 0 };
}

/** Seconds a repetition takes: the prescribed tempo (out, hold, back), else what the person has chosen. */
function paceOf({ tempo }: Pick<Dose, "tempo">, chosen: number): number {
  return tempo === null ? chosen : tempo.reduce((sum, part) => sum + part, 0);
}

/** Seconds out of one held repetition and into the next: the prescribed way back and out, else a calm default. */
function moveSeconds({ tempo }: Pick<Dose, "tempo">): number {
  return tempo === null ? MOVE_S : (tempo[2] ?? 0) + (tempo[0] ?? 0);
}

/** An alternating exercise is done with both sides in each repetition; a single alternating one (walking) by itself. */
export function sidesPerRep({ side, reps }: Pick<Dose, "side" | "reps">): 1 | 2 {
  return side === "alternating" && (reps ?? 1) > 1 ? 2 : 1;
}

function setSteps(dose: Dose, set: number, repSeconds: number): Step[] {
  const { reps, hold_s } = dose;
  const sides = sidesPerRep(dose);
  if (hold_s === null) {
    const seconds = reps === null ? null : reps * sides * paceOf(dose, repSeconds);
    return [{ kind: reps === null ? "free" : "reps", set, rep: 0, seconds, endsSet: true, from: 0, to: 1 }];
  }
  const steps: Step[] = [];
  const holds = (reps ?? 1) * sides;
  for (let done = 0; done < holds; done += 1) {
    const share = done / holds;
    const rep = Math.floor(done / sides) + 1;
    if (done > 0)
      steps.push({
        kind: sides === 2 ? "change" : "move",
        set,
        rep,
        seconds: moveSeconds(dose),
        endsSet: false,
        from: share,
        to: share,
      });
    steps.push({
      kind: "hold",
      set,
      rep,
      seconds: hold_s,
      endsSet: done + 1 === holds,
      from: share,
      to: (done + 1) / holds,
    });
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

function elapsedMs(run: Run, now: number): number {
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
export function repace(run: Run, dose: Dose, repSeconds: number, now: number): Run {
  const seconds = (dose.reps ?? 0) * sidesPerRep(dose) * paceOf(dose, repSeconds);
  const old = run.steps[run.index];
  const steps = run.steps.map((step) => (step.kind === "reps" ? { ...step, seconds } : step));
  if (old?.kind !== "reps" || old.seconds === null) return { ...run, steps };
  const before = (elapsedMs(run, now) / old.seconds) * seconds;
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
  const digits =
    step.kind === "reps" ? rep : step.seconds === null ? null : Math.max(0, Math.ceil(step.seconds - elapsed));
  return { kind: step.kind, set: step.set, rep, digits, tide: step.from + (step.to - step.from) * share };
}
