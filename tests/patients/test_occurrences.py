"""`occurrences(frequency, start, zone, first, last)`: every occurrence exactly once, in any zone, and a plan that is
laid out from it through revisions in the middle of a week, pauses and locks, a stop, several plans."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from patients.counting import Day, Fact, count_days
from patients.schedule import Asked, Course, Revision, Span, day_in, lay_out, occurrences
from programs.frequency import Frequency, Interval, PerWeek, Weekdays

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
ZONES = [
    *("UTC", "Europe/Madrid", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Kathmandu"),
    "Australia/Lord_Howe",  # half an hour forward and back
    "Europe/Dublin",  # winter time is the exception there
    *("Africa/Casablanca", "Africa/El_Aaiun"),  # clocks go back for Ramadan
    *("America/Havana", "America/Santiago", "America/Asuncion", "Asia/Beirut", "Africa/Cairo"),  # at midnight
    *("Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Apia", "America/St_Johns"),
]
zones = st.sampled_from(ZONES).map(ZoneInfo)
starts = st.dates(dt.date(2024, 1, 1), dt.date(2032, 12, 31))
weekdays = st.builds(Weekdays, st.sets(st.integers(1, 7), min_size=1).map(sorted).map(tuple), st.integers(1, 4))
intervals = st.builds(Interval, st.integers(1, 28), st.integers(1, 4))
weekly = st.builds(PerWeek, st.integers(1, 14))
frequencies = st.one_of(weekdays, intervals, weekly)
offsets = st.integers(-20, 80)


# ---- days of a zone -------------------------------------------------------------------------------------------------
@given(zone=zones, date=starts)
@example(zone=ZoneInfo("Pacific/Apia"), date=dt.date(2011, 12, 29))
@example(zone=ZoneInfo("America/Havana"), date=dt.date(2026, 3, 8))
@example(zone=ZoneInfo("Australia/Lord_Howe"), date=dt.date(2026, 4, 5))
def test_days_of_a_zone_follow_each_other_without_gap_or_overlap(zone: ZoneInfo, date: dt.date) -> None:
    here, after = day_in(date, zone), day_in(date + DAY, zone) or day_in(date + 2 * DAY, zone)
    assert here is not None
    assert after is not None
    start, end = here
    assert end == after[0]
    assert 22 * HOUR <= end - start <= 26 * HOUR
    assert start.astimezone(zone).date() == date
    assert (end - dt.timedelta(seconds=1)).astimezone(zone).date() == date
    assert start.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("Europe/Madrid", dt.date(2026, 3, 29), 23),
        ("Europe/Madrid", dt.date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", dt.date(2026, 10, 4), 23.5),
        ("Australia/Lord_Howe", dt.date(2026, 4, 5), 24.5),
        ("America/Havana", dt.date(2026, 3, 8), 23),  # midnight itself does not exist
        ("Asia/Kathmandu", dt.date(2026, 3, 29), 24),
    ],
)
def test_length_of_a_day_when_the_clocks_change(zone: str, date: dt.date, hours: float) -> None:
    span = day_in(date, ZoneInfo(zone))
    assert span is not None
    assert span[1] - span[0] == hours * HOUR


def test_date_that_a_zone_never_had_has_no_occurrence() -> None:
    first, last = dt.date(2011, 12, 28), dt.date(2012, 1, 1)
    dates = [one.last.day for one in occurrences(Interval(1), first, ZoneInfo("Pacific/Apia"), first, last)]
    assert dates == [28, 29, 31, 1]


# ---- occurrences ----------------------------------------------------------------------------------------------------
def expected(frequency: Frequency, start: dt.date, date: dt.date) -> int:
    """How many end on a date, said once more in other words."""
    day = (date - start).days
    if day < 0:
        return 0
    if isinstance(frequency, Weekdays):
        return frequency.times_per_day if date.isoweekday() in frequency.days else 0
    if isinstance(frequency, Interval):
        return frequency.times_per_day if day % frequency.every_days == 0 else 0
    return frequency.count if day % 7 == 6 else 0


@given(frequency=frequencies, start=starts, zone=zones, first=offsets, length=st.integers(0, 60))
def test_each_occurrence_once_and_none_before_the_start(
    frequency: Frequency, start: dt.date, zone: ZoneInfo, first: int, length: int
) -> None:
    window = [start + (first + n) * DAY for n in range(length + 1)]
    found = occurrences(frequency, start, zone, window[0], window[-1])
    assert found == sorted(set(found))
    assert Counter(one.last for one in found) == +Counter({date: expected(frequency, start, date) for date in window})
    for one in found:
        assert one.first >= start
        assert (one.last - one.first).days == (6 if isinstance(frequency, PerWeek) else 0)
        assert one.start.astimezone(zone).date() == one.first
        assert (one.end - dt.timedelta(seconds=1)).astimezone(zone).date() == one.last
    for before, after in pairwise(found):
        assert (before.last, before.slot) < (after.last, after.slot)
        assert before.end <= after.start or before.last == after.last


@given(frequency=frequencies, start=starts, zone=zones, cut=st.integers(0, 60))
def test_window_may_be_cut_anywhere(frequency: Frequency, start: dt.date, zone: ZoneInfo, cut: int) -> None:
    last = start + 60 * DAY
    parts = [
        *occurrences(frequency, start, zone, start, start + (cut - 1) * DAY),
        *occurrences(frequency, start, zone, start + cut * DAY, last),
    ]
    assert parts == occurrences(frequency, start, zone, start, last)


@given(frequency=frequencies, start=starts, one=zones, other=zones)
def test_dates_are_the_calendars_whatever_the_zone(
    frequency: Frequency, start: dt.date, one: ZoneInfo, other: ZoneInfo
) -> None:
    last = start + 60 * DAY
    dates = [[(o.last, o.slot) for o in occurrences(frequency, start, zone, start, last)] for zone in (one, other)]
    assert dates[0] == dates[1]


# ---- plans ----------------------------------------------------------------------------------------------------------
def revision(n: int, effective_from: dt.date, asked: Sequence[Frequency]) -> Revision:
    return Revision(
        uuid.uuid4(), n, effective_from, tuple(Asked(uuid.uuid4(), uuid.uuid4(), frequency) for frequency in asked)
    )


spans = st.tuples(st.integers(-5, 60), st.none() | st.integers(0, 10))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    start = draw(starts)
    changes = draw(st.lists(st.tuples(st.integers(0, 50), st.lists(frequencies, max_size=2)), max_size=3))
    revisions = [
        revision(1, start, draw(st.lists(frequencies, min_size=1, max_size=2))),
        *(revision(n + 2, start + offset * DAY, asked) for n, (offset, asked) in enumerate(changes)),
    ]
    pauses, locks = (
        [
            Span(start + first * DAY, None if length is None else start + (first + length) * DAY)
            for first, length in draw(st.lists(spans, max_size=2))
        ]
        for _ in range(2)
    )
    ended = draw(st.none() | st.integers(0, 60))
    return Course(
        start,
        None if ended is None else start + ended * DAY,
        revisions,
        pauses,
        locks,
        skipped=frozenset(start + n * DAY for n in draw(st.sets(st.integers(0, 60), max_size=2))),
        zone=draw(zones),
    )


@settings(max_examples=60)
@given(course=courses())
def test_plan_has_the_occurrences_of_the_revision_in_force_and_no_others(course: Course) -> None:
    last = course.starts_on + 60 * DAY
    laid = lay_out(course, course.starts_on - 10 * DAY, last, last)
    found = Counter(
        (day.date, item.prescription, item.slot) for day in laid for item in day.items if item.weekly is None
    )
    wanted: Counter[tuple[dt.date, str, int]] = Counter()
    for n in range(61):
        date = course.starts_on + n * DAY
        if course.ended_on is not None and date >= course.ended_on:
            break
        for asked in max((r for r in course.revisions if r.effective_from <= date), key=lambda r: r.n).asked:
            if isinstance(asked.frequency, PerWeek):
                continue
            for slot in range(expected(asked.frequency, course.starts_on, date)):
                wanted[date, str(asked.prescription), slot + 1] += 1
    assert found == wanted
    assert set(found.values()) <= {1}


@settings(max_examples=60)
@given(course=courses(), asked=st.lists(frequencies, max_size=2), offset=st.integers(0, 60))
def test_revision_in_the_middle_of_a_week_leaves_every_date_before_it(
    course: Course, asked: list[Frequency], offset: int
) -> None:
    effective = course.starts_on + offset * DAY
    later = revision(len(course.revisions) + 1, effective, asked)
    revised = Course(**{**vars(course), "revisions": [*course.revisions, later]})
    last = course.starts_on + 70 * DAY
    before, after = (lay_out(one, course.starts_on, last, last) for one in (course, revised))
    assert [day.date for day in before] == [day.date for day in after]
    for old, new in zip(before, after, strict=True):
        if old.date < effective:
            assert (old.items, old.revision, old.open) == (new.items, new.revision, new.open)
        else:
            assert new.revision == later.id


@settings(max_examples=60)
@given(course=courses(), more=spans)
def test_pause_moves_nothing_and_excuses_its_dates_only(course: Course, more: tuple[int, int | None]) -> None:
    first, length = course.starts_on + more[0] * DAY, more[1]
    span = Span(first, None if length is None else first + length * DAY)
    paused = Course(**{**vars(course), "pauses": [*course.pauses, span]})
    last = course.starts_on + 70 * DAY
    for old, new in zip(*(lay_out(one, course.starts_on, last, last) for one in (course, paused)), strict=True):
        assert (old.date, old.items, old.week) == (new.date, new.items, new.week)
        assert new.open is (old.open and not span.covers(old.date))


@settings(max_examples=60)
@given(course=courses(), done=st.sets(st.integers(0, 60)), later=st.integers(0, 70), further=st.integers(1, 10))
def test_judged_week_is_not_judged_again_and_the_running_one_not_yet(
    course: Course, done: set[int], later: int, further: int
) -> None:
    """With days that pass, only the dates of weeks that have just ended change, and their last open day alone."""
    last = course.starts_on + 60 * DAY
    laid = lay_out(course, course.starts_on, last, last)

    def counted(today: dt.date) -> dict[dt.date, int]:
        days = []
        for day in laid:
            at = dt.datetime.combine(day.date, dt.time(8), dt.UTC)
            facts = [Fact("e", at, item.key, item.slot, "both", 3, 3, skipped=False) for item in day.items]
            wanted = facts if (day.date - course.starts_on).days in done else []
            days.append(Day(day.date, day.items, day.open, day.week, tuple(wanted)))
        return {date: one.counts.due for date, one in count_days(days, today, course.ended_on).items()}

    today = course.starts_on + later * DAY
    now, then = counted(today), counted(today + further * DAY)
    ended = {course.week_start(today + n * DAY) - 7 * DAY for n in range(further + 1)}
    ended.add(course.week_start(today))
    for day in laid:
        if day.week is None or day.week not in ended:
            assert now[day.date] == then[day.date]
        else:
            assert now[day.date] <= then[day.date]


def test_several_plans_are_laid_out_each_by_itself() -> None:
    start = dt.date(2026, 3, 23)
    one = Course(start, None, [revision(1, start, [Weekdays((1, 3, 5))])])
    other = Course(start + 2 * DAY, start + 9 * DAY, [revision(1, start + 2 * DAY, [Interval(2, 2), PerWeek(3)])])
    last = start + 13 * DAY
    dates = [[day.date.day for day in lay_out(course, start, last, last) if day.items] for course in (one, other)]
    assert dates == [[23, 25, 27, 30, 1, 3], [25, 26, 27, 28, 29, 30, 31]]
    slots = [len(day.items) for day in lay_out(other, start, last, last)]
    assert slots == [3, 1, 3, 1, 3, 1, 3]
