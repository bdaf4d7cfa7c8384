import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon, Seg } from "../../ui";
import { Field } from "../parts/field";
import { ApiError } from "../../api/client";
import { NumberField } from "../builder/dose-editor";
import * as calls from "../calls";
import { FormErrors, LoadError } from "../parts/problem";
import { Select } from "../parts/select";
import { abilities } from "../session";
import { t, word } from "../t";
import type { Condition, Findings, Patient, Plan, Side } from "../types";
import { useAction, useResource } from "../use";
import { formatDate } from "../words";
import { answerOf, present, withAnswer, withBack, withNumber, withSurgery, YES_NO, type Answer, type Surgery } from "./findings";
import { conditionOptions, sideOptions } from "./patient-form";
import { isGone } from "./plans-data";
import { precautionsOf } from "./precautions";

interface CardProps {
  readonly patient: Patient;
  /** the plan whose phase is looked at, null where none runs; undefined while that is not known */
  readonly plan: Plan | null | undefined;
  readonly exerciseName: (prescription: string) => string;
  readonly onSaved: (patient: Patient) => void;
}

/** What to take care with: the rules that speak of the phase in force, then what is on record, and the form behind it. */
export function FindingsCard({ patient, plan, exerciseName, onSaved }: CardProps): JSX.Element {
  const [editing, setEditing] = useState(false);
  const list = present(patient.findings);
  const check = useResource(plan ? `check ${plan.id} ${plan.version} ${patient.version}` : null, () => calls.check(patient.id, plan!.program));
  const precautions = plan && check.data ? precautionsOf(check.data, plan.phase) : [];
  // Only an answer may say that there is nothing to take care with.
  const known = plan === null || (plan !== undefined && check.data !== null && !check.error);
  return (
    <section class="card pre" aria-labelledby="care">
      <h2 id="care">{t("findings.title")}</h2>
      {check.error && <LoadError error={check.error} onRetry={check.reload} />}
      {/* Its place is kept while that is not known: the button below must not move away under a finger. */}
      {!check.error && list.length === 0 && precautions.length === 0 && <p class="quiet" style={{ visibility: known ? "visible" : "hidden" }}>{t("findings.none")}</p>}
      <ul>
        {precautions.map((each) => (
          <li key={each.rule}>
            <Icon name="warn" small />
            <span>
              <b>{each.what}</b>
              {each.why && <span class="quiet why">{each.why}</span>}
              {each.prescriptions.length > 0 && <span class="quiet small why">{t("findings.in", { list: names(each.prescriptions, exerciseName) })}</span>}
            </span>
          </li>
        ))}
        {list.length > 0 && (
          <li class="on-record">
            <span>
              <span class="quiet">{t("findings.on_record")}</span> {list.map((name) => findingText(name, patient.findings[name])).join("; ")}
            </span>
          </li>
        )}
      </ul>
      {abilities.value.editPatient && !isGone(patient) && <Button onClick={() => setEditing(true)}>{t("findings.edit")}</Button>}
      {editing && (
        <Dialog title={t("findings.edit")} onClose={() => setEditing(false)} actions={null}>
          <FindingsForm patient={patient} onClose={() => setEditing(false)} onSaved={(saved) => { onSaved(saved); setEditing(false); }} />
        </Dialog>
      )}
    </section>
  );
}

const names = (prescriptions: readonly string[], nameOf: (prescription: string) => string): string => [...new Set(prescriptions.map(nameOf))].join(", ");

function findingText(name: string, value: unknown): string {
  const label = word("finding", name);
  if (typeof value === "number") return `${label}: ${value}`;
  if (Array.isArray(value)) return `${label}: ${value.map((each) => word("lbp", String(each))).join(", ")}`;
  const on = (value as { on?: string } | null)?.on;
  if (on) return `${label}: ${formatDate(on, { day: "numeric", month: "long", year: "numeric" })}`;
  return label;
}

interface FormProps {
  readonly patient: Patient;
  readonly onSaved: (patient: Patient) => void;
  readonly onClose: () => void;
}

