import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useLocation, useRoute } from "preact-iso";
import { Icon, Seg, Skeleton } from "../../ui";
import * as calls from "../calls";
import { today } from "../dates";
import { FormErrors, LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t } from "../t";
import type { Exercise, Patient, Plan, Program } from "../types";
import { useKeys, useResource, useTitle } from "../use";
import { aboutPatient, shortDate } from "../words";
import { CheckinsCard } from "./checkins-card";
import { FindingsCard } from "./findings-card";
import { FlagsCard } from "./flags-card";
import { InvitationPanel } from "./invitation-panel";
import { PlansCard, useChangePlan } from "./plans-card";
import { SessionsCard, type Asked } from "./sessions-card";
import { TimeAxis } from "./time-axis";
import { axisRange, bands, changes, dayFacts, type RangeName } from "./timeline";

const RANGES: readonly RangeName[] = ["4weeks", "plan", "all"];

/** One patient: did the load change cause the pain? */
export function PatientScreen(): JSX.Element {
  const id = useRoute().params["id"] ?? "";
  const record = useResource(`patient ${id}`, () => calls.patient(id));
  if (record.error && !record.data) {
    return (
      <main class="wrap">
        <LoadError error={record.error} onRetry={record.reload} />
      </main>
    );
  }
  if (record.data?.id !== id) {
    return (
      <main class="wrap">
        <Skeleton lines={8} />
      </main>
    );
  }
  return <PatientPage key={id} patient={record.data} onSaved={record.set} />;
}

interface Plans {
  plans: Plan[];
  programs: Map<string, Program>;
  exercises: Map<string, Exercise>;
}

/** Plans with every program they ever pointed to: an old session's exercises stand in the program of its own revision. */
async function loadPlans(id: string): Promise<Plans> {
  const plans = await calls.plans(id);
  const ids = new Set(plans.flatMap((plan) => [plan.program, ...plan.revisions.map((revision) => revision.program)]));
  const [programs, exercises] = await Promise.all([Promise.all([...ids].map(calls.program)), ids.size ? calls.allExercises() : []]);
  return {
    plans,
    programs: new Map(programs.map((program) => [program.id, program])),
    exercises: new Map(exercises.map((exercise) => [exercise.id, exercise])),
  };
}

async function loadLogs(id: string) {
  const [sessions, pain, checkins] = await Promise.all([calls.sessions(id), calls.pain(id), calls.checkins(id)]);
  return { sessions, pain: pain.results, checkins: checkins.results };
}

const RUNNING: readonly Plan["status"][] = ["active", "paused", "planned"];

/** The plan that matters now: the newest one that still runs, else the newest of all. */
function currentPlan(plans: readonly Plan[]): Plan | null {
  const newest = [...plans].sort((a, b) => b.starts_on.localeCompare(a.starts_on));
  return newest.find((plan) => RUNNING.includes(plan.status)) ?? newest[0] ?? null;
}

