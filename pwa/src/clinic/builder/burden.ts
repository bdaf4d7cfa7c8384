import type { Exercise, Phase, Prescription, Weekday } from "../types";
import { onWeekday, perWeek, timesPerDay, WEEK } from "./frequency";

/**
 * What a phase asks of a person, day by day, computed here so that it moves with every edit. The same formula and
 * constants as the server's `programs/burden.py`, where they are explained and fitted to CLINICAL.md C:
 * sets × repetitions × (hold + movement) + (sets − 1) × rest.
 */

/** Burden steps of the product (CLINICAL.md E, [D]): a note above the first, a warning above the second. */
export const NOTE = { exercises: 4, minutes: 20 } as const;
export const WARNING = { exercises: 8, minutes: 30 } as const;

const MOVEMENT_S = 5;
const HOLD_INCLUDES_MOVEMENT_FROM_S = 10;

/** The word of the muscle vocabulary by which walking is known; a day is judged too full without it. */
const WALKING = "gait-pattern";

export type Level = "fine" | "note" | "warning";
export type Exercises = ReadonlyMap<string, Exercise>;

export interface DayBurden {
  day: Weekday;
  exercises: number;
  minutes: number;
  minutesWithoutWalking: number;
}

/** Seconds for doing one prescription once: every set, every side its dose names, rests between sets. */
export function seconds(item: Prescription, exercise: Exercise | undefined): number {
  const { sets, reps, rest_s, side } = item.dose;
  const work = sets * (reps ?? 1) * repetition(item);
  const rests = (sets - 1) * rest_s;
  const bothSides = side === "both" || side === "alternating";
  if (exercise?.laterality === "alternating" && bothSides && (reps ?? 1) > 1) return 2 * work + rests;
  if (exercise?.laterality === "unilateral" && bothSides) return 2 * (work + rests);
  return work + rests;
}

function repetition({ dose: { hold_s, tempo } }: Prescription): number {
  const hold = hold_s ?? 0;
  if (tempo) {
    const [out = 0, held = 0, back = 0] = tempo;
    return out + (hold || held) + back;
  }
  return hold >= HOLD_INCLUDES_MOVEMENT_FROM_S ? hold : hold + MOVEMENT_S;
}

function isWalk(exercise: Exercise | undefined): boolean {
  return exercise?.muscles.some((muscle) => muscle.slug === WALKING) ?? false;
}

/** Seven days, Monday first. Conditional items count as if they were due: a person must be able to do them all. */
export function byWeekday(phase: Phase, exercises: Exercises): DayBurden[] {
  return WEEK.map((day) => {
    let count = 0;
    let all = 0;
    let walking = 0;
    for (const item of phase.prescriptions) {
      const exercise = exercises.get(item.exercise);
      const times = onWeekday(item.frequency, day);
      const spent = (times * seconds(item, exercise)) / 60;
      count += Math.min(1, times / timesPerDay(item.frequency));
      all += spent;
      walking += isWalk(exercise) ? spent : 0;
    }
    return { day, exercises: round(count), minutes: round(all), minutesWithoutWalking: round(all - walking) };
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The heaviest day, by minutes. */
export function heaviest(days: readonly DayBurden[]): DayBurden {
  return days.reduce((worst, day) => (day.minutes > worst.minutes ? day : worst));
}

export function level(day: Pick<DayBurden, "exercises" | "minutes">): Level {
  if (day.exercises > WARNING.exercises || day.minutes > WARNING.minutes) return "warning";
  if (day.exercises > NOTE.exercises || day.minutes > NOTE.minutes) return "note";
  return "fine";
}

const A_B: Readonly<Record<number, readonly [Weekday[], Weekday[]]>> = {
  2: [[1, 4], [2, 5]],
  3: [[1, 3, 5], [2, 4, 6]],
};
const DAILY_A_B: readonly [Weekday[], Weekday[]] = [[1, 3, 5, 7], [2, 4, 6]];

/**
 * Spreads a phase over A and B days. What stands on two or three days a week keeps its amount and only changes days.
 * If a day is still too full, what stands on four or more days alternates too, which does lower its frequency: that is
 * the offer's whole point and the button says so. Walking stays on its days.
 */
export function spread(phase: Phase, exercises: Exercises): Phase {
  const movable = (item: Prescription): boolean => !isWalk(exercises.get(item.exercise));
  const light = alternate(phase, movable, (days) => days in A_B, (days) => A_B[days] as readonly [Weekday[], Weekday[]]);
  const stillFull = byWeekday(light, exercises).some((day) => level({ ...day, minutes: day.minutesWithoutWalking }) === "warning");
  return stillFull ? alternate(light, movable, (days) => days >= 4, () => DAILY_A_B) : light;
}

function alternate(
  phase: Phase,
  movable: (item: Prescription) => boolean,
  takes: (days: number) => boolean,
  pair: (days: number) => readonly [Weekday[], Weekday[]],
): Phase {
  let turn = 0;
  const prescriptions = phase.prescriptions.map((item) => {
    const days = perWeek(item.frequency);
    if (!movable(item) || !takes(days)) return item;
    const chosen = pair(days)[turn++ % 2] as Weekday[];
    return { ...item, frequency: { kind: "weekdays" as const, days: [...chosen], times_per_day: timesPerDay(item.frequency) } };
  });
  return { ...phase, prescriptions };
}
