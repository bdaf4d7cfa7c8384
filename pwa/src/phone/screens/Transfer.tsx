import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { api, ApiError } from "../../api/client";
import type { Uuid } from "../../api/types";
import { Button, Field } from "../../ui";
import { enter } from "../actions";
import { t } from "../t";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

const CODE_LENGTH = 8;

/** For the app that was just put on an iPhone's home screen: it shares nothing with Safari, so a code carries the sign-in over. */
export function Transfer(): JSX.Element {
  const { route } = useLocation();
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useHeadlineFocus("transfer");

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const { patients } = await api<{ patients: Uuid[] }>("POST", "/join/transfer", { body: { code } });
      await enter(patients[0] ?? null);
      route("/", true);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.status === 404 ? t("transfer.wrong") : error.message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Screen>
      <TopBar title={t("transfer.bar")} onBack={() => route("/")} />
      <form class="form" onSubmit={(event) => void submit(event)} noValidate>
        <main>
          <h1>{t("transfer.title")}</h1>
          <p>{t("transfer.where")}</p>
          <Field
            label={t("transfer.code")}
            class="code"
            name="code"
            autoComplete="one-time-code"
            value={code}
            onInput={(value) =>
              setCode(
                value
                  .toUpperCase()
                  .replace(/[^A-Z0-9]/g, "")
                  .slice(0, CODE_LENGTH),
              )
            }
            help={t("transfer.help")}
            error={problem}
          />
        </main>
        <footer class="foot last">
          <Button kind="primary" size="big" type="submit" disabled={busy || code.length < CODE_LENGTH}>
            {t("transfer.go")}
          </Button>
        </footer>
      </form>
    </Screen>
  );
}
