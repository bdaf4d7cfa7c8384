"""How often: the `frequency` of API.md as values, and the dates that come of it. Pure.

Each date is computed from the plan's start, never from the date before it: a schedule that counts on from the last
date drifts after one gap. Times of day and zones are the reminders' business; here a day is a local calendar date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from programs.fields import InvalidFieldsError, Reader

WEEK_DAYS = 7
ONE_DAY = dt.timedelta(days=1)
MOST_TIMES_PER_DAY = 12


@dataclass(frozen=True)
class Weekdays:
    """On these ISO weekdays (Monday 1), `times_per_day` times each."""

    days: tuple[int, ...]
    times_per_day: int = 1

    def as_json(self) -> dict[str, Any]:
        return {"kind": "weekdays", "days": list(self.days), "times_per_day": self.times_per_day}


@dataclass(frozen=True)
class Interval:
    """Every `every_days` days from the plan's start, the start included."""

    every_days: int
    times_per_day: int = 1

    def as_json(self) -> dict[str, Any]:
        return {"kind": "interval", "every_days": self.every_days, "times_per_day": self.times_per_day}


@dataclass(frozen=True)
class PerWeek:
    """`count` times in each week of seven days from the plan's start; the patient chooses the days."""

    count: int

    def as_json(self) -> dict[str, Any]:
        return {"kind": "per_week", "count": self.count}


Frequency = Weekdays | Interval | PerWeek
KINDS = ("weekdays", "interval", "per_week")


def parse(data: object) -> Frequency:
    """Raises InvalidFieldsError, which names each wrong field with a sentence."""
    reader = Reader.of(data, "frequency")
    kind = reader.take("kind")
    if kind not in KINDS:
        raise InvalidFieldsError([("kind", f"Say how often with one of {', '.join(KINDS)}.")])
    frequency: Frequency
    if kind == "weekdays":
        frequency = Weekdays(days=_days(reader), times_per_day=_times_per_day(reader))
    elif kind == "interval":
        frequency = Interval(
            every_days=reader.whole("every_days", 1, 28, "days from one to the next"),
            times_per_day=_times_per_day(reader),
        )
    else:
        frequency = PerWeek(count=reader.whole("count", 1, 14, "times a week"))
    reader.finish()
    return frequency


def times_per_day(frequency: Frequency) -> int:
    """How often on a day that has it; a free week's exercise is done once on the days the patient chooses."""
    return 1 if isinstance(frequency, PerWeek) else frequency.times_per_day


def dates_of(frequency: Frequency, start: dt.date, first: dt.date, last: dt.date) -> list[dt.date]:
    """The dates from `first` to `last`, both included, never before the plan's `start`, in order.

    PerWeek has no dates of its own: empty; its weeks are `week_of`.
    """
    first = max(first, start)
    if isinstance(frequency, PerWeek) or first > last:
        return []
    dates = (first + n * ONE_DAY for n in range((last - first).days + 1))
    if isinstance(frequency, Weekdays):
        return [date for date in dates if date.isoweekday() in frequency.days]
    return [date for date in dates if (date - start).days % frequency.every_days == 0]


def week_of(start: dt.date, date: dt.date) -> int:
    """Which week of a plan a date is in: 0 for the seven days from `start`, then 1; below 0 before the start."""
    return (date - start).days // WEEK_DAYS


def share_of_weekday(frequency: Frequency, weekday: int) -> float:
    """How much of it falls on an ISO weekday, on average: 1 for a weekday that has it, count ÷ 7 for a free week."""
    if isinstance(frequency, Weekdays):
        return 1.0 if weekday in frequency.days else 0.0
    if isinstance(frequency, Interval):
        return 1 / frequency.every_days
    return frequency.count / WEEK_DAYS


def _days(reader: Reader) -> tuple[int, ...]:
    value = reader.take("days")
    fits = isinstance(value, list) and value and all(type(day) is int and 1 <= day <= WEEK_DAYS for day in value)
    if not fits or len(set(value)) != len(value):
        reader.wrong("days", "Choose at least one weekday from 1 (Monday) to 7 (Sunday), each once.")
        return ()
    return tuple(sorted(value))


def _times_per_day(reader: Reader) -> int:
    return reader.whole("times_per_day", 1, MOST_TIMES_PER_DAY, "times a day", default=1)
