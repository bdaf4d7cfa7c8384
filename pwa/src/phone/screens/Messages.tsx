import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { formatDate } from "../../i18n/format";
import { Empty, Icon, Rich, Skeleton } from "../../ui";
import { fetchMessages, markShown } from "../actions";
import { Bubble } from "../messages/Bubble";
import { Compose } from "../messages/Compose";
import "../messages/messages.css";
import { threadOf } from "../messages/thread";
import { useShown } from "../messages/useShown";
import { tm } from "../messages/words";
import { entries, mayCome, messages, plan, reachable, seenMessages, session, therapist, today, unread } from "../state";
import { daysBetween, localDate } from "../store/time";
import { tel } from "../tel";
import { Screen, Tabs } from "./parts";
import { SignInAgain } from "./today/Facts";

/** How often the open conversation asks for an answer. */
const ASK_MS = 30_000;
/** After this many days without an answer of the server the list says how old it is. */
const OLD_DAYS = 1;

/** With the therapist: written offline, sent later; read marks both ways; never read day and night, and it says so. */
export function Messages(): JSX.Element {
  const isFresh = useFresh();
  const days = threadOf(messages.value, entries.value, seenMessages.value);
  const count = days.reduce((sum, day) => sum + day.lines.length, 0);
  const end = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => end.current?.scrollIntoView({ block: "end" }), [count]);
  useShown(unread.value, (ids) => void markShown(ids));
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState === "visible") void fetchMessages();
    };
    ask();
    const timer = setInterval(ask, ASK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Screen class="messages">
      <Who />
      <main tabIndex={0}>
        <SignInAgain />
        {count === 0 && messages.value !== null && <Nothing />}
        {count === 0 && messages.value === null && mayCome("messages") && <Skeleton lines={3} />}
        <Age />
        {days.map(({ date, lines }) => (
          <section key={date} class="day" aria-label={sayDay(date)}>
            <h2 class="dayl">{sayDay(date)}</h2>
            {lines.map((line) => (
              <Bubble key={line.id} line={line} fresh={isFresh(line.id)} />
            ))}
          </section>
        ))}
        <div ref={end} />
      </main>
      <footer class="foot">
        <Watched />
        <Compose />
      </footer>
      <Tabs here="messages" />
    </Screen>
  );
}

/** What was unread when it came stays marked as new while the screen is open. */
function useFresh(): (id: string) => boolean {
  const fresh = useRef(new Set<string>());
  for (const id of unread.value) fresh.current.add(id);
  return (id) => fresh.current.has(id);
}

function Who(): JSX.Element {
  const payload = plan.value?.payload;
  const name = payload?.therapist ?? therapist.value;
  const clinic = payload?.clinic;
  return (
    <header class="who">
      <h1>{name ?? tm("title")}</h1>
      {clinic && (
        <p class="quiet small">
          {clinic.name}
          {clinic.hours && `. ${tm("hours", { hours: clinic.hours })}`}
        </p>
      )}
    </header>
  );
}

function Nothing(): JSX.Element {
  const name = therapist.value;
  return (
    <Empty icon="message" title={tm("empty")}>
      {name ? tm("emptyMore", { name }) : tm("emptyMoreClinic")}
    </Empty>
  );
}

/** Always there: a message is not a call for help. */
function Watched(): JSX.Element {
  const clinic = plan.value?.payload.clinic;
  return (
    <div class="watched">
      <p class="line">
        <Icon name="warn" small />
        <span>
          <Rich text={tm("watched")} />
        </span>
      </p>
      <p class="calls">
        {clinic?.phone && (
          <a class="btn plain" href={tel(clinic.phone)}>
            <Icon name="call" small />
            {tm("callClinic")}
          </a>
        )}
        {clinic && (
          <a class="btn plain" href={tel(clinic.emergency)}>
            <Icon name="call" small />
            {tm("callEmergency", { number: clinic.emergency })}
          </a>
        )}
      </p>
      {!reachable.value && (
        <p class="line strong" role="status">
          <Icon name="offline" small />
          {tm("offline")}
        </p>
      )}
    </div>
  );
}

function Age(): JSX.Element | null {
  const stored = messages.value;
  if (stored === null) {
    // Whoever is signed out is asked to sign in, above.
    if (session.value === "ended") return null;
    return (
      <p class="line">
        <Icon name="clock" small />
        {tm("fetching")}
      </p>
    );
  }
  const date = localDate(new Date(stored.fetchedAt));
  if (daysBetween(date, today.value) < OLD_DAYS) return null;
  return (
    <p class="line">
      <Icon name="clock" small />
      {tm("old", { day: formatDate(date, { day: "numeric", month: "long" }) })}
    </p>
  );
}

function sayDay(date: string): string {
  if (date === today.value) return tm("today");
  const year = date.slice(0, 4) === today.value.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return formatDate(date, { weekday: "long", day: "numeric", month: "long", ...year }).replaceAll(",", "");
}
