import type { JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export interface NoteFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly rows?: number;
  readonly autofocus?: boolean;
  /** Ctrl Enter sends, so that the hands stay on the keys. */
  readonly onSubmit?: () => void;
}

/** A few sentences for the record. Enter is a new line; Ctrl Enter sends. */
export function NoteField({ label, value, onInput, required, maxLength = 1000, rows = 3, autofocus = false, onSubmit }: NoteFieldProps): JSX.Element {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (autofocus) area.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        ref={area} id={id} class="input area note" rows={rows} value={value} maxLength={maxLength} required={required}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onSubmit?.();
        }}
      />
    </div>
  );
}
