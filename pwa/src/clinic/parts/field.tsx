import type { ComponentChildren, JSX, TargetedInputEvent } from "preact";
import { useId } from "preact/hooks";

type InputEvent = TargetedInputEvent<HTMLInputElement>;

export interface FieldProps {
  readonly type?: "text" | "email" | "password" | "tel" | "date";
  readonly name?: string;
  readonly value: string;
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: string;
  readonly max?: string;
  readonly pattern?: string;
  /** the id of a <datalist> */
  readonly list?: string;
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly onInput: (event: InputEvent) => void;
  readonly onBlur?: () => void;
  readonly label: ComponentChildren;
  readonly help?: ComponentChildren;
  /** A sentence that says what to do; read out, and tied to the input. */
  readonly error?: string | null;
}

/** A labelled input of the clinic's forms, with the native checks of dates, lengths and patterns. */
export function Field({ label, help, error, ...input }: FieldProps): JSX.Element {
  const id = useId();
  const described = [help && `${id}-h`, error && `${id}-e`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input {...(input as JSX.IntrinsicElements["input"])} id={id} class="input" aria-invalid={error ? "true" : undefined} aria-describedby={described || undefined} />
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
