import type { JSX } from "preact";
import { useLocation } from "preact-iso";
import { capitalise, weekday } from "../../../i18n/format";
import { Button } from "../../../ui";
import { startSession } from "../../session/actions";
import { groupsOf, isOpen, itemsOn } from "../../plan/day";
import { draft, entries, lock, plan, today } from "../../state";
import { addDays } from "../../store/time";
import { t } from "../../t";

/** Yesterday, when something was left: met kindly, never scolded, and whoever did it without the app can write it down. */
export function Missed(): JSX.Element | null {
  const { route } = useLocation();
  const yesterday = addDays(today.value, -1);
  if (plan.value === null || draft.value !== null || lock.value !== null) return null;
  const group = groupsOf(itemsOn(plan.value.payload, entries.value, yesterday)).find((one) => one.items.some(isOpen));
  if (group === undefined) return null;
  return (
    <div class="missed">
      <p class="quiet small">{t("today.missed", { day: capitalise(weekday(yesterday)) })}</p>
      <Button kind="plain" onClick={() => void startSession(group, yesterday).then(() => route("/session"))}>
        {t("today.fillIn")}
      </Button>
    </div>
  );
}
