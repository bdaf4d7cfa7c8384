import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { Icon } from "../ui";
import * as calls from "./calls";
import { flagWords } from "./parts/flag-words";
import { abilities, expired, noticeExpiry } from "./session";
import { t } from "./t";
import type { Flag } from "./types";
import { useAction } from "./use";

const EVERY_MS = 60_000;
const alerts = signal<readonly Flag[]>([]);

/** Asks again at once, e.g. after a flag was acknowledged on the patient's page. A failed call keeps what was known. */
export async function refreshAlerts(): Promise<void> {
  try {
    alerts.value = (await calls.alerts()).results;
  } catch (error) {
    noticeExpiry(error);
    if (!(error instanceof calls.ApiError)) throw error;
  }
}

/** What somebody must look at now stands on every page until it is acknowledged. Crimson for an emergency alone. */
export function Alerts(): JSX.Element | null {
  const signedOut = expired.value;
  useEffect(() => {
    if (signedOut) return undefined;
    const look = (): void => {
      if (document.visibilityState === "visible") void refreshAlerts();
    };
    look();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [signedOut]);
  if (alerts.value.length === 0) return null;
  return (
    <div class="alerts" role="region" aria-label={t("alerts.label")}>
      {alerts.value.map((flag) => <Alert key={flag.id} flag={flag} />)}
    </div>
  );
}

function Alert({ flag }: { flag: Flag }): JSX.Element {
  const acknowledge = useAction(async () => {
    await calls.acknowledge(flag.id);
    dispatchEvent(new Event(FLAGS_CHANGED));
    await refreshAlerts();
  });
  const emergency = flag.urgency === "emergency";
  const { bold, rest } = flagWords(flag);
  return (
    <div class={emergency ? "alert-bar alarm" : "alert-bar"} role="alert">
      <Icon name="warn" />
      <p>
        <b>{t("alerts.who", { name: flag.patient_name, what: bold })}</b> {rest && `${rest}.`}
        {acknowledge.error && <span class="alert-error">{acknowledge.error.message}</span>}
      </p>
      <span class="acts-row">
        <a class="btn" href={`/clinic/patients/${flag.patient}`}>{t("alerts.open")}</a>
        {abilities.value.resolve && (
          <button type="button" class="btn" aria-disabled={acknowledge.busy} onClick={() => void acknowledge.run()}>
            {t("flags.seen")}
          </button>
        )}
      </span>
    </div>
  );
}

/** Sent when a flag was acknowledged from the bar: the page below shows the same flag. */
export const FLAGS_CHANGED = "homestretch:flags";
