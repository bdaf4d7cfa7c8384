import type { JSX } from "preact";
import { Banner, Button, Icon, Rich, type IconName } from "../../../ui";
import { t } from "../../t";
import { Screen, TopBar, useHeadlineFocus } from "../parts";

export interface Invitation {
  readonly first_name: string;
  readonly clinic: string;
  readonly relation: "self" | "carer";
  readonly consent: { readonly version: string; readonly text: string };
}

const KEPT: readonly { readonly icon: IconName; readonly what: "do" | "feel" | "write" }[] = [
  { icon: "calendar", what: "do" },
  { icon: "progress", what: "feel" },
  { icon: "message", what: "write" },
];

export function Consent(props: {
  invitation: Invitation;
  busy: boolean;
  problem: string | null;
  onAgree: () => void;
  onBack: () => void;
}): JSX.Element {
  const { first_name: name, clinic, relation, consent } = props.invitation;
  useHeadlineFocus("consent");
  return (
    <Screen>
      <TopBar title={t("join.step", { step: 2, of: 3 })} onBack={props.onBack} />
      <main>
        <h1>{relation === "carer" ? t("consent.titleCarer", { name }) : t("consent.title", { name })}</h1>
        <ul class="list kept">
          {KEPT.map(({ icon, what }) => (
            <li key={what} class="row">
              <Icon name={icon} />
              <span class="grow">
                <strong>{t(`consent.${what}`)}</strong>
                <small>{t(`consent.${what}More`)}</small>
              </span>
            </li>
          ))}
        </ul>
        <Banner tone="do" icon="eye">
          <p>
            <Rich text={t("consent.who", { clinic })} />
          </p>
        </Banner>
        <p>
          <Rich text={t("consent.copy")} />
        </p>
        <details class="more">
          <summary>{t("consent.full")}</summary>
          {consent.text.split("\n").map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </details>
        {props.problem && (
          <Banner tone="feel" icon="warn" role="alert">
            <p>{props.problem}</p>
          </Banner>
        )}
      </main>
      <footer class="foot last">
        <Button kind="primary" size="big" disabled={props.busy} onClick={props.onAgree}>
          {t("consent.agree")}
        </Button>
        <Button kind="plain" size="wide" onClick={props.onBack}>
          {t("consent.notNow")}
        </Button>
      </footer>
    </Screen>
  );
}
