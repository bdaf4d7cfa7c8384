"""What became of what was due: the pure core of days (API.md, "Days"; RULINGS.md, "Adherence")."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.counting import Counted, Counts, Day, Fact, count_days
from patients.schedule import DueItem

MONDAY = dt.date(2026, 11, 23)
DAY = dt.timedelta(days=1)
LATER = MONDAY + 100 * DAY


def due(key: str, slot: int = 1, **fields: Any) -> DueItem:
    return DueItem(f"p-{key}", key, slot, **fields)


def fact(
    key: str,
    sets: int = 3,
    *,
    slot: int = 1,
    entry: str = "e",
    hour: int = 8,
    side: str = "left",
    asked_sets: int = 3,
    skipped: bool = False,
) -> Fact:
    at = dt.datetime(2026, 11, 23, hour, tzinfo=dt.UTC)
    return Fact(entry, at, key, slot, side, sets, asked_sets, skipped)


def count(items: list[DueItem], facts: list[Fact], **day: Any) -> Counted:
    return count_days([Day(MONDAY, tuple(items), facts=tuple(facts), **day)], LATER)[MONDAY]


def numbers(counts: Counts) -> dict[str, int]:
    return {name: value for name, value in vars(counts).items() if value and not name.startswith("dose")}


# ---- one date -------------------------------------------------------------------------------------------------------
def test_done_partly_skipped_and_nothing() -> None:
    items = [due("a"), due("b"), due("c"), due("d"), due("e")]
    facts = [fact("a"), fact("b", 1), fact("c", 0, skipped=True), fact("d", 0)]
    result = count(items, facts)
    assert numbers(result.counts) == {"due": 5, "done": 1, "partly": 1, "skipped": 1, "sessions_due": 1}
    assert result.counts.undone == 2
    assert list(result.states.values()) == ["done", "partly", "skipped", "due", "due"]


@pytest.mark.parametrize(("worked", "done"), [(0, 0), (2, 0), (3, 1), (5, 1)])
def test_session_is_done_from_half_of_its_items_on(worked: int, done: int) -> None:
    items = [due(key) for key in "abcdef"]
    result = count(items, [fact(item.key, 1) for item in items[:worked]])
    assert (result.counts.sessions_due, result.counts.sessions_done) == (1, done)


def test_each_slot_is_a_session_of_its_own() -> None:
    items = [due("a", 1), due("a", 2), due("b", 2), due("c", 3)]
    result = count(items, [fact("a", slot=1), fact("b", slot=2)])
    assert numbers(result.counts) == {"due": 4, "done": 2, "sessions_due": 3, "sessions_done": 2}


def test_repeated_pair_fills_a_free_slot_first_then_is_extra() -> None:
    items = [due("a", 1), due("a", 2)]
    facts = [fact("a", entry="1"), fact("a", entry="2", hour=9), fact("a", entry="3", hour=10)]
    assert numbers(count(items, facts).counts) == {
        **{"due": 2, "done": 2, "extra": 1, "sessions_due": 2, "sessions_done": 2}
    }


def test_what_was_not_due_is_extra_and_a_skip_of_it_is_nothing() -> None:
    facts = [fact("x"), fact("y", 1), fact("z", 0, skipped=True)]
    assert numbers(count([], facts).counts) == {"extra": 2}


def test_skip_in_the_morning_that_was_done_at_night_is_done() -> None:
    facts = [fact("a", 0, skipped=True, entry="1"), fact("a", entry="2", hour=20)]
    assert numbers(count([due("a")], facts).counts) == {"due": 1, "done": 1, "sessions_due": 1, "sessions_done": 1}


@pytest.mark.parametrize(
    ("both", "left", "right", "state"),
    [
        (True, 3, 3, "done"),
        (True, 3, 1, "partly"),
        (True, 3, 0, "partly"),
        (True, 0, 0, "due"),
        (False, 3, 0, "done"),
        (False, 2, 2, "partly"),
    ],
)
def test_sides_of_one_exercise_count_as_one_pair(both: bool, left: int, right: int, state: str) -> None:
    facts = [fact("a", left), fact("a", right, side="right")]
    result = count([due("a", both=both)], facts)
    assert result.states == {("p-a", 1): state}
    assert result.counts.extra == 0


def test_both_sides_in_one_line_are_done() -> None:
    assert count([due("a", both=True)], [fact("a", side="both")]).counts.done == 1


def test_asked_is_what_the_log_says_the_patient_saw() -> None:
    assert count([due("a")], [fact("a", 2, asked_sets=2)]).counts.done == 1


def test_closed_day_excuses_only_what_is_not_done() -> None:
    items = [due("a"), due("b"), due("c"), due("d")]
    facts = [fact("a"), fact("b", 1), fact("c", 0, skipped=True)]
    result = count(items, facts, open=False)
    assert numbers(result.counts) == {
        **{"due": 2, "done": 1, "partly": 1, "excused": 2, "sessions_due": 1, "sessions_done": 1}
    }
    assert list(result.states.values()) == ["done", "partly", "excused", "excused"]
    assert numbers(count(items, [], open=False).counts) == {"excused": 4}


# ---- n a week -------------------------------------------------------------------------------------------------------
def week(
    done: dict[int, list[str]],
    count_: int | dict[str, int] = 3,
    *,
    closed: tuple[int, ...] = (),
    dated: tuple[int, ...] = (),
    length: int = 7,
    today: dt.date = LATER,
) -> list[Counted]:
    """One week. `done`: weekday 0–6 → keys done there; `dated`: weekdays with an exercise "d" of their own."""
    counts = {"a": count_} if isinstance(count_, int) else count_
    items = tuple(due(key, weekly=n) for key, n in counts.items())
    days = [
        Day(
            MONDAY + n * DAY,
            (*items, due("d")) if n in dated else items,
            open=n not in closed,
            week=MONDAY,
            facts=tuple(fact(key, entry=f"{n}{i}") for i, key in enumerate(done.get(n, []))),
        )
        for n in range(length)
    ]
    ended_on = None if length == 7 else MONDAY + length * DAY
    return list(count_days(days, today, ended_on).values())


def column(results: list[Counted], name: str) -> list[int]:
    return [getattr(one.counts, name) for one in results]


def test_first_dates_done_are_due_there_and_further_ones_extra() -> None:
    results = week({0: ["a"], 2: ["a"], 3: ["a", "a"], 5: ["a"]})
    assert column(results, "due") == [1, 0, 1, 1, 0, 0, 0]
    assert column(results, "done") == [1, 0, 1, 1, 0, 0, 0]
    assert column(results, "extra") == [0, 0, 0, 1, 0, 1, 0]
    assert column(results, "sessions_due") == [1, 0, 1, 1, 0, 0, 0]
    assert column(results, "sessions_done") == [1, 0, 1, 1, 0, 0, 0]


def test_shortfall_is_due_on_the_last_open_day_when_the_week_has_ended() -> None:
    results = week({1: ["a"]}, closed=(6,), count_=7)
    assert column(results, "due") == [0, 1, 0, 0, 0, 5, 0]
    assert column(results, "sessions_due") == [0, 1, 0, 0, 0, 5, 0]
    assert column(results, "sessions_done") == [0, 1, 0, 0, 0, 0, 0]


def test_running_week_is_not_judged() -> None:
    today = MONDAY + 6 * DAY
    results = week({1: ["a"]}, today=today)
    assert column(results, "due") == [0, 1, 0, 0, 0, 0, 0]
    assert column(results, "sessions_due") == [0, 1, 0, 0, 0, 0, 0]
    assert [list(one.states.values()) for one in results] == [[], ["done"], [], [], [], [], ["due"]]


@pytest.mark.parametrize(
    ("closed", "count_", "target"),
    [
        ((), 3, 3),
        ((0,), 3, 3),  # 18 ÷ 7 = 2.57
        ((0, 1), 3, 2),  # 15 ÷ 7 = 2.14
        ((0, 1, 2), 7, 4),
        ((0, 1, 2, 3, 4, 5), 3, 0),  # 3 ÷ 7 = 0.43
        ((0, 1, 2, 3, 4, 5), 4, 1),  # 4 ÷ 7 = 0.57
        ((0, 1, 2, 3, 4, 5, 6), 3, 0),
    ],
)
def test_target_counts_open_days_and_rounds_half_up(closed: tuple[int, ...], count_: int, target: int) -> None:
    assert sum(column(week({}, count_, closed=closed), "due")) == target


def test_stop_cuts_the_week() -> None:
    results = week({}, length=3, today=MONDAY + 3 * DAY)
    assert column(results, "due") == [0, 0, 1]  # 9 ÷ 7 = 1.29
    assert column(week({}, length=3, today=MONDAY + 2 * DAY), "due") == [0, 0, 0]


def test_done_on_a_paused_day_counts() -> None:
    results = week({0: ["a"], 1: ["a"], 2: ["a"]}, closed=(0,))
    assert column(results, "done") == [1, 1, 1, 0, 0, 0, 0]
    assert sum(column(results, "due")) == 3
    assert sum(column(results, "excused")) == 0


def test_sessions_of_a_week_rise_to_the_larger_of_dated_sessions_and_target() -> None:
    # Nothing dated, two exercises: the larger target rules.
    assert sum(column(week({}, {"a": 2, "b": 3}), "sessions_due")) == 3
    # Five dated sessions are more than three: no session is added, the three items are due nevertheless.
    results = week({}, dated=(0, 1, 2, 3, 4))
    assert column(results, "sessions_due") == [1, 1, 1, 1, 1, 0, 0]
    assert sum(column(results, "due")) == 5 + 3
    # Done on a dated day it joins that session.
    results = week({0: ["a", "d"], 1: ["a", "d"]}, dated=(0, 1))
    assert column(results, "sessions_due") == [1, 1, 0, 0, 0, 0, 1]
    assert column(results, "sessions_done") == [1, 1, 0, 0, 0, 0, 0]
    # Done on other days than the dated ones, the week has more sessions than either.
    results = week({4: ["a"], 5: ["a"], 6: ["a"]}, dated=(0, 1, 2))
    assert sum(column(results, "sessions_due")) == 6


def test_skip_on_the_last_open_day_takes_one_of_the_shortfall() -> None:
    items = (due("a", weekly=2),)
    days = [
        Day(MONDAY + n * DAY, items, week=MONDAY, facts=(fact("a", 0, skipped=True),) if n == 6 else ())
        for n in range(7)
    ]
    last = count_days(days, LATER)[MONDAY + 6 * DAY].counts
    assert (last.due, last.skipped, last.undone) == (2, 1, 1)


# ---- properties -----------------------------------------------------------------------------------------------------
KEYS = "abc"
facts_of_a_day = st.lists(
    st.builds(
        fact,
        st.sampled_from(KEYS),
        st.integers(0, 4),
        slot=st.integers(1, 3),
        entry=st.sampled_from(["1", "2", "3"]),
        hour=st.integers(0, 23),
        side=st.sampled_from(["left", "right", "both"]),
        skipped=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: (one.entry, one.key, one.slot, one.side),
)
dated_items = st.lists(
    st.builds(due, st.sampled_from(KEYS), st.integers(1, 3), both=st.booleans()),
    max_size=6,
    unique_by=lambda one: (one.key, one.slot),
)


@given(items=dated_items, facts=facts_of_a_day, is_open=st.booleans(), data=st.data())
def test_numbers_of_a_day_add_up_and_do_not_depend_on_the_order(
    items: list[DueItem], facts: list[Fact], is_open: bool, data: st.DataObject
) -> None:
    result = count(items, facts, open=is_open)
    counts = result.counts
    assert counts.due + counts.excused == len(items) == len(result.states)
    assert counts.undone >= 0
    assert 0 <= counts.sessions_done <= counts.sessions_due <= len({item.slot for item in items})
    assert counts.excused == 0 if is_open else counts.undone == counts.skipped == 0
    worked = {(one.entry, one.key, one.slot) for one in facts if one.sets_done}
    assert counts.done + counts.partly + counts.extra == len(worked)
    states = list(result.states.values())
    assert [states.count(word) for word in ("done", "partly", "skipped", "excused")] == [
        *(counts.done, counts.partly, counts.skipped, counts.excused)
    ]
    assert counts.dose_done + counts.dose_undone <= counts.dose_asked
    assert counts.dose_over == 0 or any(one.sets_done for one in facts)
    assert count(items, data.draw(st.permutations(facts)), open=is_open) == result


@given(
    logs=st.lists(facts_of_a_day.map(lambda facts: facts[:4]), min_size=7, max_size=7),
    closed=st.sets(st.integers(0, 6)),
    counts=st.dictionaries(st.sampled_from(KEYS), st.integers(1, 9), min_size=1),
    dated=st.sets(st.integers(0, 6)),
    length=st.integers(1, 7),
)
def test_numbers_of_a_week_add_up(
    logs: list[list[Fact]], closed: set[int], counts: dict[str, int], dated: set[int], length: int
) -> None:
    weekly = tuple(due(key, weekly=n) for key, n in counts.items())
    days = [
        Day(
            MONDAY + n * DAY,
            (*weekly, due("d")) if n in dated else weekly,
            open=n not in closed,
            week=MONDAY,
            facts=tuple(logs[n]),
        )
        for n in range(length)
    ]
    results = count_days(days, LATER, MONDAY + length * DAY)
    targets = [int(sum(count_ for n in range(length) if n not in closed) / 7 + 0.5) for count_ in counts.values()]
    dated_days = [n for n in range(length) if n in dated]
    total = {name: sum(getattr(one.counts, name) for one in results.values()) for name in vars(Counts())}
    assert total["due"] + total["excused"] == sum(targets) + len(dated_days)
    assert total["excused"] == len([n for n in dated_days if n in closed])
    worked = {(n, one.entry, one.key, one.slot) for n in range(length) for one in logs[n] if one.sets_done}
    assert total["done"] + total["partly"] + total["extra"] == len(worked)
    if any(n not in closed for n in range(length)):
        open_dated = len([n for n in dated_days if n not in closed])
        assert total["sessions_due"] >= max(open_dated, *targets)
    assert total["sessions_done"] <= total["sessions_due"]
    running = count_days(days, MONDAY, None)
    assert all(one.counts.undone <= int(n in dated) for n, one in enumerate(running.values()))


# ---- dose -----------------------------------------------------------------------------------------------------------
def dose_of(counts: Counts) -> tuple[int, int, int, int]:
    return counts.dose_asked, counts.dose_done, counts.dose_over, counts.dose_undone


@pytest.mark.parametrize(
    ("told", "dose"),
    [
        ({"sets": 3, "reps": (10, 10, 10)}, 300),
        ({"sets": 3, "reps": (10, 8, 6)}, 240),
        ({"sets": 3}, 300),  # no repetitions told: as asked
        ({"sets": 3, "reps": (8,)}, 280),  # what is not told counts as asked
        ({"sets": 1, "reps": (10, 10, 10)}, 100),  # a number without a set does not count
        ({"sets": 2, "hold_s": 5}, 200),  # repetitions are asked: they are what is counted
    ],
)
def test_dose_of_repetitions(told: dict[str, Any], dose: int) -> None:
    sets = told.pop("sets")
    one = replace(fact("a", sets), asked_reps=10, asked_hold_s=3, **told)
    assert dose_of(count([due("a", sets=3)], [one]).counts) == (300, dose, 0, 0)


@pytest.mark.parametrize(("hold_s", "dose"), [(30, 300), (20, 200), (None, 300), (0, 0)])
def test_dose_of_holds(hold_s: int | None, dose: int) -> None:
    one = replace(fact("a", 3), asked_hold_s=30, hold_s=hold_s)
    assert dose_of(count([due("a", sets=3)], [one]).counts) == (300, dose, 0, 0)


def test_repetitions_and_seconds_add_up_in_sets() -> None:
    items = [due("a", sets=3), due("b", sets=2)]
    facts = [
        replace(fact("a", 3), asked_reps=10, reps=(8, 8, 8)),
        replace(fact("b", 2, asked_sets=2), asked_hold_s=40, hold_s=30),
    ]
    assert dose_of(count(items, facts).counts) == (500, 240 + 150, 0, 0)


def test_two_halves_of_the_dose_make_the_whole_and_more_is_over() -> None:
    morning, noon, night = (fact("a", sets, entry=str(sets), hour=7 + sets) for sets in (2, 1, 3))
    assert dose_of(count([due("a", sets=3)], [morning, noon]).counts) == (300, 300, 0, 0)
    assert dose_of(count([due("a", sets=3)], [morning, noon, night]).counts) == (300, 300, 300, 0)
    assert dose_of(count([], [morning]).counts) == (0, 0, 200, 0)


def test_dose_of_what_nobody_heard_of_and_of_what_was_skipped() -> None:
    items = [due("a", sets=3), due("b", sets=2), due("c", sets=4)]
    counts = count(items, [fact("a"), fact("b", 0, asked_sets=2, skipped=True)]).counts
    assert dose_of(counts) == (900, 300, 0, 400)


@pytest.mark.parametrize(("both", "left", "right", "dose"), [(True, 3, 1, 200), (False, 3, 1, 300), (True, 3, 0, 150)])
def test_dose_of_two_sides_is_their_half_each(both: bool, left: int, right: int, dose: int) -> None:
    facts = [fact("a", left, side="left"), fact("a", right, side="right")]
    assert count([due("a", sets=3, both=both)], facts).counts.dose_done == dose


def test_pause_excuses_the_dose_that_is_not_done() -> None:
    items = [due("a", sets=3), due("b", sets=3)]
    assert dose_of(count(items, [fact("a", 2)], open=False).counts) == (200, 200, 0, 0)
    assert dose_of(count(items, [fact("a", 5)], open=False).counts) == (300, 300, 200, 0)


def test_dose_of_a_week_with_a_shortfall_is_asked_on_its_last_open_day() -> None:
    items = (due("a", weekly=3, sets=2),)
    days = [
        Day(MONDAY + n * DAY, items, week=MONDAY, facts=(fact("a", 2, asked_sets=2),) if n in (0, 1) else ())
        for n in range(7)
    ]
    results = [one.counts for one in count_days(days, LATER).values()]
    assert [dose_of(one) for one in results] == [
        *[(200, 200, 0, 0)] * 2,
        *[(0, 0, 0, 0)] * 4,
        (200, 0, 0, 200),
    ]
