import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { abilities } from "../session";
import { t } from "../t";
import type { Message, Patient, Plan, Suggestion } from "../types";
import { sinceDay } from "../words";
import { ContactCard } from "./contact-card";
import { FindingsCard } from "./findings-card";
import { FlagsCard } from "./flags-card";
import { InvitationPanel } from "./invitation-panel";
import { MessagesPanel, type WrittenAbout } from "./messages-panel";
import { isGone, isRunning, type Plans } from "./plans-data";
import { PlansCard } from "./plans-card";
import { ReadinessCard } from "./readiness-card";
import { LimitDialog } from "./record/plan-actions";
import { unchangedSince } from "./revision-words";
import type { Asked } from "./sessions-card";
import { SuggestionCards } from "./suggestion-card";
import type { LoadedRecord } from "./use-record";

export interface AsideProps {
  readonly patient: Patient;
  readonly record: LoadedRecord;
  /** whether the messages are open */
  readonly talking: boolean;
  readonly onTalk: (open: boolean) => void;
  readonly onSaved: (patient: Patient) => void;
}

/** What wants an answer, most urgent first: messages while they are open, an emergency, the suggestion, flags; then the plan. */
export function Aside({ patient, record, talking, onTalk, onSaved }: AsideProps): JSX.Element {
  const [about, setAbout] = useState<WrittenAbout | null>(null);
  const { plans, suggested, messages, current, asked } = record;
  const emergency = (record.flags.data ?? []).some((flag) => flag.urgency === "emergency");
  const answer = (key: string | null): void => {
    setAbout(key === null ? null : prescribed(key, current, plans.data));
    onTalk(true);
  };
  const flags = <Flags patient={patient} record={record} onAnswer={answer} />;
  return (
    <aside class="sg">
      {talking && messages.data && (
        <MessagesPanel
          key={messages.data.results[0]?.id ?? "none"} patientId={patient.id} firstName={firstNameOf(patient)} page={messages.data}
          aboutText={(subject) => aboutText(subject, asked)} writeAbout={about} onForgetAbout={() => setAbout(null)}
          onClose={() => onTalk(false)} onSent={record.messageSent} onSeen={messages.reload}
        />
      )}
      {emergency && flags}
      {suggested.data && plans.data && (
        <SuggestionCards
          suggestions={suggested.data} calm={!emergency && !talking} onDecided={record.planChanged}
          sinceWhen={(suggestion) => doseSince(suggestion, plans.data!)}
        />
      )}
      {!emergency && flags}
      <FindingsCard
        patient={patient} plan={plans.data ? (current && isRunning(current) ? current : null) : undefined} onSaved={onSaved}
        exerciseName={(prescription) => asked.get(prescription)?.exercise?.name ?? t("builder.unknown_exercise")}
      />
      {record.running.filter((plan) => plan.status !== "planned").map((plan) => <ReadinessCard key={plan.id} plan={plan} round={record.round} />)}
      {plans.data && <PlansCard patient={patient} plans={plans.data.plans} programs={plans.data.programs} onChanged={record.planChanged} />}
      {abilities.value.invite && !isGone(patient) && (
        <section class="card" aria-labelledby="invite">
          <h2 id="invite">{patient.status === "invited" ? t("invite.card") : t("invite.card_joined")}</h2>
          <InvitationPanel patient={patient} />
          {current && isRunning(current) && (
            <p class="small on-paper">
              <a class="link" href={`/clinic/handout?plan=${current.id}`}>{t("handout.or_paper")}</a>
            </p>
          )}
        </section>
      )}
      <ContactCard patient={patient} />
    </aside>
  );
}

const firstNameOf = (patient: Patient): string => patient.name.split(" ")[0] ?? patient.name;

/** Where one plan runs, a flag may ask for its pain limit. */
function Flags({ patient, record, onAnswer }: { patient: Patient; record: LoadedRecord; onAnswer: (key: string | null) => void }): JSX.Element {
  const [limiting, setLimiting] = useState(false);
  const { only } = record;
  const done = (): void => {
    setLimiting(false);
    record.planChanged();
  };
  return (
    <>
      <FlagsCard patientId={patient.id} flags={record.flags.data ?? []} onChanged={record.flagsChanged} onAnswer={onAnswer} onLimit={only ? () => setLimiting(true) : null} />
      {limiting && only && <LimitDialog plan={only} onClose={() => setLimiting(false)} onDone={done} />}
    </>
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
