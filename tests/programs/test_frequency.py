"""Dates come from the plan's start, one by one; nothing drifts, nothing comes before it, free weeks have no dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import library_files
from exercises.content_files import ContentSchema
from programs.fields import InvalidFieldsError
from programs.frequency import (
    Frequency,
    Interval,
    PerWeek,
    Weekdays,
    dates_of,
    parse,
    share_of_weekday,
    times_per_day,
    week_of,
)

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)

dates = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
times = st.integers(1, 12)
weekdays = st.builds(Weekdays, st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))), times)
intervals = st.builds(Interval, st.integers(1, 28), times)
free_weeks = st.builds(PerWeek, st.integers(1, 14))
frequencies = weekdays | intervals | free_weeks


@given(frequencies)
def test_frequency_round_trip(frequency: Frequency) -> None:
    assert parse(frequency.as_json()) == frequency


def test_frequency_every_default_of_the_library_parses() -> None:
    for exercise in library_files.read().exercises:
        assert parse(exercise.default_frequency).as_json() == exercise.default_frequency, exercise.slug


def test_frequency_weekdays_are_sorted_and_once_a_day_unless_said() -> None:
    assert parse({"kind": "weekdays", "days": [5, 1]}) == Weekdays((1, 5), 1)


@pytest.mark.parametrize(
    ("data", "attr", "words"),
    [
        (None, "", "must be an object"),
        ({}, "kind", "weekdays, interval, per_week"),
        ({"kind": "monthly"}, "kind", "Say how often with one of"),
        ({"kind": ["weekdays"]}, "kind", "Say how often"),
        ({"kind": "weekdays"}, "days", "at least one weekday from 1 (Monday) to 7 (Sunday)"),
        ({"kind": "weekdays", "days": []}, "days", "at least one weekday"),
        ({"kind": "weekdays", "days": [0]}, "days", "at least one weekday"),
        ({"kind": "weekdays", "days": [1, 1]}, "days", "each once"),
        ({"kind": "weekdays", "days": [True]}, "days", "at least one weekday"),
        ({"kind": "weekdays", "days": "1,3"}, "days", "at least one weekday"),
        ({"kind": "weekdays", "days": [1], "times_per_day": 0}, "times_per_day", "0 does not fit"),
        ({"kind": "interval"}, "every_days", "Say how many days from one to the next"),
        ({"kind": "interval", "every_days": 2, "days": [1]}, "days", "There is no such field"),
        ({"kind": "per_week", "count": 0}, "count", "times a week must be a whole number from 1 to 14"),
        ({"kind": "per_week", "count": 3, "times_per_day": 2}, "times_per_day", "There is no such field"),
    ],
)
def test_frequency_wrong_field_is_named_with_a_sentence(data: Any, attr: str, words: str) -> None:
    with pytest.raises(InvalidFieldsError) as caught:
        parse(data)
    found = dict(caught.value.errors)
    assert list(found) == [attr]
    assert words in found[attr]


SCHEMA = ContentSchema(library_files.FOLDER / "schema.json", "frequency")
EDGES = st.sampled_from([None, True, 0, 1, 1.5, 12, 13, 14, 15, 28, 29, [], [7], [1, 1], [0], [8], [True], "1"])


@given(
    st.sampled_from(["weekdays", "interval", "per_week", "monthly"]),
    st.dictionaries(st.sampled_from(["days", "times_per_day", "every_days", "count"]), EDGES),
)
def test_frequency_takes_exactly_what_the_librarys_schema_takes(kind: str, rest: dict[str, Any]) -> None:
    """The same rules stand in schema.json, for exercises, which may not import programs; defaults apart."""
    data = {"kind": kind, **({} if kind in ("per_week", "monthly") else {"times_per_day": 1}), **rest}
    if SCHEMA.problems(data):
        with pytest.raises(InvalidFieldsError):
            parse(data)
    else:
        assert parse(data).as_json() == data


def test_dates_weekdays_over_two_weeks() -> None:
    found = dates_of(Weekdays((1, 3, 5)), MONDAY, MONDAY, MONDAY + 9 * DAY)
    assert [(date - MONDAY).days for date in found] == [0, 2, 4, 7, 9]


def test_dates_interval_counts_from_the_start_not_from_the_window() -> None:
    assert dates_of(Interval(3), MONDAY, MONDAY + 4 * DAY, MONDAY + 9 * DAY) == [MONDAY + 6 * DAY, MONDAY + 9 * DAY]


@given(weekdays | intervals, dates, dates, st.integers(0, 60))
def test_dates_are_ordered_once_each_inside_the_window_and_the_plan(
    frequency: Frequency, start: dt.date, first: dt.date, length: int
) -> None:
    last = first + length * DAY
    found = dates_of(frequency, start, first, last)
    assert found == sorted(set(found))
    assert all(max(start, first) <= date <= last for date in found)


@given(weekdays | intervals, dates, dates, st.integers(0, 40), st.integers(0, 40))
def test_dates_of_a_window_do_not_depend_on_how_it_is_cut(
    frequency: Frequency, start: dt.date, first: dt.date, before: int, after: int
) -> None:
    middle, last = first + before * DAY, first + (before + 1 + after) * DAY
    whole = dates_of(frequency, start, first, last)
    assert whole == dates_of(frequency, start, first, middle) + dates_of(frequency, start, middle + DAY, last)


@given(intervals, dates, st.integers(0, 400))
def test_dates_interval_never_drifts(frequency: Interval, start: dt.date, later: int) -> None:
    nth = start + later * frequency.every_days * DAY
    assert dates_of(frequency, start, nth, nth) == [nth]
    if frequency.every_days > 1:
        assert dates_of(frequency, start, nth + DAY, nth + DAY) == []


@given(weekdays, dates, dates)
def test_dates_weekdays_give_each_week_its_days(frequency: Weekdays, start: dt.date, first: dt.date) -> None:
    found = dates_of(frequency, min(start, first), first, first + 6 * DAY)
    assert sorted(date.isoweekday() for date in found) == list(frequency.days)


@given(free_weeks, dates, dates, dates)
def test_dates_free_week_has_none(frequency: PerWeek, start: dt.date, first: dt.date, last: dt.date) -> None:
    assert dates_of(frequency, start, first, last) == []


def test_dates_backward_window_is_empty() -> None:
    assert dates_of(Weekdays((1,)), MONDAY, MONDAY + 7 * DAY, MONDAY) == []


def test_week_of_has_seven_days_from_the_start() -> None:
    start = MONDAY + 2 * DAY
    assert [week_of(start, start + n * DAY) for n in (-1, 0, 6, 7, 13, 14)] == [-1, 0, 0, 1, 1, 2]


@given(frequencies)
def test_share_of_weekday_sums_to_the_times_a_week(frequency: Frequency) -> None:
    total = sum(share_of_weekday(frequency, weekday) for weekday in range(1, 8))
    match frequency:
        case Weekdays(days):
            assert total == len(days)
        case Interval(every_days):
            assert total == pytest.approx(7 / every_days)
        case PerWeek(count):
            assert total == pytest.approx(count)
    assert times_per_day(frequency) >= 1
