import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { plan } from "../state";
import { BodyPicture } from "./BodyPicture";
import { withoutReach, withReach, type CheckinDraft, type Leg } from "./draft";
import { tc } from "./t";

const LEVELS = [1, 2, 3, 4, 5] as const;
const LEGS: readonly Leg[] = ["left", "right"];

function levelWord(level: number): string {
  return tc(`choice.q_radiate.${level}` as "choice.q_radiate.1");
}

export interface LegQuestionProps {
  readonly draft: CheckinDraft;
  readonly onChange: (change: (draft: CheckinDraft) => CheckinDraft) => void;
}

/** How far down: on the picture, or with the buttons beside it. Each leg has its own answer. */
export function LegQuestion({ draft, onChange }: LegQuestionProps): JSX.Element {
  const { reach } = draft;
  const [leg, setLeg] = useState<Leg>(() => firstLeg(draft));
  const tap = (on: Leg, level: number): void => {
    setLeg(on);
    onChange((now) => withReach(now, on, level));
  };
  const said = (one: Leg): string => (reach[one] ? levelWord(reach[one]) : tc("body.nothing"));
  return (
    <div class="body">
      <div class="pic">
        <div class="legs" role="group" aria-label={tc("leg.which")}>
          {LEGS.map((one) => (
            <button
              key={one}
              type="button"
              aria-label={tc(`leg.${one}`)}
              aria-pressed={leg === one}
              onClick={() => setLeg(one)}
            >
              {tc(`leg.short.${one}`)}
            </button>
          ))}
        </div>
        <BodyPicture
          label={tc("body.picture", { left: said("left"), right: said("right") })}
          active={leg}
          marked={(one, level) => (reach[one] ?? 0) >= level}
          onTap={tap}
        />
      </div>
      <div class="zones" role="group" aria-label={`${tc("ask.q_radiate")} ${tc(`leg.${leg}`)}`}>
        {LEVELS.map((level) => (
          <button
            key={level}
            type="button"
            class="opt"
            aria-pressed={reach[leg] === level}
            onClick={() => tap(leg, level)}
          >
            {levelWord(level)}
          </button>
        ))}
        <button
          type="button"
          class="opt"
          aria-pressed={draft.answers["q_radiate"] === 0}
          onClick={() => onChange(withoutReach)}
        >
          {levelWord(0)}
        </button>
      </div>
    </div>
  );
}

/** The leg that has an answer, else the affected one. */
function firstLeg({ reach }: CheckinDraft): Leg {
  if (reach.left || reach.right) return (reach.right ?? 0) > (reach.left ?? 0) ? "right" : "left";
  return plan.value?.payload.side === "right" ? "right" : "left";
}
