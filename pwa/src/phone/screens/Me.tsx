import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { LANGUAGES, language, type Language } from "../../i18n/core";
import { longDay } from "../../i18n/format";
import { Button, Dialog, Icon, Seg } from "../../ui";
import { chooseLanguage, sendAsked, setSound, signOut, switchPerson } from "../actions";
import { isSession } from "../plan/day";
import { attention, draft, people, person, sound, unsentCount } from "../state";
import type { Entry } from "../store/entry";
import { dateShown } from "../store/time";
import { t } from "../t";
import { entryName } from "./entryName";
import { ReminderRows } from "./me/ReminderRows";
import { Screen, Tabs } from "./parts";
import { SignInAgain } from "./today/Facts";

/** A language is called by its own name, whatever the app speaks now. */
const OWN_NAME: Readonly<Record<Language, string>> = { en: "English", es: "Español" };

export function Me(): JSX.Element {
  const [asking, setAsking] = useState(false);
  const { route } = useLocation();
  const waiting = unsentCount.value + (draft.value ? 1 : 0);
  return (
    <Screen>
      <main class="me">
        <h1>{t("me.title")}</h1>
        <AttentionList />
        <SignInAgain />
        <Persons onSwitched={() => route("/")} />
        <ReminderRows />
        <section class="card set">
          <h2 id="me-language">
            <Icon name="globe" />
            {t("me.language")}
          </h2>
          <Seg
            label={t("me.language")}
            choices={LANGUAGES.map((value) => ({ value, text: <span lang={value}>{OWN_NAME[value]}</span> }))}
            value={language.value}
            onChange={(next) => next && void chooseLanguage(next)}
          />
        </section>
        <ul class="list">
          <li class="row">
            <Icon name={sound.value ? "sound" : "mute"} />
            <span class="grow">
              <strong id="me-sound">{t("me.sound")}</strong>
              <small>{t("me.soundMore")}</small>
            </span>
            <button
              type="button"
              class={sound.value ? "switch on" : "switch"}
              role="switch"
              aria-checked={sound.value}
              aria-labelledby="me-sound"
              onClick={() => void setSound(!sound.value)}
            />
          </li>
        </ul>
        <Button size="wide" icon="signout" onClick={() => setAsking(true)}>
          {t("me.signOut")}
        </Button>
        {waiting > 0 && (
          <p class="line unsent">
            <Icon name="warn" small />
            {t("me.unsent", { count: waiting })}
          </p>
        )}
      </main>
      <Tabs here="me" />
      {asking && <SignOutDialog waiting={waiting} onClose={() => setAsking(false)} />}
    </Screen>
  );
}

function AttentionList(): JSX.Element | null {
  if (attention.value.length === 0) return null;
  return (
    <section>
      <h2>{t("me.attention")}</h2>
      <ul class="list attention">
        {attention.value.map((entry) => (
          <li key={entry.id}>
            <a class="row" href={`/entry/${entry.id}`}>
              <Icon name="warn" />
              <span class="grow">
                <strong>{titleOf(entry)}</strong>
                <small>{entry.errors[0]?.detail ?? t("entry.held")}</small>
              </span>
              <Icon name="next" small />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function titleOf(entry: Entry): string {
  return isSession(entry) ? t("me.sessionOf", { day: longDay(dateShown(entry.item.performed_at)) }) : entryName(entry);
}

/** Only when this account reaches several: each has a plan and an outbox of their own. */
function Persons({ onSwitched }: { onSwitched: () => void }): JSX.Element | null {
  if (people.value.length < 2) return null;
  return (
    <section>
      <h2>{t("me.people")}</h2>
      <ul class="list">
        {people.value.map((one) => {
          const here = one.id === person.value?.id;
          return (
            <li key={one.id}>
              <button
                type="button"
                class="row"
                aria-current={here ? "true" : undefined}
                onClick={() => !here && void switchPerson(one).then(onSwitched)}
              >
                <Icon name="person" />
                <span class="grow">
                  <strong>{one.name}</strong>
                  <small>{t(one.relation === "self" ? "me.self" : "me.carer")}</small>
                </span>
                {here && <Icon name="check" />}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Names what is at stake, and offers the way to lose nothing first. */
function SignOutDialog({ waiting, onClose }: { waiting: number; onClose: () => void }): JSX.Element {
  const [stillThere, setStillThere] = useState(false);
  const sendFirst = async (): Promise<void> => {
    await sendAsked();
    if (unsentCount.value === 0 && draft.value === null) await signOut();
    else setStillThere(true);
  };
  return (
    <Dialog
      title={t("signOut.title")}
      onClose={onClose}
      actions={
        waiting > 0 ? (
          <>
            <Button kind="primary" onClick={() => void sendFirst()}>
              {t("signOut.sendFirst")}
            </Button>
            <Button kind="danger" onClick={() => void signOut()}>
              {t("signOut.lose")}
            </Button>
            <Button kind="plain" onClick={onClose}>
              {t("signOut.stay")}
            </Button>
          </>
        ) : (
          <>
            <Button kind="primary" onClick={() => void signOut()}>
              {t("me.signOut")}
            </Button>
            <Button kind="plain" onClick={onClose}>
              {t("signOut.stay")}
            </Button>
          </>
        )
      }
    >
      <p>{waiting > 0 ? t("signOut.unsent", { count: waiting }) : t("signOut.all")}</p>
      {stillThere && (
        <p role="alert" class="field-error">
          {t("signOut.notSent")}
        </p>
      )}
    </Dialog>
  );
}
