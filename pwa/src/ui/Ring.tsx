import type { ComponentChildren, JSX } from "preact";

export interface RingProps {
  readonly done: number;
  readonly of: number;
  readonly label: string;
  readonly size?: number;
  readonly stroke?: number;
  readonly children?: ComponentChildren;
}

export function Ring({ done, of, label, size = 84, stroke = 9, children }: RingProps): JSX.Element {
  const radius = (size - stroke) / 2;
  const around = 2 * Math.PI * radius;
  const share = of === 0 ? 0 : Math.min(1, done / of);
  const circle = { cx: size / 2, cy: size / 2, r: radius, fill: "none", "stroke-width": stroke };
  return (
    <div class="ring" role="img" aria-label={label}>
      <svg width={size} height={size}>
        <circle class="track" {...circle} />
        <circle class={share === 0 ? "val nil" : "val"} {...circle} stroke-dasharray={`${around * share} ${around}`} />
      </svg>
      <span>{children}</span>
    </div>
  );
}
