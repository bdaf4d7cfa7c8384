import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { Select } from "../parts/select";
import { t, word } from "../t";
import type { Dose, DoseSide, Load } from "../types";

const LOADS: readonly Load[] = ["none", "bodyweight", "isometric", "band", "ankle_weight", "dumbbell"];
const SIDES: readonly DoseSide[] = ["affected", "left", "right", "both", "alternating"];
const WEIGHTED: readonly Load[] = ["ankle_weight", "dumbbell"];

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step?: number;
  /** an empty field means "none" */
  readonly optional?: boolean;
  readonly onChange: (value: number | null) => void;
  readonly onBlur?: () => void;
}

/** A number typed or stepped. What is out of range or unreadable stays in the field and is not taken over. */
export function NumberField({ label, value, min, max, step = 1, optional, onChange, onBlur }: NumberFieldProps): JSX.Element {
  const id = useId();
  const onInput = (text: string): void => {
    if (text === "") {
      if (optional) onChange(null);
      return;
    }
    const next = Number(text);
    if (Number.isFinite(next) && next >= min && next <= max && (step % 1 !== 0 || Number.isInteger(next))) onChange(next);
  };
  return (
    <div class="field num-field">
      <label for={id}>{label}</label>
      <input
        id={id} class="input" type="number" inputMode="decimal" min={min} max={max} step={step} value={value ?? ""}
        onInput={(event) => onInput(event.currentTarget.value)} onBlur={onBlur}
      />
    </div>
  );
}

export interface DoseEditorProps {
  readonly name: string;
  readonly dose: Dose;
  readonly onChange: (dose: Dose, field: keyof Dose) => void;
  readonly onPause: () => void;
}

/** The dose, field by field. Sets always stand; reps, hold and load may be empty. */
export function DoseEditor({ name, dose, onChange, onPause }: DoseEditorProps): JSX.Element {
  const set = <K extends keyof Dose>(field: K, value: Dose[K]): void => onChange({ ...dose, [field]: value }, field);
  const pickLoad = (load: Load): void =>
    onChange({ ...dose, load, load_kg: WEIGHTED.includes(load) ? dose.load_kg : null }, "load");
  return (
    <div class="dose-edit" role="group" aria-label={t("dose.of", { name })}>
      <NumberField label={t("dose.sets")} value={dose.sets} min={1} max={20} onChange={(n) => n !== null && set("sets", n)} onBlur={onPause} />
      <NumberField label={t("dose.reps")} value={dose.reps} min={1} max={100} optional={dose.hold_s !== null} onChange={(n) => set("reps", n)} onBlur={onPause} />
      <NumberField label={t("dose.hold_s")} value={dose.hold_s} min={1} max={7200} optional={dose.reps !== null} onChange={(n) => set("hold_s", n)} onBlur={onPause} />
      <NumberField label={t("dose.rest_s")} value={dose.rest_s} min={0} max={1800} onChange={(n) => n !== null && set("rest_s", n)} onBlur={onPause} />
      <NumberField label={t("dose.effort")} value={dose.effort} min={0} max={10} optional onChange={(n) => set("effort", n)} onBlur={onPause} />
      <Select label={t("dose.side")} value={dose.side} options={SIDES.map((value) => ({ value, text: word("side", value) }))} onChange={(side) => set("side", side)} />
      <Select label={t("dose.load")} value={dose.load} options={LOADS.map((value) => ({ value, text: word("load", value) }))} onChange={pickLoad} />
      {WEIGHTED.includes(dose.load) && (
        <NumberField label={t("dose.load_kg")} value={dose.load_kg} min={0.5} max={500} step={0.5} optional onChange={(n) => set("load_kg", n)} onBlur={onPause} />
      )}
    </div>
  );
}
