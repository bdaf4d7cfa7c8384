import type { JSX } from "preact";
import { ts } from "../i18n/shared";

/** For content that is not on this device yet; never for what is. */
export function Skeleton({ lines = 3 }: { lines?: number }): JSX.Element {
  return (
    <div class="skels" role="status" aria-label={ts("loading")}>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} class="skel" style={{ width: `${100 - ((index * 37) % 45)}%` }} />
      ))}
    </div>
  );
}
