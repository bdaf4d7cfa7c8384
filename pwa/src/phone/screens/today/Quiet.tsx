/** Days on which there is nothing to start, and why. */
import type { JSX } from "preact";
import type { LocalDate, PlansPayload } from "../../../api/types";
import { formatDate, weekday } from "../../../i18n/format";
import { Empty } from "../../../ui";
import { t } from "../../t";

type Clinic = PlansPayload["clinic"];

export function RestDay({ next }: { next: LocalDate | null }): JSX.Element {
  return (
    <Empty icon="moon" title={t("today.restDay")}>
      {next ? t("today.restNext", { day: weekday(next) }) : t("today.rest")}
    </Empty>
  );
}

/** The phone was long without a network: a day it knows nothing of is not a day of rest. */
export function OldPlan({ until }: { until: LocalDate }): JSX.Element {
  return (
    <Empty icon="clock" title={t("today.old", { day: formatDate(until, { day: "numeric", month: "long" }) })}>
      {t("today.oldMore")}
    </Empty>
  );
}

export function NoPlan({ clinic }: { clinic: Clinic }): JSX.Element {
  return (
    <Empty icon="calendar" title={t("today.noPlan")}>
      {t("today.noPlanMore", { clinic: clinic.name })}
    </Empty>
  );
}
