"""The wording of check-ins and warning signs covers the contract, and later check-ins override the findings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import patients
from patients import redflags
from patients.checkin import Answered, findings_after
from patients.sync.answers import QUESTIONS, RED_FLAGS
from programs.findings import Findings

FOLDER = Path(patients.__file__).parent
TODAY = dt.date(2026, 11, 24)
MORNING = ["q_morning", "q_morning_vs", "q_radiate", "q_leg_30min", "q_tingle", "q_weak", "q_numb_new", "q_numb_where",
           "q_redflag"]  # fmt: skip


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / "checkin.yaml").read_text())
    return list(data["questions"])


def test_checkin_asks_every_question_of_the_contract_once(questions: list[dict[str, Any]]) -> None:
    ids = [question["id"] for question in questions]
    assert sorted(ids) == sorted(QUESTIONS)


def test_checkin_morning_core_is_the_contracts(questions: list[dict[str, Any]]) -> None:
    assert [question["id"] for question in questions if question["when"] == "morning"] == MORNING
    assert [question["id"] for question in questions if question["when"] == "intake"] == ["q_side"]


def test_checkin_choices_are_answers_the_server_takes_and_no_others_are_missing(
    questions: list[dict[str, Any]],
) -> None:
    for question in questions:
        fits = QUESTIONS[question["id"]]
        choices = question.get("choices", {})
        assert [choice for choice in choices if fits(choice) is not None] == [], question["id"]
        if question["kind"] in ("score", "score_or"):
            assert all(fits(score) is None for score in range(11))
        if question["kind"] == "score_or":
            assert fits(question["word"]) is None
    assert len(next(q for q in questions if q["id"] == "q_radiate")["choices"]) == 6


def test_checkin_conditions_name_earlier_questions_and_their_answers(questions: list[dict[str, Any]]) -> None:
    seen: list[str] = []
    for question in questions:
        if condition := question.get("if"):
            assert condition["question"] in seen
            answers = condition.get("answer", [])
            for answer in answers if isinstance(answers, list) else [answers]:
                assert QUESTIONS[condition["question"]](answer) is None
        seen.append(question["id"])


def test_red_flags_are_the_answers_of_the_contract_in_order() -> None:
    assert [sign["id"] for sign in redflags.document()] == list(RED_FLAGS)
    assert all(sign.keys() == {"id", "ask", "urgency", "text"} for sign in redflags.document())


def test_red_flags_lock_list_is_the_one_that_is_enforced() -> None:
    data = yaml.safe_load((FOLDER / "redflags.yaml").read_text())
    assert set(data["locks"]) == redflags.LOCKING


@pytest.mark.parametrize(
    ("sign", "urgency"),
    [("RF1.legs", "emergency"), ("RF4", "emergency"), ("RF6", "same_day"), ("RF7", "2_weeks"), ("RF8", "48h"),
     ("RF10", "2_weeks"), ("RF11", "routine"), ("RF13", "emergency")],
)  # fmt: skip
def test_red_flag_urgency(sign: str, urgency: str) -> None:
    assert redflags.urgency([sign]) == urgency


def test_red_flag_advice_of_cauda_equina_is_whole_and_one_line() -> None:
    text = redflags.document()[0]["text"]
    assert text.startswith("These signs can mean nerves in your lower back are being squeezed. Go to an emergency")
    assert text.endswith("Do not wait for a reply in this app.")
    assert "\n" not in text


# Findings


def on(days_ago: int, **answers: Any) -> Answered:
    return Answered(TODAY - dt.timedelta(days=days_ago), answers)


@pytest.mark.parametrize(
    ("checkins", "finding", "expected"),
    [
        ([on(3, q_radiate=2)], "radiating", True),
        ([on(3, q_radiate=2), on(1, q_radiate=1)], "radiating", False),
        ([on(3, q_radiate=None)], "radiating", None),
        ([on(7, q_tingle=1), on(0, q_tingle=0)], "tingling_7d", True),
        ([on(8, q_tingle=3), on(0, q_tingle=0)], "tingling_7d", False),
        ([on(8, q_tingle=3)], "tingling_7d", None),
        ([on(0, q_weak="yes")], "new_weakness", True),
        ([on(0, q_weak="yes"), on(0, q_weak="no")], "new_weakness", True),
        ([on(1, q_weak="yes")], "new_weakness", None),
        ([on(1, q_weak="yes"), on(0, q_weak="no")], "new_weakness", False),
        ([on(0, q_weak="not_sure")], "new_weakness", None),
        ([on(1, q_radiate=1), on(0, q_radiate=2, q_leg_30min="yes")], "spread_further", True),
        ([on(1, q_radiate=1), on(0, q_radiate=2, q_leg_30min="no")], "spread_further", False),
        ([on(1, q_radiate=2), on(0, q_radiate=2, q_leg_30min="yes")], "spread_further", False),
        ([on(2, q_radiate=1), on(1, q_radiate=2, q_leg_30min="yes")], "spread_further", None),
        ([on(0, q_radiate=5, q_leg_30min="yes")], "spread_further", None),
        ([on(2, q_sit_pain=5), on(1, q_sit_pain=3)], "sitting_pain", 3),
        ([on(2, q_sit_time="5_15")], "sitting_tolerance_min", 5),
        ([on(2, q_snap="painless")], "snapping", True),
        ([on(2, q_snap="none")], "snapping", False),
        ([on(-1, q_snap="painful")], "snapping", None),
    ],
)
def test_findings_after_checkins(checkins: list[Answered], finding: str, expected: object) -> None:
    assert getattr(findings_after(Findings(), checkins, TODAY), finding) == expected


def test_findings_after_later_checkin_overrides_what_the_clinic_wrote() -> None:
    noted = Findings(radiating=True, sitting_pain=8, new_weakness=True, groin_pinch=True)
    told = findings_after(noted, [on(0, q_radiate=0, q_sit_pain=1, q_weak="no")], TODAY)
    assert told == Findings(radiating=False, sitting_pain=1, new_weakness=False, groin_pinch=True)


@given(st.builds(Findings, radiating=st.none() | st.booleans(), snapping=st.none() | st.booleans()))
def test_findings_after_nothing_answered_are_the_same(findings: Findings) -> None:
    assert findings_after(findings, [on(0), on(0, **dict.fromkeys(QUESTIONS))], TODAY) == findings
