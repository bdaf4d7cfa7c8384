import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { Button } from "../../../ui";
import { putOff } from "../../progress/actions";
import { dueNow } from "../../progress/due";
import { lock, outcomesLater, therapist, today } from "../../state";
import { addDays } from "../../store/time";
import { t } from "../../t";

/** The questions of baseline, weeks 4, 8, 12 and 24: asked, not demanded. `always`: also when they were put off. */
export function OutcomeDue({ always = false }: { always?: boolean }): JSX.Element | null {
  const { route } = useLocation();
  const waits = outcomesLater.value !== null && today.value < outcomesLater.value;
  // Whoever has just met a warning sign has other things to do.
  if (dueNow.value.length === 0 || (waits && !always) || lock.value === "red_flag") return null;
  const name = therapist.value;
  return (
    <section class="card due" aria-label={t("due.title")}>
      <h2>{t("due.title")}</h2>
      <p class="quiet">{name ? t("due.more", { name }) : t("due.moreClinic")}</p>
      <p class="acts">
        <Button onClick={() => route("/outcome")}>{t("due.start")}</Button>
        {!waits && (
          <Button kind="plain" onClick={() => void putOff(addDays(today.value, 1))}>
            {t("due.later")}
          </Button>
        )}
      </p>
    </section>
  );
}
