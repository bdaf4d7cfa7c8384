import type { JSX } from "preact";
import { Banner, Button } from "../../ui";
import type { ApiError } from "../../api/client";
import { t } from "../t";

/** A whole page that could not be shown: what happened, and the one thing to do about it. */
export function Problem(props: { title: string; onRetry?: () => void; link?: { href: string; text: string } }): JSX.Element {
  return (
    <main class="wrap narrow stack">
      <h1>{props.title}</h1>
      {props.onRetry && <Button onClick={props.onRetry}>{t("again")}</Button>}
      {props.link && (
        <a class="btn" href={props.link.href}>
          {props.link.text}
        </a>
      )}
    </main>
  );
}

/** A failed load inside a page. 404 is said as what it means here: gone, or never yours. */
export function LoadError({ error, onRetry }: { error: ApiError; onRetry: () => void }): JSX.Element {
  return (
    <Banner icon={error.status === 0 ? "offline" : "warn"} tone={error.status === 0 ? "plain" : "feel"} role="alert">
      <p>{error.status === 404 ? t("app.not_yours") : error.message}</p>
      <Button kind="plain" onClick={onRetry}>
        {t("again")}
      </Button>
    </Banner>
  );
}

/** The server's own sentences about a form, except those that a field shows beside itself. */
export function FormErrors({ error, fields = [] }: { error: ApiError | null; fields?: readonly string[] }): JSX.Element | null {
  if (!error) return null;
  const rest = error.errors.filter((item) => !item.attr || !fields.includes(item.attr));
  if (rest.length === 0) return null;
  return (
    <Banner icon="warn" tone="feel" role="alert">
      {rest.map((item) => (
        <p key={item.detail}>{item.detail}</p>
      ))}
    </Banner>
  );
}
