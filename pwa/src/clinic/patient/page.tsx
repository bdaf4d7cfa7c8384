import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { FLAGS_CHANGED, refreshAlerts } from "../alerts";
import * as calls from "../calls";
import { FormErrors, LoadError } from "../parts/problem";
import { abilities } from "../session";
import { t } from "../t";
import type { Message, Patient, Plan, Suggestion } from "../types";
import { useKeys, useResource, useTitle } from "../use";
import { sinceDay } from "../words";
import { AdherenceCard } from "./adherence-card";
import { ChartCard } from "./chart-card";
import { CheckinsCard } from "./checkins-card";
import { ContactCard } from "./contact-card";
import { FindingsCard } from "./findings-card";
import { FlagsCard } from "./flags-card";
import { InvitationPanel } from "./invitation-panel";
import { MessagesPanel, unseen, type WrittenAbout } from "./messages-panel";
import { OutcomesCard } from "./outcomes-card";
import { PatientBar } from "./patient-bar";
import { askedBy, currentPlan, isGone, isRunning, loadPlans, weekText, type Plans } from "./plans-data";
import { PlansCard, useChangePlan } from "./plans-card";
import { ReadinessCard } from "./readiness-card";
import { MergedNotes } from "./record/merged-note";
import { LimitDialog } from "./record/plan-actions";
import { unchangedSince } from "./revision-words";
import { SessionsCard, type Asked } from "./sessions-card";
import { SuggestionCards } from "./suggestion-card";

async function loadLogs(id: string) {
  const [sessions, pain, checkins] = await Promise.all([calls.sessions(id), calls.pain(id), calls.checkins(id)]);
  return { sessions, pain: pain.results, checkins: checkins.results };
}

interface PageProps {
  readonly patient: Patient;
  readonly onSaved: (patient: Patient) => void;
  readonly onReload: () => void;
}

