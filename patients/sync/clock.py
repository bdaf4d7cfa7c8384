"""When something happened and on which date (RULINGS.md, Sync). Pure.

phone shows 07:10 ──▶ raw          kept as it came
clock 2 h fast    ──▶ corrected    raw − skew: the instant in which it really happened
date              ──▶ the date that the phone showed, unless its clock was off by more than ten minutes:
                      then the date of the corrected instant in the phone's zone
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from patients.sync.fields import ItemError, error
from patients.sync.items import Item

TOLERANCE = dt.timedelta(minutes=10)
# What a slow network takes looks like a slow clock; correcting it would move every log by another few seconds.
NETWORK = dt.timedelta(minutes=1)
EDIT_WITHIN = dt.timedelta(days=7)


@dataclass(frozen=True)
class Clock:
    """The phone's clock as of this call: what it showed, when the server heard it, and the phone's zone."""

    sent_at: dt.datetime
    received_at: dt.datetime
    zone: zoneinfo.ZoneInfo

    @property
    def skew(self) -> dt.timedelta:
        """Phone minus server."""
        return self.sent_at - self.received_at

    @property
    def off(self) -> bool:
        return abs(self.skew) > TOLERANCE

    def corrected(self, raw: dt.datetime) -> dt.datetime:
        return (raw - self.skew if abs(self.skew) >= NETWORK else raw).astimezone(dt.UTC)

    def local_date(self, raw: dt.datetime) -> dt.date:
        return self.corrected(raw).astimezone(self.zone).date() if self.off else raw.date()

    def today(self) -> dt.date:
        """The phone's date at the moment of sending."""
        return self.local_date(self.sent_at)


@dataclass(frozen=True)
class Times:
    """Everything an entry stores about time."""

    happened_at: dt.datetime
    happened_at_raw: dt.datetime
    utc_offset_min: int
    local_date: dt.date
    logged_at: dt.datetime
    edited_at: dt.datetime | None
    late: bool


def times_of(item: Item, clock: Clock) -> Times:
    logged = item.logged_at or item.at
    offset = item.at.utcoffset() or dt.timedelta()
    return Times(
        happened_at=clock.corrected(item.at),
        happened_at_raw=item.at.astimezone(dt.UTC),
        utc_offset_min=round(offset.total_seconds() / 60),
        local_date=clock.local_date(item.at),
        logged_at=clock.corrected(logged),
        edited_at=None if item.edited_at is None else clock.corrected(item.edited_at),
        late=clock.local_date(logged) > clock.local_date(item.at),
    )


def objections(item: Item, clock: Clock) -> list[ItemError]:
    """What cannot be: done, logged or edited in the future, by more than the tolerance after correction."""
    named = {"performed_at" if item.kind == "session" else "at": item.at}
    named |= {"logged_at": item.logged_at or item.at, "edited_at": item.edited_at or item.at}
    latest = clock.received_at + TOLERANCE
    detail = "This lies in the future, even after your phone's clock was corrected."
    wrong = [name for name, at in named.items() if clock.corrected(at) > latest]
    return [error("in_future", detail, name) for name in wrong[:1]]
