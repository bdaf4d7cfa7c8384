import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui";

export interface Action {
  readonly text: string;
  readonly danger?: boolean;
  readonly run: () => void;
}

/** A button that opens a list of things to do. Arrow keys walk, Escape closes, and the focus comes back to the button. */
export function ActionMenu({ text, actions }: { text: string; actions: readonly Action[] }): JSX.Element | null {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    addEventListener("focusin", close);
    items()[0]?.focus();
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("focusin", close);
    };
  }, [open]);

  const shut = (): void => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>("button")?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!open) return;
    const list = items();
    const at = list.indexOf(document.activeElement as HTMLElement);
    const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 };
    if (event.key === "Escape") {
      event.stopPropagation();
      shut();
    } else if (to[event.key] !== undefined) {
      event.preventDefault();
      list[((to[event.key] ?? 0) + list.length) % list.length]?.focus();
    }
  };

  if (actions.length === 0) return null;
  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button type="button" class="btn" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        {text} <Icon name="down" small />
      </button>
      {open && (
        <div class="pop to-right" role="menu" aria-label={text}>
          {actions.map((action) => (
            <button key={action.text} type="button" role="menuitem" tabIndex={-1} onClick={() => { shut(); action.run(); }}>
              {action.text}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
