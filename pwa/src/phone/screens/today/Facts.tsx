import type { JSX } from "preact";
import { formatDate, weekday } from "../../../i18n/format";
import { Banner, Icon, Rich, Trail, type TrailState } from "../../../ui";
import {
  attention,
  entries,
  plan,
  reachable,
  readyUntil,
  session,
  stop,
  therapist,
  today,
  unsentCount,
} from "../../state";
import type { Entry } from "../../store/entry";
import { firstName } from "../../store/names";
import { addDays, daysBetween, localDate } from "../../store/time";
import { t } from "../../t";

/** After this many days without an answer the phone says how old its plan is. */
const OLD_PLAN_DAYS = 14;
/** The trail speaks of what was logged in the last days, not of the whole history. */
const TRAIL_DAYS = 7;

/** The quiet truth about saving: what waits, what was sent, what was seen, and until when no network is needed. */
export function Facts(): JSX.Element {
  const trail = trailState(entries.value);
  return (
    <div class="facts">
      <Waiting />
      {trail && <Trail state={trail} seenBy={(trail === "seen" ? lastSeer(entries.value) : null) ?? therapist.value} />}
      <ReadyLine />
      <PlanAge />
    </div>
  );
}

/** What the person must do something about, above everything else. */
export function Urgent(): JSX.Element {
  return (
    <>
      <Attention />
      <SignInAgain />
    </>
  );
}

/** Who really looked, which may be a colleague who stands in. */
function lastSeer(all: readonly Entry[]): string | null {
  const seen = all.filter((entry) => entry.seenBy !== null);
  seen.sort((a, b) => (b.seenAt ?? "").localeCompare(a.seenAt ?? ""));
  return seen[0]?.seenBy ? firstName(seen[0].seenBy) : null;
}

function trailState(all: readonly Entry[], now = Date.now()): TrailState | null {
  const since = now - TRAIL_DAYS * 86_400_000;
  const recent = all.filter(
    (entry) =>
      entry.item.type !== "void" && (entry.state === "waiting" || (entry.state === "sent" && entry.savedAt >= since)),
  );
  if (recent.length === 0) return null;
  if (recent.some((entry) => entry.state === "waiting")) return "phone";
  return recent.every((entry) => entry.seenAt !== null) ? "seen" : "sent";
}

function Attention(): JSX.Element | null {
  const count = attention.value.length;
  if (count === 0) return null;
  const reason = attention.value[0]?.errors[0]?.detail ?? "";
  return (
    <Banner tone="feel" icon="warn" role="status">
      <p>
        <Rich text={t("facts.attention", { count })} /> {reason}{" "}
        <a href={`/entry/${attention.value[0]!.id}`}>{t("facts.show")}</a>
      </p>
    </Banner>
  );
}

export function SignInAgain(): JSX.Element | null {
  if (session.value !== "ended" && stop.value === null) return null;
  return (
    <Banner icon="key" role="status">
      <p>
        {session.value === "ended" ? t("facts.signIn") : stop.value!.detail}{" "}
        <a href="/sign-in">{t("facts.signInLink")}</a>
      </p>
    </Banner>
  );
}

function Waiting(): JSX.Element | null {
  const count = unsentCount.value;
  if (!reachable.value) {
    return (
      <p class="line strong" role="status">
        <Icon name="offline" small />
        {count > 0 ? t("facts.offlineWaiting", { count }) : t("facts.offline")}
      </p>
    );
  }
  return null;
}

function ReadyLine(): JSX.Element | null {
  const until = readyUntil.value;
  if (until === null || until < today.value) return null;
  const soon = daysBetween(today.value, until) < 7;
  const day = soon ? weekday(until) : formatDate(until, { day: "numeric", month: "long" });
  return (
    <p class="line">
      <Icon name="download" small />
      {soon ? t("facts.ready", { day }) : t("facts.readyDate", { day })}
    </p>
  );
}

function PlanAge(): JSX.Element | null {
  const confirmed = plan.value?.confirmedAt;
  if (confirmed === undefined) return null;
  const date = localDate(new Date(confirmed));
  if (date > addDays(today.value, -OLD_PLAN_DAYS)) return null;
  return (
    <p class="line strong">
      <Icon name="clock" small />
      {t("facts.planAge", { day: formatDate(date, { day: "numeric", month: "long" }) })}
    </p>
  );
}
