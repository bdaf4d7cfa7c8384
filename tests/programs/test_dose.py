"""A dose is what it says, or each wrong field is named with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import library_files
from exercises.content_files import ContentSchema
from programs.dose import LOADS, SIDES, Dose
from programs.fields import InvalidFieldsError

CLAM = {
    "sets": 3,
    "reps": 12,
    "hold_s": 3,
    "rest_s": 60,
    "load": "bodyweight",
    "load_kg": None,
    "effort": 5,
    "side": "affected",
    "tempo": None,
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def errors(data: object) -> dict[str, str]:
    with pytest.raises(InvalidFieldsError) as caught:
        Dose.parse(data)
    return dict(caught.value.errors)


def test_dose_round_trip_is_the_same_json() -> None:
    assert Dose.parse(CLAM).as_json() == CLAM
    with_tempo = {**CLAM, "tempo": [2, 0.5, 3], "load": "dumbbell", "load_kg": 7.5}
    assert Dose.parse(with_tempo).as_json() == with_tempo


def test_dose_every_default_of_the_library_is_a_dose() -> None:
    for exercise in library_files.read().exercises:
        assert Dose.parse(exercise.default_dose).as_json() == exercise.default_dose, exercise.slug


def test_dose_hold_without_repetitions_is_enough() -> None:
    assert Dose.parse({"sets": 1, "hold_s": 600}).reps is None


@pytest.mark.parametrize(
    ("change", "attr", "words"),
    [
        ({"sets": None}, "sets", "Say how many sets: a whole number from 1 to 20."),
        ({"sets": 0}, "sets", "0 does not fit: sets must be a whole number from 1 to 20."),
        ({"sets": True}, "sets", "True does not fit"),
        ({"sets": 2.5}, "sets", "2.5 does not fit"),
        ({"reps": -1}, "reps", "repetitions must be a whole number from 1 to 100"),
        ({"reps": None, "hold_s": None}, "reps", "needs one of the two"),
        ({"hold_s": 0}, "hold_s", "seconds of hold must be a whole number from 1 to 7200"),
        ({"rest_s": "long"}, "rest_s", '"long" does not fit'),
        ({"load": "barbell"}, "load", '"barbell" is none of them'),
        ({"load": ["band"]}, "load", "Choose one of none, bodyweight"),
        ({"load_kg": 0}, "load_kg", "more than 0 and at most 500 kilograms"),
        ({"load_kg": float("nan")}, "load_kg", "more than 0"),
        ({"effort": 11}, "effort", "effort must be a whole number from 0 to 10"),
        ({"side": "upper"}, "side", "Choose one of both, left, right, affected, alternating"),
        ({"tempo": "3-1-3"}, "tempo", "three numbers of seconds, [out, hold, back]"),
        ({"tempo": [1, 2]}, "tempo", "three numbers"),
        ({"weight": 3}, "weight", "There is no such field; known are effort"),
    ],
)
def test_dose_wrong_field_is_named_with_a_sentence(change: dict[str, Any], attr: str, words: str) -> None:
    found = errors({**CLAM, **change})
    assert list(found) == [attr]
    assert words in found[attr]


def test_dose_names_all_wrong_fields_at_once() -> None:
    assert set(errors({"sets": 0, "reps": 0, "side": 3})) == {"sets", "reps", "side"}


@pytest.mark.parametrize("data", [None, [], "3x10", 7])
def test_dose_that_is_no_object_is_a_sentence(data: object) -> None:
    assert "must be an object" in errors(data)[""]


SCHEMA = ContentSchema(library_files.FOLDER / "schema.json", "dose")
EDGES = st.sampled_from([None, True, -1, 0, 1, 1.5, 10, 11, 20, 21, 100, 101, 500, 501, 1800, 1801, 7200, 7201, "band",
                         "left", "", [1, 2, 3], [1, 2], [0, 120, 121], [True, 1, 1]])  # fmt: skip


@given(st.fixed_dictionaries({name: st.just(value) | EDGES for name, value in CLAM.items()}))
def test_dose_takes_exactly_what_the_librarys_schema_takes(data: dict[str, Any]) -> None:
    """The same rules stand in schema.json, for exercises, which may not import programs."""
    if SCHEMA.problems(data):
        errors(data)
    else:
        assert Dose.parse(data).as_json() == data


@given(JSON | st.dictionaries(st.sampled_from(sorted(CLAM)), JSON))
def test_dose_any_json_is_a_dose_or_named_errors(data: object) -> None:
    try:
        dose = Dose.parse(data)
    except InvalidFieldsError as error:
        wrong = error.errors
    else:
        assert dose.load in LOADS
        assert dose.side in SIDES
        assert Dose.parse(dose.as_json()) == dose
        return
    assert wrong
    assert all(isinstance(attr, str) and detail.endswith(".") for attr, detail in wrong)
