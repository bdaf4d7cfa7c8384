import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Button, Icon } from "../../ui";
import { Field } from "../parts/field";
import { spoken } from "../spoken";
import { t } from "../t";
import type { Phase } from "../types";
import { weeksText } from "../words";
import { NumberField } from "./dose-editor";

export interface PhaseActions {
  toggle(): void;
  change(patch: Partial<Phase>, tag: string): void;
  setWeeks(weeks: number): void;
  pause(): void;
  copy(): void;
  remove(): void;
}

export interface PhaseProps {
  readonly phase: Phase;
  readonly open: boolean;
  readonly readOnly: boolean;
  readonly unsettled: number;
  readonly only: boolean;
  readonly dropAtEnd: boolean;
  readonly actions: PhaseActions;
  readonly children?: ComponentChildren;
}

/** One phase: a heading that opens it, and its prescriptions. */
export function PhaseCard(props: PhaseProps): JSX.Element {
  const { phase, open, actions } = props;
  const [editing, setEditing] = useState(false);
  const id = useId();
  return (
    <section class={`phs${props.dropAtEnd ? " drop-end" : ""}`} data-phase={phase.id} aria-labelledby={id}>
      <header>
        <h2 id={id}>
          <button type="button" class="ph-name" aria-expanded={open} onClick={actions.toggle}>
            {phase.n} {spoken(phase.name)}
          </button>
        </h2>
        <span class="quiet small">
          {weeksText(phase)}
          {!open && <> · {t("exercises", { count: phase.prescriptions.length })}</>}
        </span>
        {props.unsettled > 0 && <span class="chip feel">{t("conflict.to_settle", { count: props.unsettled })}</span>}
        <span class="r">
          {open && !props.readOnly && (
            <>
              <button type="button" class="btn plain" aria-expanded={editing} onClick={() => setEditing(!editing)}>
                {t("phase.edit")}
              </button>
              <Button kind="plain" icon="copy" onClick={actions.copy}>
                {t("phase.copy")}
              </Button>
            </>
          )}
          <button type="button" class="btn icon plain" aria-label={open ? t("phase.close", { name: spoken(phase.name) }) : t("phase.open", { name: spoken(phase.name) })} onClick={actions.toggle}>
            <Icon name={open ? "up" : "down"} small />
          </button>
        </span>
      </header>
      {open && editing && !props.readOnly && <PhaseEditor phase={phase} only={props.only} actions={actions} />}
      {open && <ul>{props.children}</ul>}
      {open && phase.prescriptions.length === 0 && <p class="phs-empty quiet">{t("phase.empty")}</p>}
      {open && phase.exit.length > 0 && (
        <details class="exit">
          <summary class="small quiet">{t("phase.exit", { count: phase.exit.length })}</summary>
          <ul class="dots small">
            {phase.exit.map((criterion) => (
              <li key={criterion}>{spoken(criterion)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function PhaseEditor({ phase, only, actions }: Pick<PhaseProps, "phase" | "only" | "actions">): JSX.Element {
  return (
    <div class="it-edit phase-edit">
      <Field
        label={t("phase.name")} value={phase.name} maxLength={120} required onBlur={actions.pause}
        onInput={(event) => event.currentTarget.value.trim() && actions.change({ name: event.currentTarget.value }, `${phase.id} name`)}
      />
      <NumberField
        label={t("phase.length")} value={Math.round((phase.to_day - phase.from_day) / 7)} min={1} max={52} onBlur={actions.pause}
        onChange={(weeks) => weeks !== null && actions.setWeeks(weeks)}
      />
      {!only && (
        <Button icon="trash" onClick={actions.remove}>
          {t("phase.remove")}
        </Button>
      )}
    </div>
  );
}
