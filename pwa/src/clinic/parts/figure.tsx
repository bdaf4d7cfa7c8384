import type { JSX } from "preact";
import type { Exercise } from "../types";

/**
 * An exercise's picture. Drawn right-legged; `left` mirrors it. `moving` shows the animation, except with reduced
 * motion, where the poster with its start and end poses says the same.
 */
export function Figure({ exercise, moving = false, left = false }: { exercise: Exercise | undefined; moving?: boolean; left?: boolean }): JSX.Element {
  const figure = exercise?.figure;
  if (!figure) return <span class="fig" aria-hidden="true" />;
  const mirror = left ? { transform: "scaleX(-1)" } : undefined;
  if (!moving) return <img class="fig" src={figure.thumb} alt="" loading="lazy" style={mirror} />;
  return (
    <picture>
      <source srcset={figure.poster} media="(prefers-reduced-motion: reduce)" />
      <img class="fig" src={figure.src} alt={exercise.name} style={mirror} />
    </picture>
  );
}
