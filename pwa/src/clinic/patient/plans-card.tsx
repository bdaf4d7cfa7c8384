import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Button } from "../../ui";
import * as calls from "../calls";
import { ActionMenu, type Action } from "../parts/action-menu";
import { FormErrors } from "../parts/problem";
import { abilities, clinicOnWrites } from "../session";
import { spoken } from "../spoken";
import { t, word } from "../t";
import type { Patient, Plan, Program } from "../types";
import { useAction } from "../use";
import { shortDate } from "../words";
import { isRunning, weekText } from "./plans-data";
import { LimitDialog, openPause, pauseText, PauseDialog, ResumeDialog, StopDialog } from "./record/plan-actions";

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
  const treated = patient.status === "active" || patient.status === "invited";
  return (
    <section class="card pre" aria-labelledby="plans">
      <h2 id="plans">{t("plans")}</h2>
      {plans.length === 0 && <p class="quiet">{t("plans.none")}</p>}
      <ul class="plans">
        {plans.map((plan) => (
          <PlanRow key={plan.id} patient={patient} plan={plan} program={programs.get(plan.program)} onChanged={onChanged} />
        ))}
      </ul>
      {mayPrescribe && treated && (
        <a class="btn" href={`/clinic/templates?patient=${patient.id}`}>
          {t("plans.new")}
        </a>
      )}
    </section>
  );
}

const limitText = (plan: Plan): string | null => (plan.pain_rule.limit === undefined ? null : t("axis.limit_n", { limit: plan.pain_rule.limit }).replaceAll(" ", "\u00a0"));

type Asking = "pause" | "resume" | "limit" | "stop";

function actionsOf(plan: Plan, ask: (what: Asking) => void): Action[] {
  const paused = openPause(plan) !== null;
  return [
    { text: t(paused ? "resume" : "pause"), run: () => ask(paused ? "resume" : "pause") },
    { text: t("limit.set"), run: () => ask("limit") },
    { text: t("plans.stop"), run: () => ask("stop") },
  ];
}

function PlanRow({ patient, plan, program, onChanged }: { patient: Patient; plan: Plan; program: Program | undefined; onChanged: () => void }): JSX.Element {
  const [asking, setAsking] = useState<Asking | null>(null);
  const change = useChangePlan(patient);
  const phase = program?.phases.find((each) => each.n === plan.phase);
  const week = weekText(plan, program);
  const pause = pauseText(plan);
  const close = (): void => setAsking(null);
  const done = (): void => {
    close();
    onChanged();
  };
  return (
    <li>
      <b>{program ? spoken(program.name) : "…"}</b>
      <span>{phase ? t("plans.phase", { n: phase.n, name: spoken(phase.name) }) : ""}</span>
      <span class="quiet small">{[word("plan_status", plan.status), t("plans.since", { date: shortDate(plan.starts_on) }), week, limitText(plan)].filter(Boolean).join(" · ")}</span>
      {pause && isRunning(plan) && <span class="small">{pause}</span>}
      {!isRunning(plan) && plan.end_reason && <span class="quiet small">{plan.end_reason}</span>}
      {plan.overrides.map((override) => (
        <span key={`${override.rule} ${override.key}`} class="small">
          {t("plans.override", { rule: override.rule, reason: override.reason })}
        </span>
      ))}
      {isRunning(plan) && (
        <span class="acts-row">
          {abilities.value.prescribe && <Button disabled={change.busy} onClick={() => void change.run(plan)}>{t("plans.change")}</Button>}
          {abilities.value.invite && <a class="btn" href={`/clinic/handout?plan=${plan.id}`}>{t("handout.print")}</a>}
          {abilities.value.prescribe && <ActionMenu text={t("plans.more")} actions={actionsOf(plan, setAsking)} />}
        </span>
      )}
      <FormErrors error={change.error} />
      {asking === "pause" && <PauseDialog plan={plan} onClose={close} onDone={done} />}
      {asking === "resume" && <ResumeDialog plan={plan} onClose={close} onDone={done} />}
      {asking === "limit" && <LimitDialog plan={plan} onClose={close} onDone={done} />}
      {asking === "stop" && <StopDialog plan={plan} onClose={close} onDone={done} />}
    </li>
  );
}
