import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { ApiError } from "../../api/client";
import { Banner, Button, Dialog, Skeleton } from "../../ui";
import { Field } from "../parts/field";
import * as calls from "../calls";
import { today } from "../dates";
import { FormErrors } from "../parts/problem";
import { Select } from "../parts/select";
import { InvitationPanel } from "../patient/invitation-panel";
import { NewPatientForm } from "../patient/patient-form";
import { PatientPicker } from "../patient/picker";
import { spoken } from "../spoken";
import { t } from "../t";
import type { FoundConflict, Patient, Plan } from "../types";
import { useAction } from "../use";
import { shortDate } from "../words";
import { merge, overrides, readRefusal, unsettled } from "./conflicts";
import type { Reasons } from "./drafts";
import type { Editor } from "./editor";
import { NumberField } from "./dose-editor";

export interface PrescribeProps {
  readonly editor: Editor;
  readonly patient: Patient | null;
  /** set: this running plan is changed instead of a new one made */
  readonly plan: Plan | null;
  /** null while the check of the saved program is on its way */
  readonly conflicts: readonly FoundConflict[] | null;
  readonly reasons: Reasons;
  readonly onPatient: (patient: Patient) => void;
  readonly onConflicts: (conflicts: FoundConflict[]) => void;
  readonly onShow: (conflict: FoundConflict) => void;
  /** the exercise of a prescription, by the prescription's id */
  readonly nameOf: (prescription: string) => string;
  readonly onClose: () => void;
}

/** From program to plan: for whom, from when, in which phase, with which pain limit. Then the invitation. */
export function PrescribeDialog(props: PrescribeProps): JSX.Element {
  const { patient, onClose } = props;
  const [done, setDone] = useState<string | null>(null);
  const name = patient?.name ?? "";
  const title = done ? t(props.plan ? "revise.done" : "prescribe.done", { name }) : patient ? t(props.plan ? "revise.title" : "prescribe.title", { name }) : t("prescribe.for_whom");
  return (
    <Dialog title={title} onClose={onClose} actions={null}>
      <div class="wide stack">
        {!patient && <ChoosePatient onPatient={props.onPatient} onClose={onClose} />}
        {patient && !done && <Details {...props} patient={patient} onDone={setDone} />}
        {patient && done && <AfterPrescribing patient={patient} starts={done} />}
      </div>
    </Dialog>
  );
}

function ChoosePatient({ onPatient, onClose }: Pick<PrescribeProps, "onPatient" | "onClose">): JSX.Element {
  const [adding, setAdding] = useState(false);
  return (
    <>
      {adding ? <NewPatientForm quick onCreated={onPatient} /> : <PatientPicker onPick={onPatient} />}
      <div class="acts-row">
        <Button icon={adding ? "back" : "plus"} onClick={() => setAdding(!adding)}>
          {adding ? t("prescribe.choose") : t("patient.new")}
        </Button>
        <Button kind="plain" onClick={onClose}>
          {t("cancel")}
        </Button>
      </div>
    </>
  );
}

interface DetailsProps extends PrescribeProps {
  readonly patient: Patient;
  readonly onDone: (from: string) => void;
}

