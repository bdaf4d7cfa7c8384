import type { ComponentChildren, JSX } from "preact";
import { Banner, Button, Icon } from "../../../ui";
import { isLocking } from "../../../rules/red-flags";
import { putOff } from "../../checkin/actions";
import { dangerIn } from "../../checkin/danger";
import { isMorningDue, isWeeklyDue, morningOf, type PastCheckin } from "../../checkin/history";
import type { CheckinKind } from "../../checkin/questions";
import { morningVerdict, type Verdict } from "../../checkin/verdict";
import { care, checkins, lock, plan, therapist, today } from "../../state";
import { t } from "../../t";

/** The morning's check-in, then once a week the longer one: offered, gone on with, or what it said. */
export function CheckinCard(): JSX.Element | null {
  const { morning, weekly, putOff: later } = care.value;
  const payload = plan.value!.payload;
  if (lock.value === "red_flag" || !payload.plans.some((one) => one.starts_on <= today.value)) return null;
  const past = checkins.value;
  const done = morningOf(past, today.value);
  const morningOpen = morning !== null || isMorningDue(past, today.value, later);
  const weeklyOpen = !morningOpen && (weekly !== null || isWeeklyDue(past, today.value, later));
  if (done === null && !morningOpen && !weeklyOpen) return null;
  return (
    <>
      <ul class="list ex">
        {morningOpen && <Offer kind="morning" begun={morning !== null} />}
        {done !== null && !morningOpen && <Done morning={done} />}
        {weeklyOpen && <Offer kind="weekly" begun={weekly !== null} />}
      </ul>
      {done !== null && <Says morning={done} />}
    </>
  );
}

function Offer({ kind, begun }: { kind: CheckinKind; begun: boolean }): JSX.Element {
  const hidden = care.value.putOff[kind] === today.value;
  return (
    <li class="row ck">
      <a class="grow" href={`/checkin/${kind}`}>
        <strong>{t(`checkin.${kind}`)}</strong>
        <small>{begun ? t("checkin.goOn") : t(`checkin.${kind}Time`)}</small>
      </a>
      {!begun && !hidden && (
        <Button kind="plain" onClick={() => void putOff(kind)}>
          {t("checkin.later")}
        </Button>
      )}
      {begun && <Icon name="next" small />}
    </li>
  );
}

function Done({ morning }: { morning: PastCheckin }): JSX.Element {
  const pain = morning.answers["q_morning"];
  return (
    <li class="row ck is-done">
      <span class="grow">
        <strong>{t("checkin.morning")}</strong>
        <small>{typeof pain === "number" ? t("checkin.pain", { pain }) : t("checkin.noPain")}</small>
      </span>
      <span class="mark done">
        <Icon name="check" />
        <span class="vh">{t("state.done")}</span>
      </span>
    </li>
  );
}

function Says({ morning }: { morning: PastCheckin }): JSX.Element | null {
  const rules = plan.value!.payload.plans.map((one) => one.pain_rule);
  const verdict = morningVerdict(morning, checkins.value, rules);
  const advice = dangerIn({ ...morning, type: "checkin" }).signs.filter((sign) => !isLocking(sign));
  const said: ComponentChildren[] = [];
  // A stop has its own place on the locked day.
  if (verdict !== null && verdict.colour !== "stop") {
    const bad = verdict.colour === "red";
    said.push(
      <Banner key="rule" tone={bad ? "feel" : "plain"} icon={bad ? "warn" : "shield"} role="status">
        <p>{verdict.words ?? ownWords(verdict)}</p>
      </Banner>,
    );
  }
  if (advice.length > 0) {
    said.push(
      <Banner key="advice" tone="feel" icon="warn">
        <p>
          {t("checkin.advice")} <a href={`/advice/${morning.id}`}>{t("facts.show")}</a>
        </p>
      </Banner>,
    );
  }
  return said.length > 0 ? <>{said}</> : null;
}

function ownWords({ colour, by, limit, usual }: Verdict): string {
  if (colour === "green") {
    if (by === "leg") return t("checkin.greenLeg");
    return usual === null ? t("checkin.greenLimit", { limit }) : t("checkin.green");
  }
  if (colour === "amber") return by === "pain" ? t("checkin.amber", { limit }) : t("checkin.amberLeg");
  const name = therapist.value;
  return name ? t("checkin.red", { name }) : t("checkin.redUnknown");
}
