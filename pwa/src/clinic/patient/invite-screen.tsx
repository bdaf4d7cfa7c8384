import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { Button, Skeleton } from "../../ui";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { t } from "../t";
import { useResource, useTitle } from "../use";
import { aboutPatient } from "../words";
import { InvitationPanel } from "./invitation-panel";
import { PatientPicker } from "./picker";

/** Choose a patient, show the link. The chosen patient is in the address. */
export function InviteScreen(): JSX.Element {
  const { query, route } = useLocation();
  const id = query["patient"] ?? null;
  const { data: patient, error, reload } = useResource(id, () => calls.patient(id ?? ""));
  useTitle(t("title.page", { page: t("nav.invite") }));
  return (
    <main class="wrap narrow stack">
      <div class="hd">
        <h1>{t("invite.title")}</h1>
        <a class="btn" href="/clinic/patients/new">
          {t("patient.new")}
        </a>
      </div>
      <section class="card stack">
        {id === null && <PatientPicker onPick={(picked) => route(`/clinic/invite?patient=${picked.id}`)} />}
        {error && <LoadError error={error} onRetry={reload} />}
        {id !== null && !patient && !error && <Skeleton />}
        {id !== null && patient && patient.id === id && (
          <>
            <div class="hd">
              <h2>
                {patient.name} <em>{aboutPatient(patient)}</em>
              </h2>
              <Button kind="plain" onClick={() => route("/clinic/invite")}>
                {t("invite.someone_else")}
              </Button>
            </div>
            <InvitationPanel key={patient.id} patient={patient} />
          </>
        )}
      </section>
    </main>
  );
}
