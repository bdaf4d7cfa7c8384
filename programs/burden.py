"""What a phase asks of a person on each weekday: minutes and exercises, as an estimate. Pure.

The estimate of one exercise, in seconds:

    sets × repetitions × (hold + movement) + (sets − 1) × rest

- movement is 5 s a repetition, or the prescribed tempo's way out and back. A hold of 10 s or more includes it.
- an alternating exercise is done with both legs in each repetition, so its work counts twice. A single alternating
  repetition (walking) alternates by itself and counts once.
- an exercise of one side prescribed for both sides is done twice, rests included: its dose is per side.

The constants were fitted to the sixteen estimates of CLINICAL.md C; the formula meets all within 1.7 minutes, on
average within 0.7 (tests/programs/test_burden.py). Burden steps: CLINICAL.md E [D].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from programs.dose import Dose
from programs.frequency import WEEK_DAYS, Frequency, share_of_weekday, times_per_day

MOVEMENT_S = 5
HOLD_INCLUDES_MOVEMENT_FROM_S = 10

NOTE_EXERCISES, NOTE_MINUTES = 4, 20
WARNING_EXERCISES, WARNING_MINUTES = 8, 30

# The word of the muscle vocabulary by which walking is known. It is dosed in minutes of its own and left out where a
# day is judged too full (CLINICAL.md C: "exceeds 30 min without walking").
WALKING = "gait-pattern"

Level = Literal["fine", "note", "warning"]


@dataclass(frozen=True)
class Item:
    """A prescription as far as its burden goes. `laterality` is the exercise's: unilateral, bilateral, alternating."""

    dose: Dose
    frequency: Frequency
    laterality: str
    walking: bool = False


@dataclass(frozen=True)
class DayBurden:
    """`day`: ISO weekday. `exercises`: different ones, a share where only some weeks have it on that weekday."""

    day: int
    minutes: float
    minutes_without_walking: float
    exercises: float
    level: Level


def seconds(dose: Dose, laterality: str) -> float:
    """How long it takes to do an exercise once, in seconds, for the side or sides that its dose names."""
    repetitions = dose.sets * (dose.reps or 1)
    work = repetitions * _repetition_s(dose)
    rests = (dose.sets - 1) * dose.rest_s
    if laterality == "alternating" and dose.side in ("alternating", "both") and (dose.reps or 1) > 1:
        return 2 * work + rests
    if laterality == "unilateral" and dose.side in ("alternating", "both"):
        return 2 * (work + rests)
    return work + rests


def _repetition_s(dose: Dose) -> float:
    hold = dose.hold_s or 0
    if dose.tempo is not None:
        out, tempo_hold, back = dose.tempo
        return out + (hold or tempo_hold) + back
    return hold if hold >= HOLD_INCLUDES_MOVEMENT_FROM_S else hold + MOVEMENT_S


def by_weekday(items: Iterable[Item]) -> list[DayBurden]:
    """Seven days, Monday first. Conditional items count as if they were due: a person must be able to do them all."""
    items = list(items)
    return [_day(weekday, items) for weekday in range(1, WEEK_DAYS + 1)]


def _day(weekday: int, items: list[Item]) -> DayBurden:
    total = without_walking = exercises = 0.0
    for item in items:
        share = share_of_weekday(item.frequency, weekday)
        spent = share * times_per_day(item.frequency) * seconds(item.dose, item.laterality) / 60
        total += spent
        without_walking += 0 if item.walking else spent
        exercises += min(share, 1.0)
    return DayBurden(
        day=weekday,
        minutes=round(total, 1),
        minutes_without_walking=round(without_walking, 1),
        exercises=round(exercises, 1),
        level=level(exercises, total),
    )


def level(exercises: float, minutes: float) -> Level:
    """A note above 4 exercises or 20 minutes a day, a warning above 8 or 30 (CLINICAL.md E)."""
    if exercises > WARNING_EXERCISES or minutes > WARNING_MINUTES:
        return "warning"
    if exercises > NOTE_EXERCISES or minutes > NOTE_MINUTES:
        return "note"
    return "fine"
