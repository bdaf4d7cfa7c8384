import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon, Rich } from "../../ui";
import { isLocking } from "../../rules/red-flags";
import { dangerIn } from "../checkin/danger";
import { adviceOf, advised, callsEmergency, type Sign } from "../checkin/signs";
import { askOf, textOf } from "../checkin/SignList";
import { tc } from "../checkin/t";
import "../checkin/redflag.css";
import { tellClinic } from "../checkin/wrong";
import { adviceRead, backgroundSync, checkins, entries, own, plan, reachable } from "../state";
import { firstName } from "../store/names";
import { tel } from "../tel";
import { Screen, useHeadlineFocus } from "./parts";

/** Whoever thinks of harming themselves is given a number, not a text to read out. */
const UNSCRIPTED = new Set(["RF13"]);

/**
 * A warning sign: what to do first, whom to call, and nothing that could be taken for exercising. It stands in front of
 * the app at every opening until a clinician has unlocked, and needs no network.
 */
export function RedFlag(): JSX.Element {
  const payload = plan.value!.payload;
  const locks = own.value.filter((one) => one.kind === "red_flag");
  const signs = advised(payload.red_flags, locks.length > 0 ? locks.flatMap((one) => one.signs) : reportedElsewhere());
  const [first, ...more] = signs;
  const entry = entries.value.find((one) => one.id === locks.at(-1)?.entry);
  const [wrong, setWrong] = useState(false);
  useHeadlineFocus(first?.id);
  return (
    <Screen class="red">
      <main>
        <p class="kick">
          <Icon name="warn" />
          {tc("alarm.kick")}
        </p>
        {first ? <First sign={first} /> : <Unknown clinic={payload.clinic.name} />}
        <Calls clinic={payload.clinic} emergencyFirst={first === undefined || callsEmergency(first)} />
        {first && callsEmergency(first) && !UNSCRIPTED.has(first.id) && <Script sign={first} />}
        {more.length > 0 && (
          <section>
            <p>{tc("alarm.also")}</p>
            {more.map((sign) => (
              <p key={sign.id} class="say" lang={textOf(sign).lang}>
                {textOf(sign).text}
              </p>
            ))}
          </section>
        )}
        <Facts sent={entry && entry.state !== "waiting" && entry.state !== "aside"} seenBy={entry?.seenBy ?? null} />
      </main>
      <footer class="foot last">
        {locks.length > 0 && (
          <Button class="ghost" size="wide" onClick={() => setWrong(true)}>
            {tc("alarm.wrong")}
          </Button>
        )}
        <Button kind="plain" class="on-red" onClick={() => (adviceRead.value = true)}>
          {tc("alarm.toApp")}
        </Button>
      </footer>
      {wrong && <Wrong entry={locks.at(-1)!.entry} onClose={() => setWrong(false)} />}
    </Screen>
  );
}

/** The newest sign in a check-in of another phone; none when the clinic put it on record itself. */
function reportedElsewhere(): readonly string[] {
  const signs = checkins.value.map((one) => dangerIn({ ...one, type: "checkin" }).signs);
  return signs.filter((some) => some.some(isLocking)).at(-1) ?? [];
}

function First({ sign }: { sign: Sign }): JSX.Element {
  const { text, lang } = textOf(sign);
  const { lead, why, never } = adviceOf(sign.id, text);
  return (
    <div class="first-aid" lang={lang}>
      <h1>{lead}</h1>
      {why.length > 0 && <p class="say">{why.join(" ")}</p>}
      {never.length > 0 && (
        <ul>
          {never.map((sentence) => (
            <li key={sentence}>
              <Icon name="close" />
              <b>{sentence}</b>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The lock came from elsewhere: which sign it was is known to the clinic, not to this phone. */
function Unknown({ clinic }: { clinic: string }): JSX.Element {
  return (
    <>
      <h1>{tc("alarm.title")}</h1>
      <p class="say">{tc("alarm.unknown", { clinic })}</p>
    </>
  );
}

interface Clinic {
  readonly name: string;
  readonly phone: string;
  readonly hours: string;
  readonly emergency: string;
}

function Calls({ clinic, emergencyFirst }: { clinic: Clinic; emergencyFirst: boolean }): JSX.Element {
  const emergency = { number: clinic.emergency, text: tc("alarm.call", { number: clinic.emergency }) };
  const ofClinic = { number: clinic.phone, text: tc("alarm.callClinic", { clinic: clinic.name }) };
  const both = (emergencyFirst ? [emergency, ofClinic] : [ofClinic, emergency]).filter((one) => one.number !== "");
  return (
    <div class="alarm-calls">
      {both.map(({ number, text }, at) => (
        <a key={number} class={at === 0 ? "btn alarm-call" : "btn alarm-call second"} href={tel(number)}>
          <Icon name="call" />
          {text}
        </a>
      ))}
      {clinic.hours && clinic.phone && (
        <p class="small">{tc("alarm.hours", { clinic: clinic.name, hours: clinic.hours })}</p>
      )}
    </div>
  );
}

/** For whoever has no words now. The sign is said as it was asked. */
function Script({ sign }: { sign: Sign }): JSX.Element {
  const { text, lang } = askOf(sign);
  return (
    <div class="script">
      <p class="small">{tc("alarm.say")}</p>
      <p>
        <Rich text={tc("alarm.script", { sign: text })} lang={lang} />
      </p>
    </div>
  );
}

function Facts({ sent, seenBy }: { sent: boolean | undefined; seenBy: string | null }): JSX.Element {
  const clinic = plan.value!.payload.clinic.name;
  const unsent = backgroundSync.value && !reachable.value ? "alarm.unsent" : "alarm.unsentOpen";
  const told =
    sent === undefined
      ? tc("alarm.unwatched")
      : !sent
        ? `${tc(unsent)} ${tc("alarm.unwatched")}`
        : seenBy
          ? tc("alarm.seen", { name: firstName(seenBy) })
          : tc("alarm.sent");
  return (
    <div class="told">
      <p class="line wl">
        <Icon name="lock" />
        <span>{tc("alarm.paused", { clinic })}</span>
      </p>
      <p class="line wl" role="status">
        <Icon name={sent ? "check" : "device"} />
        <span>{told}</span>
      </p>
    </div>
  );
}

/** A slip of the finger does not open the exercises again; it can be told, and one call settles it. */
function Wrong({ entry, onClose }: { entry: string; onClose: () => void }): JSX.Element {
  const { clinic } = plan.value!.payload;
  const [told, setTold] = useState(false);
  const tell = async (): Promise<void> => {
    await tellClinic(entry, tc("alarm.wrongMessage"));
    setTold(true);
  };
  return (
    <Dialog
      title={tc("alarm.wrongTitle")}
      onClose={onClose}
      actions={
        <>
          {clinic.phone && (
            <a class="btn primary" href={tel(clinic.phone)}>
              <Icon name="call" />
              {tc("alarm.callClinic", { clinic: clinic.name })}
            </a>
          )}
          {!told && <Button onClick={() => void tell()}>{tc("alarm.wrongTell")}</Button>}
          <Button kind="plain" onClick={onClose}>
            {tc("back")}
          </Button>
        </>
      }
    >
      <p role="status">{told ? tc("alarm.wrongTold") : tc("alarm.wrongMore", { clinic: clinic.name })}</p>
    </Dialog>
  );
}

