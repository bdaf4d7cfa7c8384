import type { JSX } from "preact";
import { Button, Icon } from "../../../ui";
import { canMail, channelState, mainRule, type Channel, type RemindersPayload } from "../../reminders/document";
import { sayHours } from "../../reminders/summary";
import { tr } from "../../reminders/settingsWords";
import { useReminders, type Reminders } from "../../reminders/useReminders";
import { Page } from "./parts";

/** Messages on this phone, e-mail, and which of them first. */
export function Ways(): JSX.Element {
  const reminders = useReminders();
  const { payload } = reminders;
  return (
    <Page title={tr("ways.title")} reminders={reminders}>
      {payload && <ThisPhone payload={payload} reminders={reminders} />}
      {payload && <Order payload={payload} reminders={reminders} />}
    </Page>
  );
}

/** The reason first, then our own button, then the browser's question. */
function ThisPhone({ payload, reminders }: { payload: RemindersPayload; reminders: Reminders }): JSX.Element | null {
  const { busy, allow, forbid } = reminders;
  if (reminders.push === null) return null;
  // Refused by the push service, or ended elsewhere: allowing it again heals that.
  const ended = reminders.push === "on" && channelState(payload, "push") !== "ready";
  const push = ended ? "off" : reminders.push;
  const rule = mainRule(payload);
  const reason = rule ? tr("ways.reason", { hours: sayHours(rule) }) : tr("ways.reasonAny");
  const asks = push === "ask" || push === "off";
  return (
    <section class="card">
      <h2>
        <Icon name="device" />
        {tr("ways.phone")}
      </h2>
      {(asks || push === "on") && <p>{reason}</p>}
      <p class={asks ? "quiet" : undefined} role="status">
        {tr(`ways.state.${push}`)}
      </p>
      {asks && (
        <Button kind="primary" size="wide" disabled={busy} onClick={() => void allow()}>
          {tr("ways.turnOn")}
        </Button>
      )}
      {push === "on" && (
        <Button size="wide" disabled={busy} onClick={() => void forbid()}>
          {tr("ways.turnOff")}
        </Button>
      )}
    </section>
  );
}

const ORDERS: readonly (readonly Channel[])[] = [["push", "email"], ["push"], ["email"]];

function Order({ payload, reminders }: { payload: RemindersPayload; reminders: Reminders }): JSX.Element | null {
  const rule = mainRule(payload);
  if (rule === null) return null;
  const chosen = rule.channels.join("+");
  const offered = ORDERS.filter((order) => canMail(payload) || !order.includes("email"));
  const all = offered.some((order) => order.join("+") === chosen) ? offered : [...offered, rule.channels];
  const mail = channelState(payload, "email");
  return (
    <fieldset class="order">
      <legend>{tr("ways.order")}</legend>
      {all.length > 1 && <p class="quiet small">{tr("ways.orderMore")}</p>}
      <ul class="list">
        {all.map((order) => {
          const name = order.join("+");
          return (
            <li key={name}>
              <label class="row">
                <input
                  type="radio"
                  name="order"
                  checked={name === chosen}
                  onChange={() => void reminders.change({ channels: [...order] })}
                />
                <span class="grow">{sayOrder(name)}</span>
              </label>
            </li>
          );
        })}
      </ul>
      {mail === "no_address" && <p class="quiet small">{tr("ways.noAddress")}</p>}
      {mail === "rejected" && <p class="quiet small">{tr("ways.rejected")}</p>}
      {mail === "unsubscribed" && <p class="quiet small">{tr("ways.unsubscribed")}</p>}
    </fieldset>
  );
}

function sayOrder(name: string): string {
  if (name === "push" || name === "email" || name === "push+email" || name === "email+push")
    return tr(`ways.choice.${name}`);
  return tr("ways.choice.none");
}
