/** The pure timer of `timer.ts` on the screen: runs it, gives the cues, and reports each set the moment it is done. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Dose } from "../../api/types";
import { give } from "./cues";
import {
  advance,
  face,
  finishSet,
  isComplete,
  isFresh,
  isRunning,
  pause,
  play,
  repace,
  setsDone,
  skipStep,
  startOf,
  stepsOf,
  type Face,
  type Run,
} from "./timer";

const TICK_MS = 100;
/** The last seconds before a change are ticked. */
const TICK_FROM_S = 3;

export interface Timer {
  readonly face: Face;
  readonly running: boolean;
  readonly fresh: boolean;
  readonly complete: boolean;
  readonly setsDone: number;
  readonly play: () => void;
  readonly pause: () => void;
  readonly skip: () => void;
  readonly finishSet: () => void;
}

export interface TimerProps {
  readonly dose: Dose;
  readonly setsDone: number;
  readonly repSeconds: number;
  readonly audible: boolean;
  readonly onSet: (done: number) => void;
}

export function useTimer({ dose, setsDone: already, repSeconds, audible, onSet }: TimerProps): Timer {
  const [run, setRun] = useState<Run>(() => startOf(stepsOf(dose, { setsDone: already, repSeconds })));
  const [now, setNow] = useState(() => Date.now());
  const running = isRunning(run);

  useEffect(() => {
    if (!running) return undefined;
    const tick = (): void => {
      const at = Date.now();
      setNow(at);
      setRun((before) => advance(before, at));
    };
    const interval = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(interval);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [running]);

  useEffect(() => {
    setRun((before) => repace(before, dose, repSeconds, Date.now()));
  }, [repSeconds]);

  const done = setsDone(run);
  const reported = useRef(already);
  useEffect(() => {
    if (done === reported.current) return;
    reported.current = done;
    onSet(done);
  }, [done]);

  const shown = face(run, now, dose.reps);
  useCues(shown, running, isComplete(run), audible);

  const change = (step: (run: Run, at: number) => Run): void => {
    const at = Date.now();
    setNow(at);
    setRun((before) => step(before, at));
  };
  return {
    face: shown,
    running,
    fresh: isFresh(run),
    complete: isComplete(run),
    setsDone: done,
    play: () => change(play),
    pause: () => change(pause),
    skip: () => change(skipStep),
    finishSet: () => change(finishSet),
  };
}

function useCues(shown: Face, running: boolean, complete: boolean, audible: boolean): void {
  const last = useRef({ kind: shown.kind, rep: shown.rep, digits: shown.digits, running });
  useEffect(() => {
    const before = last.current;
    last.current = { kind: shown.kind, rep: shown.rep, digits: shown.digits, running };
    if (!running && !complete) return;
    if (shown.kind !== before.kind) {
      const begins = shown.kind === "hold" || shown.kind === "reps" || shown.kind === "free";
      give(complete ? "finished" : begins ? "start" : "end", audible);
    } else if (
      shown.kind === "reps" ? shown.rep !== before.rep : isLastSeconds(shown) && shown.digits !== before.digits
    ) {
      give("tick", audible);
    }
  }, [shown.kind, shown.rep, shown.digits, complete]);
}

function isLastSeconds({ kind, digits }: Face): boolean {
  return (kind === "rest" || kind === "ready") && digits !== null && digits > 0 && digits <= TICK_FROM_S;
}
