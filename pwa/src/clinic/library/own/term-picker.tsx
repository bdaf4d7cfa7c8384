import type { JSX } from "preact";
import { Button } from "../../../ui";
import { Select } from "../../parts/select";
import { t } from "../../t";
import type { Term } from "../../types";
import type { MuscleUse } from "./draft";

/** Words of a vocabulary, one chosen at a time; what was chosen stands below with a way to take it away. */
export function TermPicker(props: {
  readonly label: string;
  readonly add: string;
  readonly terms: readonly Term[];
  readonly chosen: readonly string[];
  readonly error?: string | null;
  readonly onChange: (chosen: string[]) => void;
}): JSX.Element {
  const { label, add, terms, chosen, error, onChange } = props;
  return (
    <fieldset class="plain picker" aria-invalid={error ? "true" : undefined}>
      <legend>{label}</legend>
      <AddTerm label={add} terms={terms} taken={chosen} onAdd={(slug) => onChange([...chosen, slug])} />
      {chosen.length > 0 && (
        <ul>
          {chosen.map((slug) => (
            <li key={slug}>
              <span>
                {nameOf(terms, slug)}
                {definitionOf(terms, slug) && <small class="quiet">{definitionOf(terms, slug)}</small>}
              </span>
              <Remove name={nameOf(terms, slug)} onClick={() => onChange(chosen.filter((each) => each !== slug))} />
            </li>
          ))}
        </ul>
      )}
      {error && <p class="field-error" role="alert">{error}</p>}
    </fieldset>
  );
}

/** Muscles with the part they play; the first one is the primary one until somebody says otherwise. */
export function MusclePicker(props: {
  readonly terms: readonly Term[];
  readonly chosen: readonly MuscleUse[];
  readonly error?: string | null;
  readonly onChange: (chosen: MuscleUse[]) => void;
}): JSX.Element {
  const { terms, chosen, error, onChange } = props;
  const add = (slug: string): void => onChange([...chosen, { slug, role: chosen.length === 0 ? "primary" : "secondary" }]);
  return (
    <fieldset class="plain picker">
      <legend>{t("own.muscles")}</legend>
      <AddTerm label={t("own.add_muscle")} terms={terms} taken={chosen.map((use) => use.slug)} onAdd={add} />
      {chosen.length > 0 && (
        <ul>
          {chosen.map((use) => (
            <li key={use.slug}>
              <span>{nameOf(terms, use.slug)}</span>
              <Select
                label={t("own.role_of", { name: nameOf(terms, use.slug) })} hideLabel value={use.role}
                options={(["primary", "secondary"] as const).map((value) => ({ value, text: t(`own.role.${value}`) }))}
                onChange={(role) => onChange(chosen.map((each) => (each.slug === use.slug ? { ...each, role } : each)))}
              />
              <Remove name={nameOf(terms, use.slug)} onClick={() => onChange(chosen.filter((each) => each.slug !== use.slug))} />
            </li>
          ))}
        </ul>
      )}
      {error && <p class="field-error" role="alert">{error}</p>}
    </fieldset>
  );
}

function AddTerm({ label, terms, taken, onAdd }: { label: string; terms: readonly Term[]; taken: readonly string[]; onAdd: (slug: string) => void }): JSX.Element {
  const free = terms.filter((term) => !taken.includes(term.slug)).sort((a, b) => a.name.localeCompare(b.name));
  const options = [{ value: "", text: t("own.choose") }, ...free.map((term) => ({ value: term.slug, text: term.name }))];
  return <Select key={taken.join()} label={label} value="" options={options} onChange={(slug) => slug && onAdd(slug)} />;
}

function Remove({ name, onClick }: { name: string; onClick: () => void }): JSX.Element {
  return <Button kind="plain" icon="close" label={t("own.remove", { name })} onClick={onClick} />;
}

function nameOf(terms: readonly Term[], slug: string): string {
  return terms.find((term) => term.slug === slug)?.name ?? slug.replaceAll(/[-_]/g, " ");
}

function definitionOf(terms: readonly Term[], slug: string): string {
  return terms.find((term) => term.slug === slug)?.definition ?? "";
}
