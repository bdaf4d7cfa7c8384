import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";

interface Common {
  readonly label: ComponentChildren;
  readonly value: string;
  readonly type?: "text" | "email" | "password" | "date" | "time" | "number" | "search" | "tel";
  readonly name?: string;
  readonly autoComplete?: string;
  readonly inputMode?: "text" | "numeric" | "decimal" | "email" | "tel" | "search";
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly min?: string | number;
  readonly max?: string | number;
  readonly step?: string | number;
  readonly class?: string;
  readonly onBlur?: () => void;
  readonly help?: ComponentChildren;
  /** A sentence that says what to do; read out, and tied to the input. */
  readonly error?: string | null;
}

/** Typed into, or only read and copied from. */
export type FieldProps = Common &
  ({ readonly onInput: (value: string) => void; readonly readOnly?: false } | { readonly readOnly: true; readonly onInput?: never });

/** A labelled input; the label is always visible and never a placeholder. */
export function Field({ label, help, error, class: extra, onInput, ...input }: FieldProps): JSX.Element {
  const id = useId();
  const described = [help && `${id}-h`, error && `${id}-e`].filter(Boolean).join(" ");
  // Preact types an input by its literal `type`; here the type is a choice of the caller.
  const attributes = {
    ...input,
    id,
    class: extra ? `input ${extra}` : "input",
    "aria-invalid": error ? "true" : undefined,
    "aria-describedby": described || undefined,
    onInput: (event: Event) => onInput?.((event.currentTarget as HTMLInputElement).value),
  } as JSX.IntrinsicElements["input"];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input {...attributes} />
      {help && (
        <p id={`${id}-h`} class="small quiet">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-e`} class="field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export interface TextAreaProps {
  readonly label: ComponentChildren;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  readonly placeholder?: string;
  readonly rows?: number;
  readonly maxLength?: number;
  readonly hideLabel?: boolean;
}

export function TextArea({ label, hideLabel = false, onInput, ...area }: TextAreaProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "vh" : undefined}>
        {label}
      </label>
      <textarea {...area} id={id} class="input area" onInput={(event) => onInput(event.currentTarget.value)} />
    </div>
  );
}
