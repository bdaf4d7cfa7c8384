import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Field, Icon, Seg } from "../../../ui";
import { isExercise, mainRule, type RemindersPayload, type Rule } from "../../reminders/document";
import { EVERY_DAY, FIRST_HOUR } from "../../reminders/store";
import { sayDay, sayHours } from "../../reminders/summary";
import { tr } from "../../reminders/settingsWords";
import { useReminders } from "../../reminders/useReminders";
import { Page, SwitchRow } from "./parts";

type Draft = Pick<Rule, "times" | "weekdays" | "quiet" | "repeat_after_min" | "paused"> & { weekly: boolean };

const MOST_TIMES = 4;
const NIGHT = { from: "21:00", to: "07:00" };
const REPEATS = [30, 60, 120];

function draftOf(payload: RemindersPayload): Draft {
  const rule = mainRule(payload);
  return {
    times: rule?.times ?? [FIRST_HOUR],
    weekdays: rule?.weekdays ?? [...EVERY_DAY],
    quiet: rule?.quiet ?? null,
    repeat_after_min: rule?.repeat_after_min ?? null,
    paused: rule?.paused ?? false,
    weekly: payload.rules.some((one) => one.kind === "weekly"),
  };
}

/** Hours, days, quiet hours, one repeat, a pause. Nothing is changed before Save, and Save needs a network. */
export function Reminder(): JSX.Element {
  const reminders = useReminders();
  const { payload, busy, change } = reminders;
  const [edited, setEdited] = useState<Draft | null>(null);
  const [saved, setSaved] = useState(false);
  const draft = edited ?? (payload ? draftOf(payload) : null);
  const set = (part: Partial<Draft>): void => {
    setSaved(false);
    if (draft) setEdited({ ...draft, ...part });
  };
  const save = async (): Promise<void> => {
    if (draft === null) return;
    const { weekly, ...rule } = draft;
    if (!(await change({ ...rule, times: [...new Set(rule.times)].sort() }, weekly))) return;
    setEdited(null);
    setSaved(true);
  };
  const whole = draft !== null && draft.weekdays.length > 0 && draft.times.every(Boolean);
  return (
    <Page
      title={tr("hours.title")}
      reminders={reminders}
      foot={
        <>
          <Button kind="primary" size="big" disabled={busy || !whole} onClick={() => void save()}>
            {tr("save")}
          </Button>
          <p class="line saved" role="status">
            {saved ? tr("saved") : ""}
          </p>
        </>
      }
    >
      {draft && (
        <>
          <Times times={draft.times} onChange={(times) => set({ times })} />
          <Days days={draft.weekdays} onChange={(weekdays) => set({ weekdays })} />
          <section class="card">
            <SwitchRow
              id="rem-quiet"
              title={tr("hours.quiet")}
              more={tr("hours.quietMore")}
              on={draft.quiet !== null}
              onChange={(on) => set({ quiet: on ? NIGHT : null })}
            />
            {draft.quiet && (
              <div class="two">
                <Hour label={tr("hours.from")} value={draft.quiet.from} set={(from) => set({ quiet: { ...draft.quiet!, from } })} />
                <Hour label={tr("hours.to")} value={draft.quiet.to} set={(to) => set({ quiet: { ...draft.quiet!, to } })} />
              </div>
            )}
          </section>
          <section class="card">
            <SwitchRow
              id="rem-repeat"
              title={tr("hours.repeat")}
              more={tr("hours.repeatMore")}
              on={draft.repeat_after_min !== null}
              onChange={(on) => set({ repeat_after_min: on ? 60 : null })}
            />
            {draft.repeat_after_min !== null && (
              <Repeat minutes={draft.repeat_after_min} set={(repeat_after_min) => set({ repeat_after_min })} />
            )}
          </section>
          <section class="card">
            <SwitchRow
              id="rem-weekly"
              title={tr("hours.weekly")}
              more={tr("hours.weeklyMore")}
              on={draft.weekly}
              onChange={(weekly) => set({ weekly })}
            />
          </section>
          <section class="card">
            <SwitchRow
              id="rem-pause"
              title={tr("hours.pause")}
              more={tr("hours.pauseMore")}
              on={draft.paused}
              onChange={(paused) => set({ paused })}
            />
          </section>
          <p class="quiet">{tr("hours.promise")}</p>
          <Others payload={payload!} />
        </>
      )}
    </Page>
  );
}

