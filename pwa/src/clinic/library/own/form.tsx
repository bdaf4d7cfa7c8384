import type { ComponentChildren, JSX } from "preact";
import { Button, TextArea } from "../../../ui";
import type { ApiError } from "../../../api/client";
import { DoseEditor } from "../../builder/dose-editor";
import { FrequencyEditor } from "../../builder/frequency-editor";
import { Field } from "../../parts/field";
import { Select } from "../../parts/select";
import { t, word } from "../../t";
import type { Exercise } from "../../types";
import { FEWEST_STEPS, MOST_STEPS, type Draft } from "./draft";
import { MusclePicker, TermPicker } from "./term-picker";
import type { Terms } from "./use-terms";

const KINDS: readonly Exercise["kind"][] = ["stretch", "strengthen", "neural", "motor_control"];
const POSITIONS: readonly Exercise["position"][] = ["supine", "prone", "side_lying", "seated", "standing", "quadruped", "half_kneeling"];
const LATERALITIES: readonly Exercise["laterality"][] = ["unilateral", "bilateral", "alternating"];
const LEVELS = ["1", "2", "3", "4", "5"] as const;

/** fields beside which the server's sentences are shown; the rest stand above the buttons */
export const SHOWN_BESIDE = ["name", "muscles", "equipment", "demands"];

export interface FormProps {
  readonly draft: Draft;
  readonly terms: Terms;
  readonly error: ApiError | null;
  readonly onChange: (draft: Draft) => void;
}

/** Everything about the exercise that is words and numbers. */
export function ExerciseForm({ draft, terms, error, onChange }: FormProps): JSX.Element {
  const set = <K extends keyof Draft>(field: K, value: Draft[K]): void => onChange({ ...draft, [field]: value });
  const said = (field: string): string | null => error?.forField(field) ?? null;
  const name = draft.name || t("own.unnamed");
  return (
    <>
      <Section title={t("own.what")}>
        <Field label={t("own.name")} name="name" required maxLength={120} value={draft.name} onInput={(event) => set("name", event.currentTarget.value)} error={said("name")} />
        <div class="two-fields">
          <Select label={t("facet.kind")} value={draft.kind} options={options("kind", KINDS)} onChange={(kind) => set("kind", kind)} />
          <Select label={t("facet.position")} value={draft.position} options={options("position", POSITIONS)} onChange={(position) => set("position", position)} />
          <Select label={t("own.laterality")} value={draft.laterality} options={options("own.laterality", LATERALITIES)} onChange={(laterality) => set("laterality", laterality)} />
          <Select label={t("facet.level")} value={String(draft.level)} options={LEVELS.map((value) => ({ value: value as string, text: t("level_of", { n: Number(value) }) }))} onChange={(level) => set("level", Number(level))} />
        </div>
        <div class="two-fields">
          <MusclePicker terms={terms.muscles} chosen={draft.muscles} error={said("muscles")} onChange={(muscles) => set("muscles", muscles)} />
          <TermPicker label={t("facet.equipment")} add={t("own.add_equipment")} terms={terms.equipment} chosen={draft.equipment} error={said("equipment")} onChange={(equipment) => set("equipment", equipment)} />
        </div>
        <TermPicker label={t("library.demands")} add={t("own.add_demand")} terms={terms.demands} chosen={draft.demands} error={said("demands")} onChange={(demands) => set("demands", demands)} />
        <p class="quiet small">{t("own.demands_text")}</p>
      </Section>
      <Section title={t("own.words")} text={t("own.words_text")}>
        <Steps steps={draft.steps} onChange={(steps) => set("steps", steps)} />
        <div class="two-fields">
          <TextArea label={t("own.cue")} rows={2} maxLength={300} value={draft.cue} onInput={(cue) => set("cue", cue)} />
          <TextArea label={t("own.mistake")} rows={2} maxLength={300} value={draft.mistake} onInput={(mistake) => set("mistake", mistake)} />
        </div>
        <TextArea label={t("own.caution")} rows={2} maxLength={500} value={draft.caution} onInput={(caution) => set("caution", caution)} />
      </Section>
      <Section title={t("library.default")} text={t("own.dose_text")}>
        <DoseEditor name={name} dose={draft.default_dose} onChange={(dose) => set("default_dose", dose)} onPause={() => undefined} />
        <FrequencyEditor name={name} frequency={draft.default_frequency} onChange={(frequency) => set("default_frequency", frequency)} onPause={() => undefined} />
      </Section>
    </>
  );
}

export function Section({ title, text, children }: { title: string; text?: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="card stack" aria-label={title}>
      <div>
        <h2>{title}</h2>
        {text && <p class="quiet small">{text}</p>}
      </div>
      {children}
    </section>
  );
}

function Steps({ steps, onChange }: { steps: readonly string[]; onChange: (steps: string[]) => void }): JSX.Element {
  return (
    <div class="stack own-steps">
      {steps.map((step, i) => (
        <div key={i} class="own-step">
          <Field
            label={t("own.step", { n: i + 1 })} required={i < FEWEST_STEPS} maxLength={300} value={step}
            onInput={(event) => onChange(steps.map((each, at) => (at === i ? event.currentTarget.value : each)))}
          />
          {steps.length > FEWEST_STEPS && <Button kind="plain" icon="close" label={t("own.remove_step", { n: i + 1 })} onClick={() => onChange(steps.filter((_, at) => at !== i))} />}
        </div>
      ))}
      {steps.length < MOST_STEPS && (
        <div>
          <Button icon="plus" onClick={() => onChange([...steps, ""])}>{t("own.add_step")}</Button>
        </div>
      )}
    </div>
  );
}

function options<V extends string>(prefix: string, values: readonly V[]): { value: V; text: string }[] {
  return values.map((value) => ({ value, text: word(prefix, value) }));
}
