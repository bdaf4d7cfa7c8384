import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { t } from "../t";
import { useTitle } from "../use";
import { NewPatientForm } from "./patient-form";

/** Add a patient, then straight to building: the next page asks which template to start from. */
export function NewPatientScreen(): JSX.Element {
  const { route } = useLocation();
  useTitle(t("title.page", { page: t("patient.new") }));
  return (
    <main class="wrap narrow stack">
      <h1>{t("patient.new")}</h1>
      <div class="card">
        <NewPatientForm onCreated={(patient) => route(`/clinic/templates?patient=${patient.id}`)} />
      </div>
    </main>
  );
}
