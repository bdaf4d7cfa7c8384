import type { JSX } from "preact";
import { formatDate } from "../../i18n/format";
import { entries, progress } from "../state";
import { factsOf, type ShownFact } from "./checkin";
import { sayFact, scoreLines } from "./facts";
import { tp } from "./words";

/** Every fact as it is, better or worse, in the ranges that were asked; and what the scores mean, in plain words. */
export function ChangedCard(): JSX.Element | null {
  const facts = factsOf(progress.value, entries.value);
  const scores = scoreLines(progress.value?.payload.outcomes?.scores ?? []);
  if (facts.length + scores.length === 0) return null;
  return (
    <section class="card changed">
      <h2>{tp("changed")}</h2>
      <dl>
        {facts.map((fact) => (
          <Line
            key={fact.id}
            {...sayFact(fact)}
            says={tp(`way.${fact.way}`)}
            worse={fact.way === "worse"}
          />
        ))}
        {scores.map((one) => (
          <Line
            key={one.instrument}
            name={tp(`score.${one.instrument}`)}
            range={one.range}
            read={one.range}
            says={one.meaning}
            worse={one.worse}
          />
        ))}
      </dl>
      <Since facts={facts} />
    </section>
  );
}

function Line(props: {
  name: string;
  range: string;
  read: string;
  says: string | null;
  worse: boolean;
}): JSX.Element {
  return (
    <div class="ch">
      <dt>{props.name}</dt>
      <dd>
        <span aria-hidden="true" class="num">
          {props.range}
        </span>
        <span class="vh">{props.read}</span>
        {props.says && <span class={props.worse ? "chip feel" : "way"}>{props.says}</span>}
      </dd>
    </div>
  );
}

function Since({ facts }: { facts: readonly ShownFact[] }): JSX.Element | null {
  if (facts.length === 0) return null;
  const dates = facts.map((fact) => fact.from_date).sort();
  const last = facts.map((fact) => fact.to_date).sort();
  const say = (date: string): string => formatDate(date, { day: "numeric", month: "long" });
  return <p class="small quiet">{tp("changed.since", { from: say(dates[0]!), to: say(last.at(-1)!) })}</p>;
}
