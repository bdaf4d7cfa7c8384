import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button, Dialog } from "../../ui";
import { Field } from "../parts/field";
import * as calls from "../calls";
import { dayNumber, today } from "../dates";
import { FormErrors } from "../parts/problem";
import { abilities, clinicOnWrites } from "../session";
import { t, word } from "../t";
import type { Patient, Plan, Program } from "../types";
import { useAction } from "../use";
import { shortDate } from "../words";

/** A running plan is sealed: it is changed by editing a copy, which becomes its next revision. */
export function useChangePlan(patient: Patient | null) {
  const { route } = useLocation();
  return useAction(async (plan: Plan) => {
    if (!patient) return;
    const copy = await calls.copyProgram(plan.program, clinicOnWrites());
    route(`/clinic/programs/${copy.id}?patient=${patient.id}&plan=${plan.id}`);
  });
}

export interface PlansCardProps {
  readonly patient: Patient;
  readonly plans: readonly Plan[];
  readonly programs: ReadonlyMap<string, Program>;
  readonly onChanged: () => void;
}

export function PlansCard({ patient, plans, programs, onChanged }: PlansCardProps): JSX.Element {
  const mayPrescribe = abilities.value.prescribe;
  return (
    <section class="card pre" aria-labelledby="plans">
      <h2 id="plans">{t("plans")}</h2>
      {plans.length === 0 && <p class="quiet">{t("plans.none")}</p>}
      <ul class="plans">
        {plans.map((plan) => (
          <PlanRow key={plan.id} patient={patient} plan={plan} program={programs.get(plan.program)} onChanged={onChanged} />
        ))}
      </ul>
      {mayPrescribe && (
        <a class="btn" href={`/clinic/templates?patient=${patient.id}`}>
          {t("plans.new")}
        </a>
      )}
    </section>
  );
}

function PlanRow({ patient, plan, program, onChanged }: { patient: Patient; plan: Plan; program: Program | undefined; onChanged: () => void }): JSX.Element {
  const [stopping, setStopping] = useState(false);
  const change = useChangePlan(patient);
  const phase = program?.phases.find((each) => each.n === plan.phase);
  const week = Math.floor((dayNumber(today()) - dayNumber(plan.starts_on)) / 7) + 1;
  const weeks = Math.ceil((program?.phases.at(-1)?.to_day ?? 0) / 7);
  const running = plan.status === "active" || plan.status === "planned" || plan.status === "paused";
  return (
    <li>
      <b>{program?.name ?? "…"}</b>
      <span>{phase ? t("plans.phase", { n: phase.n, name: phase.name }) : ""}</span>
      <span class="quiet small">
        {word("plan_status", plan.status)} · {t("plans.since", { date: shortDate(plan.starts_on) })}
        {plan.status === "active" && weeks > 0 && <> · {t("plans.week", { n: week, of: weeks })}</>}
      </span>
      {plan.overrides.map((override) => (
        <span key={`${override.rule} ${override.key}`} class="small">
          {t("plans.override", { rule: override.rule, reason: override.reason })}
        </span>
      ))}
      {running && abilities.value.prescribe && (
        <span class="acts-row">
          <Button disabled={change.busy} onClick={() => void change.run(plan)}>{t("plans.change")}</Button>
          <Button kind="plain" onClick={() => setStopping(true)}>{t("plans.stop")}</Button>
        </span>
      )}
      <FormErrors error={change.error} />
      {stopping && <StopDialog plan={plan} onClose={() => setStopping(false)} onStopped={() => { setStopping(false); onChanged(); }} />}
    </li>
  );
}

function StopDialog({ plan, onClose, onStopped }: { plan: Plan; onClose: () => void; onStopped: () => void }): JSX.Element {
  const [reason, setReason] = useState("");
  const stop = useAction(async () => {
    await calls.stopPlan(plan.id, reason.trim());
    onStopped();
  });
  return (
    <Dialog
      title={t("plans.stop_title")} onClose={onClose}
      actions={
        <>
          <Button kind="primary" onClick={onClose}>{t("plans.keep")}</Button>
          <Button kind="danger" disabled={stop.busy || !reason.trim()} onClick={() => void stop.run()}>{t("plans.stop_now")}</Button>
        </>
      }
    >
      <p>{t("plans.stop_text")}</p>
      <Field label={t("plans.stop_reason")} value={reason} maxLength={500} required onInput={(event) => setReason(event.currentTarget.value)} />
      <FormErrors error={stop.error} />
    </Dialog>
  );
}