function FindingsForm({ patient, onSaved, onClose }: FormProps): JSX.Element {
  const [base, setBase] = useState(patient);
  const [side, setSide] = useState<string>(patient.affected_side ?? "");
  const [condition, setCondition] = useState<string>(patient.condition ?? "");
  const [findings, setFindings] = useState<Findings>(patient.findings);
  const [newer, setNewer] = useState<Patient | null>(null);
  const surgery = (findings["surgery"] as Surgery | undefined) ?? {};
  const back = Array.isArray(findings["lbp"]) ? (findings["lbp"] as string[]) : [];

  const save = useAction(async () => {
    try {
      onSaved(await calls.savePatient(base.id, base.version, { affected_side: (side || null) as Side | null, condition: (condition || null) as Condition | null, findings }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 412) throw error;
      setNewer(await calls.patient(base.id));
    }
  });
  const takeTheirs = (theirs: Patient): void => {
    setBase(theirs);
    setSide(theirs.affected_side ?? "");
    setCondition(theirs.condition ?? "");
    setFindings(theirs.findings);
    setNewer(null);
  };

  return (
    <form class="wide stack" onSubmit={(event) => { event.preventDefault(); void save.run(); }}>
      <div class="two-fields">
        <Select label={t("patient.affected_side")} value={side} options={sideOptions()} onChange={setSide} />
        <Select label={t("patient.condition")} value={condition} options={conditionOptions()} onChange={setCondition} />
      </div>
      <p class="quiet small">{t("findings.how")}</p>
      <div class="yes-no">
        {YES_NO.map((name) => (
          <Question key={name} name={name} answer={answerOf(findings, name)} onAnswer={(answer) => setFindings(withAnswer(findings, name, answer))} />
        ))}
      </div>
      <fieldset class="plain">
        <legend>{t("findings.back")}</legend>
        {(["bending", "arching"] as const).map((which) => (
          <label class="check" key={which}>
            <input type="checkbox" checked={back.includes(which)} onChange={(event) => setFindings(withBack(findings, which, event.currentTarget.checked))} />
            <span>{word("lbp", which)}</span>
          </label>
        ))}
      </fieldset>
      <div class="two-fields">
        <NumberField label={word("finding", "sitting_pain")} value={(findings["sitting_pain"] as number | undefined) ?? null} min={0} max={10} optional onChange={(n) => setFindings(withNumber(findings, "sitting_pain", n))} />
        <NumberField label={word("finding", "sitting_tolerance_min")} value={(findings["sitting_tolerance_min"] as number | undefined) ?? null} min={0} max={600} optional onChange={(n) => setFindings(withNumber(findings, "sitting_tolerance_min", n))} />
      </div>
      <fieldset class="plain">
        <legend>{word("finding", "surgery")}</legend>
        <div class="two-fields">
          <Field label={t("findings.surgery_on")} type="date" value={surgery.on ?? ""} onInput={(event) => setFindings(withSurgery(findings, { on: event.currentTarget.value }))} />
          <NumberField label={t("findings.hip_flexion_max")} value={surgery.hip_flexion_max ?? null} min={0} max={140} optional onChange={(n) => setFindings(withSurgery(findings, n === null ? { hip_flexion_max: undefined as never } : { hip_flexion_max: n }))} />
          <Field label={t("findings.flexor_cleared_on")} type="date" value={surgery.flexor_cleared_on ?? ""} onInput={(event) => setFindings(withSurgery(findings, { flexor_cleared_on: event.currentTarget.value }))} />
          <label class="check">
            <input type="checkbox" checked={surgery.weight_bearing_cleared === true} onChange={(event) => setFindings(withSurgery(findings, { weight_bearing_cleared: event.currentTarget.checked }))} />
            <span>{t("findings.weight_bearing_cleared")}</span>
          </label>
        </div>
      </fieldset>
      {newer && (
        <div class="banner feel" role="alert">
          <div>
            <p>{t("findings.stale")}</p>
            <p class="acts-row">
              <Button onClick={() => takeTheirs(newer)}>{t("save.show_theirs")}</Button>
              <Button onClick={() => { setBase(newer); setNewer(null); }}>{t("save.keep_mine")}</Button>
            </p>
          </div>
        </div>
      )}
      <FormErrors error={save.error} />
      <div class="acts-row">
        <Button kind="primary" type="submit" disabled={save.busy}>{t("save")}</Button>
        <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
      </div>
    </form>
  );
}

function Question({ name, answer, onAnswer }: { name: string; answer: Answer; onAnswer: (answer: Answer) => void }): JSX.Element {
  return (
    <div class="q">
      <span>{word("finding", name)}</span>
      <Seg
        label={word("finding", name)} value={answer === "unknown" ? null : answer}
        choices={[{ value: "no" as const, text: t("no") }, { value: "yes" as const, text: t("yes") }]}
        onChange={(next) => onAnswer(next ?? "unknown")}
      />
    </div>
  );
}
