import type { JSX } from "preact";
import type { Lock, PlansPayload } from "../../../api/types";
import { Banner, Icon } from "../../../ui";
import { adviceRead, own, plan, today, todayGroups } from "../../state";
import { t } from "../../t";
import { tel } from "../../tel";
import { DayList } from "./DayList";

type Clinic = PlansPayload["clinic"];

/** Exercises are stopped: by a warning sign until a clinician unlocks, or by strong pain or a worse leg for today. */
export function LockedDay({ kind, clinic }: { kind: Lock["kind"]; clinic: Clinic }): JSX.Element {
  return (
    <>
      <Banner tone={kind === "red_flag" ? "alarm" : "feel"} icon="lock">
        {kind === "red_flag" ? <RedFlagReason clinic={clinic} /> : <StopReason clinic={clinic} />}
      </Banner>
      <Call clinic={clinic} />
      {own.value.some((one) => one.stop.includes("q_weak")) && (
        <a class="btn wide" href={tel(clinic.emergency)}>
          <Icon name="call" />
          {t("today.callEmergency", { number: clinic.emergency })}
        </a>
      )}
      {today.value <= plan.value!.payload.until && todayGroups.value.length > 0 && (
        <section class="is-locked" aria-label={t("today.lockedList")}>
          <DayList groups={todayGroups.value} next={null} locked />
        </section>
      )}
    </>
  );
}

function RedFlagReason({ clinic }: { clinic: Clinic }): JSX.Element {
  return (
    <>
      <p>{t("today.locked", { clinic: clinic.name })}</p>
      <p>
        <button type="button" class="btn plain inline" onClick={() => (adviceRead.value = false)}>
          {t("today.lockedShow")}
        </button>
      </p>
    </>
  );
}

/** The therapist's words for a stop where the plan has them. */
function StopReason({ clinic }: { clinic: Clinic }): JSX.Element {
  const weak = own.value.some((one) => one.stop.includes("q_weak"));
  const words = plan.value!.payload.plans.map((one) => one.pain_rule.words?.["stop"]).find(Boolean);
  const stop = own.value.find((one) => one.kind === "stop")?.stop ?? [];
  const ofLeg = stop.length > 0 && !stop.includes("pain");
  return (
    <>
      <p>{words ?? (ofLeg ? t("today.stoppedLeg") : t("today.stopped", { clinic: clinic.name }))}</p>
      {weak && <p>{t("today.weak")}</p>}
      <p>{t("today.unwatched")}</p>
    </>
  );
}

function Call({ clinic }: { clinic: Clinic }): JSX.Element | null {
  if (!clinic.phone) return null;
  return (
    <>
      <a class="btn big" href={tel(clinic.phone)}>
        <Icon name="call" />
        {t("today.call", { clinic: clinic.name })}
      </a>
      {clinic.hours && <p class="quiet small">{clinic.hours}</p>}
    </>
  );
}
