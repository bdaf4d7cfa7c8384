/** Doses as people say them: "3 × 10, hold 5 s, left". */
import type { Dose, DoseSide, LoggedSide } from "../../api/types";
import { number } from "../../i18n/format";
import { sidesPerRep } from "../session/timer";
import { t } from "../t";

/** Holds this long are said in minutes ("15 min"): a walk, not a stretch. */
export const MINUTES_FROM_S = 120;

export function sayDose(dose: Dose): string {
  return [sayAmount(dose), sayLoad(dose), saySide(dose)].filter((part) => part !== "").join(", ");
}

function sayAmount({ sets, reps, hold_s }: Dose): string {
  if (hold_s !== null && (reps === null || reps === 1)) {
    const time = sayTime(hold_s);
    if (sets === 1) return time;
    return hold_s >= MINUTES_FROM_S ? t("dose.times", { sets, time }) : t("dose.holds", { sets, time });
  }
  if (reps === null) return t("dose.sets", { count: sets });
  const amount = sets === 1 ? t("dose.reps", { count: reps }) : t("dose.setsOfReps", { sets, reps });
  return hold_s === null ? amount : `${amount}, ${t("dose.holdEach", { time: sayTime(hold_s) })}`;
}

function sayTime(seconds: number): string {
  if (seconds < MINUTES_FROM_S) return t("dose.seconds", { seconds });
  return t("dose.minutes", { minutes: number(seconds / 60, { maximumFractionDigits: 1 }) });
}

function sayLoad({ load, load_kg }: Dose): string {
  if (load_kg !== null && load_kg > 0) return t("dose.kg", { kg: number(load_kg, { maximumFractionDigits: 2 }) });
  return load === "band" ? t("dose.band") : "";
}

function saySide(dose: Dose): string {
  if (dose.side === "left") return t("side.left");
  if (dose.side === "right") return t("side.right");
  // A walk alternates by itself; nobody needs to be told.
  return sidesPerRep(dose) === 2 ? t("side.alternating") : "";
}

/** The sentence on the session screen, "Left leg"; empty where no side is meant. */
export function sayLeg(dose: Dose): string {
  if (dose.side === "left") return t("leg.left");
  if (dose.side === "right") return t("leg.right");
  return sidesPerRep(dose) === 2 ? t("leg.alternating") : "";
}

/** During a rest: what comes next. */
export function sayNextSet(set: number, side: DoseSide): string {
  if (side === "left") return t("session.thenSetLeft", { set });
  return side === "right" ? t("session.thenSetRight", { set }) : t("session.thenSet", { set });
}

/** The side that is logged. The server resolves `affected` before it sends a plan; unresolved, both sides are meant. */
export function loggedSide(side: DoseSide): LoggedSide {
  return side === "left" || side === "right" ? side : "both";
}
