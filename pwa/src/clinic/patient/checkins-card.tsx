import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../ui";
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
  const sorted = [...checkins].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <section class="card" aria-labelledby="checkins">
      <h2 id="checkins">{t("checkins")}</h2>
      <ul class="chk">
        {(all ? sorted : sorted.slice(0, AT_FIRST)).map((checkin) => (
          <Row key={checkin.id} checkin={checkin} watch={watch(checkin.id, checkin.seen_at !== null)} />
        ))}
      </ul>
      {!all && sorted.length > AT_FIRST && <Button kind="plain" onClick={() => setAll(true)}>{t("sessions.all", { count: sorted.length })}</Button>}
    </section>
  );
}

function Row({ checkin, watch }: { checkin: Checkin; watch: (node: Element | null) => void }): JSX.Element {
  const { alarm, facts } = checkinWords(checkin);
  return (
    <li class={alarm.length > 0 ? "hit" : ""} ref={watch}>
      <span class="quiet">{dayAndDate(checkin.local_date)}</span>
      <span>
        {alarm.length > 0 && <b>{alarm.join("; ")}. </b>}
        {facts.length > 0 ? `${facts.join(". ")}.` : alarm.length === 0 && <span class="quiet">{t("checkin.nothing")}</span>}
      </span>
    </li>
  );
}
