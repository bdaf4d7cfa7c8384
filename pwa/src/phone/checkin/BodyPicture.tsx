import type { JSX } from "preact";
import type { Leg } from "./draft";

/** One leg from the buttock to the foot, seen from behind; the right one is its mirror image. */
const LEG =
  "M24 66 C14 108 26 150 30 196 C31 212 25 232 27 262 C29 294 38 318 41 338 C42 350 36 360 38 368 C44 375 58 375 62 368 C64 358 58 350 59 338 C62 314 68 288 67 262 C66 236 66 224 68 200 C72 170 79 146 79 118 L79 52 L30 52 C27 57 25 61 24 66 Z";
const HIPS = "M44 2 C44 24 36 40 30 54 L130 54 C124 40 116 24 116 2 Z";
/** Levels 1 buttock to 5 foot: where each begins and how tall it is. */
const ZONES = [
  [53, 68],
  [123, 72],
  [197, 34],
  [233, 100],
  [335, 40],
] as const;

export interface BodyPictureProps {
  readonly label: string;
  readonly active: Leg;
  /** Whether a level of a leg is marked. */
  readonly marked: (leg: Leg, level: number) => boolean;
  readonly onTap: (leg: Leg, level: number) => void;
}

/** A back view to tap. The same answers stand beside it as buttons, which is how a keyboard and a screen reader answer. */
export function BodyPicture({ label, active, marked, onTap }: BodyPictureProps): JSX.Element {
  return (
    <svg class="body-view" viewBox="8 0 146 380" role="img" aria-label={label}>
      <defs>
        <clipPath id="leg-clip">
          <path d={LEG} />
        </clipPath>
        <pattern id="leg-hatch" width="7" height="7" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">
          <rect width="2" height="7" fill="var(--feel-ink)" opacity=".55" />
        </pattern>
      </defs>
      <path d={HIPS} fill="var(--fig-far)" opacity=".55" />
      {(["left", "right"] as const).map((leg) => (
        <g key={leg} transform={leg === "right" ? "matrix(-1 0 0 1 160 0)" : undefined}>
          <g clip-path="url(#leg-clip)">
            {ZONES.map(([y, height], index) => {
              const level = index + 1;
              const on = marked(leg, level);
              return (
                <g key={level} class="zone" onClick={() => onTap(leg, level)}>
                  <rect
                    x="10"
                    y={y}
                    width="72"
                    height={height}
                    fill={on ? "var(--feel-mark)" : "var(--fig-far)"}
                    opacity={on ? 1 : leg === active ? 0.9 : 0.55}
                  />
                  {on && <rect x="10" y={y} width="72" height={height} fill="url(#leg-hatch)" />}
                </g>
              );
            })}
          </g>
          {leg === active && <path d={LEG} fill="none" stroke="var(--edge)" stroke-width="2" pointer-events="none" />}
        </g>
      ))}
    </svg>
  );
}
