import type { JSX } from "preact";
import { useId } from "preact/hooks";

export interface SelectProps<V extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: string }[];
  readonly onChange: (value: V) => void;
}

export function Select<V extends string>({ label, hideLabel, value, options, onChange }: SelectProps<V>): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "vh" : undefined}>
        {label}
      </label>
      <select id={id} class="input" value={value} onChange={(event) => onChange(event.currentTarget.value as V)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