function PatientPage({ patient, onSaved }: { patient: Patient; onSaved: (patient: Patient) => void }): JSX.Element {
  const { url, path, query, route } = useLocation();
  const range = RANGES.find((each) => each === query["range"]) ?? "plan";
  const plans = useResource(`plans ${patient.id}`, () => loadPlans(patient.id));
  const logs = useResource(`logs ${patient.id}`, () => loadLogs(patient.id));
  const flags = useResource(`flags ${patient.id}`, () => calls.flags(patient.id));
  const current = currentPlan(plans.data?.plans ?? []);
  const firstLog = logs.data?.sessions.map((session) => session.local_date).sort()[0] ?? null;
  const allRunning = (plans.data?.plans ?? []).filter((plan) => RUNNING.includes(plan.status));
  // With several plans running, "the plan" would be a guess: each has its own button in the list of plans.
  const running = allRunning.length === 1 ? allRunning[0] : undefined;
  const runningSince = allRunning.map((plan) => plan.starts_on).sort()[0];
  const axis = axisRange(range, today(), runningSince ?? current?.starts_on ?? null, firstLog);
  const ready = plans.data !== null && logs.data !== null;
  const days = useResource(ready ? `days ${patient.id} ${axis.first} ${axis.last}` : null, () => calls.days(patient.id, axis.first, axis.last));
  const change = useChangePlan(patient);
  const asked = useMemo(() => askedBy(plans.data), [plans.data]);
  useTitle(t("title.page", { page: patient.name }));
  useKeys({ e: () => { if (running && abilities.value.prescribe) void change.run(running); } });

  const setRange = (next: RangeName | null): void => {
    if (!next) return;
    const params = new URLSearchParams(new URL(url, location.origin).search);
    params.set("range", next);
    route(`${path}?${params}`, true);
  };
  const limit = current?.pain_rule?.limit ?? null;
  const facts = useMemo(
    () => (logs.data && days.data ? dayFacts({ ...logs.data, days: days.data.results }, axis.first, axis.last) : null),
    [logs.data, days.data, axis.first, axis.last],
  );
  const failed = [plans, logs, days, flags].find((each) => each.error);

  return (
    <main class="wrap">
      <div class="ph">
        <a class="btn icon plain" href="/clinic" aria-label={t("patient.back")}>
          <Icon name="back" small />
        </a>
        <h1>{patient.name}</h1>
        <span class="quiet">{aboutPatient(patient)}</span>
        {patient.status !== "active" && <span class="chip">{t(`patient.status.${patient.status}`)}</span>}
        <span class="r">
          {running && abilities.value.prescribe && (
            <button type="button" class="btn" aria-disabled={change.busy} onClick={() => void change.run(running)}>
              {t("plans.change")} <kbd>E</kbd>
            </button>
          )}
        </span>
      </div>
      <FormErrors error={change.error} />
      {failed?.error && <LoadError error={failed.error} onRetry={failed.reload} />}
      <div class="pgrid">
        <div class="stack">
          <section class="card ax" aria-labelledby="axis">
            <div class="t">
              <h2 id="axis">{t("axis.title")}</h2>
              <Seg label={t("axis.range")} value={range} choices={RANGES.map((value) => ({ value, text: t(`axis.range.${value}`) }))} onChange={setRange} />
            </div>
            {!facts && !failed && <Skeleton lines={6} />}
            {facts && plans.data && (
              <TimeAxis
                facts={facts} limit={limit} onDay={showDay}
                bands={plans.data.plans.flatMap((plan) => bands(plan, plans.data!.programs, planEnd(plan, axis.last)))}
                changes={plans.data.plans.flatMap((plan) => changes(plan, (revision) => revision.reason || t("axis.changed", { n: revision.phase })))}
                exerciseName={(prescription) => asked.get(prescription)?.exercise?.name ?? t("builder.unknown_exercise")}
              />
            )}
          </section>
          {logs.data && plans.data && <SessionsCard patientId={patient.id} sessions={logs.data.sessions} limit={limit} asked={asked} variants={plans.data.exercises} />}
          {logs.data && <CheckinsCard patientId={patient.id} checkins={logs.data.checkins} />}
        </div>
        <aside class="sg">
          {flags.data && <FlagsCard patientId={patient.id} flags={flags.data} onChanged={flags.reload} />}
          {plans.data && <PlansCard patient={patient} plans={plans.data.plans} programs={plans.data.programs} onChanged={plans.reload} />}
          <section class="card" aria-labelledby="invite">
            <h2 id="invite">{patient.status === "invited" ? t("invite.card") : t("invite.card_joined")}</h2>
            <InvitationPanel patient={patient} />
          </section>
          <FindingsCard patient={patient} onSaved={onSaved} />
          <ContactCard patient={patient} />
        </aside>
      </div>
    </main>
  );
}

function planEnd(plan: Plan, last: string): string {
  return plan.ended_on && plan.ended_on < last ? plan.ended_on : last;
}

function askedBy(plans: Plans | null): Map<string, Asked> {
  const out = new Map<string, Asked>();
  for (const program of plans?.programs.values() ?? []) {
    for (const phase of program.phases) {
      for (const prescription of phase.prescriptions) {
        out.set(prescription.id, { prescription, exercise: plans?.exercises.get(prescription.exercise) });
      }
    }
  }
  return out;
}

/** From a day on the axis to its session in the list. */
function showDay(date: string): void {
  const row = document.getElementById(`day-${date}`);
  row?.querySelector("details")?.setAttribute("open", "");
  row?.scrollIntoView({ block: "center" });
  row?.focus({ preventScroll: true });
}

function ContactCard({ patient }: { patient: Patient }): JSX.Element {
  const rows: [string, string | null][] = [
    [t("patient.birth_date"), shortDate(patient.birth_date) + " " + patient.birth_date.slice(0, 4)],
    [t("patient.record_number"), patient.record_number],
    [t("email"), patient.email],
    [t("patient.phone"), patient.phone],
    [t("patient.timezone"), patient.timezone],
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
      </dl>
    </section>
  );
}
