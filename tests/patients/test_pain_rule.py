"""The pain rule, case by case from the table that the phone's tests run as well, and what holds in general."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from patients import pain_rule
from patients.pain_rule import Colour, JudgedSession, Leg, Situation, Weakness

CASES: dict[str, list[Any]] = yaml.safe_load((Path(__file__).parent.parent / "pain_rule_cases.yaml").read_text())
TODAY = dt.date(2026, 11, 24)
SCORE = st.one_of(st.none(), st.integers(0, 10))


def colour(name: str | None) -> Colour | None:
    return None if name is None else Colour[name.upper()]


def test_the_table_is_large_enough() -> None:
    assert sum(len(cases) for cases in CASES.values()) >= 60


@pytest.mark.parametrize("case", CASES["during"], ids=str)
def test_during(case: list[Any]) -> None:
    pain, limit, expected = case
    assert pain_rule.during(pain, limit) == colour(expected)


@pytest.mark.parametrize("case", CASES["after"], ids=str)
def test_after(case: list[Any]) -> None:
    pain, before, limit, usual, expected = case
    assert pain_rule.after(pain, before, limit, usual) == colour(expected)


@pytest.mark.parametrize("case", CASES["morning"], ids=str)
def test_morning(case: list[Any]) -> None:
    pain, usual, limit, expected = case
    assert pain_rule.morning(pain, usual, limit) == colour(expected)


@pytest.mark.parametrize("case", CASES["leg"], ids=str)
def test_leg(case: dict[str, Any]) -> None:
    found = pain_rule.leg(
        Leg(*case["before"]),
        Leg(*case["now"]),
        lasts_over_30_min=case.get("lasts"),
        new_numb_area=case.get("numb", False),
        weak=Weakness(case["weak"]) if "weak" in case else None,
    )
    assert found == colour(case["colour"])


@pytest.mark.parametrize("case", CASES["worst"], ids=str)
def test_worst(case: list[Any]) -> None:
    colours, expected = case
    assert pain_rule.worst(colour(one) for one in colours) == colour(expected)


@pytest.mark.parametrize("case", CASES["baseline"], ids=str)
def test_baseline(case: list[Any]) -> None:
    answers, intake, expected = case
    mornings = {TODAY - dt.timedelta(days=len(answers) - at): answer for at, answer in enumerate(answers)}
    assert pain_rule.baseline(mornings, TODAY, intake) == expected


@pytest.mark.parametrize("case", CASES["decide"], ids=lambda case: case["name"])
def test_decide(case: dict[str, Any]) -> None:
    now, earlier = case.get("baseline", (None, None))
    situation = Situation(
        today=TODAY,
        sessions=[
            JudgedSession(TODAY - dt.timedelta(days=ago), colour(name), effort, target)
            for ago, name, effort, target in case["sessions"]
        ],
        adherence_7=case["adherence"],
        baseline_now=now,
        baseline_14_days_ago=earlier,
        red_leg=case.get("red_leg", False),
        locking_red_flag=case.get("flag", False),
        highest_pain=case.get("highest"),
        red_elsewhere=case.get("elsewhere", False),
    )
    assert pain_rule.decide(situation).verdict == case["verdict"]


def test_the_judged_morning_and_older_ones_are_not_in_the_baseline() -> None:
    mornings = {TODAY: 10, TODAY - dt.timedelta(days=8): 10} | {TODAY - dt.timedelta(days=n): 2 for n in (1, 4, 7)}
    assert pain_rule.baseline(mornings, TODAY) == 2


@given(pain=st.integers(0, 9), limit=st.integers(0, 10), before=SCORE, usual=SCORE)
def test_more_pain_is_never_a_better_colour(pain: int, limit: int, before: int | None, usual: int | None) -> None:
    def colours(score: int) -> list[Colour | None]:
        return [
            pain_rule.during(score, limit),
            pain_rule.after(score, before, limit, usual),
            pain_rule.morning(score, usual, limit),
        ]

    for less, more in zip(colours(pain), colours(pain + 1), strict=True):
        assert less is not None
        assert more is not None
        assert less <= more


@given(pain=st.integers(0, 10), limit=st.integers(0, 10), before=SCORE)
def test_above_the_limit_is_always_red(pain: int, limit: int, before: int | None) -> None:
    if pain > limit:
        assert pain_rule.during(pain, limit) == Colour.RED
        assert pain_rule.after(pain, before, limit) == Colour.RED
        assert pain_rule.morning(pain, before, limit) == Colour.RED


@given(answers=st.lists(SCORE, max_size=7), intake=SCORE)
def test_a_baseline_lies_within_its_answers(answers: list[int | None], intake: int | None) -> None:
    mornings = {TODAY - dt.timedelta(days=at + 1): answer for at, answer in enumerate(answers)}
    given_answers = [answer for answer in answers if answer is not None]
    found = pain_rule.baseline(mornings, TODAY, intake)
    if len(given_answers) < 3:
        assert found == intake
    else:
        assert found is not None
        assert min(given_answers) <= found <= max(given_answers)
