import type { JSX } from "preact";
import { t } from "../t";
import type { Patient } from "../types";
import { aboutPatient } from "../words";

export function PatientHeading({ patient, title }: { patient: Patient; title: string }): JSX.Element {
  return (
    <h1>
      <a href={`/clinic/patients/${patient.id}`} class="bare" title={t("patient.open")}>
        {title}
      </a>{" "}
      <em>{aboutPatient(patient, true)}</em>
    </h1>
  );
}
