import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon, Skeleton } from "../../../ui";
import * as calls from "../../calls";
import { addDays, today } from "../../dates";
import { FormErrors, LoadError } from "../../parts/problem";
import { Select } from "../../parts/select";
import { abilities } from "../../session";
import { t, word } from "../../t";
import type { Delivery, Occurrence, Patient, Proof, ReminderRule, Reminders } from "../../types";
import { useAction, useResource } from "../../use";
import { clockTime, dayInSentence } from "../../words";

interface Props {
  readonly patient: Patient;
  readonly onClose: () => void;
}

/** How this person is reminded, and for any day what was due, what went out by which way, what that answered, and whether a session followed. */
export function RemindersDialog({ patient, onClose }: Props): JSX.Element {
  const [date, setDate] = useState(today());
  const rules = useResource(`reminders ${patient.id}`, () => calls.reminders(patient.id));
  const proof = useResource(`proof ${patient.id} ${date}`, () => calls.reminderProof(patient.id, date));
  const error = rules.error ?? proof.error;
  return (
    <Dialog title={t("reminders.title", { name: patient.name })} onClose={onClose} actions={<Button onClick={onClose}>{t("close")}</Button>}>
      <div class="wide stack">
        {error && <LoadError error={error} onRetry={() => { rules.reload(); proof.reload(); }} />}
        {rules.data && <Rules reminders={rules.data} />}
        {rules.data && abilities.value.editPatient && <Nudge patient={patient} reminders={rules.data} onSaved={rules.set} />}
        <div class="acts-row day-row">
          <Button kind="plain" onClick={() => setDate(addDays(date, -1))}>{t("reminders.before")}</Button>
          <h3 aria-live="polite">{dayInSentence(date)}</h3>
          <Button kind="plain" disabled={date >= today()} onClick={() => setDate(addDays(date, 1))}>{t("reminders.after")}</Button>
        </div>
        {proof.data ? <Day proof={proof.data} /> : !error && <Skeleton lines={4} />}
      </div>
    </Dialog>
  );
}

function Rules({ reminders }: { reminders: Reminders }): JSX.Element {
  const rules = reminders.rules.filter((rule) => rule.kind !== "nudge");
  return (
    <ul class="plain">
      {rules.length === 0 && <li class="quiet">{t("reminders.none")}</li>}
      {rules.map((rule) => <li key={rule.id}>{ruleText(rule)}</li>)}
      {reminders.channels.map((one) => (
        <li key={one.name} class={one.state === "ready" ? "small quiet" : "small feel"}>{word("by_channel", one.name)}: {word("channel_state", one.state)}</li>
      ))}
    </ul>
  );
}

function ruleText(rule: ReminderRule): string {
  const said = [word("reminder_kind", rule.kind), rule.times.join(", ")];
  if (rule.channels.length) said.push(rule.channels.map((name) => word("by_channel", name)).join(", "));
  if (rule.repeat_after_min) said.push(t("reminders.repeat", { n: rule.repeat_after_min }));
  if (rule.paused) said.push(t("reminders.paused"));
  return said.join(" · ");
}

const NUDGE_DAYS = ["0", "3", "5", "7", "14"] as const;
const NUDGE_TIME = "10:00";

/** The clinic's own: a word to somebody of whom nothing was heard for some days. */
function Nudge({ patient, reminders, onSaved }: { patient: Patient; reminders: Reminders; onSaved: (next: Reminders) => void }): JSX.Element {
  const nudge = reminders.rules.find((rule) => rule.kind === "nudge");
  const value = String(nudge?.after_days ?? 0);
  const save = useAction(async (days: string) => {
    const others = reminders.rules.filter((rule) => rule.kind !== "nudge").map(written);
    const mine = days === "0" ? [] : [{ ...(nudge ? written(nudge) : { times: [NUDGE_TIME], channels: reminders.channels.map((one) => one.name) }), kind: "nudge" as const, after_days: Number(days) }];
    onSaved(await calls.saveReminders(patient.id, { rules: [...others, ...mine] }));
  });
  const options = [...new Set([...NUDGE_DAYS, value])].map((days) => ({ value: days, text: days === "0" ? t("reminders.nudge_never") : t("reminders.nudge_days", { count: Number(days) }) }));
  return (
    <>
      <Select label={t("reminders.nudge")} value={value} options={options} onChange={(days) => void save.run(days)} />
      <FormErrors error={save.error} />
    </>
  );
}

/** A rule as PUT takes it: without what only the server says. */
function written({ timezone: _zone, next_due_at: _due, ...rule }: ReminderRule): calls.WrittenRule {
  return rule;
}

function Day({ proof }: { proof: Proof }): JSX.Element {
  const { day } = proof;
  return (
    <>
      <p class="small quiet">{day.sessions_due ? t("reminders.day", { done: day.sessions_done, due: day.sessions_due }) : t("reminders.day_free")}</p>
      {proof.occurrences.length === 0 && <p>{t("reminders.nothing_due")}</p>}
      <ul class="plain stack">{proof.occurrences.map((one) => <Told key={one.id} told={one} />)}</ul>
      {proof.sessions.length > 0 && <p class="small">{t("reminders.sessions", { times: proof.sessions.map(clockTime).join(", ") })}</p>}
    </>
  );
}

function Told({ told }: { told: Occurrence }): JSX.Element {
  return (
    <li>
      <p><b>{t("reminders.due", { time: clockTime(told.due_at) })}</b>{told.kind && told.kind !== "exercise" && ` · ${word("reminder_kind", told.kind)}`}</p>
      {told.deliveries.map((one) => <p key={`${one.channel} ${one.sequence}`} class="small"><Icon name={ICON[one.status]} small /> {deliveryText(one)}</p>)}
      {told.follow_ups.filter((one) => one.dropped).map((one) => <p key={one.sequence} class="small quiet">{word("follow_up", one.reason)}: {one.dropped}</p>)}
      {told.followed_at && <p class="small">{t("reminders.followed", { time: clockTime(told.followed_at) })}</p>}
    </li>
  );
}

const ICON = { queued: "clock", sending: "clock", sent: "check", failed: "warn", unknown: "warn", skipped: "pause", missed: "warn" } as const;

function deliveryText(one: Delivery): string {
  const what = [one.channel && word("by_channel", one.channel), word("delivery", one.status), clockTime(one.finished_at ?? one.started_at)];
  if (one.sequence > 1) what.unshift(t("reminders.again"));
  if (one.outcome) what.push(one.outcome);
  return what.filter(Boolean).join(" · ");
}
