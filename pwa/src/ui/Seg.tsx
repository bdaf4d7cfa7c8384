import type { ComponentChildren, JSX } from "preact";

export interface Choice<V extends string | number> {
  readonly value: V;
  readonly text: ComponentChildren;
}

export interface SegProps<V extends string | number> {
  readonly label: string;
  readonly choices: readonly Choice<V>[];
  readonly value: V | null;
  /** Called with null when the chosen one is tapped again: an answer can be taken back. */
  readonly onChange: (value: V | null) => void;
  /** "seg" is one row; "grid" wraps in columns of three. */
  readonly layout?: "seg" | "grid";
}

/** Choose one of a few; nothing is preselected. */
export function Seg<V extends string | number>(props: SegProps<V>): JSX.Element {
  const grid = props.layout === "grid";
  return (
    <div class={grid ? "grid3" : "seg"} role="group" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          class={grid ? "opt" : undefined}
          aria-pressed={props.value === choice.value}
          onClick={() => props.onChange(props.value === choice.value ? null : choice.value)}
        >
          {choice.text}
        </button>
      ))}
    </div>
  );
}
