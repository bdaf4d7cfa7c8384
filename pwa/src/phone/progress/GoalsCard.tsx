import type { JSX } from "preact";
import { formatDate } from "../../i18n/format";
import { Icon } from "../../ui";
import { entries, progress } from "../state";
import { dateShown } from "../store/time";
import { goalsOf } from "./goals";
import { tp } from "./words";

/** Goals in the person's own words; each opens to be changed or marked as reached. */
export function GoalsCard(): JSX.Element {
  const goals = goalsOf(progress.value, entries.value);
  return (
    <section class="card goals">
      <h2>{tp("goals")}</h2>
      {goals.length === 0 && <p class="quiet">{tp("goals.none")}</p>}
      <ul>
        {goals.map(({ id, text, done_at, attention }) => (
          <li key={id}>
            <a class="row" href={attention ? `/entry/${id}` : `/goal/${id}`}>
              <span class={done_at ? "mark done" : "mark"}>{done_at && <Icon name="check" />}</span>
              <span class="grow">
                <strong>{text}</strong>
                {done_at && <small>{tp("goals.reachedOn", { day: sayDate(done_at) })}</small>}
                {attention && <small>{tp("goals.attention")}</small>}
              </span>
              <Icon name="next" small />
            </a>
          </li>
        ))}
      </ul>
      <a class="btn wide" href="/goal">
        <Icon name="plus" />
        {tp("goals.new")}
      </a>
    </section>
  );
}

function sayDate(instant: string): string {
  return formatDate(dateShown(instant), { day: "numeric", month: "long" });
}
