import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import { Icon } from "../ui";
import * as calls from "./calls";
import { flagWords } from "./parts/flag-words";
import { abilities, expired, noticeExpiry } from "./session";
import { t, word } from "./t";
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
  const emergencies = alerts.value.filter((flag) => flag.urgency === "emergency");
  const others = alerts.value.filter((flag) => flag.urgency !== "emergency");
  if (alerts.value.length === 0) return null;
  return (
    <div class="alerts" role="region" aria-label={t("alerts.label")}>
      {emergencies.map((flag) => <Emergency key={flag.id} flag={flag} />)}
      {others.length > 0 && <Others flags={others} />}
    </div>
  );
}

function Emergency({ flag }: { flag: Flag }): JSX.Element {
  const acknowledge = useAction(async () => {
    await calls.acknowledge(flag.id);
    dispatchEvent(new Event(FLAGS_CHANGED));
    await refreshAlerts();
  });
  const { bold, rest } = flagWords(flag);
  return (
    <div class="alert-bar alarm" role="alert">
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

const NAMED = 4;

/** What waits for a look today stands in one line, however many there are: only an emergency takes a bar of its own. */
function Others({ flags }: { flags: readonly Flag[] }): JSX.Element {
  const patients = [...new Map(flags.map((flag) => [flag.patient, flag])).values()];
  return (
    <div class="alert-bar">
      <Icon name="flag" small />
      <p>
        <b>{t("alerts.today")}</b>{" "}
        {patients.slice(0, NAMED).map((flag, i) => (
          <span key={flag.id}>
            {i > 0 && ", "}
            <a href={`/clinic/patients/${flag.patient}`}>{flag.patient_name}</a> ({word("flag_chip", flag.kind)})
          </span>
        ))}
        {patients.length > NAMED && ` ${t("alerts.more", { count: patients.length - NAMED })}`}
      </p>
    </div>
  );
}

/** Sent when a flag was acknowledged from the bar: the page below shows the same flag. */
export const FLAGS_CHANGED = "homestretch:flags";
