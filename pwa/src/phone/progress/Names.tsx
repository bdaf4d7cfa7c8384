import type { JSX } from "preact";
import { Button, Field } from "../../ui";
import { MOST_ACTIVITIES, type Activity, type OutcomeDraft } from "./outcomes";
import { to } from "./outcomeWords";

/** CLINICAL.md D.4's examples; the person's own words are what counts. */
const EXAMPLES = ["sit", "walk", "stairs", "shoes", "drive"] as const;
const MOST_LETTERS = 120;

/** What is hard, in the person's own words; a tap on an example writes it into the next empty line. */
export function Names({ draft, onChange }: { draft: OutcomeDraft; onChange: (draft: OutcomeDraft) => void }): JSX.Element {
  const activities = draft.psfs.activities;
  const change = (next: readonly Activity[]): void => onChange({ ...draft, psfs: { activities: next } });
  const rename = (index: number, text: string): void =>
    change(activities.map((one, at) => (at === index ? { ...one, text } : one)));
  const add = (text: string): void => change([...activities, { text, score: null }]);
  const take = (text: string): void => {
    const empty = activities.findIndex((one) => one.text.trim() === "");
    if (empty >= 0) rename(empty, text);
    else if (activities.length < MOST_ACTIVITIES) add(text);
  };
  const unused = EXAMPLES.map((one) => to(`example.${one}`)).filter((text) => !activities.some((one) => one.text === text));
  return (
    <section class="names">
      <h2>{to("do.name")}</h2>
      {activities.map((one, index) => (
        <Field
          key={index}
          label={to("do.field", { n: index + 1 })}
          maxLength={MOST_LETTERS}
          value={one.text}
          onInput={(text) => rename(index, text)}
        />
      ))}
      {activities.length < MOST_ACTIVITIES && (
        <Button kind="plain" icon="plus" onClick={() => add("")}>
          {to("do.add")}
        </Button>
      )}
      <p class="quiet">{to("do.nameMore")}</p>
      <div class="skips">
        {unused.map((text) => (
          <button key={text} type="button" class="chip" onClick={() => take(text)}>
            {text}
          </button>
        ))}
      </div>
    </section>
  );
}
