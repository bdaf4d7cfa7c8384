import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { auth, ApiError } from "../../api/client";
import { Button, Field } from "../../ui";
import { enter } from "../actions";
import { phase, person, session, unsentCount } from "../state";
import { readDevice } from "../store/device";
import { t } from "../t";
import { Screen, TopBar, useHeadlineFocus } from "./parts";

type Step = "email" | "code" | "password";

interface AuthAnswer {
  readonly meta?: { readonly is_authenticated?: boolean };
  readonly data?: { readonly flows?: readonly { readonly id: string; readonly is_pending?: boolean }[] };
  readonly errors?: readonly { readonly message: string }[];
}

/** E-mail code first: nobody has to remember anything. A password for those who have one (the demo people do). */
export function SignIn(): JSX.Element {
  const { route } = useLocation();
  const [step, setStep] = useState<Step>("email");
  const [email, setEmail] = useState("");
  const [secret, setSecret] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useHeadlineFocus(step);
  const alreadyIn = session.value === "open" && phase.value === "ready";
  useEffect(() => {
    if (alreadyIn) route("/", true);
  }, [alreadyIn]);

  const attempt = async (work: () => Promise<boolean>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      if (await work()) {
        await enter(person.value?.id ?? (await readDevice("current")));
        route("/", true);
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(sentenceFor(error, step));
    } finally {
      setBusy(false);
    }
  };

  const requestCode = (): Promise<void> =>
    attempt(async () => {
      const answer = await auth<AuthAnswer>("POST", "/auth/code/request", { email });
      if (isSignedIn(answer.data)) return true;
      setSecret("");
      setStep("code");
      return false;
    });

  const confirm = (): Promise<void> =>
    attempt(async () => {
      const answer =
        step === "code"
          ? await auth<AuthAnswer>("POST", "/auth/code/confirm", { code: secret.trim() })
          : await auth<AuthAnswer>("POST", "/auth/login", { email, password: secret });
      if (isSignedIn(answer.data)) return true;
      setProblem(answer.data?.errors?.[0]?.message ?? t("signIn.notDone"));
      return false;
    });

  const submit = (event: Event): void => {
    event.preventDefault();
    void (step === "email" ? requestCode() : confirm());
  };

  return (
    <Screen>
      <TopBar title={t("signIn.bar")} onBack={() => (step === "email" ? route("/") : setStep("email"))} />
      <form class="form" onSubmit={submit} noValidate>
        <main>
          <h1>{step === "code" ? t("signIn.codeTitle") : t("signIn.title")}</h1>
          {unsentCount.value > 0 && step === "email" && <p>{t("signIn.nothingLost")}</p>}
          {step === "code" && <p>{t("signIn.codeSent", { email })}</p>}
          {step !== "code" && (
            <Field
              label={t("signIn.email")}
              type="email"
              name="email"
              autoComplete="username"
              inputMode="email"
              required
              value={email}
              onInput={setEmail}
              error={step === "email" ? problem : null}
            />
          )}
          {step === "password" && (
            <Field
              label={t("signIn.password")}
              type="password"
              name="password"
              autoComplete="current-password"
              required
              value={secret}
              onInput={setSecret}
              error={problem}
            />
          )}
          {step === "code" && (
            <Field
              label={t("signIn.code")}
              name="code"
              autoComplete="one-time-code"
              required
              value={secret}
              onInput={setSecret}
              error={problem}
              class="code"
            />
          )}
        </main>
        <footer class="foot last">
          <Button
            kind="primary"
            size="big"
            type="submit"
            disabled={busy || email === "" || (step !== "email" && secret === "")}
          >
            {step === "email" ? t("signIn.sendCode") : t("signIn.go")}
          </Button>
          {step === "email" && (
            <Button kind="plain" size="wide" onClick={() => (setSecret(""), setProblem(null), setStep("password"))}>
              {t("signIn.withPassword")}
            </Button>
          )}
          {step !== "email" && (
            <Button kind="plain" size="wide" onClick={() => (setProblem(null), void requestCode())}>
              {t(step === "code" ? "signIn.again" : "signIn.withCode")}
            </Button>
          )}
        </footer>
      </form>
    </Screen>
  );
}

/** Our own words where the server's would be in another language, or about technicalities. */
function sentenceFor(error: ApiError, step: Step): string {
  if (error.status === 429) return t("signIn.tooOften");
  if (error.status !== 400 || step === "email") return error.message;
  return t(step === "code" ? "signIn.notDone" : "signIn.wrongPassword");
}

function isSignedIn(answer: AuthAnswer | null): boolean {
  return answer?.meta?.is_authenticated === true;
}
