import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { FormErrors, LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t } from "../t";
import type { Patient } from "../types";
import { useKeys, useTitle } from "../use";
import { AdherenceCard } from "./adherence-card";
import { Aside } from "./aside";
import { ChartCard } from "./chart-card";
import { CheckinsCard } from "./checkins-card";
import { unseen } from "./messages-panel";
import { OutcomesCard } from "./outcomes-card";
import { PatientBar } from "./patient-bar";
import { isGone, weekText } from "./plans-data";
import { useChangePlan } from "./plans-card";
import { MergedNotes } from "./record/merged-note";
import { SessionsCard } from "./sessions-card";
import { useRecord, type LoadedRecord } from "./use-record";

interface PageProps {
  readonly patient: Patient;
  readonly onSaved: (patient: Patient) => void;
  readonly onReload: () => void;
}

export function PatientPage({ patient, onSaved, onReload }: PageProps): JSX.Element {
  const record = useRecord(patient, onReload);
  const [said, setSaid] = useState<string | null>(null);
  const [panel, setPanel] = usePanel();
  const { messages, only, failed } = record;
  const change = useChangePlan(patient);
  const mayChange = only !== null && abilities.value.prescribe;
  const mayTalk = messages.data !== null && !isGone(patient);
  const talking = panel === "messages" && mayTalk;
  const toggle = (): void => setPanel(talking ? null : "messages");
  useTitle(t("title.page", { page: patient.name }));
  useKeys({ e: () => { if (mayChange) void change.run(only); }, m: () => { if (mayTalk) toggle(); } });
  const recordChanged = (next: Patient, what: string): void => {
    onSaved(next);
    setSaid(what);
    record.planChanged();
  };

  return (
    <main class="wrap">
      <PatientBar
        patient={patient} week={only && weekText(only, record.plans.data?.programs.get(only.program))} flags={record.flags.data ?? []}
        unread={mayTalk && messages.data ? unseen(messages.data.results) : null} onMessages={toggle}
        change={mayChange ? { busy: change.busy, run: () => void change.run(only) } : null}
        onSaved={recordChanged} onMerged={record.everythingChanged}
      />
      <FormErrors error={change.error} />
      {said && (
        <div class="banner do said" role="status">
          <p>{said}</p>
        </div>
      )}
      <MergedNotes patient={patient} merges={record.merges.data ?? []} onUndone={() => { setSaid(t("merge.undone")); record.everythingChanged(); }} />
      {failed && <LoadError error={failed.error} onRetry={failed.retry} />}
      <div class="pgrid">
        <ChartCard patientId={patient.id} plans={record.plans.data} logs={record.logs.data} asked={record.asked} failed={record.chartFailed} />
        <Aside patient={patient} record={record} talking={talking} onTalk={(open) => setPanel(open ? "messages" : null)} onSaved={onSaved} />
        <AtHome patient={patient} record={record} />
      </div>
    </main>
  );
}

/** What was logged, and what came of it. */
function AtHome({ patient, record }: { patient: Patient; record: LoadedRecord }): JSX.Element {
  const { plans, logs, current, asked } = record;
  const limit = current?.pain_rule?.limit ?? null;
  return (
    <>
      <div class="two">
        {logs.data && plans.data && <SessionsCard patientId={patient.id} sessions={logs.data.sessions} limit={limit} asked={asked} variants={plans.data.exercises} />}
        {logs.data && <CheckinsCard patientId={patient.id} checkins={logs.data.checkins} />}
      </div>
      <div class="two last">
        <OutcomesCard patientId={patient.id} writable={!isGone(patient)} />
        {plans.data && plans.data.plans.length > 0 && <AdherenceCard patientId={patient.id} plans={plans.data.plans} round={record.round} />}
      </div>
    </>
  );
}

/** What is open beside the page stands in the address, so that it can be reloaded and handed to a colleague. */
function usePanel(): [string | undefined, (panel: string | null) => void] {
  const { url, path, query, route } = useLocation();
  const open = (panel: string | null): void => {
    const params = new URLSearchParams(new URL(url, location.origin).search);
    if (panel) params.set("panel", panel);
    else params.delete("panel");
    const text = params.toString();
    route(path + (text && `?${text}`), true);
  };
  return [query["panel"], open];
}
