"""Due times against zoneinfo: an oracle that walks the clock minute by minute and knows no formula."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reminders.due import Occasion, Quiet, Schedule, following, instant, next_after, occasion, occasions_on

EVERY_DAY = frozenset(range(1, 8))
MINUTE = dt.timedelta(minutes=1)
# Northern and southern, half and quarter hours, a half-hour change (Lord Howe), midnight changes (Beirut, Santiago,
# Asunción), a negative winter "summer time" (Dublin), no changes (Phoenix, Kolkata), both sides of the date line.
ZONES = (
    "Europe/Madrid",
    "Europe/Dublin",
    "America/New_York",
    "America/St_Johns",
    "America/Santiago",
    "America/Asuncion",
    "America/Phoenix",
    "America/Nuuk",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Beirut",
    "Asia/Gaza",
    "Africa/Casablanca",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "Antarctica/Troll",
)


def schedule(
    *times: str, zone: str = "Europe/Madrid", days: frozenset[int] = EVERY_DAY, quiet: Quiet | None = None
) -> Schedule:
    return Schedule(tuple(dt.time.fromisoformat(time) for time in times), days, ZoneInfo(zone), quiet)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def wall(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def walked(date: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first minute at which the wall clock shows this time; when it never does, the minute at which it shows the
    time plus what the clock jumped over."""
    wanted = dt.datetime.combine(date, time)
    moment = dt.datetime.combine(date, time, tzinfo=dt.UTC) - dt.timedelta(hours=27)
    jumped = dt.timedelta(0)
    before = wall(moment, zone)
    for _ in range(56 * 60):
        moment += MINUTE
        shown = wall(moment, zone)
        if shown == wanted + jumped:
            return moment
        if before < wanted < shown:
            jumped = shown - before - MINUTE
            if shown == wanted + jumped:
                return moment
        before = shown
    raise AssertionError(f"{zone} never shows {wanted}")


def changes(zone: ZoneInfo, years: range) -> list[dt.date]:
    """Local dates on which the offset changes."""
    day, found = dt.datetime(years.start, 1, 1, tzinfo=dt.UTC), []
    while day.year < years.stop:
        after = day + dt.timedelta(days=1)
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found += [day.astimezone(zone).date(), after.astimezone(zone).date()]
        day = after
    return found


CHANGES = [(name, date) for name in ZONES for date in changes(ZoneInfo(name), range(2010, 2030))]


