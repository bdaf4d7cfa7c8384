"""The language of conditions: three values, no execution, and errors that name rule and field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from programs import precaution_rules
from programs.precaution_rules import Facts, PrecautionsFileError, condition, read

TODAY = dt.date(2026, 11, 24)
KNEE, WRIST = {"fact": "knee", "is": True}, {"fact": "wrist", "is": True}


def holds(data: Any, **known: Any) -> bool | None:
    return condition(data)(Facts(known, TODAY, TODAY + dt.timedelta(days=10)))


@pytest.mark.parametrize(
    ("knee", "wrist", "both", "either"),
    [
        (True, True, True, True), (True, False, False, True), (False, False, False, False),
        (True, None, None, True), (False, None, False, None), (None, None, None, None),
    ],
)  # fmt: skip
def test_condition_all_and_any_have_three_values(
    knee: bool | None, wrist: bool | None, both: bool | None, either: bool | None
) -> None:
    known = {name: value for name, value in (("knee", knee), ("wrist", wrist)) if value is not None}
    assert holds({"all": [KNEE, WRIST]}, **known) is both
    assert holds({"any": [WRIST, KNEE]}, **known) is either


def test_condition_is_does_not_take_one_for_true() -> None:
    assert holds({"fact": "pht_stage", "is": True}, pht_stage=1) is False
    assert holds({"fact": "knee", "is": 1}, knee=True) is False


def test_condition_dates_count_from_today_and_from_the_phases_start() -> None:
    recent = {"fact": "heart_event", "within_days": 42}
    assert holds(recent, heart_event=TODAY - dt.timedelta(days=42)) is True
    assert holds(recent, heart_event=TODAY - dt.timedelta(days=43)) is False
    assert holds(recent, heart_event=TODAY + dt.timedelta(days=1)) is False
    assert holds(recent, heart_event=True) is True
    window = {"fact": "surgery.on", "days_at_phase_start": [0, 42]}
    assert holds(window, **{"surgery.on": TODAY - dt.timedelta(days=31)}) is True
    assert holds(window, **{"surgery.on": TODAY - dt.timedelta(days=32)}) is False


CONDITIONS = st.recursive(
    st.sampled_from([KNEE, WRIST, {"fact": "pht_stage", "in": [1, 2]}, {"fact": "sitting_pain", "at_least": 4}]),
    lambda inner: st.builds(
        lambda word, parts: {word: parts}, st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)
    ),
)
KNOWN = {
    "knee": st.booleans(),
    "wrist": st.booleans(),
    "pht_stage": st.integers(1, 4),
    "sitting_pain": st.integers(0, 10),
}


@given(CONDITIONS, st.fixed_dictionaries(KNOWN), st.sets(st.sampled_from(sorted(KNOWN))))
def test_condition_forgetting_facts_only_makes_it_unknown(data: Any, known: dict[str, Any], lost: set[str]) -> None:
    """What a part of the facts decides, all of them decide alike; and nothing at all decides nothing."""
    fewer = {name: value for name, value in known.items() if name not in lost}
    assert holds(data, **fewer) in (None, holds(data, **known))
    assert holds(data) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("knee", "must be an object"),
        (None, "must be an object"),
        ({}, '"None" is not a fact'),
        ({"fact": "kneee", "is": True}, '"kneee" is not a fact'),
        ({"fact": "knee"}, "has one test"),
        ({"fact": "knee", "is": True, "in": [1]}, "has one test"),
        ({"fact": "knee", "eval": "1"}, "has one test"),
        ({"all": [{"fact": "knee", "not": True}]}, "has one test"),
    ],
)
def test_condition_outside_the_language_is_a_sentence(data: Any, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        condition(data)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda rule: rule.pop("text"), "text", "This field is missing."),
        (lambda rule: rule.update(colour="red"), "colour", "There is no such field."),
        (lambda rule: rule.update(certainty="sure"), "certainty", "Choose one of high"),
        (lambda rule: rule.update(sources=["rumour"]), "sources", '"rumour" is not in the list'),
        (lambda rule: rule.update(when={"fact": "mood", "is": 1}), "when", '"mood" is not a fact'),
        (lambda rule: rule.update(id="R02"), "id", "This id stands twice."),
    ],
)
def test_read_names_rule_and_field(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], field: str, words: str
) -> None:
    data = yaml.safe_load(precaution_rules.FILE.read_text())
    change(data["rules"][0])
    path = tmp_path / "precautions.yaml"
    path.write_text(yaml.safe_dump(data))
    with pytest.raises(PrecautionsFileError) as caught:
        read(path)
    (problem,) = caught.value.problems
    assert (problem.slug, problem.field) == (data["rules"][0]["id"], field)
    assert words in problem.message


@pytest.mark.parametrize("content", ["rules: [", "[]", "rules: []"])
def test_read_broken_file_is_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "precautions.yaml"
    path.write_text(content)
    with pytest.raises(PrecautionsFileError, match=r"precautions\.yaml, \(whole file\)"):
        read(path)
