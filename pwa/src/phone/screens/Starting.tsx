import type { JSX } from "preact";
import { Logo } from "../../ui";
import { Screen } from "./parts";

/** The instant in which the phone looks into its own storage; calm, and too short for a skeleton. */
export function Starting(): JSX.Element {
  return (
    <Screen>
      <main class="starting">
        <Logo size={56} />
      </main>
    </Screen>
  );
}