export function PatientPage({ patient, onSaved, onReload }: PageProps): JSX.Element {
  const { url, path, query, route } = useLocation();
  const plans = useResource(`plans ${patient.id}`, () => loadPlans(patient.id));
  const logs = useResource(`logs ${patient.id}`, () => loadLogs(patient.id));
  const flags = useResource(`flags ${patient.id}`, () => calls.flags(patient.id));
  const suggested = useResource(`suggestions ${patient.id}`, () => calls.suggestions(patient.id));
  const messages = useResource(`messages ${patient.id}`, () => calls.messages(patient.id));
  const [said, setSaid] = useState<string | null>(null);
  const merges = useResource(`merges ${patient.id}`, () => calls.merges(patient.id));
  const [about, setAbout] = useState<WrittenAbout | null>(null);
  const [limiting, setLimiting] = useState(false);
  const all = plans.data?.plans ?? [];
  const running = all.filter(isRunning);
  const current = currentPlan(all);
  // With several plans running, "the plan" would be a guess: each has its own button in the list of plans.
  const only = running.length === 1 ? running[0] : undefined;
  const change = useChangePlan(patient);
  const asked = useMemo(() => askedBy(plans.data), [plans.data]);
  const talking = query["panel"] === "messages" && messages.data !== null && !isGone(patient);
  useTitle(t("title.page", { page: patient.name }));

  const setPanel = (panel: "messages" | null): void => {
    const params = new URLSearchParams(new URL(url, location.origin).search);
    if (panel) params.set("panel", panel);
    else params.delete("panel");
    const text = params.toString();
    route(path + (text && `?${text}`), true);
  };
  useKeys({
    e: () => { if (only && abilities.value.prescribe) void change.run(only); },
    m: () => { if (messages.data) setPanel(talking ? null : "messages"); },
  });
  useEffect(() => {
    addEventListener(FLAGS_CHANGED, flags.reload);
    return () => removeEventListener(FLAGS_CHANGED, flags.reload);
  }, [flags.reload]);

  const flagsChanged = (): void => {
    flags.reload();
    onReload();
    void refreshAlerts();
  };
  const planChanged = (): void => {
    plans.reload();
    suggested.reload();
    flags.reload();
  };
  const everythingChanged = (): void => {
    planChanged();
    logs.reload();
    merges.reload();
    onReload();
  };
  const recordChanged = (next: Patient, what: string): void => {
    onSaved(next);
    setSaid(what);
    planChanged();
  };
  const answer = (key: string | null): void => {
    setAbout(key === null ? null : prescribed(key, current, plans.data));
    setPanel("messages");
  };
  const firstName = patient.name.split(" ")[0] ?? patient.name;
  const openFlags = flags.data ?? [];
  const emergency = openFlags.some((flag) => flag.urgency === "emergency");
  const limit = current?.pain_rule?.limit ?? null;
  const failed = [plans, logs, flags].find((each) => each.error);
  const flagsCard = flags.data && <FlagsCard patientId={patient.id} flags={openFlags} onChanged={flagsChanged} onAnswer={answer} onLimit={only ? () => setLimiting(true) : null} />;

  return (
    <main class="wrap">
      <PatientBar
        patient={patient} week={only ? weekText(only, plans.data?.programs.get(only.program)) : null} flags={openFlags}
        unread={messages.data && !isGone(patient) ? unseen(messages.data.results) : null} onMessages={() => setPanel(talking ? null : "messages")}
        change={only && abilities.value.prescribe ? { busy: change.busy, run: () => void change.run(only) } : null}
        onSaved={recordChanged} onMerged={everythingChanged}
      />
      <FormErrors error={change.error} />
      {said && (
        <div class="banner do said" role="status">
          <p>{said}</p>
        </div>
      )}
      <MergedNotes patient={patient} merges={merges.data ?? []} onUndone={() => { setSaid(t("merge.undone")); everythingChanged(); }} />
      {limiting && only && <LimitDialog plan={only} onClose={() => setLimiting(false)} onDone={() => { setLimiting(false); planChanged(); }} />}
      {failed?.error && <LoadError error={failed.error} onRetry={failed.reload} />}
      <div class="pgrid">
        <ChartCard patientId={patient.id} plans={plans.data} logs={logs.data} asked={asked} failed={failed !== undefined} />
        <aside class="sg">
          {talking && messages.data && (
            <MessagesPanel
              key={messages.data.results[0]?.id ?? "none"} patientId={patient.id} firstName={firstName} page={messages.data} aboutText={(subject) => aboutText(subject, asked)}
              writeAbout={about} onForgetAbout={() => setAbout(null)}
              onClose={() => setPanel(null)} onSent={() => { messages.reload(); flags.reload(); }} onSeen={messages.reload}
            />
          )}
          {emergency && flagsCard}
          {suggested.data && plans.data && (
            <SuggestionCards
              firstName={firstName} suggestions={suggested.data} calm={!emergency && !talking} onDecided={planChanged}
              sinceWhen={(suggestion) => doseSince(suggestion, plans.data!)}
            />
          )}
          {!emergency && flagsCard}
          <FindingsCard
            patient={patient} plan={current && isRunning(current) ? current : null} onSaved={onSaved}
            exerciseName={(prescription) => asked.get(prescription)?.exercise?.name ?? t("builder.unknown_exercise")}
          />
          {running.filter((plan) => plan.status !== "planned").map((plan) => <ReadinessCard key={plan.id} plan={plan} />)}
          {plans.data && <PlansCard patient={patient} plans={all} programs={plans.data.programs} onChanged={planChanged} />}
          {abilities.value.invite && !isGone(patient) && (
            <section class="card" aria-labelledby="invite">
              <h2 id="invite">{patient.status === "invited" ? t("invite.card") : t("invite.card_joined")}</h2>
              <InvitationPanel patient={patient} />
            </section>
          )}
          <ContactCard patient={patient} />
        </aside>
        <div class="two">
          {logs.data && plans.data && <SessionsCard patientId={patient.id} sessions={logs.data.sessions} limit={limit} asked={asked} variants={plans.data.exercises} />}
          {logs.data && <CheckinsCard patientId={patient.id} checkins={logs.data.checkins} />}
        </div>
        <div class="two last">
          <OutcomesCard patientId={patient.id} writable={!isGone(patient)} />
          {all.length > 0 && <AdherenceCard patientId={patient.id} plans={all} />}
        </div>
      </div>
    </main>
  );
}

/** "3 sets since 16 November": when the load that is to change became what it is. */
function doseSince(suggestion: Suggestion, plans: Plans): string | null {
  const plan = plans.plans.find((each) => each.id === suggestion.plan);
  const dose = suggestion.change.from;
  if (!plan || !suggestion.exercise || !dose || suggestion.kind !== "regress") return null;
  const since = unchangedSince(plan, suggestion.exercise.key, { programs: plans.programs, nameOf: (id) => plans.exercises.get(id)?.name ?? "" });
  return since ? t("suggestion.fact.sets_since", { count: dose.sets, when: sinceDay(since) }) : null;
}

/** The exercise of a thread as the current plan asks for it. */
function prescribed(key: string, plan: Plan | null, plans: Plans | null): WrittenAbout | null {
  const items = plans?.programs.get(plan?.program ?? "")?.phases.flatMap((phase) => phase.prescriptions) ?? [];
  const item = items.find((each) => each.key === key);
  const name = plans?.exercises.get(item?.exercise ?? "")?.name;
  return item && name ? { id: item.id, name } : null;
}

function aboutText(about: NonNullable<Message["about"]>, asked: ReadonlyMap<string, Asked>): string | null {
  if (about.type === "prescription") return asked.get(about.id)?.exercise?.name ?? null;
  if (about.type === "session" || about.type === "checkin" || about.type === "pain") return t(`messages.about_${about.type}`);
  return null;
}