function Hour({ label, value, set }: { label: string; value: string; set: (hour: string) => void }): JSX.Element {
  // A field that is being emptied has no hour; the one before stays until there is another.
  return <Field label={label} type="time" value={value} onInput={(hour) => hour && set(hour)} required />;
}

function Times({ times, onChange }: { times: string[]; onChange: (times: string[]) => void }): JSX.Element {
  return (
    <div class="times">
      {times.map((time, index) => (
        <div class="time" key={index}>
          <Field
            label={times.length === 1 ? tr("hours.hour") : tr("hours.hourN", { n: index + 1 })}
            type="time"
            value={time}
            onInput={(hour) => onChange(times.map((one, at) => (at === index ? hour : one)))}
            required
          />
          {times.length > 1 && (
            <Button
              kind="plain"
              icon="trash"
              label={tr("hours.remove", { n: index + 1 })}
              onClick={() => onChange(times.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {times.length < MOST_TIMES && (
        <Button kind="plain" icon="plus" onClick={() => onChange([...times, "18:00"])}>
          {tr("hours.add")}
        </Button>
      )}
    </div>
  );
}

function Days({ days, onChange }: { days: number[]; onChange: (days: number[]) => void }): JSX.Element {
  const toggle = (day: number): void =>
    onChange(days.includes(day) ? days.filter((one) => one !== day) : [...days, day].sort());
  return (
    <fieldset class="days">
      <legend>{tr("hours.days")}</legend>
      <div>
        {EVERY_DAY.map((day) => (
          <button
            key={day}
            type="button"
            class="opt"
            aria-pressed={days.includes(day)}
            aria-label={sayDay(day, "long")}
            onClick={() => toggle(day)}
          >
            {sayDay(day, "short")}
          </button>
        ))}
      </div>
      {days.length === 0 && (
        <p class="field-error" role="alert">
          {tr("hours.oneDay")}
        </p>
      )}
    </fieldset>
  );
}

function Repeat({ minutes, set }: { minutes: number; set: (minutes: number) => void }): JSX.Element {
  const choices = [...new Set([...REPEATS, minutes])].sort((a, b) => a - b);
  const say = (value: number): string =>
    value % 60 === 0 ? tr("hours.hoursLater", { count: value / 60 }) : tr("hours.minutes", { minutes: value });
  return (
    <Seg
      label={tr("hours.after")}
      choices={choices.map((value) => ({ value, text: say(value) }))}
      value={minutes}
      onChange={(next) => next !== null && set(next)}
    />
  );
}

/** The clinic's words after silent days, and whatever further reminders there are: shown, not changed here. */
function Others({ payload }: { payload: RemindersPayload }): JSX.Element | null {
  const main = mainRule(payload);
  const others = payload.rules.filter((rule) => rule !== main && rule.kind !== "weekly" && !rule.paused);
  if (others.length === 0) return null;
  return (
    <section>
      <h2>{tr("others.title")}</h2>
      <ul class="list">
        {others.map((rule) => (
          <li key={rule.id} class="row">
            <Icon name={isExercise(rule) ? "bell" : "message"} />
            <span class="grow">{sayOther(rule)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function sayOther(rule: Rule): string {
  if (rule.kind === "nudge") return tr("others.nudge", { count: rule.after_days ?? 0 });
  return tr("others.rule", { hours: sayHours(rule) });
}
