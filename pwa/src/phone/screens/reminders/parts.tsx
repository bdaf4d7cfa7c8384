import type { ComponentChildren, JSX } from "preact";
import { useLocation } from "preact-iso";
import { Banner, Skeleton } from "../../../ui";
import { tr } from "../../reminders/settingsWords";
import type { Reminders } from "../../reminders/useReminders";
import { Screen, TopBar, useHeadlineFocus } from "../parts";

/** One page of the settings under Me: what the phone knows, and the truth about the network. */
export function Page(props: {
  title: string;
  reminders: Reminders;
  children: ComponentChildren;
  foot?: ComponentChildren;
}): JSX.Element {
  const { route } = useLocation();
  const { payload, unreached, problem } = props.reminders;
  useHeadlineFocus(props.title);
  return (
    <Screen class="rem">
      <TopBar title={tr("hours.bar")} onBack={() => route("/me", true)} />
      <main>
        <h1>{props.title}</h1>
        {payload === null && !unreached && <Skeleton lines={4} />}
        {unreached && (
          <Banner icon="offline" role="status">
            {tr(payload === null ? "loadFailed" : "needsNetwork")}
          </Banner>
        )}
        {payload !== null && props.children}
        {problem && !(unreached && problem === tr("needsNetwork")) && (
          <p class="field-error" role="alert">
            {problem}
          </p>
        )}
      </main>
      {payload !== null && props.foot && <footer class="foot last">{props.foot}</footer>}
    </Screen>
  );
}

export function SwitchRow(props: {
  id: string;
  title: string;
  more: string;
  on: boolean;
  onChange: (on: boolean) => void;
}): JSX.Element {
  return (
    <div class="row">
      <span class="grow">
        <strong id={props.id}>{props.title}</strong>
        <small id={`${props.id}-more`}>{props.more}</small>
      </span>
      <button
        type="button"
        class={props.on ? "switch on" : "switch"}
        role="switch"
        aria-checked={props.on}
        aria-labelledby={props.id}
        aria-describedby={`${props.id}-more`}
        onClick={() => props.onChange(!props.on)}
      />
    </div>
  );
}
