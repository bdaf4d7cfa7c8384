import type { JSX } from "preact";

const CALENDAR = (
  <>
    <rect x="3.5" y="5" width="17" height="15.5" rx="3" />
    <path d="M3.5 10h17M8 3v4M16 3v4M9 15l2.2 2.2L15.2 13" />
  </>
);

/** Paths on a 24 px grid; stroke and size come from `.i` in tokens.css. */
const SHAPES = {
  arrow: <path d="M4 12h14M13 6.5l5.5 5.5-5.5 5.5" />,
  back: <path d="M15 5l-7 7 7 7" />,
  bell: <path d="M6 16.5V11a6 6 0 0112 0v5.5l1.5 2h-15zM10 21.2h4" />,
  calendar: CALENDAR,
  call: (
    <path d="M5 3.5h4l1.6 4.6-2.3 1.6a13 13 0 006 6l1.6-2.3 4.6 1.6v4A1.5 1.5 0 0119 20.5 16 16 0 013.5 5 1.5 1.5 0 015 3.5z" />
  ),
  check: <path d="M5 12.5l4.5 4.5L19 7" />,
  clock: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 6.8V12l3.4 2" />
    </>
  ),
  close: <path d="M6 6l12 12M18 6L6 18" />,
  copy: (
    <>
      <rect x="8" y="8" width="12" height="12" rx="2" />
      <path d="M16 8V5.5A1.5 1.5 0 0014.5 4h-9A1.5 1.5 0 004 5.5v9A1.5 1.5 0 005.5 16H8" />
    </>
  ),
  device: (
    <>
      <rect x="7" y="2.5" width="10" height="19" rx="2.5" />
      <path d="M11 18.5h2" />
    </>
  ),
  down: <path d="M5 9l7 7 7-7" />,
  download: <path d="M12 3.5v11M7.5 10.5L12 15l4.5-4.5M4.5 19.5h15" />,
  eye: (
    <>
      <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z" />
      <circle cx="12" cy="12" r="2.6" />
    </>
  ),
  flag: <path d="M5.5 21V4h12l-2.5 4.2 2.5 4.3h-12" />,
  globe: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18" />
    </>
  ),
  grip: (
    <>
      <circle cx="9" cy="6" r=".6" />
      <circle cx="15" cy="6" r=".6" />
      <circle cx="9" cy="12" r=".6" />
      <circle cx="15" cy="12" r=".6" />
      <circle cx="9" cy="18" r=".6" />
      <circle cx="15" cy="18" r=".6" />
    </>
  ),
  key: (
    <>
      <circle cx="8" cy="15" r="4.5" />
      <path d="M11.5 12L20 3.5M16.5 7l3 3" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="10.5" width="14" height="10" rx="2" />
      <path d="M8 10.5V8a4 4 0 018 0v2.5" />
    </>
  ),
  mail: (
    <>
      <rect x="3" y="5" width="18" height="14" rx="2.5" />
      <path d="M3.5 7.5L12 13l8.5-5.5" />
    </>
  ),
  message: <path d="M4 5h16a1 1 0 011 1v10a1 1 0 01-1 1h-9l-5 4v-4H4a1 1 0 01-1-1V6a1 1 0 011-1z" />,
  moon: <path d="M20 14.5A8.5 8.5 0 019.5 4a8.5 8.5 0 1010.5 10.5z" />,
  mute: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5" />,
  next: <path d="M9 5l7 7-7 7" />,
  offline: (
    <>
      <path d="M3 3l18 18M8.5 15.5a5 5 0 016-.6M5.5 12a9.5 9.5 0 014-2.3M14.5 9.5a9.5 9.5 0 014 2.5M2.5 8.5A14 14 0 016.5 6M11 5.2a14 14 0 0110.5 3.3" />
      <circle cx="12" cy="19" r=".8" />
    </>
  ),
  pause: <path d="M8.5 5v14M15.5 5v14" stroke-width="3.4" />,
  person: (
    <>
      <circle cx="12" cy="8" r="4.2" />
      <path d="M4 20.5c.8-4 4-6 8-6s7.2 2 8 6" />
    </>
  ),
  play: <path d="M8 5l11 7-11 7z" fill="currentColor" />,
  plus: <path d="M12 5v14M5 12h14" />,
  print: <path d="M7 9V3.5h10V9M7 17.5H4V9.5h16v8h-3M7 14.5h10v6H7z" />,
  progress: <path d="M3.5 20.5h17M4.5 15l5-5 4 3.5 6-7.5" />,
  search: (
    <>
      <circle cx="10.5" cy="10.5" r="6.5" />
      <path d="M15.5 15.5L21 21" />
    </>
  ),
  screen: (
    <>
      <rect x="3" y="4.5" width="18" height="12" rx="2" />
      <path d="M8 20.5h8M12 16.5v4" />
    </>
  ),
  share: <path d="M12 15V4M7.5 8L12 3.5 16.5 8M5 13v6.5h14V13" />,
  shield: (
    <>
      <path d="M12 3l8 3v6c0 5-3.5 7.8-8 9-4.5-1.2-8-4-8-9V6z" />
      <path d="M8.5 12l2.5 2.5 4.5-4.5" />
    </>
  ),
  signout: <path d="M10 4H5v16h5M14.5 8l4 4-4 4M18 12H9.5" />,
  sound: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.5 4.5 0 010 6M18 6.5a8 8 0 010 11" />,
  text: <path d="M3 18.5L8 6l5 12.5M4.8 14.5h6.4M14.5 18.5l3-8 3 8M15.5 16h4" />,
  trash: <path d="M4.5 6.5h15M9.5 6.5V4h5v2.5M6.5 6.5l1 14h9l1-14" />,
  undo: <path d="M8.5 4.5L4 9l4.5 4.5M4.5 9H14a5.5 5.5 0 010 11h-4" />,
  up: <path d="M5 15l7-7 7 7" />,
  warn: <path d="M12 3.8L2.8 19.5h18.4zM12 10v4.5M12 17v.2" />,
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof SHAPES;

/** Decoration only: the words beside it, or the button's label, carry the meaning. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }): JSX.Element {
  return (
    <svg class={small ? "i s" : "i"} viewBox="0 0 24 24" aria-hidden="true">
      {SHAPES[name]}
    </svg>
  );
}

/** The rising line. */
export function Logo({ size = 30 }: { size?: number }): JSX.Element {
  return (
    <svg width={size} height={size} viewBox="0 0 30 30" aria-hidden="true">
      <path
        d="M3 24C10 24 12 19 14 14S19 5 27 5"
        fill="none"
        stroke="var(--do)"
        stroke-width="5"
        stroke-linecap="round"
      />
      <circle cx="27" cy="5" r="3" fill="var(--do)" />
    </svg>
  );
}