function Details(props: DetailsProps): JSX.Element {
  const { editor, patient, plan, conflicts, reasons } = props;
  const program = editor.program.value;
  const [from, setFrom] = useState(today());
  const [phase, setPhase] = useState(String(plan?.phase ?? 1));
  const [limit, setLimit] = useState(program.pain_limit);
  const [reason, setReason] = useState("");
  const [notSaved, setNotSaved] = useState(false);
  // What lies before the phase the plan starts in is never done, so nothing there needs an answer.
  const open = unsettled(program, conflicts ?? [], reasons).filter((each) => each.phase >= Number(phase));
  const empty = program.phases.every((each) => each.prescriptions.length === 0);

  const submit = useAction(async () => {
    setNotSaved(false);
    if (!(await editor.flush())) {
      setNotSaved(true);
      return;
    }
    const common = { program: program.id, phase: Number(phase), overrides: overrides(program, conflicts ?? [], reasons) };
    try {
      if (plan) await calls.revise(plan.id, { ...common, effective_from: from, reason: reason.trim() });
      else await calls.prescribe(patient.id, { ...common, starts_on: from, ...(limit !== program.pain_limit && { pain_rule: { limit } }) });
      props.onDone(from);
    } catch (error) {
      if (error instanceof ApiError && error.has("precaution_conflict")) props.onConflicts(merge(conflicts ?? [], readRefusal(program, error.body)));
      throw error;
    }
  });
  const dateError = submit.error?.forField(plan ? "effective_from" : "starts_on") ?? null;

  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit.run(); }}>
      <p class="quiet">{t(plan ? "revise.what" : "prescribe.what", { program: spoken(program.name) })}</p>
      <div class="two-fields">
        <Field label={t(plan ? "revise.from" : "prescribe.starts_on")} type="date" required value={from} onInput={(event) => setFrom(event.currentTarget.value)} error={dateError} />
        <Select label={t("prescribe.phase")} value={phase} options={program.phases.map((each) => ({ value: String(each.n), text: `${each.n} ${spoken(each.name)}` }))} onChange={setPhase} />
        {plan ? (
          <Field label={t("revise.reason")} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        ) : (
          <NumberField label={t("prescribe.limit")} value={limit} min={0} max={10} onChange={(n) => n !== null && setLimit(n)} />
        )}
      </div>
      {!plan && from < today() && <p class="small quiet">{t("prescribe.past")}</p>}
      {conflicts === null && <Skeleton lines={1} />}
      {open.length > 0 && <OpenConflicts conflicts={open} onShow={props.onShow} nameOf={props.nameOf} />}
      {empty && <Banner icon="warn" tone="feel">{t("prescribe.empty")}</Banner>}
      {notSaved && <Banner icon="offline" role="alert">{t("prescribe.not_saved")}</Banner>}
      <FormErrors error={submit.error} fields={["starts_on", "effective_from"]} />
      <div class="acts-row">
        <Button kind="primary" type="submit" disabled={submit.busy || open.length > 0 || empty || conflicts === null}>
          {t(plan ? "revise.go" : "prescribe.go")}
        </Button>
        <Button kind="plain" onClick={props.onClose}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}

interface OpenConflictsProps extends Pick<PrescribeProps, "onShow" | "nameOf"> {
  readonly conflicts: readonly FoundConflict[];
}

function OpenConflicts({ conflicts, onShow, nameOf }: OpenConflictsProps): JSX.Element {
  return (
    <Banner icon="warn" tone="feel" role="alert">
      <p>
        <b>{t("conflict.to_settle", { count: conflicts.length })}.</b> {t("prescribe.settle")}
      </p>
      <ul class="dots">
        {conflicts.map((conflict) => (
          <li key={`${conflict.rule} ${conflict.prescription}`}>
            <button type="button" class="link" onClick={() => onShow(conflict)}>
              {t("prescribe.show", { phase: conflict.phase, name: nameOf(conflict.prescription ?? "") })}
            </button>{" "}
            {spoken(conflict.sentence)}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

/** Who has joined already sees the plan at the next opening of the app; everyone else needs the invitation now. */
function AfterPrescribing({ patient, starts }: { patient: Patient; starts: string }): JSX.Element {
  const { route } = useLocation();
  const [current, setCurrent] = useState<Patient>(patient);
  useEffect(() => {
    calls.patient(patient.id).then(setCurrent, () => undefined);
  }, [patient.id]);
  return (
    <>
      <p>{t("prescribe.from", { date: shortDate(starts) })}</p>
      {current.status === "invited" ? <InvitationPanel patient={current} immediately /> : <p class="quiet">{t("prescribe.joined")}</p>}
      <Button kind="primary" onClick={() => route(`/clinic/patients/${patient.id}`)}>
        {t("prescribe.to_patient", { name: patient.name })}
      </Button>
    </>
  );
}
