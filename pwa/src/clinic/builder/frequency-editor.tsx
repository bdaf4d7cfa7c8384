import type { JSX } from "preact";
import { Seg } from "../../ui";
import { t } from "../t";
import type { Frequency, Weekday } from "../types";
import { weekdayName } from "../words";
import { NumberField } from "./dose-editor";
import { convert, toggleDay, WEEK } from "./frequency";

export interface FrequencyEditorProps {
  readonly name: string;
  readonly frequency: Frequency;
  readonly onChange: (frequency: Frequency) => void;
  readonly onPause: () => void;
}

/** Which days: named weekdays, every so many days, or so many times a week on days the patient picks. */
export function FrequencyEditor({ name, frequency, onChange, onPause }: FrequencyEditorProps): JSX.Element {
  return (
    <div class="freq-edit" role="group" aria-label={t("frequency.of", { name })}>
      <Seg
        label={t("frequency.kind")}
        value={frequency.kind}
        choices={[
          { value: "weekdays", text: t("frequency.weekdays") },
          { value: "interval", text: t("frequency.every") },
          { value: "per_week", text: t("frequency.free") },
        ]}
        onChange={(kind) => kind && onChange(convert(frequency, kind))}
      />
      {frequency.kind === "weekdays" && <Weekdays days={frequency.days as Weekday[]} onChange={(days) => onChange({ ...frequency, days })} />}
      {frequency.kind === "interval" && (
        <NumberField
          label={t("frequency.every_days")} value={frequency.every_days} min={1} max={28} onBlur={onPause}
          onChange={(n) => n !== null && onChange({ ...frequency, every_days: n })}
        />
      )}
      {frequency.kind === "per_week" ? (
        <NumberField
          label={t("frequency.count")} value={frequency.count} min={1} max={7} onBlur={onPause}
          onChange={(n) => n !== null && onChange({ ...frequency, count: n })}
        />
      ) : (
        <NumberField
          label={t("frequency.times")} value={frequency.times_per_day} min={1} max={6} onBlur={onPause}
          onChange={(n) => n !== null && onChange({ ...frequency, times_per_day: n })}
        />
      )}
    </div>
  );
}

/** A program needs at least one day: the last one cannot be taken away. */
function Weekdays({ days, onChange }: { days: Weekday[]; onChange: (days: Weekday[]) => void }): JSX.Element {
  return (
    <div class="seg week" role="group" aria-label={t("frequency.weekdays")}>
      {WEEK.map((day) => (
        <button
          key={day} type="button" aria-pressed={days.includes(day)} aria-label={weekdayName(day, "long")}
          onClick={() => {
            const next = toggleDay(days, day);
            if (next.length > 0) onChange(next);
          }}
        >
          {weekdayName(day, "narrow")}
        </button>
      ))}
    </div>
  );
}
