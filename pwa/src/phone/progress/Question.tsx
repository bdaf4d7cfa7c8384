import type { JSX } from "preact";
import { Button, PainScale } from "../../ui";
import { Names } from "./Names";
import {
  answerTo,
  named,
  NAMES,
  withAnswer,
  type Instrument,
  type OutcomeDraft,
  type PainMoment,
} from "./outcomes";
import { to } from "./outcomeWords";
import { sayValue, Scale } from "./Scale";

const ZERO_TO_TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const GROC = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5];

export interface QuestionProps {
  readonly draft: OutcomeDraft;
  readonly question: string;
  readonly onChange: (make: (draft: OutcomeDraft) => OutcomeDraft) => void;
}

/** The question that is open now. */
export function Question({ draft, question, onChange }: QuestionProps): JSX.Element {
  const [instrument, part] = question.split(".") as [Instrument, string];
  const value = answerTo(draft, question);
  const answer = (score: number): void => onChange((now) => withAnswer(now, question, score));
  if (question === NAMES) return <Names draft={draft} onChange={onChange} />;
  if (instrument === "nprs") {
    const ask = to(`pain.${part as PainMoment}`);
    return (
      <section>
        <h2 class="q">{ask}</h2>
        <PainScale label={ask} value={value} onChange={answer} />
      </section>
    );
  }
  if (instrument === "groc") {
    return (
      <section>
        <h2 class="q">{to("since.ask")}</h2>
        <Scale
          values={GROC}
          zero={to("since.zero")}
          label={to("since.group")}
          ends={[to("since.worst"), to("since.best")]}
          value={value}
          onChange={answer}
          signed
        />
      </section>
    );
  }
  const activity = draft.psfs.activities[Number(part)]!.text;
  return (
    <section>
      <p class="quiet">{to("do.rate")}</p>
      <h2 class="q">{activity}</h2>
      <Scale
        values={ZERO_TO_TEN}
        zero={to("do.zero")}
        label={to("do.group", { activity })}
        ends={["", to("do.ten")]}
        value={value}
        onChange={answer}
      />
    </section>
  );
}

/** What was said stays in view as one line with "Change". */
export function Said({ draft, question, onReopen }: Omit<QuestionProps, "onChange"> & { onReopen: () => void }): JSX.Element {
  const value = answerTo(draft, question);
  const signed = question.startsWith("groc");
  return (
    <div class="card said">
      <p class="grow">
        {name(draft, question)}{" "}
        {question !== NAMES && <b>{value === null ? to("noAnswer") : sayValue(value, signed)}</b>}
      </p>
      <Button kind="plain" class="change" onClick={onReopen}>
        {to("change")}
      </Button>
    </div>
  );
}

function name(draft: OutcomeDraft, question: string): string {
  if (question === NAMES) return named(draft).map((one) => one.text).join(", ");
  const [instrument, part] = question.split(".") as [Instrument, string];
  if (instrument === "nprs") return to(`said.${part as PainMoment}`);
  return instrument === "groc" ? to("since.title") : draft.psfs.activities[Number(part)]!.text;
}
