import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useLocation } from "preact-iso";
import type { PhonePlan, PlanExercise, Prescription } from "../../api/types";
import { STOP_PAIN } from "../../rules/pain-rule";
import { prescriptionsOf } from "../plan/day";
import { changeDraft, closeSession } from "../session/actions";
import { backward, forward, withItem, type Draft, type DraftItem } from "../session/draft";
import { useWakeLock } from "../session/wake";
import { draft as draftSignal, lock, plan } from "../state";
import { DoView } from "./session/DoView";
import { RateView } from "./session/RateView";
import { Starting } from "./Starting";

/** One exercise of the session, with everything a view of it needs. */
export interface Current {
  readonly draft: Draft;
  readonly index: number;
  readonly item: DraftItem;
  readonly plan: PhonePlan;
  readonly prescription: Prescription;
  readonly exercise: PlanExercise;
  /** The name of the one that follows, or null on the last. */
  readonly next: string | null;
}

/** One exercise a screen. Every change is on disk before the screen moves. */
export function Session(): JSX.Element {
  const { route } = useLocation();
  useWakeLock();
  const draft = draftSignal.value;
  const current = draft && currentOf(draft);
  const locked = lock.value !== null && draft?.filledIn !== true;

  // The draft is gone a moment before the screen is.
  const finishing = useRef(false);
  const finish = async (): Promise<void> => {
    finishing.current = true;
    const entry = await closeSession();
    route(entry === null ? "/" : `/finish/${entry}`, true);
  };

  useEffect(() => {
    if (finishing.current) return;
    if (draft === null) route("/", true);
    // The plan no longer knows this exercise (it changed on the server meanwhile): keep what was done, leave the session.
    // Nor may it go on under a lock: a clinician's, or one that another answer brought.
    else if (current === null || locked) void finish();
  }, [draft === null, current === null, locked]);

  if (draft === null || !current) return <Starting />;

  const { index, view } = draft;
  // A second tap on a screen that is already leaving must not skip the next one.
  const stillHere = (now: Draft): boolean => now.index === index && now.view === view;
  const change = (part: Partial<DraftItem>): Promise<void> => changeDraft((now) => withItem(now, index, part));
  const onward = async (): Promise<void> => {
    if (forward(draft) === null) await finish();
    else await changeDraft((now) => (stillHere(now) ? forward(now) : null));
  };
  const back = async (): Promise<void> => {
    if (backward(draft) === null) route("/");
    else await changeDraft((now) => (stillHere(now) ? backward(now) : null));
  };
  // Strong pain ends the day's exercises, by whichever door the person leaves (`state.lock` reads it from the entry).
  const leave = (): void => {
    if (draft.items.some((item) => (item.pain ?? 0) >= STOP_PAIN)) void finish();
    else route("/");
  };

  // A new exercise is a new screen: its timer starts fresh.
  const key = `${current.item.id} ${draft.view}`;
  return draft.view === "do" ? (
    <DoView
      key={key}
      current={current}
      onSets={(setsDone) => change({ setsDone })}
      onNext={onward}
      onBack={back}
      onLeave={leave}
    />
  ) : (
    <RateView key={key} current={current} onChange={change} onNext={onward} onBack={back} onStop={finish} />
  );
}

function currentOf(draft: Draft): Current | null {
  const payload = plan.value?.payload;
  const owner = payload?.plans.find((one) => one.id === draft.plan);
  if (!payload || !owner) return null;
  const known = prescriptionsOf(owner);
  const at = (index: number): { item: DraftItem; prescription: Prescription; exercise: PlanExercise } | null => {
    const item = draft.items[index];
    const prescription = item && known.get(item.prescription);
    const exercise = prescription && payload.exercises[prescription.exercise];
    return item && prescription && exercise ? { item, prescription, exercise } : null;
  };
  const here = at(draft.index);
  return here && { draft, index: draft.index, plan: owner, ...here, next: at(draft.index + 1)?.exercise.name ?? null };
}
