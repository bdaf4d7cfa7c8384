import type { JSX } from "preact";
import { formatDate } from "../../i18n/format";
import { Icon, Skeleton } from "../../ui";
import type { World } from "../progress/calendar";
import { ChangedCard } from "../progress/ChangedCard";
import { factsOf, headlineOf } from "../progress/checkin";
import { DaysCard } from "../progress/DaysCard";
import { sayFact } from "../progress/facts";
import { GoalsCard } from "../progress/GoalsCard";
import { PainCard } from "../progress/PainCard";
import { PathCard } from "../progress/PathCard";
import "../progress/progress.css";
import { tp } from "../progress/words";
import { entries, mayCome, plan, progress, session, today } from "../state";
import { daysBetween, localDate } from "../store/time";
import { Screen, Tabs } from "./parts";
import { SignInAgain } from "./today/Facts";
import { OutcomeDue } from "./today/OutcomeDue";

export { Goals } from "./Goals";

/** What the weeks have done: pain with the sessions under it, the days, the path, what has changed, and one's own goals. */
export function Progress(): JSX.Element {
  const world: World = { plan: plan.value?.payload ?? null, progress: progress.value, entries: entries.value, today: today.value };
  return (
    <Screen class="progress">
      <main>
        <SignInAgain />
        <Headline />
        <OutcomeDue always />
        {plan.value === null && progress.value === null ? (
          mayCome("progress") && <Skeleton lines={6} />
        ) : (
          <>
            <PainCard world={world} />
            <DaysCard world={world} />
            <PathCard />
            <ChangedCard />
            <GoalsCard />
          </>
        )}
        <Age />
      </main>
      <Tabs here="progress" />
    </Screen>
  );
}

/** A fact, when one has got better; never a worse one in large letters. */
function Headline(): JSX.Element {
  const fact = headlineOf(factsOf(progress.value, entries.value));
  if (fact === null) return <h1 class="plain">{tp("title")}</h1>;
  const said = sayFact(fact);
  return (
    <h1 class="best">
      <span class="what">{said.short}</span>{" "}
      <span class="bf">
        <span aria-hidden="true">{said.range}</span>
        <span class="vh">{said.read}</span>
      </span>
    </h1>
  );
}

/** Said only when it is not of today. */
function Age(): JSX.Element | null {
  const stored = progress.value;
  if (stored === null) {
    // Whoever is signed out is asked to sign in, above.
    if (session.value === "ended") return null;
    return (
      <p class="line">
        <Icon name="clock" small />
        {tp("fetching")}
      </p>
    );
  }
  const date = localDate(new Date(stored.fetchedAt));
  if (daysBetween(date, today.value) < 1) return null;
  return (
    <p class="line">
      <Icon name="clock" small />
      {tp("asOf", { day: formatDate(date, { day: "numeric", month: "long" }) })}
    </p>
  );
}
