import type { JSX } from "preact";
import { longDay } from "../../i18n/format";
import { isSession, prescriptionsOf } from "../plan/day";
import { sayDose } from "../plan/dose";
import { Clinical, Figure } from "../screens/parts";
import { entries, plan } from "../state";
import { dateShown } from "../store/time";
import type { About } from "./thread";
import { tm } from "./words";

/** What a message speaks of: the exercise with its figure and dose, a session by its day. */
export function AboutCard({ about }: { about: About }): JSX.Element {
  const found = about.type === "prescription" ? prescribed(about.id) : null;
  if (found === null) return <p class="small quiet">{tm("about", { what: sayAbout(about) })}</p>;
  const { prescription, exercise } = found;
  return (
    <div class="b at">
      <span class="thumb">
        <Figure exercise={exercise} side={prescription.dose.side} kind="thumb" />
      </span>
      <p>
        <b>
          <Clinical exercise={exercise}>{exercise.name}</Clinical>
        </b>
        <br />
        <span class="quiet">{sayDose(prescription.dose)}</span>
      </p>
    </div>
  );
}

export function sayAbout(about: About): string {
  if (about.type === "prescription") return prescribed(about.id)?.exercise.name ?? tm("aboutUnknown");
  if (about.type === "checkin") return tm("aboutCheckin");
  if (about.type === "pain") return tm("aboutPain");
  const entry = entries.value.find((one) => one.id === about.id);
  return entry && isSession(entry)
    ? tm("aboutSession", { day: longDay(dateShown(entry.item.performed_at)) })
    : tm("aboutSessionUnknown");
}

function prescribed(id: string) {
  for (const one of plan.value?.payload.plans ?? []) {
    const prescription = prescriptionsOf(one).get(id);
    const exercise = prescription && plan.value!.payload.exercises[prescription.exercise];
    if (prescription && exercise) return { prescription, exercise };
  }
  return null;
}
