import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { auth } from "../../api/client";
import { Banner, Button, Logo } from "../../ui";
import { Field } from "../parts/field";
import * as calls from "../calls";
import { FormErrors } from "../parts/problem";
import { loadSession, sessionState } from "../session";
import { t } from "../t";
import { useAction, useTitle } from "../use";

/** How staff come in: name and password, once, from the link in the clinic's e-mail. */
export function StaffJoinScreen({ token }: { token: string }): JSX.Element {
  const { route } = useLocation();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  useTitle(t("title.page", { page: t("join.title") }));
  const submit = useAction(async () => {
    await auth("GET", "/config");
    await calls.joinStaff({ token, name, password });
    await loadSession();
    route(sessionState.value === "signed-in" ? "/clinic" : "/clinic/sign-in", true);
  });
  const dead = submit.error?.status === 404;
  return (
    <main class="wrap door stack">
      <p class="logo">
        <Logo size={24} />
        <b>{t("app")}</b>
      </p>
      <h1>{t("join.title")}</h1>
      <p class="quiet">{t("join.text")}</p>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void submit.run(); }}>
        <Field
          label={t("join.name")} name="name" autocomplete="name" required value={name}
          onInput={(event) => setName(event.currentTarget.value)} error={submit.error?.forField("name") ?? null}
        />
        <Field
          label={t("join.password")} type="password" name="password" autocomplete="new-password" required minLength={10} value={password}
          help={t("join.password_help")} onInput={(event) => setPassword(event.currentTarget.value)}
          error={submit.error?.forField("password") ?? null}
        />
        {dead ? <Banner icon="warn" tone="feel" role="alert">{t("join.dead")}</Banner> : <FormErrors error={submit.error} fields={["name", "password"]} />}
        <Button kind="primary" size="wide" type="submit" disabled={submit.busy}>
          {t("join.go")}
        </Button>
      </form>
    </main>
  );
}
