import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Dose } from "../../../api/types";
import { Button, Icon } from "../../../ui";
import { setRepSeconds, setSound } from "../../actions";
import { MINUTES_FROM_S, sayDose, sayLeg, sayNextSet } from "../../plan/dose";
import { unlockSound } from "../../session/cues";
import { useTimer, type Timer } from "../../session/useTimer";
import { repSeconds, sound } from "../../state";
import { t } from "../../t";
import { Clinical, Figure, Screen, TopBar, useHeadlineFocus } from "../parts";
import type { Current } from "../Session";
import { Progress } from "./Progress";
import { Steps } from "./Steps";

export interface DoViewProps {
  readonly current: Current;
  readonly onSets: (setsDone: number) => Promise<void>;
  readonly onNext: () => Promise<void>;
  readonly onBack: () => Promise<void>;
  readonly onLeave: () => void;
}

/** Read from the floor at two metres: the screen itself is the timer and fills like a tide. */
export function DoView({ current, onSets, onNext, onBack, onLeave }: DoViewProps): JSX.Element {
  const { draft, index, item, prescription, exercise } = current;
  const { dose } = prescription;
  const [steps, setSteps] = useState(false);
  const timer = useTimer({
    dose,
    setsDone: item.setsDone ?? 0,
    repSeconds: repSeconds.value,
    audible: sound.value,
    onSet: (done) => void onSets(done),
  });
  useHeadlineFocus(item.id);
  useEffect(() => {
    // Already complete on arrival means somebody came back to look; only a set that ends now moves on by itself.
    if (timer.complete && (item.setsDone ?? 0) < dose.sets) void onSets(dose.sets).then(onNext);
  }, [timer.complete]);

  const resting = timer.face.kind === "rest";
  return (
    <Screen class={resting ? "sess rest" : "sess"}>
      <div class="tide" style={{ "--tide": timer.face.tide }} aria-hidden="true" />
      <TopBar
        title={t("session.count", { n: index + 1, of: draft.items.length })}
        onBack={onLeave}
        back={{ icon: "close", label: t("session.leave") }}
        right={
          <Button
            kind="plain"
            icon={sound.value ? "sound" : "mute"}
            label={t(sound.value ? "session.soundOn" : "session.soundOff")}
            onClick={() => void setSound(!sound.value)}
          />
        }
        below={<Progress items={draft.items} index={index} share={timer.setsDone / dose.sets} />}
      />
      <main>
        <div class="figbox">
          <Figure exercise={exercise} side={dose.side} kind="moving" still={resting} />
        </div>
        <h1 class="what">
          <Clinical exercise={exercise}>{exercise.name}</Clinical>
        </h1>
        <p class="quiet leg">
          {[sayLeg(dose), timer.fresh ? sayDose({ ...dose, side: "both" }) : ""].filter(Boolean).join(". ")}
        </p>
        <Clock timer={timer} dose={dose} />
        <Sets timer={timer} sets={dose.sets} reps={dose.reps} />
        <p class="cue">
          {resting
            ? sayNextSet(timer.face.set + 1, dose.side)
            : exercise.cue && <Clinical exercise={exercise}>“{exercise.cue}”</Clinical>}
        </p>
        {prescription.note && !resting && <p class="cue quiet">{prescription.note}</p>}
        <div class="under">
          {/* While repetitions are counted the pace matters more than the steps, and both do not fit. */}
          {timer.running && timer.face.kind === "reps" && dose.tempo === null ? (
            <>
              <PaceButton label={`− ${t("session.slower")}`} by={1} />
              <PaceButton label={`${t("session.faster")} +`} by={-1} />
            </>
          ) : (
            <Button kind="plain" onClick={() => setSteps(true)}>
              {t("session.steps")}
            </Button>
          )}
        </div>
      </main>
      <footer class="ctl">
        <Button icon="back" label={t("session.back")} onClick={() => void onBack()} />
        <MainButton timer={timer} />
        <Button icon="next" label={t("session.next")} onClick={() => (timer.pause(), void onNext())} />
      </footer>
      <p class="vh" role="status">
        {timer.running ? spoken(timer, dose.sets) : ""}
      </p>
      {steps && <Steps exercise={exercise} prescription={prescription.id} onClose={() => setSteps(false)} />}
    </Screen>
  );
}

