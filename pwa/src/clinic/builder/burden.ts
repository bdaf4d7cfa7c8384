import type { Exercise, Phase, Prescription, Weekday } from '../types';
import { onWeekday, perWeek, timesPerDay, WEEK } from './frequency';

/**
 * What a phase asks of a person, day by day, computed here so that it moves with every edit; the server's
 * `GET /programs/{id}/burden` uses the same rules (programs/burden.py) and is the reference.
 */

/** Burden steps of the product (CLINICAL.md E, [D]): a note above the first, a warning above the second. */
export const NOTE = { exercises: 4, minutes: 20 } as const;
export const WARNING = { exercises: 8, minutes: 30 } as const;

/** Seconds for one repetition without its hold, when neither the dose nor the exercise says. */
const MOVE_S = 4;

export type Level = 'fine' | 'note' | 'warning';

export interface DayBurden {
  day: Weekday;
  exercises: number;
  minutes: number;
}

/** Seconds for doing one prescription once: every set, both sides where both are asked, rests between sets. */
export function seconds(item: Prescription): number {
  const { sets, reps, hold_s, rest_s, side, tempo } = item.dose;
  const move = tempo ? tempo.reduce((sum, part) => sum + part, 0) : (reps ?? 1) > 1 ? MOVE_S : 0;
  const work = (reps ?? 1) * ((hold_s ?? 0) + move);
  const sides = side === 'both' ? 2 : 1;
  return sets * work * sides + Math.max(0, sets - 1) * rest_s;
}

/** Walking is dosed in minutes of its own and does not count towards "a day above 30 minutes" (CLINICAL.md C). */
export function isWalk(exercise: Exercise | undefined): boolean {
  return exercise?.slug === 'sup-short-stride-walk';
}

export function byWeekday(phase: Phase): DayBurden[] {
  return WEEK.map((day) => {
    let exercises = 0;
    let total = 0;
    for (const item of phase.prescriptions) {
      const times = onWeekday(item.frequency, day);
      exercises += times > 0 ? times / Math.max(1, timesPerDay(item.frequency)) : 0;
      total += times * seconds(item);
    }
    return { day, exercises: Math.round(exercises * 10) / 10, minutes: Math.round(total / 60) };
  });
}

/** The heaviest day, by minutes. */
export function heaviest(days: readonly DayBurden[]): DayBurden {
  return days.reduce((worst, day) => (day.minutes > worst.minutes ? day : worst));
}

export function level(day: Pick<DayBurden, 'exercises' | 'minutes'>): Level {
  if (day.exercises > WARNING.exercises || day.minutes > WARNING.minutes) return 'warning';
  if (day.exercises > NOTE.exercises || day.minutes > NOTE.minutes) return 'note';
  return 'fine';
}

const A_B: Record<number, readonly [Weekday[], Weekday[]]> = {
  2: [[1, 4], [2, 5]],
  3: [[1, 3, 5], [2, 4, 6]],
};
const DAILY_A_B: readonly [Weekday[], Weekday[]] = [[1, 3, 5, 7], [2, 4, 6]];

/**
 * Spreads a phase over A and B days. What stands on two or three days a week keeps its amount and only changes days.
 * If a day is still too full, what stands on four or more days alternates too, which does lower its frequency: that is
 * the offer's whole point and the button says so. Walking stays on its days.
 */
export function spread(phase: Phase, exercises: ReadonlyMap<string, Exercise>): Phase {
  const movable = (item: Prescription) => !isWalk(exercises.get(item.exercise));
  const light = alternate(phase, movable, (days) => days in A_B, (days) => A_B[days] as readonly [Weekday[], Weekday[]]);
  const worst = byWeekday(light).some((day) => level(day) === 'warning');
  return worst ? alternate(light, movable, (days) => days >= 4, () => DAILY_A_B) : light;
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
    return { ...item, frequency: { kind: 'weekdays' as const, days: [...chosen], times_per_day: timesPerDay(item.frequency) } };
  });
  return { ...phase, prescriptions };
}
