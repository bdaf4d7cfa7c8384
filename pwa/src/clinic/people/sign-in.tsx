import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { auth, type ApiError } from "../../api/client";
import { Banner, Button, Dialog, Logo } from "../../ui";
import { Field } from "../parts/field";
import { safeNext } from "../next";
import { FormErrors } from "../parts/problem";
import { expired, loadSession, person, sessionState } from "../session";
import { t } from "../t";
import { useAction, useTitle } from "../use";

interface AuthAnswer {
  data?: { flows?: { id: string; is_pending?: boolean }[] };
}

export function SignInScreen(): JSX.Element {
  const { query, route } = useLocation();
  useTitle(t("title.page", { page: t("sign_in") }));
  const done = (): void => route(safeNext(query["next"]), true);
  useEffect(() => {
    if (sessionState.value === "loading") void loadSession();
  }, []);
  const state = sessionState.value;
  useEffect(() => {
    if (state === "signed-in") done();
  }, [state]);
  return (
    <main class="wrap door stack">
      <p class="logo">
        <Logo size={24} />
        <b>{t("app")}</b>
      </p>
      <h1>{t("sign_in.title")}</h1>
      <SignInForm onDone={loadSession} />
    </main>
  );
}

/** The session ended while somebody was working. Signing in again happens over the page; nothing on it is lost. */
export function ExpiredDialog(): JSX.Element | null {
  // Escape closes a <dialog>; a new key opens it again, since nothing works before signing in.
  const [round, setRound] = useState(0);
  if (!expired.value) return null;
  return (
    <Dialog key={round} title={t("sign_in.again")} onClose={() => setRound((n) => n + 1)} actions={null}>
      <p>{t("sign_in.nothing_lost")}</p>
      <SignInForm email={person.value?.user.email ?? ""} onDone={loadSession} />
    </Dialog>
  );
}

function SignInForm({ email: known = "", onDone }: { email?: string; onDone: () => Promise<void> }): JSX.Element {
  const [way, setWay] = useState<"password" | "code">("password");
  const [email, setEmail] = useState(known);
  return way === "password" ? (
    <PasswordForm email={email} setEmail={setEmail} onDone={onDone} onCode={() => setWay("code")} />
  ) : (
    <CodeForm email={email} setEmail={setEmail} onDone={onDone} onPassword={() => setWay("password")} />
  );
}

interface FormProps {
  email: string;
  setEmail: (email: string) => void;
  onDone: () => Promise<void>;
}

function PasswordForm({ email, setEmail, onDone, onCode }: FormProps & { onCode: () => void }): JSX.Element {
  const [password, setPassword] = useState("");
  const [more, setMore] = useState(false);
  const submit = useAction(async () => {
    await auth("GET", "/config"); // sets the CSRF cookie on a first visit
    const answer = await auth<AuthAnswer>("POST", "/auth/login", { email, password });
    if (answer.status === 401) setMore(true);
    else await onDone();
  });
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit.run(); }}>
      <EmailField email={email} setEmail={setEmail} error={submit.error} />
      <Field
        label={t("sign_in.password")} type="password" name="password" autocomplete="current-password" required value={password}
        onInput={(event) => setPassword(event.currentTarget.value)} error={submit.error?.forField("password") ?? null}
      />
      <FormErrors error={submit.error} fields={["email", "password"]} />
      {more && <Banner icon="key" role="alert">{t("sign_in.second_step")}</Banner>}
      <Button kind="primary" size="wide" type="submit" disabled={submit.busy}>
        {t("sign_in")}
      </Button>
      <Button kind="plain" onClick={onCode}>
        {t("sign_in.use_code")}
      </Button>
    </form>
  );
}

function CodeForm({ email, setEmail, onDone, onPassword }: FormProps & { onPassword: () => void }): JSX.Element {
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState("");
  const request = useAction(async () => {
    await auth("GET", "/config");
    await auth("POST", "/auth/code/request", { email });
    setSent(true);
  });
  const confirm = useAction(async () => {
    const answer = await auth<AuthAnswer>("POST", "/auth/code/confirm", { code: code.trim() });
    if (answer.status !== 401) await onDone();
  });
  const action = sent ? confirm : request;
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); void action.run(); }}>
      {sent ? (
        <>
          <p role="status">{t("sign_in.code_sent", { email })}</p>
          <Field
            label={t("sign_in.code")} name="code" autocomplete="one-time-code" required value={code} autofocus
            onInput={(event) => setCode(event.currentTarget.value)} error={confirm.error?.forField("code") ?? null}
          />
        </>
      ) : (
        <EmailField email={email} setEmail={setEmail} error={request.error} />
      )}
      <FormErrors error={action.error} fields={sent ? ["code"] : ["email"]} />
      <Button kind="primary" size="wide" type="submit" disabled={action.busy}>
        {sent ? t("sign_in") : t("sign_in.send_code")}
      </Button>
      {sent && (
        <Button kind="plain" onClick={() => setSent(false)}>
          {t("sign_in.new_code")}
        </Button>
      )}
      <Button kind="plain" onClick={onPassword}>
        {t("sign_in.use_password")}
      </Button>
    </form>
  );
}

function EmailField({ email, setEmail, error }: { email: string; setEmail: (email: string) => void; error: ApiError | null }): JSX.Element {
  return (
    <Field
      label={t("email")} type="email" name="email" autocomplete="username" required value={email}
      onInput={(event) => setEmail(event.currentTarget.value)} error={error?.forField("email") ?? null}
    />
  );
}
