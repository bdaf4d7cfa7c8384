import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PainRule } from "../../../api/types";
import { Banner } from "../../../ui";
import { clinicWords, painColour } from "../../plan/painRule";
import { therapist } from "../../state";
import { t } from "../../t";

/** What the plan's own rule says to this answer, at once and offline: go on, do less, or stop and call. */
export function PainSays({ score, rule, exercise }: { score: number; rule: PainRule; exercise: string }): JSX.Element {
  const colour = painColour(score, rule);
  const own = clinicWords(score, rule);
  const name = therapist.value;
  const limit = rule.limit;
  if (colour === "amber" || colour === "green") {
    return (
      <InView>
        <Banner icon="shield" role="status">
          <p>{own ?? t("pain.amber", { limit })}</p>
        </Banner>
      </InView>
    );
  }
  const words =
    colour === "stop"
      ? t("pain.stop")
      : name
        ? t("pain.red", { name, exercise, limit })
        : t("pain.redUnknown", { exercise, limit });
  return (
    <InView>
      <Banner tone="feel" icon="warn" role="alert">
        <p>
          <b>{score > limit ? t("pain.above", { score, limit }) : t("pain.strong", { score })}</b> {own ?? words}
        </p>
      </Banner>
    </InView>
  );
}

/** What the rule says must be seen, also where the screen is short. */
function InView({ children }: { children: ComponentChildren }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest", behavior: "smooth" }), []);
  return <div ref={box}>{children}</div>;
}
