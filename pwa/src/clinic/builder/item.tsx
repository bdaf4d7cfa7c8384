import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button, Icon } from "../../ui";
import { Field } from "../parts/field";
import { Figure } from "../parts/figure";
import { t, word } from "../t";
import type { Exercise, Prescription } from "../types";
import { doseText, frequencyText } from "../words";
import { seconds } from "./burden";
import { DoseEditor } from "./dose-editor";
import { FrequencyEditor } from "./frequency-editor";

export interface ItemActions {
  change(patch: Partial<Prescription>, tag: string): void;
  pause(): void;
  step(by: -1 | 1): void;
  remove(): void;
  swap(exercise: Exercise): void;
  expand(part: Part | null): void;
  grab(event: PointerEvent): void;
}

export type Part = "dose" | "frequency";

export interface ItemProps {
  readonly item: Prescription;
  readonly exercise: Exercise | undefined;
  readonly easier: Exercise | undefined;
  readonly harder: Exercise | undefined;
  readonly expanded: Part | null;
  readonly readOnly: boolean;
  readonly bad: boolean;
  readonly dropBefore: boolean;
  readonly actions: ItemActions;
  /** conflicts of this item, shown under it */
  readonly children?: ComponentChildren;
}

/** One prescription: a line to read, that opens where it is edited. */
export function Item(props: ItemProps): JSX.Element {
  const { item, exercise, expanded, actions, readOnly } = props;
  const name = exercise?.name ?? t("builder.unknown_exercise");
  const minutes = Math.max(1, Math.round(seconds(item, exercise) / 60));
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const part = expanded && panel.current?.querySelector<HTMLElement>(expanded === "dose" ? ".dose-edit input" : ".freq-edit button");
    part?.focus();
  }, [expanded]);

  const onGripKey = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
    if (by) actions.step(by as -1 | 1);
    else if (event.key === "Delete" || event.key === "Backspace") actions.remove();
    else return;
    event.preventDefault();
  };
  const toggle = (part: Part): void => actions.expand(expanded === part ? null : part);

  return (
    <li class={`it-box${props.bad ? " bad" : ""}${props.dropBefore ? " drop" : ""}`} data-item={item.id}>
      <div class="it">
        {readOnly ? (
          <span />
        ) : (
          <button
            type="button" class="grip" aria-label={t("builder.move", { name })} title={t("builder.move_how")}
            onPointerDown={(event) => actions.grab(event)} onKeyDown={onGripKey}
          >
            <Icon name="grip" small />
          </button>
        )}
        <span class="th">
          <Figure exercise={exercise} left={item.dose.side === "left"} />
        </span>
        <span class="nm">
          {name}
          {item.optional_if && <small class="quiet">{t("builder.only_if", { finding: word("finding", item.optional_if) })}</small>}
          {item.needs_release && <small class="quiet">{t("builder.needs_release")}</small>}
        </span>
        <button type="button" class="ds" disabled={readOnly} aria-expanded={expanded === "dose"} aria-label={t("dose.button", { name, dose: doseText(item.dose) })} onClick={() => toggle("dose")}>
          {doseText(item.dose, false)}
        </button>
        <button type="button" class="fr" disabled={readOnly} aria-expanded={expanded === "frequency"} aria-label={t("frequency.button", { name, frequency: frequencyText(item.frequency) })} onClick={() => toggle("frequency")}>
          {frequencyText(item.frequency)}
        </button>
        <span class="mn">{t("minutes", { count: minutes })}</span>
        {readOnly ? <span /> : <Button kind="plain" icon="trash" label={t("builder.remove", { name })} onClick={actions.remove} />}
      </div>
      {expanded && (
        <div class="it-edit" ref={panel} onKeyDown={(event) => { if (event.key === "Escape" || (event.key === "Enter" && (event.target as HTMLElement).tagName === "INPUT")) actions.expand(null); }}>
          <DoseEditor name={name} dose={item.dose} onPause={actions.pause} onChange={(dose, field) => actions.change({ dose }, `${item.id} dose ${field}`)} />
          <FrequencyEditor name={name} frequency={item.frequency} onPause={actions.pause} onChange={(frequency) => actions.change({ frequency }, `${item.id} frequency`)} />
          <Field
            label={t("builder.note")} value={item.note} maxLength={500} onBlur={actions.pause}
            onInput={(event) => actions.change({ note: event.currentTarget.value }, `${item.id} note`)}
          />
          <div class="swap">
            <SwapButton text={t("builder.easier")} exercise={props.easier} onPick={actions.swap} />
            <SwapButton text={t("builder.harder")} exercise={props.harder} onPick={actions.swap} />
            <Button onClick={() => actions.expand(null)}>{t("done")}</Button>
          </div>
        </div>
      )}
      {props.children}
    </li>
  );
}

function SwapButton({ text, exercise, onPick }: { text: string; exercise: Exercise | undefined; onPick: (exercise: Exercise) => void }): JSX.Element | null {
  if (!exercise) return null;
  return (
    <button type="button" class="btn swap-to" onClick={() => onPick(exercise)}>
      <Figure exercise={exercise} />
      <span>
        <small class="quiet">{text}</small>
        <b>{exercise.name}</b>
      </span>
    </button>
  );
}
