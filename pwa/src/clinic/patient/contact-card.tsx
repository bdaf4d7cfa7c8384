import type { JSX } from "preact";
import { today } from "../dates";
import { t } from "../t";
import type { Patient } from "../types";
import { useResource } from "../use";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { formatDate, shortDate } from "../words";

/** Who it is on paper, and who answers for the patient. */
export function ContactCard({ patient }: { patient: Patient }): JSX.Element {
  const rows: [string, string | null][] = [
    [t("patient.birth_date"), formatDate(patient.birth_date, { day: "numeric", month: "short", year: "numeric" })],
    [t("patient.record_number"), patient.record_number],
    [t("email"), patient.email],
    [t("patient.phone"), patient.phone],
    [t("patient.timezone"), patient.timezone],
    [t("patient.responsible"), patient.responsible_name],
  ];
  return (
    <section class="card" aria-labelledby="record">
      <h2 id="record">{t("patient.record")}</h2>
      <dl class="facts">
        {rows.filter(([, value]) => value).map(([name, value]) => (
          <div key={name}>
            <dt class="quiet">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {patient.cover && patient.cover.to >= today() && <Cover patient={patient} cover={patient.cover} />}
      </dl>
    </section>
  );
}

function Cover({ patient, cover }: { patient: Patient; cover: NonNullable<Patient["cover"]> }): JSX.Element {
  const { data, error, reload } = useResource(`staff ${patient.clinic}`, () => calls.staff(patient.clinic));
  const name = data?.results.find((member) => member.id === cover.staff)?.name ?? t(data ? "cover.gone" : "cover.unnamed");
  return (
    <div>
      <dt class="quiet">{t("patient.cover")}</dt>
      <dd>
        {t("cover.from_to", { name, from: shortDate(cover.from), to: shortDate(cover.to) })}
        {error && <LoadError error={error} onRetry={reload} />}
      </dd>
    </div>
  );
}
