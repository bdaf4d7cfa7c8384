import { useRef, useState } from "preact/hooks";

/** Where a dragged exercise would land: before the item at `index` of a phase. */
export interface DropTarget {
  phase: string;
  index: number;
}

export type Payload = { kind: "item"; id: string } | { kind: "exercise"; id: string };

const START_AFTER_PX = 5;

/**
 * Dragging with pointer events, so that mouse, pen and finger work alike (HTML drag and drop knows no fingers).
 * Phases carry `data-phase`, items `data-item`. Escape gives up. The keyboard has its own way (arrow keys on the grip).
 */
export function useDrag(onDrop: (payload: Payload, target: DropTarget) => void) {
  const [dragging, setDragging] = useState<Payload | null>(null);
  const [target, setTarget] = useState<DropTarget | null>(null);
  const latest = useRef(onDrop);
  latest.current = onDrop;

  const begin = (event: PointerEvent, payload: Payload): void => {
    if (event.button !== 0) return;
    const handle = event.currentTarget as HTMLElement;
    const from = { x: event.clientX, y: event.clientY };
    let active = false;
    let over: DropTarget | null = null;

    const move = (next: PointerEvent): void => {
      if (!active && Math.hypot(next.clientX - from.x, next.clientY - from.y) < START_AFTER_PX) return;
      if (!active) {
        active = true;
        setDragging(payload);
      }
      next.preventDefault();
      over = targetAt(next.clientX, next.clientY, payload);
      setTarget(over);
    };
    const end = (drop: boolean): void => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", up);
      handle.removeEventListener("pointercancel", cancel);
      removeEventListener("keydown", escape, true);
      setDragging(null);
      setTarget(null);
      if (drop && active && over) latest.current(payload, over);
    };
    const up = (): void => end(true);
    const cancel = (): void => end(false);
    const escape = (key: KeyboardEvent): void => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      end(false);
    };
    // From the start, since a quick hand leaves the small grip before it has moved far enough to be dragging.
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", up);
    handle.addEventListener("pointercancel", cancel);
    addEventListener("keydown", escape, true);
  };

  return { begin, dragging, target };
}

function targetAt(x: number, y: number, payload: Payload): DropTarget | null {
  const phase = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-phase]");
  if (!phase?.dataset["phase"]) return null;
  const own = payload.kind === "item" ? payload.id : null;
  const others = [...phase.querySelectorAll<HTMLElement>("[data-item]")].filter((item) => item.dataset["item"] !== own);
  const index = others.findIndex((item) => {
    const box = item.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  return { phase: phase.dataset["phase"], index: index < 0 ? others.length : index };
}
