import type { JSX } from "preact";
import { ts } from "../i18n/shared";
import { Icon } from "./Icon";

export type TrailState = "phone" | "sent" | "seen";
const ORDER: readonly TrailState[] = ["phone", "sent", "seen"];

/** The three plain states of saving: On this phone → Sent → Seen by Dana. The words carry it, the dots repeat it. */
export function Trail({ state, seenBy }: { state: TrailState; seenBy: string | null }): JSX.Element {
  const reached = ORDER.indexOf(state);
  const words: Readonly<Record<TrailState, string>> = {
    phone: ts("trail.phone"),
    sent: ts("trail.sent"),
    seen: seenBy === null ? ts("trail.seenUnknown") : ts("trail.seen", { name: seenBy }),
  };
  return (
    <ol class="trail" aria-label={ts("trail.label")}>
      {ORDER.map((step, index) => (
        <li key={step} class={index <= reached ? "on" : ""} aria-current={index === reached ? "step" : undefined}>
          <b>{index <= reached && <Icon name="check" />}</b>
          {words[step]}
        </li>
      ))}
    </ol>
  );
}
