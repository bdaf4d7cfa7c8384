import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../../ui";
import * as calls from "../../calls";
import { addDays, today } from "../../dates";
import { Field } from "../../parts/field";
import { FormErrors, LoadError } from "../../parts/problem";
import { Select } from "../../parts/select";
import { t } from "../../t";
import type { Patient, StaffMember } from "../../types";
import { useAction, useResource } from "../../use";
import { shortDate } from "../../words";
import { NoteDialog } from "./note-dialog";

/** Who is answerable for a patient: discharge, reopen, hand over, cover. Each says what happens before it does. */

export interface CareProps {
  readonly patient: Patient;
  readonly onClose: () => void;
  readonly onSaved: (patient: Patient, said: string) => void;
}

export function DischargeDialog({ patient, onClose, onSaved }: CareProps): JSX.Element {
  return (
    <NoteDialog
      title={t("discharge.title", { name: patient.name })} text={t("discharge.text")} go={t("discharge.go")} note={t("discharge.reason")} noteNeeded
      keptAs={`discharge ${patient.id}`} onClose={onClose}
      run={async (reason) => onSaved(await calls.discharge(patient.id, reason), t("discharge.done", { name: patient.name }))}
    />
  );
}

export function ReopenDialog({ patient, onClose, onSaved }: CareProps): JSX.Element {
  return (
    <NoteDialog
      title={t("reopen.title", { name: patient.name })} text={t("reopen.text")} go={t("reopen.go")} note={t("reopen.note")} noteNeeded
      keptAs={`reopen ${patient.id}`} onClose={onClose}
      run={async (note) => onSaved(await calls.reopen(patient.id, note), t("reopen.done", { name: patient.name }))}
    />
  );
}

/** Assistants cannot answer for a patient. */
function useClinicians(patient: Patient) {
  const { data, error, reload } = useResource(`staff ${patient.clinic}`, () => calls.staff(patient.clinic));
  const clinicians = data?.results.filter((member) => member.role !== "assistant") ?? null;
  return { clinicians, error, reload };
}

const option = (member: StaffMember) => ({ value: member.id, text: member.name || (member.email ?? "") });

export function TransferDialog({ patient, onClose, onSaved }: CareProps): JSX.Element {
  const { clinicians, error, reload } = useClinicians(patient);
  const [to, setTo] = useState("");
  const others = clinicians?.filter((member) => member.id !== patient.responsible) ?? [];
  const name = others.find((member) => member.id === to)?.name ?? "";
  return (
    <NoteDialog
      title={t("transfer.title", { name: patient.name })} go={t("transfer.go")} note={t("note_optional")} keptAs={`transfer ${patient.id}`} ready={to !== ""} onClose={onClose}
      text={patient.responsible_name ? t("transfer.text_from", { name: patient.responsible_name }) : t("transfer.text")}
      run={async (note) => onSaved(await calls.transfer(patient.id, { responsible: to, ...(note && { note }) }), t("transfer.done", { name }))}
    >
      {error && <LoadError error={error} onRetry={reload} />}
      <Select label={t("transfer.to")} value={to} options={[{ value: "", text: t("transfer.choose") }, ...others.map(option)]} onChange={setTo} />
    </NoteDialog>
  );
}

const TWO_WEEKS = 13;

export function CoverDialog({ patient, onClose, onSaved }: CareProps): JSX.Element {
  const { clinicians, error, reload } = useClinicians(patient);
  const [staff, setStaff] = useState<string>(patient.cover?.staff ?? "");
  const [from, setFrom] = useState(patient.cover?.from ?? today());
  const [to, setTo] = useState(patient.cover?.to ?? addDays(today(), TWO_WEEKS));
  const others = clinicians?.filter((member) => member.id !== patient.responsible) ?? [];
  const name = others.find((member) => member.id === staff)?.name ?? "";
  const save = async (cover: Patient["cover"], said: string): Promise<void> => {
    const newest = await calls.patient(patient.id);
    onSaved(await calls.savePatient(patient.id, newest.version, { cover }), said);
  };
  const end = useAction(() => save(null, t("cover.ended")));
  return (
    <NoteDialog
      title={t("cover.title", { name: patient.name })} text={t("cover.text")} go={t("cover.go")} keptAs={`cover ${patient.id}`} onClose={onClose}
      ready={staff !== "" && from !== "" && to >= from}
      run={() => save({ staff, from, to }, t("cover.done", { name, from: shortDate(from), to: shortDate(to) }))}
    >
      {error && <LoadError error={error} onRetry={reload} />}
      <div class="two-fields">
        <Select label={t("cover.who")} value={staff} options={[{ value: "", text: t("transfer.choose") }, ...others.map(option)]} onChange={setStaff} />
        <Field label={t("pause.from")} type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />
        <Field label={t("cover.to")} type="date" value={to} min={from} onInput={(event) => setTo(event.currentTarget.value)} />
      </div>
      {patient.cover && (
        <p>
          <Button kind="plain" disabled={end.busy} onClick={() => void end.run()}>{t("cover.end")}</Button>
        </p>
      )}
      <FormErrors error={end.error} />
    </NoteDialog>
  );
}
