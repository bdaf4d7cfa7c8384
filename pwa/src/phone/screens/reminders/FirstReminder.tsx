import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Banner, Button, Field, Skeleton } from "../../../ui";
import { channelState, mainRule, type Channel } from "../../reminders/document";
import { EVERY_DAY, FIRST_HOUR } from "../../reminders/store";
import { sayHour } from "../../reminders/summary";
import { tr } from "../../reminders/settingsWords";
import { useReminders } from "../../reminders/useReminders";
import { Screen, useHeadlineFocus } from "../parts";

/**
 * Right after joining: the hour, the reason, then our own button, and only then the browser's question. Who says no is
 * asked nothing more, and told what remains.
 */
export function FirstReminder(): JSX.Element {
  const { route } = useLocation();
  const { payload, push, unreached, busy, problem, change, allow } = useReminders();
  const [typed, setTyped] = useState<string | null>(null);
  /** "asking": our button was tapped, and what the browser makes of it is not known yet. */
  const [answer, setAnswer] = useState<"asking" | "denied" | "failed" | null>(null);
  const rule = payload && mainRule(payload);
  const hour = typed ?? rule?.times[0] ?? FIRST_HOUR;
  const told = answer === "denied" || answer === "failed" ? answer : null;
  const canAsk = answer === "asking" || ((push === "ask" || push === "off" || push === "on") && told === null);
  const mail = payload !== null && channelState(payload, "email") === "ready";
  const leave = (): void => route("/", true);
  // There is nothing to choose for whom no way leads to, and nothing to wait for without a network: the app comes first.
  const pointless = unreached || (payload !== null && push !== null && !canAsk && !mail && answer === null);

  useEffect(() => {
    if (pointless) leave();
  }, [pointless]);
  useHeadlineFocus("reminder");

  const save = async (channels: Channel[]): Promise<void> => {
    if (await change({ times: [hour], weekdays: rule?.weekdays ?? [...EVERY_DAY], channels, paused: false })) leave();
  };
  const onPhone = async (): Promise<void> => {
    setAnswer("asking");
    const state = push === "on" ? push : await allow();
    if (state === "on") await save(mail ? ["push", "email"] : ["push"]);
    else setAnswer(state === null ? "failed" : "denied");
  };
  return (
    <Screen class="rem">
      <main>
        <h1>{tr("hours.title")}</h1>
        {payload === null || push === null ? (
          <Skeleton lines={3} />
        ) : (
          <>
            {(canAsk || mail) && (
              <Field label={tr("hours.hour")} type="time" value={hour} onInput={setTyped} class="hour" required />
            )}
            {canAsk && <p>{hour === "" ? tr("ways.reasonAny") : tr("ways.reason", { hours: sayHour(hour) })}</p>}
            {!canAsk && mail && told === null && <p>{tr("first.byMail")}</p>}
            {push === "install" && <p class="quiet">{tr("ways.state.install")}</p>}
            {told !== null && (
              <Banner icon={told === "denied" ? "bell" : "warn"} role="status">
                <p>{tr(`first.${told}`)}</p>
                <p>{tr(mail ? "first.deniedMail" : "first.deniedElse")}</p>
              </Banner>
            )}
          </>
        )}
        {problem && told === null && (
          <p class="field-error" role="alert">
            {problem}
          </p>
        )}
      </main>
      <footer class="foot last">
        {canAsk && payload && (
          <Button kind="primary" size="big" disabled={busy || hour === ""} onClick={() => void onPhone()}>
            {tr("first.go")}
          </Button>
        )}
        {mail && (
          <Button
            kind={canAsk ? "else" : "primary"}
            size={canAsk ? "wide" : "big"}
            disabled={busy || hour === ""}
            onClick={() => void save(["email"])}
          >
            {tr(canAsk || told !== null ? "first.mailElse" : "first.mail")}
          </Button>
        )}
        <Button kind="plain" size="wide" onClick={leave}>
          {tr("first.notNow")}
        </Button>
      </footer>
    </Screen>
  );
}
