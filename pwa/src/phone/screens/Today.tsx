import type { JSX } from "preact";
import { lazy, useLocation } from "preact-iso";
import { wordsReady } from "../../i18n/core";
import { longDay } from "../../i18n/format";
import { Banner, Button, Icon, Ring, Skeleton } from "../../ui";
import { isOpen, nextDueDate } from "../plan/day";
import { minutesFor } from "../plan/minutes";
import { startSession } from "../session/actions";
import { unlockSound } from "../session/cues";
import { awaitsLock } from "../checkin/draft";
import { adviceRead, care, draft, lock, nextGroup, plan, session, today, todayGroups, todayItems } from "../state";
import { t } from "../t";
import { foreignTo, Screen, Tabs } from "./parts";
import { CheckinCard } from "./today/CheckinCard";
import { DayList } from "./today/DayList";
import { Facts, Urgent } from "./today/Facts";
import { Missed } from "./today/Missed";
import { OutcomeDue } from "./today/OutcomeDue";
import { LockedDay } from "./today/LockedDay";
import { NoPlan, OldPlan, RestDay } from "./today/Quiet";

/** A warning sign stands in front of everything; where its chunk is missing, the locked day says the same in short. */
const RedFlag = lazy(() =>
  import("./RedFlag").then(
    (chunk) => wordsReady().then(() => chunk.RedFlag),
    () => Day,
  ),
);

export function Today(): JSX.Element {
  return plan.value !== null && lock.value === "red_flag" && !adviceRead.value ? <RedFlag /> : <Day />;
}

/** What is due today, in one look; one large Start. */
function Day(): JSX.Element {
  return (
    <Screen class="today">
      <TodayMain />
      <StartButton />
      <Tabs here="today" />
    </Screen>
  );
}

function TodayMain(): JSX.Element {
  if (plan.value === null) {
    return (
      <main>
        <div class="hd">
          <div>
            <p class="quiet">{longDay(today.value)}</p>
            <h1>{session.value === "ended" ? t("today.signInTitle") : t("today.fetching")}</h1>
          </div>
        </div>
        <Urgent />
        {session.value !== "ended" && <Skeleton lines={5} />}
        <Facts />
      </main>
    );
  }
  const items = todayItems.value.filter((item) => item.state !== "excused");
  const done = items.filter((item) => item.state === "done").length;
  return (
    <main>
      <div class="hd">
        <div>
          <p class="quiet">{longDay(today.value)}</p>
          <h1>{headline()}</h1>
        </div>
        {items.length > 0 && lock.value === null && (
          <Ring done={done} of={items.length} label={t("today.ring", { done, of: items.length })}>
            {done}
            <em>{t("today.of", { of: items.length })}</em>
          </Ring>
        )}
      </div>
      <Urgent />
      <Unlocked />
      {lock.value === null && <CheckinCard />}
      <Body />
      {lock.value !== null && <CheckinCard />}
      <Missed />
      <OutcomeDue />
      <Cautions />
      <Facts />
    </main>
  );
}

/** The clinic has spoken with the person: the phone opens again, and says so on that day. */
function Unlocked(): JSX.Element | null {
  if (care.value.unlockedOn !== today.value || lock.value !== null) return null;
  return (
    <Banner tone="do" icon="check" role="status">
      <p>{t("today.unlocked", { clinic: plan.value!.payload.clinic.name })}</p>
    </Banner>
  );
}

/** What the precaution rules say to this person about the exercises that run now. */
function Cautions(): JSX.Element | null {
  const said = plan.value!.payload.cautions.filter((caution) => caution.text);
  if (said.length === 0 || lock.value !== null) return null;
  return (
    <details class="banner cautions">
      <summary>
        <Icon name="shield" />
        {t("today.cautions", { count: said.length })}
      </summary>
      <ul>
        {said.map(({ text, lang }) => (
          <li key={text} lang={foreignTo(lang)}>
            {text}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Body(): JSX.Element {
  const payload = plan.value!.payload;
  if (lock.value !== null) return <LockedDay kind={lock.value} clinic={payload.clinic} />;
  if (today.value > payload.until) return <OldPlan until={payload.until} />;
  if (payload.plans.length === 0) return <NoPlan clinic={payload.clinic} />;
  if (todayItems.value.length === 0) return <RestDay next={nextDueDate(payload, today.value)} />;
  return <DayList groups={todayGroups.value} next={nextGroup.value} />;
}

/** A fact: how much is left and how long it takes. */
function headline(): string {
  if (lock.value !== null) return lock.value === "red_flag" ? t("today.lockedTitle") : t("today.stopTitle");
  if (today.value > plan.value!.payload.until) return t("today.oldTitle");
  if (plan.value!.payload.plans.length === 0) return t("today.noPlanTitle");
  const items = todayItems.value.filter((item) => item.state !== "excused");
  if (items.length === 0) return t("today.restTitle");
  const open = items.filter(isOpen);
  const done = items.filter((item) => item.state === "done").length;
  if (done === items.length) return t("today.allDone", { count: done });
  if (open.length === 0) return t("finish.some", { done, of: items.length });
  const minutes = minutesFor(open.map((item) => item.prescription.dose));
  return t("today.toGo", { count: open.length, time: t("today.minutes", { count: minutes }) });
}

function SignsFirst(): JSX.Element {
  return (
    <footer class="foot">
      <a class="btn primary big" href="/checkin/morning">
        {t("checkin.signsFirst")}
      </a>
    </footer>
  );
}

function StartButton(): JSX.Element | null {
  const { route } = useLocation();
  const group = nextGroup.value;
  const begun = draft.value;
  if (awaitsLock(care.value.morning)) return <SignsFirst />;
  if (lock.value !== null || plan.value === null || (group === null && begun === null)) return null;
  const items = todayItems.value;
  const waiting = begun?.items[begun.index]?.prescription;
  const next = begun ? items.find((item) => item.prescription.id === waiting) : group?.items.find(isOpen);
  const start = async (): Promise<void> => {
    unlockSound();
    if (begun === null && group !== null) await startSession(group);
    route("/session");
  };
  return (
    <footer class="foot">
      <Button kind="primary" size="big" class="start" onClick={() => void start()}>
        {begun ? t("today.continue") : t("today.start")}
        {next && <small>{t("today.next", { name: next.exercise.name })}</small>}
      </Button>
    </footer>
  );
}
