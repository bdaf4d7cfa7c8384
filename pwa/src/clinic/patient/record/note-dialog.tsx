import type { ComponentChildren, JSX } from "preact";
import { Button, Dialog } from "../../../ui";
import { useKeptText } from "../../parts/kept-text";
import { NoteField } from "../../parts/note-field";
import { FormErrors } from "../../parts/problem";
import { t } from "../../t";
import { useAction } from "../../use";

export interface NoteDialogProps {
  readonly title: string;
  /** What happens then, in words. */
  readonly text: ComponentChildren;
  /** what the button says: what it does */
  readonly go: string;
  readonly danger?: boolean;
  /** what the note is called; without it there is none */
  readonly note?: string;
  readonly noteNeeded?: boolean;
  readonly maxNote?: number;
  /** under what the typed note is kept until it is sent */
  readonly keptAs: string;
  /** False while something else in the form is missing. */
  readonly ready?: boolean;
  readonly children?: ComponentChildren;
  readonly run: (note: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something on the record changes, says what it does, and keeps what was typed if it fails. */
export function NoteDialog(props: NoteDialogProps): JSX.Element {
  const [note, setNote, forget] = useKeptText(props.keptAs);
  const go = useAction(async () => {
    await props.run(note.trim());
    forget();
  });
  const ready = props.ready !== false && (note.trim() !== "" || !props.noteNeeded);
  const press = (): void => {
    if (ready) void go.run();
  };
  return (
    <Dialog
      title={props.title} onClose={props.onClose}
      actions={
        <>
          <Button kind={props.danger ? "danger" : "primary"} disabled={go.busy || !ready} onClick={press}>{props.go}</Button>
          <Button kind="plain" onClick={props.onClose}>{t("cancel")}</Button>
        </>
      }
    >
      <div class="stack ask">
        <div>{props.text}</div>
        {props.children}
        {props.note && <NoteField label={props.note} value={note} maxLength={props.maxNote ?? 500} required={props.noteNeeded ?? false} onInput={setNote} onSubmit={press} />}
        <FormErrors error={go.error} />
      </div>
    </Dialog>
  );
}
