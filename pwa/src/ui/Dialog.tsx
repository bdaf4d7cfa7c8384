import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

export interface DialogProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** The buttons, the safer one first. */
  readonly actions: ComponentChildren;
  readonly onClose: () => void;
}

/** A modal on the browser's own <dialog>: focus trap, Escape and inertness come with it. */
export function Dialog({ title, children, actions, onClose }: DialogProps): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.showModal();
    return () => before?.focus();
  }, []);
  return (
    <dialog ref={box} class="dialog" aria-labelledby={id} onClose={onClose} onCancel={onClose}>
      <h3 id={id}>{title}</h3>
      {children}
      <div class="acts">{actions}</div>
    </dialog>
  );
}
