import type { JSX } from "preact";
import { Button, Field } from "../../ui";
import { MOST_ACTIVITIES, type Activity } from "./outcomes";
import { to } from "./outcomeWords";
import type { QuestionProps } from "./Question";

/** CLINICAL.md D.4's examples; the person's own words are what counts. */
const EXAMPLES = ["sit", "walk", "stairs", "shoes", "drive"] as const;
const MOST_LETTERS = 120;

/** What is hard, in the person's own words; a tap on an example writes it into the next empty line. */
export function Names({ draft, onChange }: Pick<QuestionProps, "draft" | "onChange">): JSX.Element {
  const activities = draft.psfs.activities;
  const change = (make: (now: readonly Activity[]) => readonly Activity[]): void =>
    onChange((now) => ({ ...now, psfs: { activities: make(now.psfs.activities) } }));
  const rename = (index: number, text: string): void => change((now) => renamed(now, index, text));
  const add = (text: string): void => change((now) => added(now, text));
  const take = (text: string): void =>
    change((now) => {
      const empty = now.findIndex((one) => one.text.trim() === "");
      return empty >= 0 ? renamed(now, empty, text) : added(now, text);
    });
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

function renamed(activities: readonly Activity[], index: number, text: string): readonly Activity[] {
  return activities.map((one, at) => (at === index ? { ...one, text } : one));
}

function added(activities: readonly Activity[], text: string): readonly Activity[] {
  return activities.length < MOST_ACTIVITIES ? [...activities, { text, score: null }] : activities;
}
