import type { JSX } from "preact";
import { Icon } from "../../ui";
import { byUrgency } from "../../rules/urgency";
import { t, word } from "../t";
import type { Flag, Patient } from "../types";
import { aboutPatient } from "../words";
import { RecordMenu } from "./record/record-menu";

export interface PatientBarProps {
  readonly patient: Patient;
  readonly week: string | null;
  readonly flags: readonly Flag[];
  /** messages nobody of the clinic has seen; null where there are no messages to show */
  readonly unread: number | null;
  readonly onMessages: () => void;
  readonly change: { readonly busy: boolean; readonly run: () => void } | null;
  readonly onSaved: (patient: Patient, said: string) => void;
  readonly onMerged: () => void;
}

/** Who it is, what is open, and what one can do. */
export function PatientBar(props: PatientBarProps): JSX.Element {
  const { patient, flags } = props;
  return (
    <div class="ph">
      <a class="btn icon plain" href="/clinic" aria-label={t("patient.back")}>
        <Icon name="back" small />
      </a>
      <h1>{patient.name}</h1>
      <span class="quiet">{[aboutPatient(patient), props.week].filter(Boolean).join(" · ")}</span>
      {patient.status !== "active" && <span class="chip">{t(`patient.status.${patient.status}`)}</span>}
      {byUrgency(flags).slice(0, 1).map((flag) => (
        <span key={flag.id} class={flag.urgency === "emergency" ? "chip alarm" : "chip feel"}>
          <Icon name={flag.urgency === "emergency" ? "warn" : "flag"} small />
          {word("flag_chip", flag.kind)}
          {flags.length > 1 && ` +${flags.length - 1}`}
        </span>
      ))}
      <span class="r">
        {props.unread !== null && (
          <button type="button" class="btn" onClick={props.onMessages}>
            <Icon name="message" small />
            {props.unread > 0 ? t("messages.button_new", { count: props.unread }) : t("messages.button")} <kbd>M</kbd>
          </button>
        )}
        <RecordMenu patient={patient} onSaved={props.onSaved} onMerged={props.onMerged} />
        {props.change && (
          <button type="button" class="btn" aria-disabled={props.change.busy} onClick={props.change.run}>
            {t("plans.change")} <kbd>E</kbd>
          </button>
        )}
      </span>
    </div>
  );
}
