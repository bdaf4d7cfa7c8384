"""Findings: what is absent is unknown, what is wrong is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs.fields import InvalidFieldsError
from programs.findings import Findings, HipReplacement, Injection, Surgery

# Every finding of API.md, each with a value that it takes.
WHOLE: dict[str, Any] = {
    "painful_gait": True, "long_stride": False, "snapping": True, "radiating": False, "tingling_7d": True,
    "spread_further": False, "new_weakness": False, "pht_stage": 2, "pop_or_bruise": False,
    "surgery": {
        "on": "2026-10-01", "weight_bearing_cleared": False, "hip_flexion_max": 70, "flexor_cleared_on": "2026-12-24",
    },
    "hip_replacement": {"approach": "posterior", "precautions": True},
    "groin_pinch": True, "fai": False, "labral_tear": False, "faber_pinch": True, "lateral_hip_pain": False,
    "lbp": ["bending", "arching"], "sitting_pain": 4, "sitting_tolerance_min": 12.5, "fall_12m": True,
    "dizziness": False, "cannot_stand_5s": True, "high_bp": False, "heart_event": "2026-11-01", "hernia": False,
    "eye_surgery": True, "osteoporosis": True, "fragility_fracture": False, "hypermobility": True,
    "dysplasia": False, "pregnant_weeks": 20, "knee": True, "wrist": False, "shoulder": True,
    "injection": {"kind": "steroid", "on": "2026-11-20"}, "ifs_mm": 11.5, "qfs_mm": 8, "oedema": True,
    "ischiofemoral_test": True, "medicines": ["ibuprofen"],
}  # fmt: skip


def errors(data: object) -> dict[str, str]:
    with pytest.raises(InvalidFieldsError) as caught:
        Findings.parse(data)
    return dict(caught.value.errors)


def test_findings_all_of_the_contract_are_taken() -> None:
    findings = Findings.parse(WHOLE)
    assert findings.surgery == Surgery(dt.date(2026, 10, 1), False, 70, dt.date(2026, 12, 24))
    assert findings.hip_replacement == HipReplacement("posterior", True)
    assert findings.injection == Injection("steroid", dt.date(2026, 11, 20))
    assert findings.lbp == ("bending", "arching")
    assert (findings.heart_event, findings.eye_surgery) == (dt.date(2026, 11, 1), True)
    assert (findings.long_stride, findings.pht_stage, findings.medicines) == (False, 2, ("ibuprofen",))


def test_findings_absent_and_null_are_unknown() -> None:
    assert Findings.parse({}) == Findings() == Findings.parse(dict.fromkeys(WHOLE))
    assert Findings().facts() == {}


def test_findings_false_is_known_and_parts_have_dotted_names() -> None:
    findings = Findings.parse({"radiating": False, "surgery": {"weight_bearing_cleared": False, "on": None}})
    assert findings.facts() == {"radiating": False, "surgery.weight_bearing_cleared": False}


@pytest.mark.parametrize(
    ("data", "attr", "words"),
    [
        ([], "", "must be an object"),
        ({"radiates": True}, "radiates", "There is no such finding; known are cannot_stand_5s"),
        ({"radiating": "yes"}, "radiating", "Say true or false"),
        ({"radiating": 1}, "radiating", "Say true or false"),
        ({"pht_stage": 5}, "pht_stage", "a whole number from 1 to 4"),
        ({"pht_stage": True}, "pht_stage", "a whole number"),
        ({"surgery": "2026-10-01"}, "surgery", "must be an object"),
        ({"surgery": {"on": "1 October"}}, "surgery.on", "YYYY-MM-DD"),
        ({"surgery": {"on": 20261001}}, "surgery.on", "YYYY-MM-DD"),
        ({"surgery": {"date": "2026-10-01"}}, "surgery.date", "There is no such finding"),
        ({"hip_replacement": {"approach": "lateral"}}, "hip_replacement.approach", "posterior, anterior"),
        ({"lbp": "bending"}, "lbp", "a list of what makes it worse: bending, arching"),
        ({"lbp": [["bending"]]}, "lbp", "a list"),
        ({"sitting_pain": 11}, "sitting_pain", "pain, a whole number from 0 to 10"),
        ({"sitting_tolerance_min": -1}, "sitting_tolerance_min", "minutes, a number from 0"),
        ({"heart_event": "last week"}, "heart_event", "true or false, or give the date"),
        ({"ifs_mm": float("nan")}, "ifs_mm", "millimetres"),
        ({"injection": {"kind": ""}}, "injection.kind", "Give a text"),
        ({"medicines": 3}, "medicines", "Give a text"),
    ],
)
def test_findings_wrong_one_is_named_with_a_sentence(data: Any, attr: str, words: str) -> None:
    found = errors(data)
    assert list(found) == [attr]
    assert words in found[attr]


def test_findings_names_all_wrong_ones_at_once() -> None:
    assert set(errors({"knee": 2, "surgery": {"on": 1}, "x": None})) == {"knee", "surgery.on", "x"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(WHOLE)), JSON))
def test_findings_any_json_is_findings_or_named_errors(data: dict[str, Any]) -> None:
    try:
        Findings.parse(data)
    except InvalidFieldsError as error:
        wrong = error.errors
    else:
        return
    assert all(attr.split(".")[0] in data and sentence.endswith(".") for attr, sentence in wrong)
