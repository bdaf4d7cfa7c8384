import type { JSX } from "preact";
import type { Instant } from "../../api/types";
import { clockTime, weekday } from "../../i18n/format";
import { Icon, Rich, type IconName } from "../../ui";
import { plan } from "../state";
import { firstName } from "../store/names";
import { AboutCard } from "./AboutCard";
import { shownOn, type Line, type Standing } from "./thread";
import { tm } from "./words";

/** One message. `fresh`: it came unread, and is marked as new while the screen is open. */
export function Bubble({ line, fresh }: { line: Line; fresh: boolean }): JSX.Element {
  return (
    <article class={line.own ? "msg mine" : "msg"} data-message={line.id}>
      {line.about && <AboutCard about={line.about} />}
      <div class={line.own ? "b me" : "b"}>
        <p>{line.body}</p>
      </div>
      <p class={line.standing === "phone" ? "st strong" : "st"}>
        {fresh && <span class="chip feel">{tm("new")}</span>}
        {line.standing === null ? from(line) : <Stands line={line} standing={line.standing} />}
      </p>
    </article>
  );
}

/** Whose it is: said always to a screen reader, on the screen only when it is not the therapist above. */
function from(line: Line): JSX.Element {
  const said = tm("by", { name: line.name ?? "", time: clockTime(line.at) });
  if (line.name === plan.value?.payload.therapist)
    return (
      <>
        <span aria-hidden="true">{clockTime(line.at)}</span>
        <span class="vh">{said}</span>
      </>
    );
  return <span>{said}</span>;
}

const ICONS: Readonly<Record<Standing, IconName>> = { phone: "device", sent: "check", seen: "eye", attention: "warn" };

function Stands({ line, standing }: { line: Line; standing: Standing }): JSX.Element {
  return (
    <>
      {line.name !== null ? (
        <span>{tm("by", { name: line.name, time: clockTime(line.at) })}</span>
      ) : (
        <span class="vh">{tm("you", { time: clockTime(line.at) })}</span>
      )}
      <Icon name={ICONS[standing]} small />
      {standing === "attention" ? (
        <a href={`/entry/${line.id}`}>
          <Rich text={tm("attention")} />
        </a>
      ) : (
        <span>{words(line, standing)}</span>
      )}
    </>
  );
}

function words({ seenAt, seenBy, at }: Line, standing: "phone" | "sent" | "seen"): string {
  if (standing !== "seen" || seenAt === null) return tm(standing === "phone" ? "phone" : "sent");
  const time = sayWhen(seenAt, at);
  return seenBy ? tm("seen", { name: firstName(seenBy), time }) : tm("seenUnknown", { time });
}

/** The hour; with the day when it was another one. */
function sayWhen(seenAt: Instant, at: Instant): string {
  const date = shownOn(seenAt);
  return date === shownOn(at) ? clockTime(seenAt) : `${weekday(date, "short")} ${clockTime(seenAt)}`;
}
