import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Banner, Button, Dialog, Logo } from "../ui";
import { Alerts } from "./alerts";
import { unsavedDrafts } from "./builder/drafts";
import { Finder } from "./finder";
import { person, signOut } from "./session";
import { t, type Key } from "./t";
import { useAction, useKeys } from "./use";

const PAGES: readonly { href: string; text: Key; under?: readonly string[] }[] = [
  { href: "/clinic", text: "nav.caseload", under: ["/clinic/patients", "/clinic/programs", "/clinic/handout"] },
  { href: "/clinic/templates", text: "nav.templates" },
  { href: "/clinic/library", text: "nav.library", under: ["/clinic/library"] },
  { href: "/clinic/invite", text: "nav.invite" },
  { href: "/clinic/clinic", text: "nav.clinic" },
];

const KEYS: readonly (readonly [string, Key])[] = [
  ["/", "keys.search"],
  ["J  K", "keys.move"],
  ["Enter", "keys.open"],
  ["E", "keys.change_plan"],
  ["A", "keys.accept"],
  ["D", "keys.dismiss"],
  ["M", "keys.messages"],
  ["P", "keys.print"],
  ["Ctrl Z", "keys.undo"],
  ["Ctrl Shift Z", "keys.redo"],
  ["↑ ↓", "keys.reorder"],
  ["Delete", "keys.remove"],
  ["?", "keys.help"],
];

/** The bar on top of every page, and what belongs to all pages: search, keys, network. */
export function Frame({ children }: { children: ComponentChildren }): JSX.Element {
  const { path } = useLocation();
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLDivElement>(null);
  useKeys({ "?": () => setHelp(true) });

  return (
    <>
      <a class="skip btn" href="#content" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
        {t("nav.skip")}
      </a>
      <header class="bar">
        <a class="logo" href="/clinic">
          <Logo size={24} />
          <b>{t("app")}</b>
        </a>
        <nav aria-label={t("nav.label")}>
          {PAGES.map((page) => {
            const here = path === page.href || page.under?.some((start) => path.startsWith(`${start}/`));
            return (
              <a key={page.href} href={page.href} aria-current={here ? "page" : undefined}>
                {t(page.text)}
              </a>
            );
          })}
        </nav>
        <Finder />
        <Account />
      </header>
      <Alerts />
      <NetworkNote />
      <div id="content" tabIndex={-1} ref={main}>
        {children}
      </div>
      {help && (
        <Dialog title={t("keys.title")} onClose={() => setHelp(false)} actions={<Button onClick={() => setHelp(false)}>{t("close")}</Button>}>
          <dl class="keys">
            {KEYS.map(([key, text]) => (
              <div key={key}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{t(text)}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}

function Account(): JSX.Element {
  const [asking, setAsking] = useState(false);
  const leave = useAction(signOut);
  const press = (): void => (unsavedDrafts().length > 0 ? setAsking(true) : void leave.run());
  return (
    <>
      <span class="small quiet who">{person.value?.user.name || person.value?.user.email}</span>
      <Button kind="plain" icon="signout" label={t("sign_out")} onClick={press} />
      {asking && (
        <Dialog
          title={t("sign_out.unsaved")}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button kind="primary" onClick={() => setAsking(false)}>
                {t("sign_out.stay")}
              </Button>
              <Button kind="danger" onClick={() => void leave.run()}>
                {t("sign_out.anyway")}
              </Button>
            </>
          }
        >
          <p>{t("sign_out.unsaved_text")}</p>
        </Dialog>
      )}
    </>
  );
}

/** Offline is a grey fact, not an alarm. */
function NetworkNote(): JSX.Element | null {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const update = (): void => setOnline(navigator.onLine);
    addEventListener("online", update);
    addEventListener("offline", update);
    return () => {
      removeEventListener("online", update);
      removeEventListener("offline", update);
    };
  }, []);
  if (online) return null;
  return (
    <div class="wrap">
      <Banner icon="offline" role="status">
        <p>{t("app.offline")}</p>
      </Banner>
    </div>
  );
}
