"""One step harder or easier: what a suggestion would change (CLINICAL.md D.2, progress_action, regress_action). Pure.

Progress, the first that fits, one variable only: +2 repetitions to the top of the range, +1 set, the next band or
weight, the harder exercise. Regress: −1 set, or −30 % load; a second red on the same exercise takes the easier one.

The library names one dose for an exercise, not a range. The range taken here is a design decision [D]: up to two
repetitions and one set above the library's dose (docs/clinical-sources.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from programs.burden import seconds
from programs.dose import Dose
from programs.frequency import WEEK_DAYS, Frequency, share_of_weekday, times_per_day

MORE_REPS = 2
REPS_ABOVE = 2
SETS_ABOVE = 1
MOST_VOLUME = 0.10  # a week's work of the whole phase
LOAD_UP = 0.10
LOAD_DOWN = 0.30
LOAD_GRAIN_KG = 0.5
HIGHEST_LEVEL = 5  # never by itself


@dataclass(frozen=True)
class ExerciseView:
    """An exercise as far as a step needs it."""

    id: str
    name: str
    level: int
    kind: str
    laterality: str
    default: Dose


@dataclass(frozen=True)
class Item:
    """A prescription of the running phase."""

    key: str
    dose: Dose
    frequency: Frequency
    exercise: ExerciseView
    easier: ExerciseView | None = None
    harder: ExerciseView | None = None
    needs_release: bool = False
    heavier_band: bool = False  # the next band was asked for already


@dataclass(frozen=True)
class Step:
    """`what`: reps | sets | load | exercise | rest | nothing. `to` is the dose afterwards; `band` asks for the next
    band, which no number of the dose can say."""

    what: str
    item: Item | None = None
    to: Dose | None = None
    exercise: ExerciseView | None = None
    band: bool = False

    def as_json(self, rest_days: int = 0) -> dict[str, Any]:
        return {
            "what": self.what,
            "from": None if self.item is None else self.item.dose.as_json(),
            "to": None if self.to is None else self.to.as_json(),
            "exercise": None if self.exercise is None else {"id": self.exercise.id, "name": self.exercise.name},
            "band": self.band,
            "rest_days": rest_days,
            "phase": None,
        }


def may_progress(item: Item) -> bool:
    """Never for release demands and level-5 exercises (D.2, never_auto)."""
    return not item.needs_release and item.exercise.level < HIGHEST_LEVEL


def harder(item: Item, phase: Sequence[Item]) -> Step | None:
    """The smallest step up that keeps a week's work within a tenth more; None if there is none."""
    if not may_progress(item):
        return None
    return _more_reps(item, phase) or _another_set(item, phase) or _more_load(item) or _harder_exercise(item)


def _more_reps(item: Item, phase: Sequence[Item]) -> Step | None:
    dose, usual = item.dose, item.exercise.default.reps
    # An exercise that the library holds once a set has no range of repetitions to climb.
    if dose.reps is None or dose.reps <= 1 or usual is None or dose.reps >= usual + REPS_ABOVE:
        return None
    top = usual + REPS_ABOVE
    more = replace(dose, reps=min(dose.reps + MORE_REPS, top))
    # One repetition is the smallest step there is; where even that is more than a tenth, "about a tenth" is it.
    return Step("reps", item, more if _fits(item, more, phase) else replace(dose, reps=dose.reps + 1))


def _another_set(item: Item, phase: Sequence[Item]) -> Step | None:
    another = replace(item.dose, sets=item.dose.sets + 1)
    allowed = item.dose.sets < item.exercise.default.sets + SETS_ABOVE
    return Step("sets", item, another) if allowed and _fits(item, another, phase) else None


def _more_load(item: Item) -> Step | None:
    dose = item.dose
    if dose.load_kg is not None:
        more = max(LOAD_GRAIN_KG, math.floor(dose.load_kg * LOAD_UP / LOAD_GRAIN_KG) * LOAD_GRAIN_KG)
        return Step("load", item, replace(dose, load_kg=dose.load_kg + more))
    return Step("load", item, dose, band=True) if dose.load == "band" and not item.heavier_band else None


def _harder_exercise(item: Item) -> Step | None:
    if item.harder is None or item.harder.level >= HIGHEST_LEVEL:
        return None
    return Step("exercise", item, with_side(item.harder.default, item.dose), item.harder)


def _fits(item: Item, dose: Dose, phase: Sequence[Item]) -> bool:
    """Not more than a tenth of the phase's week on top."""
    more = weekly_seconds(replace(item, dose=dose)) - weekly_seconds(item)
    return more <= MOST_VOLUME * sum(map(weekly_seconds, phase))


def easier(item: Item, *, second_red: bool) -> Step:
    """One step down; a rest alone where nothing can be taken away."""
    dose = item.dose
    if second_red and item.easier is not None:
        return Step("exercise", item, with_side(item.easier.default, dose), item.easier)
    if dose.sets > 1:
        return Step("sets", item, replace(dose, sets=dose.sets - 1))
    if dose.load_kg is not None:
        less = math.floor(dose.load_kg * (1 - LOAD_DOWN) / LOAD_GRAIN_KG) * LOAD_GRAIN_KG
        if less > 0:
            return Step("load", item, replace(dose, load_kg=less))
    if item.easier is not None:
        return Step("exercise", item, with_side(item.easier.default, dose), item.easier)
    return Step("rest")


def with_side(dose: Dose, like: Dose) -> Dose:
    """The other exercise's usual dose, for the side that was prescribed."""
    return replace(dose, side=like.side if dose.side in ("left", "right", "affected", "both") else dose.side)


def weekly_seconds(item: Item) -> float:
    """Seconds of work and rest that an item asks for in a week."""
    days = sum(share_of_weekday(item.frequency, day) for day in range(1, WEEK_DAYS + 1))
    return days * times_per_day(item.frequency) * seconds(item.dose, item.exercise.laterality)
