/** Pieces several screens share. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DoseSide, PlanExercise } from "../../api/types";
import { ts } from "../../i18n/shared";
import { language } from "../../i18n/core";
import { Button, Icon, type IconName } from "../../ui";
import { unread } from "../state";
import { t } from "../t";

export function Screen({ children, class: extra }: { children: ComponentChildren; class?: string }): JSX.Element {
  return <div class={extra ? `screen ${extra}` : "screen"}>{children}</div>;
}

/** The bar with one way out on the left and a fact in the middle. */
export function TopBar(props: {
  title: string;
  onBack: () => void;
  back?: { icon: IconName; label: string };
  right?: ComponentChildren;
  below?: ComponentChildren;
}): JSX.Element {
  const { icon, label } = props.back ?? { icon: "back", label: ts("back") };
  return (
    <header>
      <div class="top">
        <Button kind="plain" icon={icon} label={label} onClick={props.onBack} />
        <span class="grow">{props.title}</span>
        {props.right ?? <span class="top-gap" />}
      </div>
      {props.below}
    </header>
  );
}

const TABS = [
  { name: "today", href: "/", icon: "calendar" },
  { name: "progress", href: "/progress", icon: "progress" },
  { name: "messages", href: "/messages", icon: "message" },
  { name: "me", href: "/me", icon: "person" },
] as const;

export function Tabs({ here }: { here: (typeof TABS)[number]["name"] }): JSX.Element {
  const count = unread.value.length;
  return (
    <nav class="tabs" aria-label={t("tabs.label")}>
      {TABS.map(({ name, href, icon }) => (
        <a key={name} href={href} aria-current={here === name ? "page" : undefined}>
          <Icon name={icon} />
          {t(`tabs.${name}`)}
          {name === "messages" && count > 0 && (
            <b class="badge">
              <span class="vh">{t("tabs.unread", { count })}</span>
            </b>
          )}
        </a>
      ))}
    </nav>
  );
}

export function SavedLine({ text }: { text: string }): JSX.Element {
  return (
    <p class="line saved">
      <Icon name="device" small />
      {text}
    </p>
  );
}

/** Right-legged as drawn; a left side is the mirror image. */
export function Figure(props: {
  exercise: PlanExercise;
  side: DoseSide;
  kind: "thumb" | "moving";
  still?: boolean;
}): JSX.Element | null {
  const [broken, setBroken] = useState(false);
  const calm = useReducedMotion();
  const { figure, name } = props.exercise;
  if (!figure || broken) return null;
  const src = props.kind === "thumb" ? figure.thumb : calm || props.still ? figure.poster : figure.src;
  // In the list the name stands beside it; in the session the picture itself is content.
  return (
    <img
      class={props.side === "left" ? "fig mirrored" : "fig"}
      src={src}
      alt={props.kind === "thumb" ? "" : name}
      onError={() => setBroken(true)}
    />
  );
}

function useReducedMotion(): boolean {
  const query = "(prefers-reduced-motion: reduce)";
  const [calm, setCalm] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const note = (): void => setCalm(media.matches);
    media.addEventListener("change", note);
    return () => media.removeEventListener("change", note);
  }, []);
  return calm;
}

/**
 * The language of a text of the plan, where it is not the app's: English where something is not translated yet, the
 * patient's on a carer's phone. A document of an older server says nothing, and was English.
 */
export function foreignTo(lang: string | undefined): string | undefined {
  const spoken = (lang ?? "en").split("-")[0];
  return spoken && spoken !== language.value ? spoken : undefined;
}

/** Clinical text in the language it was written in, so that a screen reader pronounces it so. */
export function Clinical({ exercise, children }: { exercise: PlanExercise; children: ComponentChildren }): JSX.Element {
  const lang = foreignTo(exercise.lang);
  return lang ? <span lang={lang}>{children}</span> : <>{children}</>;
}

/** Moves focus to the new screen's headline, so that a screen reader reads where one is. */
export function useHeadlineFocus(key: unknown): void {
  useEffect(() => {
    const headline = document.querySelector<HTMLElement>("h1");
    if (headline === null) return;
    headline.tabIndex = -1;
    headline.focus({ preventScroll: true });
  }, [key]);
}
