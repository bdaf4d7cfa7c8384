import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../ui";
import { capitalise } from "../../i18n/format";
import { addDays } from "../dates";
import { t } from "../t";
import type { Checkin } from "../types";
import { dayAndDate } from "../words";
import { checkinWords } from "./checkin-words";
import { useSeen } from "./use-seen";

const AT_FIRST = 8;

/** Check-ins, newest first, each in a line or two. */
export function CheckinsCard({ patientId, checkins }: { patientId: string; checkins: readonly Checkin[] }): JSX.Element | null {
  const [all, setAll] = useState(false);
  const watch = useSeen(patientId);
  if (checkins.length === 0) return null;
  const sorted = withGaps([...checkins].sort((a, b) => b.at.localeCompare(a.at)));
  return (
    <section class="card" aria-labelledby="checkins">
      <h2 id="checkins">{t("checkins")}</h2>
      <ul class="chk">
        {(all ? sorted : sorted.slice(0, AT_FIRST)).map((row) =>
          typeof row === "string" ? <NoAnswer key={row} text={row} /> : <Row key={row.id} checkin={row} watch={watch(row.id, row.seen_at !== null)} />,
        )}
      </ul>
      {!all && sorted.length > AT_FIRST && <Button kind="plain" onClick={() => setAll(true)}>{t("sessions.all", { count: checkins.length })}</Button>}
    </section>
  );
}

/** Silence between two check-ins is an answer too: one line for the days without any. */
function withGaps(sorted: readonly Checkin[]): (Checkin | string)[] {
  return sorted.flatMap((checkin, i) => {
    const newer = sorted[i - 1];
    const to = newer && addDays(newer.local_date, -1);
    const from = addDays(checkin.local_date, 1);
    if (!to || from > to) return [checkin];
    return [from === to ? dayAndDate(from) : t("checkins.days", { from: dayAndDate(from), to: dayAndDate(to) }), checkin];
  });
}

function NoAnswer({ text }: { text: string }): JSX.Element {
  return (
    <li>
      <span class="quiet">{text}</span>
      <span class="quiet">{t("checkin.nothing")}</span>
    </li>
  );
}

function Row({ checkin, watch }: { checkin: Checkin; watch: (node: Element | null) => void }): JSX.Element {
  const { alarm, facts } = checkinWords(checkin);
  return (
    <li class={alarm.length > 0 ? "hit" : ""} ref={watch}>
      <span class="quiet">{dayAndDate(checkin.local_date)}</span>
      <span>
        {alarm.length > 0 && <b>{capitalise(alarm.join("; "))}. </b>}
        {facts.length > 0 ? `${facts.join(". ")}.` : alarm.length === 0 && <span class="quiet">{t("checkin.nothing")}</span>}
      </span>
    </li>
  );
}
