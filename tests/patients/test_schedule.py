"""What is due on which date: properties of the pure schedule."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.schedule import Asked, Course, Revision, Span, items_on, lay_out
from programs.frequency import Frequency, Interval, PerWeek, Weekdays

START = dt.date(2026, 3, 2)  # a Monday; the last Sunday of March is the 29th
DAY = dt.timedelta(days=1)
FAR = START + 60 * DAY


def asked(frequency: Frequency, **fields: Any) -> Asked:
    return Asked(uuid.uuid4(), uuid.uuid4(), frequency, **fields)


def course(*frequencies: Frequency, **fields: Any) -> Course:
    revision = Revision(uuid.uuid4(), 1, START, tuple(asked(one) for one in frequencies))
    return Course(**{"starts_on": START, "ended_on": None, "revisions": [revision]} | fields)


def dates_of(course_: Course, first: dt.date = START, last: dt.date = FAR) -> list[dt.date]:
    return [day.date for day in lay_out(course_, first, last, FAR) if day.items]


weekdays = st.builds(
    Weekdays, st.sets(st.integers(1, 7), min_size=1).map(sorted).map(tuple), times_per_day=st.integers(1, 3)
)
intervals = st.builds(Interval, st.integers(1, 28), times_per_day=st.integers(1, 3))
frequencies = st.one_of(weekdays, intervals, st.builds(PerWeek, st.integers(1, 14)))
offsets = st.integers(-10, 70)


@given(frequency=frequencies, first=offsets, length=st.integers(0, 70), ended=st.none() | offsets)
def test_every_occurrence_once_and_none_outside_the_plan(
    frequency: Frequency, first: int, length: int, ended: int | None
) -> None:
    ended_on = None if ended is None else START + max(ended, 0) * DAY
    days = lay_out(course(frequency, ended_on=ended_on), START + first * DAY, START + (first + length) * DAY, FAR)
    dates = [day.date for day in days]
    asked_for = {START + (first + n) * DAY for n in range(length + 1)}
    inside = {date for date in asked_for if date >= START and (ended_on is None or date < ended_on)}
    assert dates == sorted(inside)
    for day in days:
        slots = [item.slot for item in day.items]
        if isinstance(frequency, PerWeek):
            assert slots == [1]
            assert day.items[0].weekly == frequency.count
            assert day.week == START + (day.date - START).days // 7 * 7 * DAY
            continue
        if isinstance(frequency, Weekdays):
            expected = day.date.isoweekday() in frequency.days
        else:
            expected = (day.date - START).days % frequency.every_days == 0
        assert slots == (list(range(1, frequency.times_per_day + 1)) if expected else [])
        assert day.week is None


@given(frequency=frequencies, cut=st.integers(0, 60))
def test_laying_out_in_parts_gives_the_same_as_at_once(frequency: Frequency, cut: int) -> None:
    whole = lay_out(course_ := course(frequency), START, FAR, FAR)
    parts = lay_out(course_, START, START + (cut - 1) * DAY, FAR) + lay_out(course_, START + cut * DAY, FAR, FAR)
    assert whole == parts


@given(
    changes=st.lists(st.tuples(offsets.filter(lambda n: n >= 0), frequencies), max_size=5),
    new=frequencies,
    effective=st.integers(0, 60),
)
def test_revision_never_changes_what_was_due_before_it(
    changes: list[tuple[int, Frequency]], new: Frequency, effective: int
) -> None:
    revisions = [
        Revision(uuid.uuid4(), n + 1, START + offset * DAY, (asked(frequency),))
        for n, (offset, frequency) in enumerate([(0, Weekdays((1, 3, 5))), *changes])
    ]
    later = Revision(uuid.uuid4(), len(revisions) + 1, START + effective * DAY, (asked(new),))
    before = lay_out(Course(START, None, revisions), START, FAR, FAR)
    after = lay_out(Course(START, None, [*revisions, later]), START, FAR, FAR)
    past = [(day.date, day.revision, day.items) for day in before if day.date < later.effective_from]
    assert [(day.date, day.revision, day.items) for day in after if day.date < later.effective_from] == past
    assert {day.revision for day in after if day.date >= later.effective_from} == {later.id}


@given(frequency=frequencies, first=offsets, length=st.none() | st.integers(0, 20))
def test_pause_closes_both_its_dates_and_moves_nothing(frequency: Frequency, first: int, length: int | None) -> None:
    span = Span(START + first * DAY, None if length is None else START + (first + length) * DAY)
    plain = lay_out(course(frequency), START, FAR, FAR)
    paused = lay_out(course(frequency, pauses=[span]), START, FAR, FAR)
    assert [day.date for day in plain] == [day.date for day in paused]
    for day in paused:
        covered = span.first <= day.date and (span.last is None or day.date <= span.last)
        assert day.open is not covered


def test_both_changes_of_daylight_saving_change_no_date() -> None:
    for change in (dt.date(2026, 3, 29), dt.date(2026, 10, 25)):
        start = change - 6 * DAY
        every_other = Course(start, None, [Revision(uuid.uuid4(), 1, start, (asked(Interval(2)),))])
        assert dates_of(every_other, start, change + 6 * DAY) == [start + n * DAY for n in range(0, 13, 2)]


def test_interval_counts_from_the_start_also_after_a_revision_and_a_pause() -> None:
    one, two = asked(Interval(3)), asked(Interval(3))
    revisions = [Revision(uuid.uuid4(), 1, START, (one,)), Revision(uuid.uuid4(), 2, START + 4 * DAY, (two,))]
    with_pause = Course(START, None, revisions, pauses=[Span(START + 5 * DAY, START + 7 * DAY)])
    assert dates_of(with_pause, START, START + 12 * DAY) == [START + n * DAY for n in (0, 3, 6, 9, 12)]


@pytest.mark.parametrize(
    ("in_force", "remembered", "shown_before", "shown_from_today"),
    [(True, False, False, True), (False, True, True, False), (True, None, True, True), (False, None, False, False)],
)
def test_todays_findings_do_not_rewrite_what_was_asked_before(
    in_force: bool, remembered: bool | None, shown_before: bool, shown_from_today: bool
) -> None:
    one = asked(Weekdays((1, 2, 3, 4, 5, 6, 7)), conditional=True, in_force=in_force)
    revision = Revision(uuid.uuid4(), 1, START, (one,))
    memory = {START + n * DAY: {str(one.prescription): False} if remembered else {} for n in range(10)}
    days = lay_out(
        Course(START, None, [revision]),
        START,
        START + 9 * DAY,
        today=START + 5 * DAY,
        remembered=None if remembered is None else memory,
    )
    assert [bool(day.items) for day in days] == [*[shown_before] * 5, *[shown_from_today] * 5]
    assert items_on(revision, Course(START, None, [revision]), START, None) == (() if not in_force else days[-1].items)
