import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Icon } from "../../ui";
import { t, word } from "../t";
import type { Exercise, ExerciseLog, Prescription, SessionLog } from "../types";
import { dayAndDate, doseText, holdText } from "../words";
import { lateWords, sessionWords } from "./session-words";
import { useSeen } from "./use-seen";

export interface Asked {
  prescription: Prescription;
  exercise: Exercise | undefined;
}

export interface SessionsCardProps {
  readonly patientId: string;
  readonly sessions: readonly SessionLog[];
  readonly limit: number | null;
  readonly asked: ReadonlyMap<string, Asked>;
  readonly variants: ReadonlyMap<string, Exercise>;
}

const AT_FIRST = 12;

/** Sessions, newest first, one line or two each; each opens into its exercises, the very first by itself. */
export function SessionsCard(props: SessionsCardProps): JSX.Element {
  const [all, setAll] = useState(false);
  const watch = useSeen(props.patientId);
  const sorted = [...props.sessions].sort((a, b) => b.performed_at.localeCompare(a.performed_at));
  const shown = all ? sorted : sorted.slice(0, AT_FIRST);
  return (
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">{t("sessions")}</h2>
      {sorted.length === 0 && <p class="quiet">{t("sessions.none")}</p>}
      <ul class="ses">
        {shown.map((session, index) => (
          <Session key={session.id} session={session} open={index === 0 && sorted.length === 1} watch={watch(session.id, session.seen_at !== null)} {...props} />
        ))}
      </ul>
      {!all && sorted.length > AT_FIRST && <Button kind="plain" onClick={() => setAll(true)}>{t("sessions.all", { count: sorted.length })}</Button>}
    </section>
  );
}

interface SessionProps extends SessionsCardProps {
  readonly session: SessionLog;
  readonly open: boolean;
  readonly watch: (node: Element | null) => void;
}

function Session({ session, limit, asked, variants, open, watch }: SessionProps): JSX.Element {
  const nameOf = (log: ExerciseLog): string => variants.get(log.variant ?? "")?.name ?? asked.get(log.prescription)?.exercise?.name ?? t("builder.unknown_exercise");
  const words = sessionWords(session, limit, nameOf);
  const late = lateWords(session);
  return (
    <li class={words.alarm ? "hit" : ""} id={`day-${session.local_date}`} ref={watch} tabIndex={-1}>
      <details open={open}>
        <summary>
          <span class="when quiet">
            {dayAndDate(session.local_date)}
            {!session.seen_at && <span class="new" title={t("sessions.new")}><span class="vh">{t("sessions.new")}</span></span>}
          </span>
          <span class="n">{t("session.of", { done: words.done, of: words.of })}</span>
          <span class="what">
            {words.alarm && <b>{words.alarm}. </b>}
            {words.text} {session.note && <q>{session.note}</q>}{" "}
            {late && <span class="late quiet"><Icon name="clock" small /> {late}</span>}
          </span>
          <Icon name="down" small />
        </summary>
        <p class="small quiet when-how">{beforeAfter(session)}</p>
        <table class="table logs">
          <caption class="vh">{t("session.caption", { date: dayAndDate(session.local_date) })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("session.exercise")}</th>
              <th scope="col">{t("session.asked")}</th>
              <th scope="col">{t("session.did")}</th>
              <th scope="col">{t("session.pain_column")}</th>
              <th scope="col">{t("session.how")}</th>
            </tr>
          </thead>
          <tbody>
            {session.exercises.map((log) => (
              <LogRow key={log.id} log={log} name={nameOf(log)} asked={asked.get(log.prescription)} limit={limit} />
            ))}
          </tbody>
        </table>
      </details>
    </li>
  );
}

function LogRow({ log, name, asked, limit }: { log: ExerciseLog; name: string; asked: Asked | undefined; limit: number | null }): JSX.Element {
  const over = log.pain !== null && limit !== null && log.pain > limit;
  const side = log.side === "both" ? "" : `, ${word("side", log.side)}`;
  return (
    <tr class={over ? "hit" : ""}>
      <th scope="row">
        {name}
        <span class="quiet">{side}</span>
      </th>
      <td class="quiet">{asked ? doseText(asked.prescription.dose, false) : "–"}</td>
      <td>{log.skipped ? t("session.skipped_because", { reason: word("skip", log.skipped) }) : didText(log)}</td>
      <td class={over ? "over" : ""}>{log.pain ?? "–"}</td>
      <td>{log.difficulty ? word("difficulty", log.difficulty) : "–"}</td>
    </tr>
  );
}

/** "3 sets: 10, 10, 8", "2 sets, hold 20 s": holds are not counted as one repetition each. */
function didText(log: ExerciseLog): string {
  const sets = t("session.sets", { count: log.sets_done });
  const reps = log.reps?.some((n) => n > 1) ? `: ${log.reps.join(", ")}` : "";
  const hold = log.hold_s ? `, ${holdText(log.hold_s)}` : "";
  const load = log.load_kg ? `, ${t("dose.kg", { n: log.load_kg })}` : "";
  return sets + reps + hold + load;
}

/** The hour the patient saw: written in the time itself, whatever zone this computer is in. */
function clockOnPhone(performedAt: string): string {
  return performedAt.slice(11, 16).replace(/^0/, "");
}

function beforeAfter(session: SessionLog): string {
  const parts = [clockOnPhone(session.performed_at)];
  if (session.pain_before !== null) parts.push(t("session.before", { score: session.pain_before }));
  if (session.pain_after !== null) parts.push(t("session.after", { score: session.pain_after }));
  if (session.effort !== null) parts.push(t("session.effort", { n: session.effort }));
  if (session.duration_s) parts.push(t("minutes", { count: Math.max(1, Math.round(session.duration_s / 60)) }));
  return parts.join(" · ");
}
