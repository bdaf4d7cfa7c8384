import type { JSX } from "preact";
import { Fragment } from "preact";
import { clockTime } from "../../../i18n/format";
import { Icon } from "../../../ui";
import { sayDose } from "../../plan/dose";
import { isOpen, type DueGroup, type DueItem } from "../../plan/day";
import { t } from "../../t";
import { Clinical, Figure, foreignTo } from "../parts";

export interface DayListProps {
  readonly groups: readonly DueGroup[];
  readonly next: DueGroup | null;
  /** Under a lock everything of the day is shown, and nothing can be started. */
  readonly locked?: boolean;
}

export function DayList({ groups, next, locked = false }: DayListProps): JSX.Element {
  const nextItem = next?.items.find(isOpen);
  const severalTimes = new Set(groups.map((group) => group.slot)).size > 1;
  return (
    <>
      {groups.map((group) => (
        <Fragment key={`${group.plan.id} ${group.slot}`}>
          {severalTimes && <h2 class="slot">{t("today.slot", { slot: group.slot })}</h2>}
          <ul class="list ex">
            {group.items
              .filter((item) => locked || item.state !== "excused")
              .map((item) => (
                <Row key={item.prescription.id} item={item} next={item === nextItem} />
              ))}
          </ul>
        </Fragment>
      ))}
      {groups.some((group) => group.items.some((item) => foreignTo(item.exercise.lang) === "en")) && (
        <p class="quiet small">{t("today.foreign")}</p>
      )}
    </>
  );
}

function Row({ item, next }: { item: DueItem; next: boolean }): JSX.Element {
  const done = item.state === "done";
  const classes = ["row", !isOpen(item) && "is-done", next && "is-next"].filter(Boolean).join(" ");
  const inside = (
    <>
      <span class="thumb">
        <Figure exercise={item.exercise} side={item.prescription.dose.side} kind="thumb" />
      </span>
      <span class="grow">
        <strong>
          <Clinical exercise={item.exercise}>{item.exercise.name}</Clinical>
        </strong>
        <small>{detail(item)}</small>
      </span>
      <span class={done ? "mark done" : item.state === "partly" ? "mark part" : "mark"}>
        {done && <Icon name="check" />}
        {item.state === "skipped" && <Icon name="close" />}
        <span class="vh">{t(`state.${item.state}`)}</span>
      </span>
    </>
  );
  // What this phone logged can be opened and corrected.
  return item.entry ? (
    <li>
      <a class={classes} href={`/entry/${item.entry}`}>
        {inside}
      </a>
    </li>
  ) : (
    <li class={classes}>{inside}</li>
  );
}

function detail({ prescription, state, doneAt }: DueItem): string {
  const dose = sayDose(prescription.dose);
  if (state === "done")
    return doneAt ? t("today.doneAt", { dose, time: clockTime(doneAt) }) : t("today.doneDose", { dose });
  if (state === "skipped") return t("today.skipped");
  return state === "partly" ? t("today.partly", { dose }) : dose;
}
