"""When a reminder is due: local wall time in, UTC out. Pure; nothing here knows the database or the clock.

Each instant is computed from its own date, never from the one before, so nothing drifts. What RULINGS.md decides:

- a local time that does not exist (clocks go forward) is shifted forward by the gap: 02:30 becomes 03:30;
- a local time that exists twice (clocks go back) is its first occurrence;
- a time inside quiet hours (start included, end excluded) is deferred to their end on the same local date; where they
  end on the next date, the reminder is never sent (`silenced`);
- a date that a zone skipped altogether (Samoa, 30 December 2011) has no occasion: its hours are another date's.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

# One week reaches every weekday; the second is for a date that a zone skipped.
HORIZON_DAYS = 15


@dataclass(frozen=True, slots=True)
class Quiet:
    """Hours without a reminder: `start` included, `end` excluded. They may span midnight; equal means none."""

    start: dt.time
    end: dt.time

    def covers(self, time: dt.time) -> bool:
        if self.start <= self.end:
            return self.start <= time < self.end
        return time >= self.start or time < self.end

    def ends_same_date(self, time: dt.time) -> bool:
        """Whether quiet hours that cover `time` end before midnight."""
        return time < self.end


@dataclass(frozen=True, slots=True)
class Schedule:
    """`times` are the day's local hours, earliest first: slot 1, 2, … `weekdays` are ISO, Monday 1."""

    times: tuple[dt.time, ...]
    weekdays: frozenset[int]
    zone: ZoneInfo
    quiet: Quiet | None = None


@dataclass(frozen=True, slots=True, order=True)
class Occasion:
    """One (date, slot) of a schedule. Ordered by instant, then date and slot, so that two that fall on one instant
    (both deferred to the end of quiet hours) still come one after the other."""

    due_at: dt.datetime
    date: dt.date
    slot: int
    silenced: bool = field(default=False, compare=False)


def instant(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The UTC instant of a local wall time; gaps and doubled times as the module says.

    `fold=0` means both: in a gap it takes the offset before the change, which lands behind the gap by just as much as
    the time was inside it, and of a doubled time it takes the first.
    """
    return dt.datetime.combine(date, time.replace(fold=0), tzinfo=zone).astimezone(dt.UTC)


@functools.lru_cache(maxsize=4096)  # at eight o'clock many patients have the same hours
def occasion(schedule: Schedule, date: dt.date, slot: int) -> Occasion:
    """The occasion of one date and slot (1 to the number of times)."""
    due_at = instant(date, schedule.times[slot - 1], schedule.zone)
    shown = due_at.astimezone(schedule.zone)
    quiet = schedule.quiet
    if quiet is None or not quiet.covers(shown.time()):
        return Occasion(due_at, date, slot)
    if not quiet.ends_same_date(shown.time()):
        return Occasion(due_at, date, slot, silenced=True)
    return Occasion(instant(shown.date(), quiet.end, schedule.zone), date, slot)


def occasions_on(schedule: Schedule, date: dt.date) -> Iterator[Occasion]:
    """What a local date holds, by slot. Empty on other weekdays and on a date that its zone skipped."""
    if date.isoweekday() not in schedule.weekdays or not _exists(date, schedule.zone):
        return
    for slot in range(1, len(schedule.times) + 1):
        yield occasion(schedule, date, slot)


def next_after(schedule: Schedule, moment: dt.datetime) -> Occasion | None:
    """The first occasion due strictly after `moment`; None when no time or no weekday is set."""
    return _earliest(schedule, moment, lambda one: one.due_at > moment)


@functools.lru_cache(maxsize=4096)
def following(schedule: Schedule, last: Occasion) -> Occasion | None:
    """The occasion that comes after `last`, also when both fall on the same instant."""
    return _earliest(schedule, last.due_at, lambda one: one > last)


def _earliest(schedule: Schedule, moment: dt.datetime, wanted: Callable[[Occasion], bool]) -> Occasion | None:
    # A gap near midnight may push an occasion into the next date, so the search begins one date earlier.
    first = moment.astimezone(schedule.zone).date() - dt.timedelta(days=1)
    found: Occasion | None = None
    for n in range(HORIZON_DAYS + 2):
        here = [one for one in occasions_on(schedule, first + dt.timedelta(days=n)) if wanted(one)]
        if found is not None:
            # The one date more is enough: nothing is deferred further than into the next.
            return min([found, *here])
        found = min(here, default=None)
    return found


def _exists(date: dt.date, zone: ZoneInfo) -> bool:
    noon = instant(date, dt.time(12), zone)
    return noon.astimezone(zone).date() == date