@settings(derandomize=True, max_examples=250, deadline=None)
@given(
    st.sampled_from(CHANGES),
    st.times(min_value=dt.time(0), max_value=dt.time(5)).map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_instant_near_a_clock_change_is_what_a_wall_clock_shows(change: tuple[str, dt.date], time: dt.time) -> None:
    name, date = change
    zone = ZoneInfo(name)
    if name == "Pacific/Apia" and date == dt.date(2011, 12, 30):
        return  # this date did not exist there; it has a test of its own
    assert instant(date, time, zone) == walked(date, time, zone)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(dt.date(2012, 1, 1), dt.date(2037, 12, 31)),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_instant_on_any_day_is_what_a_wall_clock_shows(name: str, date: dt.date, time: dt.time) -> None:
    zone = ZoneInfo(name)
    assert instant(date, time, zone) == walked(date, time, zone)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 24 * 366 * 24).map(lambda hours: utc("2012-01-01T00:00") + dt.timedelta(hours=hours)),
    st.lists(st.integers(0, 24 * 60 - 1), min_size=1, max_size=4, unique=True),
    st.sets(st.integers(1, 7), min_size=1),
)
def test_next_after_skips_nothing_and_repeats_nothing(
    name: str, start: dt.datetime, minutes: list[int], days: set[int]
) -> None:
    """Three weeks of `following` are exactly what `occasions_on` lists date by date."""
    plan = Schedule(
        tuple(dt.time(minute // 60, minute % 60) for minute in sorted(minutes)), frozenset(days), ZoneInfo(name)
    )
    end = start + dt.timedelta(days=21)
    first_date = start.astimezone(plan.zone).date() - dt.timedelta(days=2)
    listed = sorted(
        one
        for n in range(26)
        for one in occasions_on(plan, first_date + dt.timedelta(days=n))
        if start < one.due_at <= end
    )
    chained: list[Occasion] = []
    one = next_after(plan, start)
    while one is not None and one.due_at <= end:
        chained.append(one)
        one = following(plan, one)
    assert chained == listed


@pytest.mark.parametrize(
    ("zone", "date", "time", "expected"),
    [
        # Eight o'clock is eight o'clock on both sides of both changes.
        ("Europe/Madrid", "2026-03-28", "08:00", "2026-03-28T07:00"),
        ("Europe/Madrid", "2026-03-29", "08:00", "2026-03-29T06:00"),
        ("Europe/Madrid", "2026-10-24", "08:00", "2026-10-24T06:00"),
        ("Europe/Madrid", "2026-10-25", "08:00", "2026-10-25T07:00"),
        # In the gap: shifted forward by it (02:30 becomes 03:30 summer time).
        ("Europe/Madrid", "2026-03-29", "02:30", "2026-03-29T01:30"),
        # Twice: the first (summer time).
        ("Europe/Madrid", "2026-10-25", "02:30", "2026-10-25T00:30"),
        # Half an hour of change: 02:15 becomes 02:45; 01:45 happens twice, half an hour apart.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"),
        ("Asia/Kathmandu", "2026-06-01", "08:00", "2026-06-01T02:15"),
        # A change at midnight: 00:30 does not exist and becomes 01:30 of the same date.
        ("America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30"),
    ],
)
def test_instant_on_the_days_of_change(zone: str, date: str, time: str, expected: str) -> None:
    found = instant(dt.date.fromisoformat(date), dt.time.fromisoformat(time), ZoneInfo(zone))
    assert found == utc(expected)


def test_a_date_that_the_zone_skipped_has_no_occasion() -> None:
    """Samoa went from 29 to 31 December 2011."""
    samoa = schedule("08:00", zone="Pacific/Apia")
    assert list(occasions_on(samoa, dt.date(2011, 12, 30))) == []
    one = next_after(samoa, utc("2011-12-29T18:30"))  # 08:30 on the 29th there
    assert one is not None
    assert (one.date, one.due_at) == (dt.date(2011, 12, 31), utc("2011-12-30T18:00"))


def test_next_after_is_strict_and_knows_weekdays() -> None:
    weekdays = schedule("08:00", days=frozenset({1, 3}))
    one = next_after(weekdays, utc("2026-11-25T07:00"))  # Wednesday 08:00 sharp
    assert one == Occasion(utc("2026-11-30T07:00"), dt.date(2026, 11, 30), 1)


def test_nothing_is_due_without_weekdays_or_times() -> None:
    assert next_after(schedule("08:00", days=frozenset()), utc("2026-11-25T07:00")) is None
    assert next_after(schedule(), utc("2026-11-25T07:00")) is None


@pytest.mark.parametrize(
    ("time", "quiet", "due", "silenced"),
    [
        ("06:00", ("22:00", "07:00"), "06:00", False),  # 07:00 local: deferred to the end, same date
        ("07:00", ("22:00", "07:00"), "06:00", False),  # the end is not inside
        ("21:59", ("22:00", "07:00"), "20:59", False),
        ("22:00", ("22:00", "07:00"), "21:00", True),  # the start is; the end is tomorrow's
        ("13:30", ("13:00", "15:30"), "14:30", False),
        ("13:30", ("13:30", "13:30"), "12:30", False),  # equal means none
    ],
)
def test_occasion_in_quiet_hours(time: str, quiet: tuple[str, str], due: str, silenced: bool) -> None:
    start, end = (dt.time.fromisoformat(hour) for hour in quiet)
    one = occasion(schedule(time, quiet=Quiet(start, end)), dt.date(2026, 11, 24), 1)
    assert (one.due_at, one.silenced) == (utc(f"2026-11-24T{due}"), silenced)


def test_a_time_shifted_by_the_gap_into_quiet_hours_is_deferred() -> None:
    """02:30 is shown as 03:30, which is inside; 02:30 itself was not."""
    one = occasion(schedule("02:30", quiet=Quiet(dt.time(3), dt.time(4))), dt.date(2026, 3, 29), 1)
    assert one.due_at == utc("2026-03-29T02:00")


def test_two_occasions_deferred_to_one_instant_come_one_after_the_other() -> None:
    plan = schedule("05:00", "06:00", quiet=Quiet(dt.time(22), dt.time(7)))
    first = next_after(plan, utc("2026-11-24T00:00"))
    assert first is not None
    second = following(plan, first)
    assert second is not None
    assert (first.slot, second.slot) == (1, 2)
    assert first.due_at == second.due_at
    third = following(plan, second)
    assert third is not None
    assert third.date == dt.date(2026, 11, 25)
