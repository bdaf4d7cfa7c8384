import type { JSX } from "preact";
import { Button, Icon } from "../../ui";
import { t } from "../t";
import type { Weekday } from "../types";
import { weekdayName } from "../words";
import { heaviest, level, NOTE, WARNING, type DayBurden } from "./burden";

export interface BurdenCardProps {
  readonly days: readonly DayBurden[];
  readonly day: Weekday;
  readonly onDay: (day: Weekday) => void;
  /** null: nothing can be spread any further, or it must not be edited */
  readonly onSpread: (() => void) | null;
}

/** Exercises and minutes of the heaviest day against the product's steps, and the week as seven bars to choose a day by. */
export function BurdenCard({ days, day, onDay, onSpread }: BurdenCardProps): JSX.Element {
  const worst = heaviest(days);
  const most = Math.max(...days.map((each) => each.exercises));
  const state = level({ exercises: most, minutes: worst.minutes });
  return (
    <section class="card met" aria-label={t("burden.title")}>
      <Meter label={t("burden.exercises")} value={most} note={NOTE.exercises} max={WARNING.exercises} />
      <Meter label={t("burden.minutes")} value={Math.round(worst.minutes)} note={NOTE.minutes} max={WARNING.minutes} />
      <div class="week7" role="group" aria-label={t("burden.by_day")}>
        {days.map((each) => (
          <button
            key={each.day} type="button" class={level(each) === "fine" ? "" : "o"} aria-pressed={each.day === day}
            aria-label={t("burden.day", { day: weekdayName(each.day, "long"), minutes: Math.round(each.minutes), exercises: each.exercises })}
            onClick={() => onDay(each.day)}
          >
            <i style={{ height: `${Math.min(100, (each.minutes / Math.max(WARNING.minutes, worst.minutes)) * 100)}%` }} />
            <span>{weekdayName(each.day, "narrow")}</span>
          </button>
        ))}
      </div>
      {state !== "fine" && (
        <div class="flag small" role="status">
          <Icon name="warn" small />
          <span>
            {t(state === "note" ? "burden.note" : "burden.warning")} <small class="src">{t("burden.source")}</small>
          </span>
        </div>
      )}
      {state === "warning" && onSpread && <Button onClick={onSpread}>{t("burden.spread")}</Button>}
    </section>
  );
}

function Meter({ label, value, note, max }: { label: string; value: number; note: number; max: number }): JSX.Element {
  const full = max * 1.25;
  return (
    <div class="m">
      <span>{label}</span>
      <b>{value}</b>
      <div class={value > note ? "meter o" : "meter"} aria-hidden="true">
        <u style={{ width: `${Math.min(100, (value / full) * 100)}%` }} />
        <i style={{ left: `${(note / full) * 100}%` }} />
      </div>
    </div>
  );
}
