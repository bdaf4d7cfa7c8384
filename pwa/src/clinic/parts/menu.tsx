import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../ui";

export interface MenuProps {
  /** What the button says, e.g. the chosen value or the name of the facet. */
  readonly text: ComponentChildren;
  readonly chosen: boolean;
  readonly options: readonly { readonly value: string; readonly text: string; readonly count?: number }[];
  readonly value: string | null;
  readonly onChoose: (value: string | null) => void;
}

/** A chip that opens a list to choose one from. When something is chosen, pressing the chip takes the choice away. */
export function ChipMenu({ text, chosen, options, value, onChoose }: MenuProps): JSX.Element {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const list = useId();

  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event): void => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", close);
    addEventListener("focusin", close);
    box.current?.querySelector<HTMLElement>('[role="menuitemradio"]')?.focus();
    return () => {
      removeEventListener("pointerdown", close);
      removeEventListener("focusin", close);
    };
  }, [open]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Escape") {
      event.stopPropagation();
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    } else if (by && open) {
      event.preventDefault();
      items[(at + by + items.length) % items.length]?.focus();
    }
  };

  const choose = (next: string | null): void => {
    onChoose(next);
    setOpen(false);
    box.current?.querySelector("button")?.focus();
  };

  return (
    <div class="menu" ref={box} onKeyDown={onKeyDown}>
      <button
        type="button"
        class="chip"
        aria-pressed={chosen}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => (chosen ? choose(null) : setOpen(!open))}
      >
        {text} <Icon name={chosen ? "close" : "down"} small />
      </button>
      {open && (
        <div class="pop" role="menu" id={list}>
          {options.map((option) => (
            <button
              key={option.value}
              type="button"
              role="menuitemradio"
              aria-checked={option.value === value}
              onClick={() => choose(option.value)}
            >
              <span>{option.text}</span>
              {option.count !== undefined && <span class="quiet small">{option.count}</span>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
