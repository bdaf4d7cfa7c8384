import { useEffect } from "preact/hooks";
import type { Uuid } from "../../api/types";

/** Standing on the screen for this long is looking at it. */
const LOOKED_MS = 600;

/**
 * Calls `onShown` with those of `ids` whose elements (`data-message`) have really stood on a visible screen: half of the
 * message, or half a screen full of a long one.
 */
export function useShown(ids: readonly Uuid[], onShown: (ids: readonly Uuid[]) => void): void {
  const key = ids.join(" ");
  useEffect(() => {
    if (ids.length === 0) return;
    const onScreen = new Set<Uuid>();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const settle = (): void => {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => {
        if (document.visibilityState === "visible" && onScreen.size > 0) onShown([...onScreen]);
      }, LOOKED_MS);
    };
    const observer = new IntersectionObserver(
      (changes) => {
        for (const { target, intersectionRatio, intersectionRect, rootBounds } of changes) {
          const id = (target as HTMLElement).dataset["message"]!;
          const shown = intersectionRatio >= 0.5 || intersectionRect.height >= (rootBounds?.height ?? Infinity) / 2;
          if (shown) onScreen.add(id);
          else onScreen.delete(id);
        }
        settle();
      },
      { threshold: [0, 0.25, 0.5, 1] },
    );
    const wanted = new Set(ids);
    for (const element of document.querySelectorAll<HTMLElement>("[data-message]"))
      if (wanted.has(element.dataset["message"]!)) observer.observe(element);
    document.addEventListener("visibilitychange", settle);
    return () => {
      observer.disconnect();
      document.removeEventListener("visibilitychange", settle);
      if (timer !== null) clearTimeout(timer);
    };
  }, [key]);
}
