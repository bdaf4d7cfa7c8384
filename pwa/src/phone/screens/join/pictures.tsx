/** The two pictures of an iPhone's Share menu. */
import type { JSX } from "preact";
import { t } from "../../t";

export function SharePicture(): JSX.Element {
  return (
    <svg viewBox="0 0 310 150" role="img" aria-label={t("install.sharePicture")} class="shot">
      <rect
        x="6"
        y="-20"
        width="298"
        height="162"
        rx="24"
        fill="var(--surface)"
        stroke="var(--edge)"
        stroke-width="2"
      />
      <rect x="26" y="14" width="180" height="10" rx="5" fill="var(--line)" />
      <rect x="26" y="36" width="220" height="10" rx="5" fill="var(--line)" />
      <path d="M7 76H303V118a23 23 0 01-23 23H30a23 23 0 01-23-23Z" fill="var(--sunken)" />
      <g transform="translate(52 108)" stroke="var(--ink-3)" stroke-width="2.5" fill="none" stroke-linecap="round">
        <path d="M5 -8l-8 8 8 8M46 -8l8 8 -8 8M170 -9h16v18h-16zM216 -9h16v18h-16z" />
      </g>
      <circle cx="154" cy="106" r="27" fill="var(--do-soft)" stroke="var(--do)" stroke-width="3" />
      <g
        transform="translate(142 93)"
        stroke="var(--do)"
        stroke-width="2.5"
        fill="none"
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        <path d="M12 15V1M7.5 5.5L12 1l4.5 4.5M7 9H3.5v15h17V9H17" />
      </g>
    </svg>
  );
}

export function AddPicture(): JSX.Element {
  return (
    <svg viewBox="0 0 310 150" role="img" aria-label={t("install.addPicture")} class="shot">
      <rect x="6" y="8" width="298" height="170" rx="24" fill="var(--sunken)" stroke="var(--edge)" stroke-width="2" />
      <rect x="24" y="24" width="262" height="40" rx="10" fill="var(--surface)" />
      <rect x="42" y="39" width="110" height="10" rx="5" fill="var(--line)" />
      <rect x="22" y="72" width="266" height="54" rx="12" fill="var(--do-soft)" stroke="var(--do)" stroke-width="3" />
      <text x="42" y="105" class="shot-text">
        {t("install.addHomeShort")}
      </text>
      <rect x="252" y="87" width="24" height="24" rx="6" fill="none" stroke="var(--do)" stroke-width="2.5" />
      <path d="M264 93v12M258 99h12" stroke="var(--do)" stroke-width="2.5" stroke-linecap="round" />
      <rect x="24" y="134" width="262" height="40" rx="10" fill="var(--surface)" />
    </svg>
  );
}
