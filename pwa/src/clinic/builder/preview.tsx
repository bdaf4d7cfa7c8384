import type { JSX } from "preact";
import { Ring } from "../../ui";
import { Figure } from "../parts/figure";
import { t } from "../t";
import type { Exercise, Phase, Side, Weekday } from "../types";
import { doseText, weekdayName } from "../words";
import { seconds } from "./burden";
import { onWeekday } from "./frequency";

/** What the phone will show on one weekday of a phase, small and inert. */
export function PhonePreview(props: { phase: Phase; day: Weekday; side: Side | null; exercises: ReadonlyMap<string, Exercise> }): JSX.Element {
  const { phase, day, exercises } = props;
  const due = phase.prescriptions.filter((item) => onWeekday(item.frequency, day) > 0 && !item.optional_if);
  const minutes = Math.max(1, Math.round(due.reduce((sum, item) => sum + seconds(item, exercises.get(item.exercise)), 0) / 60));
  const first = due[0] && exercises.get(due[0].exercise)?.name;
  return (
    <div class="pv" inert aria-hidden="true">
      <div class="phone">
        <div class="pv-head">
          <div>
            <p class="quiet">{t("preview.day", { day: weekdayName(day, "long"), n: phase.n })}</p>
            <h1>{due.length === 0 ? t("preview.rest") : t("preview.to_go", { count: due.length, minutes })}</h1>
          </div>
          <Ring done={0} of={due.length} label="">
            0<em>{t("preview.of", { n: due.length })}</em>
          </Ring>
        </div>
        <ul class="list">
          {due.map((item, index) => (
            <li key={item.id} class={index === 0 ? "row is-next" : "row"}>
              <span class="thumb">
                <Figure exercise={exercises.get(item.exercise)} left={item.dose.side === "left" || (item.dose.side === "affected" && props.side === "left")} />
              </span>
              <span class="grow">
                <strong>{exercises.get(item.exercise)?.name}</strong>
                <small>{doseText(resolveSide(item.dose, props.side))}</small>
              </span>
              <span class="mark" />
            </li>
          ))}
        </ul>
        {first && (
          <span class="btn primary big start">
            {t("preview.start")}
            <small>{t("preview.next", { name: first })}</small>
          </span>
        )}
      </div>
    </div>
  );
}

/** "Affected" becomes the patient's side, as on the phone. */
function resolveSide<D extends { side: string }>(dose: D, side: Side | null): D {
  return dose.side === "affected" && side && side !== "both" ? { ...dose, side } : dose;
}
