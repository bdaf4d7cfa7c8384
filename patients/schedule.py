"""What is due on which date: revisions, phases, frequencies, pauses and locks laid over each other. Pure.

    starts_on        revision 2 effective        ended_on
    |  revision 1    |  revision 2               |            one revision a date: the newest that is in force
    |      |- pause -|     |- lock -|            |            dates under these stay, but are not `open`
    | week 0  | week 1  | week 2  | week 3  | w4 |            n-a-week exercises are counted in these

Each date is computed from the plan's start, never from the date before it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from programs.frequency import WEEK_DAYS, Frequency, PerWeek, dates_of, times_per_day, week_of

ONE_DAY = dt.timedelta(days=1)
UTC = ZoneInfo("UTC")


# ---- One frequency --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, order=True)
class Occurrence:
    """Something to be done once, between `start` and `end` (UTC, the end excluded). Of n a week that is any time in the
    seven dates of the bucket; else `first` and `last` are the one date."""

    last: dt.date
    slot: int
    first: dt.date
    start: dt.datetime
    end: dt.datetime


def occurrences(
    frequency: Frequency, start: dt.date, zone: ZoneInfo, first: dt.date, last: dt.date
) -> list[Occurrence]:
    """Everything whose last date lies from `first` to `last`, in order, none before the plan's `start`.

    A bucket of n a week stands under its last date, on which it is judged. A date that the zone never had (Samoa, 30
    December 2011) has no occurrence. The days' lengths are the zone's: 23 or 25 hours when the clocks change.
    """
    found = []
    for first_date, last_date, times in _spans(frequency, start, first, last):
        opens, closes = day_in(first_date, zone), day_in(last_date, zone)
        if opens is not None and closes is not None:
            found += [Occurrence(last_date, slot + 1, first_date, opens[0], closes[1]) for slot in range(times)]
    return found


def _spans(frequency: Frequency, start: dt.date, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date, int]]:
    """(first date, last date, how many times)."""
    if not isinstance(frequency, PerWeek):
        return [(date, date, times_per_day(frequency)) for date in dates_of(frequency, start, first, last)]
    weeks = range(max(week_of(start, first), 0), week_of(start, last) + 1)
    spans = ((start + n * WEEK_DAYS * ONE_DAY, start + ((n + 1) * WEEK_DAYS - 1) * ONE_DAY) for n in weeks)
    return [(opens, closes, frequency.count) for opens, closes in spans if closes <= last]


@lru_cache(maxsize=4096)
def day_in(date: dt.date, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
    """The date's first moment there and the first moment after it, in UTC; None for a date that the zone never had.
    Where midnight does not exist the date begins when the clocks have gone forward; a doubled one counts as its first.
    """
    begins, ends = _midnight(date, zone), _midnight(date + ONE_DAY, zone)
    return (begins, ends) if begins.astimezone(zone).date() == date else None


def _midnight(date: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(date, dt.time(), zone).astimezone(dt.UTC)


# ---- A plan ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """Dates from `first` to `last`, both included; without `last`, for good."""

    first: dt.date
    last: dt.date | None = None

    def covers(self, date: dt.date) -> bool:
        return self.first <= date and (self.last is None or date <= self.last)


@dataclass(frozen=True)
class Asked:
    """A prescription as the schedule sees it. `both`: the dose asks for both sides; `sets`: how many sets it asks for.
    `in_force`: what it depends on (a finding, a release) is so today; `conditional`: it depends on something, so that a
    day gone by may know better."""

    prescription: uuid.UUID
    key: uuid.UUID
    frequency: Frequency
    both: bool = False
    sets: int = 1
    conditional: bool = False
    in_force: bool = True


@dataclass(frozen=True)
class Revision:
    id: uuid.UUID
    n: int
    effective_from: dt.date
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class Course:
    """A plan as dates: everything that decides what is due."""

    starts_on: dt.date
    ended_on: dt.date | None
    revisions: Sequence[Revision]
    pauses: Sequence[Span] = ()
    locks: Sequence[Span] = ()
    skipped: frozenset[dt.date] = frozenset()  # dates that a change of zone jumped over
    excused: Mapping[str, Sequence[Span]] = field(default_factory=dict)  # by key: what a precaution rule takes out
    zone: ZoneInfo = UTC

    def revision_on(self, date: dt.date) -> Revision | None:
        in_force = [revision for revision in self.revisions if revision.effective_from <= date]
        return max(in_force, key=lambda revision: revision.n, default=None)

    def last_date(self, horizon: dt.date) -> dt.date:
        """The last date on which anything can be due, not after `horizon`."""
        return horizon if self.ended_on is None else min(horizon, self.ended_on - ONE_DAY)

    def is_open(self, date: dt.date) -> bool:
        return date not in self.skipped and not any(span.covers(date) for span in (*self.pauses, *self.locks))

    def takes_out(self, key: str, date: dt.date) -> bool:
        return any(span.covers(date) for span in self.excused.get(key, ()))

    def week_start(self, date: dt.date) -> dt.date:
        return self.starts_on + week_of(self.starts_on, date) * WEEK_DAYS * ONE_DAY


@dataclass(frozen=True)
class DueItem:
    """One (key, slot) of a date. `weekly`: n times a week, on days that the patient chooses; then nothing is due on
    this very date, it is only offered. `excused`: a precaution rule takes it out."""

    prescription: str
    key: str
    slot: int = 1
    both: bool = False
    weekly: int | None = None
    sets: int = 1
    excused: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "prescription": self.prescription,
            "key": self.key,
            "slot": self.slot,
            "both": self.both,
            "weekly": self.weekly,
            "sets": self.sets,
            **({"excused": True} if self.excused else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DueItem:
        return cls(
            *(data["prescription"], data["key"], data["slot"], data["both"], data["weekly"], data.get("sets", 1)),
            excused=data.get("excused", False),
        )


@dataclass(frozen=True)
class LaidDay:
    date: dt.date
    revision: uuid.UUID
    items: tuple[DueItem, ...]
    open: bool
    week: dt.date | None


def lay_out(
    course: Course,
    first: dt.date,
    last: dt.date,
    today: dt.date,
    remembered: Mapping[dt.date, Mapping[str, bool]] | None = None,
) -> list[LaidDay]:
    """The days from `first` to `last`, none before the start or from the end on.

    `remembered` says which prescriptions a recorded date had, and whether for both sides: before `today` a conditional
    exercise is due where it was due then, since today's findings must not rewrite what was asked last week.
    """
    first, last = max(first, course.starts_on), course.last_date(last)
    days = []
    for n in range((last - first).days + 1):
        date = first + n * ONE_DAY
        revision = course.revision_on(date)
        if revision is not None:
            known = (remembered or {}).get(date) if date < today else None
            items = items_on(revision, course, date, known)
            days.append((date, revision.id, items))
    weeks = {course.week_start(date) for date, _, items in days if any(item.weekly for item in items)}
    return [
        LaidDay(date, revision, items, course.is_open(date), week if week in weeks else None)
        for date, revision, items in days
        for week in (course.week_start(date),)
    ]


def items_on(
    revision: Revision, course: Course, date: dt.date, remembered: Mapping[str, bool] | None
) -> tuple[DueItem, ...]:
    return tuple(item for asked in revision.asked for item in _items(asked, course, date, remembered))


def _items(asked: Asked, course: Course, date: dt.date, remembered: Mapping[str, bool] | None) -> list[DueItem]:
    prescription, key = str(asked.prescription), str(asked.key)
    in_force, both, sets = asked.in_force, asked.both, asked.sets
    if remembered is not None:
        in_force = prescription in remembered if asked.conditional else in_force
        both = remembered.get(prescription, both)
    if not in_force:
        return []
    out = course.takes_out(key, date)
    if isinstance(asked.frequency, PerWeek):
        return [DueItem(prescription, key, 1, both, asked.frequency.count, sets, out)]
    there = occurrences(asked.frequency, course.starts_on, course.zone, date, date)
    return [DueItem(prescription, key, one.slot, both, None, sets, out) for one in there]
