import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog } from "../../../ui";
import * as calls from "../../calls";
import { useKeptText } from "../../parts/kept-text";
import { NoteField } from "../../parts/note-field";
import { FormErrors, LoadError } from "../../parts/problem";
import { t } from "../../t";
import type { Patient } from "../../types";
import { useAction, useResource } from "../../use";
import { aboutPatient, formatDate, lastSeen } from "../../words";
import { PatientPicker } from "../picker";

interface Props {
  readonly patient: Patient;
  readonly onClose: () => void;
  readonly onMerged: () => void;
}

/** Two records of one person: choose the other one, look at both side by side, then say which facts count. Undone for 30 days. */
export function MergeDialog({ patient, onClose, onMerged }: Props): JSX.Element {
  const [other, setOther] = useState<Patient | null>(null);
  const [note, setNote, forget] = useKeptText(`merge ${patient.id}`);
  const merge = useAction(async () => {
    if (!other) return;
    await calls.merge(patient.id, { other: other.id, ...(note.trim() && { note: note.trim() }) });
    forget();
    onMerged();
  });
  return (
    <Dialog
      title={t("merge.title")} onClose={onClose}
      actions={
        other ? (
          <>
            <Button kind="primary" disabled={merge.busy} onClick={() => void merge.run()}>{t("merge.go")}</Button>
            <Button kind="plain" onClick={() => setOther(null)}>{t("merge.other_one")}</Button>
            <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
          </>
        ) : (
          <Button kind="plain" onClick={onClose}>{t("cancel")}</Button>
        )
      }
    >
      <div class="wide stack">
        {!other && (
          <>
            <p>{t("merge.choose", { name: patient.name })}</p>
            <PatientPicker onPick={setOther} without={patient.id} />
          </>
        )}
        {other && (
          <>
            <p>{t("merge.text", { name: patient.name })}</p>
            <Beside kept={patient} otherId={other.id} />
            <NoteField label={t("note_optional")} value={note} rows={2} maxLength={500} onInput={setNote} />
            <FormErrors error={merge.error} />
          </>
        )}
      </div>
    </Dialog>
  );
}

interface Side {
  readonly patient: Patient;
  readonly plans: number;
  readonly sessions: string;
}

const COUNTED = 200;

/** A full page of sessions says "200 or more": counting them all would be no better for the decision. */
async function look(id: string): Promise<Side> {
  const [patient, plans, sessions] = await Promise.all([calls.patient(id), calls.plans(id), calls.sessions(id)]);
  return { patient, plans: plans.length, sessions: sessions.length >= COUNTED ? t("merge.at_least", { n: COUNTED }) : String(sessions.length) };
}

function Beside({ kept, otherId }: { kept: Patient; otherId: string }): JSX.Element {
  const both = useResource(`merge ${kept.id} ${otherId}`, () => Promise.all([look(kept.id), look(otherId)]));
  if (both.error) return <LoadError error={both.error} onRetry={both.reload} />;
  if (!both.data) return <p class="quiet">…</p>;
  const [one, other] = both.data;
  return (
    <table class="table beside">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("merge.kept")}</th>
          <th scope="col">{t("merge.goes_in")}</th>
        </tr>
      </thead>
      <tbody>
        {FACTS.map(([name, fact]) => {
          const [left, right] = [fact(one), fact(other)];
          return (
            <tr key={name} class={left && right && left !== right ? "differs" : ""}>
              <th scope="row">{t(name)}</th>
              <td>{left || "–"}</td>
              <td>{right || "–"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const FACTS = [
  ["patient.name", ({ patient }) => patient.name],
  ["patient.birth_date", ({ patient }) => formatDate(patient.birth_date, { day: "numeric", month: "long", year: "numeric" })],
  ["patient.record_number", ({ patient }) => patient.record_number ?? ""],
  ["email", ({ patient }) => patient.email ?? ""],
  ["patient.phone", ({ patient }) => patient.phone ?? ""],
  ["patient.condition", ({ patient }) => aboutPatient(patient, true)],
  ["patient.status", ({ patient }) => t(`patient.status.${patient.status}`)],
  ["plans", ({ plans }) => String(plans)],
  ["sessions", ({ sessions }) => sessions],
  ["caseload.column.last", ({ patient }) => lastSeen(patient.last_active_at)],
] as const satisfies readonly (readonly [Parameters<typeof t>[0], (side: Side) => string])[];
