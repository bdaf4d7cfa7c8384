import type { JSX } from "preact";
import { ts } from "../../../i18n/shared";
import { Button, Logo } from "../../../ui";
import { t } from "../../t";
import { Screen, useHeadlineFocus } from "../parts";

export interface Problem {
  readonly kind: "dead" | "signed_in" | "other";
  /** The server's own sentence. */
  readonly text: string;
}

/** The link is dead, or somebody else is signed in on this phone. */
export function JoinProblem({
  problem,
  onSignOut,
  onToday,
}: {
  problem: Problem;
  onSignOut: () => void;
  onToday: () => void;
}): JSX.Element {
  const dead = problem.kind === "dead";
  useHeadlineFocus(problem.kind);
  return (
    <Screen>
      <main class="first">
        <p class="brand">
          <Logo />
          {ts("app")}
        </p>
        <h1>{dead ? t("join.deadTitle") : t("join.signedInTitle")}</h1>
        <p>{dead ? t("join.dead") : t("join.signedIn")}</p>
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" onClick={onToday}>
          {t("join.openApp")}
        </Button>
        {!dead && (
          <Button kind="plain" size="wide" onClick={onSignOut}>
            {t("join.signOutHere")}
          </Button>
        )}
      </footer>
    </Screen>
  );
}
