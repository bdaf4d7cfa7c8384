import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { Empty, Skeleton } from "../../ui";
import { LANGUAGES, language, type Language } from "../../i18n/core";
import * as calls from "../calls";
import { LoadError } from "../parts/problem";
import { clinic, clinicOnWrites } from "../session";
import { t } from "../t";
import type { Patient } from "../types";
import { useResource, useTitle } from "../use";
import { HandoutDesk } from "./desk";
import "./handout.css";

/** `/clinic/handout?plan=<id>` or `?program=<id>`: choose paper and language, look at the page, print it. */
export function HandoutScreen(): JSX.Element {
  const { query } = useLocation();
  useTitle(t("title.page", { page: t("handout") }));
  if (query["plan"]) return <PlanHandout key={query["plan"]} id={query["plan"]} />;
  if (query["program"]) return <ProgramHandout key={query["program"]} id={query["program"]} />;
  return (
    <main class="wrap">
      <Empty icon="print" title={t("handout")}>{t("handout.which")}</Empty>
    </main>
  );
}

/** A page for one patient is a way in: it is made on demand only, since each new one ends the code of the one before. */
function PlanHandout({ id }: { id: string }): JSX.Element {
  const { data, error, reload } = useResource(`handout ${id}`, async () => {
    const plan = await calls.plan(id);
    const patient = await calls.patient(plan.patient);
    return { plan, patient, clinic: await calls.clinic(patient.clinic) };
  });
  if (!data) return <Waiting error={error} onRetry={reload} />;
  return (
    <HandoutDesk
      title={{ text: data.patient.name, href: `/clinic/patients/${data.patient.id}` }}
      about={t("handout.about", { name: data.patient.name, n: data.plan.phase })}
      paper={data.clinic.paper} language={spoken(data.patient)} codeMayStand
      make={({ phase: _, ...choice }) => calls.planHandout(id, choice)}
    />
  );
}

function ProgramHandout({ id }: { id: string }): JSX.Element {
  const { data, error, reload } = useResource(`handout ${id}`, async () => {
    const program = await calls.program(id);
    return { program, clinic: await calls.clinic(clinic.value?.id ?? "") };
  });
  if (!data) return <Waiting error={error} onRetry={reload} />;
  return (
    <HandoutDesk
      title={{ text: data.program.name, href: `/clinic/programs/${id}` }} about={t("handout.about_program", { name: data.program.name })}
      paper={data.clinic.paper} language={language.value} atOnce
      phases={data.program.phases.filter((phase) => phase.prescriptions.length > 0)}
      make={({ code: _, ...choice }) => calls.programHandout(id, { ...choice, ...clinicOnWrites() })}
    />
  );
}

/** The patient's language, if there is a page in it. */
function spoken(patient: Patient): Language {
  return LANGUAGES.find((known) => known === patient.language) ?? language.value;
}

function Waiting({ error, onRetry }: { error: calls.ApiError | null; onRetry: () => void }): JSX.Element {
  return <main class="wrap">{error ? <LoadError error={error} onRetry={onRetry} /> : <Skeleton lines={6} />}</main>;
}