function MainButton({ timer }: { timer: Timer }): JSX.Element {
  const { kind } = timer.face;
  const play = (): void => {
    unlockSound();
    timer.play();
  };
  if (timer.complete)
    return (
      <Button kind="primary" icon="check" class="wide" disabled>
        {t("session.allSets")}
      </Button>
    );
  if (!timer.running) {
    return (
      <Button kind="primary" icon="play" onClick={play}>
        {timer.fresh ? t("session.start") : t("session.goOn")}
      </Button>
    );
  }
  if (kind === "rest" || kind === "ready")
    return (
      <Button kind="primary" onClick={timer.skip}>
        {t("session.goNow")}
      </Button>
    );
  if (kind === "free")
    return (
      <Button kind="primary" icon="check" onClick={timer.finishSet}>
        {t("session.setDone")}
      </Button>
    );
  return (
    <Button kind="primary" icon="pause" onClick={timer.pause}>
      {t("session.pause")}
    </Button>
  );
}

function Clock({ timer, dose }: { timer: Timer; dose: Dose }): JSX.Element {
  const { kind, digits } = timer.face;
  // Nobody "holds" a walk.
  const long = kind === "hold" && (dose.hold_s ?? 0) >= MINUTES_FROM_S;
  const text =
    digits === null
      ? ""
      : digits < 100
        ? String(digits)
        : `${Math.floor(digits / 60)}:${String(digits % 60).padStart(2, "0")}`;
  const label =
    digits === null
      ? undefined
      : kind === "reps"
        ? t("session.repOf", { rep: digits, of: dose.reps ?? 0 })
        : t("session.left", { count: digits });
  return (
    <>
      <p class="state">{kind === "done" ? t("session.allSets") : t(`session.kind.${long ? "long" : kind}`)}</p>
      {/* A timer role is not read out by itself; the sparse status below the controls is. */}
      <p class={text.length > 3 ? "digits long" : "digits"} role="timer" aria-label={label}>
        {kind === "done" ? <Icon name="check" /> : text}
      </p>
    </>
  );
}

function Sets({ timer, sets, reps }: { timer: Timer; sets: number; reps: number | null }): JSX.Element {
  const { kind, set, rep, tide } = timer.face;
  const resting = kind === "rest";
  const words =
    resting || kind === "done"
      ? t("session.setsDone", { done: timer.setsDone, of: sets })
      : t("session.set", { set, of: sets });
  const several = reps !== null && reps > 1 && (kind === "hold" || kind === "move" || kind === "change");
  return (
    <div class="sets">
      {sets > 1 &&
        sets <= 6 &&
        Array.from({ length: sets }, (_, index) => (
          <i
            key={index}
            class={index < timer.setsDone ? "d" : index === set - 1 && !resting ? "n" : ""}
            style={{ "--part": tide }}
            aria-hidden="true"
          />
        ))}
      {(sets > 1 || several) && (
        <span>{several ? t("session.setRep", { words, rep: Math.max(1, rep), of: reps }) : words}</span>
      )}
    </div>
  );
}

/** `by`: seconds a repetition gets more or less, between 2 and 10. */
function PaceButton({ label, by }: { label: string; by: 1 | -1 }): JSX.Element {
  const next = Math.min(10, Math.max(2, repSeconds.value + by));
  return (
    <Button kind="plain" disabled={next === repSeconds.value} onClick={() => void setRepSeconds(next)}>
      {label}
    </Button>
  );
}

/** Read aloud once per change of state, never every second. */
function spoken({ face }: Timer, sets: number): string {
  if (face.kind === "done") return t("session.allSets");
  if (face.kind === "move" || face.kind === "change") return "";
  return `${t(`session.kind.${face.kind}`)}. ${face.kind === "rest" ? "" : t("session.set", { set: face.set, of: sets })}`;
}
