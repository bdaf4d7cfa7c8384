import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { ts } from "../../i18n/shared";
import { Banner, Button, Logo } from "../../ui";
import { isInstalled } from "../install";
import { reachable } from "../state";
import { t } from "../t";
import { Screen } from "./parts";

/** Nobody is known on this phone: how to come in. In the installed app the transfer code is the usual way, so it leads. */
export function Welcome(): JSX.Element {
  const { route } = useLocation();
  const installed = isInstalled();
  const code = { kind: installed ? "primary" : "else", text: t("welcome.code"), to: "/transfer" } as const;
  const signIn = { kind: installed ? "else" : "primary", text: t("welcome.signIn"), to: "/sign-in" } as const;
  return (
    <Screen>
      <main class="first">
        <p class="brand">
          <Logo />
          {ts("app")}
        </p>
        <h1>{t("welcome.title")}</h1>
        <p>{t("welcome.invited")}</p>
        <p class="quiet">{t("welcome.lost")}</p>
        {!reachable.value && (
          <Banner icon="offline" role="status">
            {t("welcome.offline")}
          </Banner>
        )}
      </main>
      <footer class="foot last">
        {(installed ? [code, signIn] : [signIn, code]).map(({ kind, text, to }) => (
          <Button key={to} kind={kind} size={kind === "primary" ? "big" : "wide"} onClick={() => route(to)}>
            {text}
          </Button>
        ))}
      </footer>
    </Screen>
  );
}
