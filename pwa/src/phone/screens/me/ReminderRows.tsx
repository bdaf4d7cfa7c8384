import type { JSX } from "preact";
import { Icon } from "../../../ui";
import { mainRule } from "../../reminders/document";
import { sayHours, sayWays, sayWhen, waysOf } from "../../reminders/summary";
import { tr } from "../../reminders/settingsWords";
import { session } from "../../state";
import { useReminders, type Reminders } from "../../reminders/useReminders";

/** When, how, and in which calendar one is reminded: three rows of Me, true also without a network. */
export function ReminderRows(): JSX.Element {
  const reminders = useReminders();
  const { payload, unreached, problem } = reminders;
  const rule = payload && mainRule(payload);
  return (
    <div>
      <ul class="list">
        <When reminders={reminders} />
        <Row href="/me/ways" icon="mail" title={tr("ways.row")}>
          {payload ? sayWays(waysOf(payload, rule)) : null}
        </Row>
        <Row href="/me/calendar" icon="calendar" title={tr("calendar.row")}>
          {payload ? tr(payload.calendar ? "calendar.on" : "calendar.off") : null}
        </Row>
      </ul>
      {payload === null && unreached && session.value !== "ended" && (
        <p class="line" role="status">
          <Icon name="offline" small />
          {tr("loadFailed")}
        </p>
      )}
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function When({ reminders: { payload, change } }: { reminders: Reminders }): JSX.Element {
  const rule = payload && mainRule(payload);
  const on = rule !== null && !rule.paused;
  const title = rule === null ? tr("row.none") : on ? tr("row.title", { hours: sayHours(rule) }) : tr("row.off");
  const more = rule === null ? tr("row.noneMore") : on ? sayWhen(rule) : tr("row.offMore");
  return (
    <li class="row with-switch">
      <Icon name="bell" />
      <a class="grow" href="/me/reminder">
        <strong>{title}</strong>
        {payload !== null && <small>{more}</small>}
      </a>
      {payload !== null && (
        <button
          type="button"
          class={on ? "switch on" : "switch"}
          role="switch"
          aria-checked={on}
          aria-label={tr("row.switch")}
          onClick={() => void change({ paused: on })}
        />
      )}
    </li>
  );
}

function Row(props: {
  href: string;
  icon: "mail" | "calendar";
  title: string;
  children: string | null;
}): JSX.Element {
  return (
    <li>
      <a class="row" href={props.href}>
        <Icon name={props.icon} />
        <span class="grow">
          <strong>{props.title}</strong>
          {props.children && <small>{props.children}</small>}
        </span>
        <Icon name="next" small />
      </a>
    </li>
  );
}
