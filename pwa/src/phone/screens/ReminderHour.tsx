import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, ApiError } from "../../api/client";
import type { components } from "../../api/schema";
import { Button, Field, Skeleton } from "../../ui";
import { person } from "../state";
import { t } from "../t";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

type Reminders = components["schemas"]["Reminders"];
type Rule = components["schemas"]["ReminderRule"];

const SUGGESTED = "08:00";

/** The hour at which to be reminded. Asked once after joining (`first`), and reached from Me ever after. */
export function ReminderHour({ first = false }: { first?: boolean }): JSX.Element {
  const { route } = useLocation();
  const [reminders, setReminders] = useState<Reminders | null>(null);
  const [hour, setHour] = useState(SUGGESTED);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const patient = person.value?.id;
  const leave = (): void => route(first ? "/" : "/me", true);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    await work().catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.status === 0 ? t("reminder.offline") : error.message);
    });
    setBusy(false);
  };
  const load = (): Promise<void> =>
    attempt(async () => {
      const found = await api<Reminders>("GET", "/me/reminders", { query: { patient } });
      // Right after joining there is nothing to choose for whom no way leads to: the app comes first.
      if (first && !canMail(found)) leave();
      setReminders(found);
      setHour(found.rules[0]?.times[0] ?? SUGGESTED);
    });
  const save = (rules: readonly Partial<Rule>[]): Promise<void> =>
    attempt(async () => {
      await api("PUT", "/me/reminders", { query: { patient }, body: { rules } });
      leave();
    });

  useEffect(() => void load(), [patient]);
  useHeadlineFocus("reminder");
  const rules = reminders?.rules ?? [];
  const chosen = [{ ...rules[0], times: [hour], paused: false }, ...rules.slice(1)];

  return (
    <Screen>
      {first ? null : <TopBar title={t("reminder.bar")} onBack={leave} />}
      <main>
        <h1>{t("reminder.title")}</h1>
        {reminders === null && problem === null && <Skeleton lines={3} />}
        {reminders !== null && (
          <>
            <p>{t(canMail(reminders) ? "reminder.byMail" : "reminder.noAddress")}</p>
            {canMail(reminders) && (
              <Field label={t("reminder.hour")} type="time" value={hour} onInput={setHour} class="hour" required />
            )}
          </>
        )}
        {problem && (
          <p class="field-error" role="alert">
            {problem}
          </p>
        )}
      </main>
      <footer class="foot last">
        {reminders !== null && canMail(reminders) && (
          <Button kind="primary" size="big" disabled={busy || hour === ""} onClick={() => void save(chosen)}>
            {t("reminder.save")}
          </Button>
        )}
        {reminders !== null && rules.length > 0 && (
          <Button kind="plain" size="wide" disabled={busy} onClick={() => void save([])}>
            {t("reminder.none")}
          </Button>
        )}
        {(first || reminders === null) && (
          <Button kind="plain" size="wide" onClick={leave}>
            {t(first ? "reminder.notNow" : "reminder.back")}
          </Button>
        )}
      </footer>
    </Screen>
  );
}

function canMail(reminders: Reminders): boolean {
  return reminders.channels.some((channel) => channel.name === "email" && channel.state === "ready");
}
