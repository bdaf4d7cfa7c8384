import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import type { LocalDate } from "../../../api/types";
import { language } from "../../../i18n/core";
import { ts } from "../../../i18n/shared";
import { Button, Icon, Logo } from "../../../ui";
import { t } from "../../t";
import { Screen } from "../parts";
import { parseBirthDate } from "./birthDateParts";

type Part = "day" | "month" | "year";
const LENGTH: Readonly<Record<Part, number>> = { day: 2, month: 2, year: 4 };

/** Day, month and year in the order of the person's country; three boxes, since a calendar is a long way back to 1956. */
function orderOfParts(): Part[] {
  const parts = new Intl.DateTimeFormat(
    navigator.languages.find((tag) => tag.startsWith(language.value)) ?? language.value,
  ).formatToParts();
  return parts
    .map((part) => part.type)
    .filter((type): type is Part => type === "day" || type === "month" || type === "year");
}

export function BirthDate(props: {
  busy: boolean;
  problem: string | null;
  onDone: (date: LocalDate) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<Readonly<Record<Part, string>>>({ day: "", month: "", year: "" });
  const boxes = useRef<HTMLFieldSetElement>(null);
  const id = useId();
  const parsed = parseBirthDate(typed.day, typed.month, typed.year, new Date());
  const complete = typed.day !== "" && typed.month !== "" && typed.year.length === 4;
  const nonsense = complete && parsed === null ? t("join.noSuchDate") : null;
  const problem = nonsense ?? props.problem;

  const type = (part: Part, index: number, value: string): void => {
    const digits = value.replace(/\D/g, "").slice(0, LENGTH[part]);
    setTyped({ ...typed, [part]: digits });
    if (digits.length === LENGTH[part]) boxes.current?.querySelectorAll("input")[index + 1]?.focus();
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    if (parsed !== null && !props.busy) props.onDone(parsed);
  };

  return (
    <Screen>
      <form class="form" onSubmit={submit} noValidate>
        <main class="first">
          <p class="brand">
            <Logo />
            {ts("app")}
          </p>
          <h1>{t("join.title")}</h1>
          <p class="quiet">{t("join.first")}</p>
          <fieldset class="born" ref={boxes} aria-describedby={problem ? `${id}-e` : undefined}>
            <legend>{t("join.born")}</legend>
            <div class="born-parts">
              {orderOfParts().map((part, index) => (
                <div key={part} class={part}>
                  <label for={`${id}-${part}`}>{t(`join.${part}`)}</label>
                  <input
                    id={`${id}-${part}`}
                    class="input"
                    inputMode="numeric"
                    autoComplete={part === "day" ? "bday-day" : part === "month" ? "bday-month" : "bday-year"}
                    maxLength={LENGTH[part]}
                    value={typed[part]}
                    aria-invalid={problem ? "true" : undefined}
                    onInput={(event) => type(part, index, event.currentTarget.value)}
                  />
                </div>
              ))}
            </div>
          </fieldset>
          {problem && (
            <p class="field-error" id={`${id}-e`} role="alert">
              {problem}
            </p>
          )}
          <p class="line">
            <Icon name="lock" small />
            {t("join.tries")}
          </p>
        </main>
        <footer class="foot last">
          <Button kind="primary" size="big" type="submit" disabled={parsed === null || props.busy}>
            {t("join.goOn")}
          </Button>
        </footer>
      </form>
    </Screen>
  );
}
