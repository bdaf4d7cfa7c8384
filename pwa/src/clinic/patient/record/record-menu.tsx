import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { ActionMenu, type Action } from "../../parts/action-menu";
import { abilities } from "../../session";
import { t } from "../../t";
import type { Patient } from "../../types";
import { CoverDialog, DischargeDialog, ReopenDialog, TransferDialog } from "./care-dialogs";
import { MergeDialog } from "./merge-dialog";
import { AccessLogDialog, SummaryDialog } from "./papers";
import { RemindersDialog } from "./reminders-dialog";

const DIALOGS = ["summary", "reminders", "access", "cover", "transfer", "merge", "discharge", "reopen"] as const;
type DialogName = (typeof DIALOGS)[number];

/** What one may do with the record, by role and by its state: a button the server would refuse is not there. */
function offered(patient: Patient): DialogName[] {
  const { prescribe, editPatient, readAccessLog } = abilities.value;
  const treated = patient.status === "active" || patient.status === "invited";
  return DIALOGS.filter((name) => {
    if (name === "summary" || name === "reminders") return patient.status !== "merged";
    if (name === "access") return readAccessLog;
    if (name === "discharge") return prescribe && treated;
    if (name === "reopen") return prescribe && patient.status === "discharged";
    if (name === "merge") return editPatient && patient.status !== "merged" && patient.status !== "erased";
    return editPatient && treated;
  });
}

export interface RecordMenuProps {
  readonly patient: Patient;
  readonly onSaved: (patient: Patient, said: string) => void;
  readonly onMerged: () => void;
}

export function RecordMenu({ patient, onSaved, onMerged }: RecordMenuProps): JSX.Element {
  const [open, setOpen] = useState<DialogName | null>(null);
  const close = (): void => setOpen(null);
  const care = { patient, onClose: close, onSaved: (saved: Patient, said: string) => { close(); onSaved(saved, said); } };
  const actions: Action[] = offered(patient).map((name) => ({ text: t(`record.${name}`), run: () => setOpen(name) }));
  return (
    <>
      <ActionMenu text={t("record.menu")} actions={actions} />
      {open === "summary" && <SummaryDialog patient={patient} onClose={close} />}
      {open === "reminders" && <RemindersDialog patient={patient} onClose={close} />}
      {open === "access" && <AccessLogDialog patient={patient} onClose={close} />}
      {open === "cover" && <CoverDialog {...care} />}
      {open === "transfer" && <TransferDialog {...care} />}
      {open === "discharge" && <DischargeDialog {...care} />}
      {open === "reopen" && <ReopenDialog {...care} />}
      {open === "merge" && <MergeDialog patient={patient} onClose={close} onMerged={() => { close(); onMerged(); }} />}
    </>
  );
}
