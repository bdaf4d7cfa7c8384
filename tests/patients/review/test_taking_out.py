"""A precaution rule that begins to speak while a plan runs (RULINGS.md, Precautions)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises.models import Demand
from patients import days, rebuilding
from patients.models import Plan
from patients.precautions import Firing
from patients.review.taking_out import rows_after
from programs.precautions import Action, Conflict
from tests.conftest import Cast
from tests.patients.phones import exercise, local, pain, prescriptions_of, session
from tests.patients.review.conftest import Home

Homes = Callable[..., Home]
TODAY = dt.date(2026, 11, 24)


def states(home: Home, back: int = 0) -> dict[str, str]:
    """Prescription → state, as the phone shows the date."""
    [plan] = home.phone.plans()["plans"]
    [day] = [day for day in plan["days"] if day["date"] == home.date(back).isoformat()]
    return {item["prescription"]: item["state"] for item in day["items"]}


def asks_for(home: Home, position: int, demand: str) -> str:
    row = prescriptions_of(home.plan)[position]
    row.exercise.demands.add(Demand.objects.get_or_create(slug=demand)[0])
    return str(row.pk)


def back_pain(home: Home, *worse_with: str) -> None:
    """Through the API, as a therapist notes it."""
    address = f"/api/v1/patients/{home.patient.pk}"
    version = home.staff.get(address).json()["version"]
    findings = {"lbp": list(worse_with)}
    answer = home.staff.patch(address, {"findings": findings}, format="json", headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.content


@pytest.mark.django_db
def test_a_rule_that_begins_to_speak_excuses_at_once_and_raises_a_flag(home: Homes, cast: Cast) -> None:
    h = home()
    blocked = asks_for(h, 0, "spinal_flexion")
    h.did(1, (1, 1, 1))
    h.send()
    assert h.flags("precaution") == []
    back_pain(h, "bending")
    [flag] = h.flags("precaution")
    [evidence] = flag["evidence"]
    assert evidence["exercise"] == prescriptions_of(h.plan)[0].exercise.name
    assert evidence["sentence"]
    now = states(h)
    assert now[blocked] == "excused"
    assert sorted(now.values()) == ["due", "due", "excused"]
    # What was asked yesterday stays as it was asked.
    assert states(h, 1)[blocked] == "done"
    assert rebuilding.rebuild(check=True) == []


@pytest.mark.django_db
def test_when_the_rule_falls_silent_it_is_due_again_and_the_flag_closes(home: Homes) -> None:
    h = home()
    blocked = asks_for(h, 0, "spinal_flexion")
    back_pain(h, "bending")
    assert h.flags("precaution")
    back_pain(h)
    assert h.flags("precaution") == []
    assert states(h)[blocked] == "due"
    assert rebuilding.rebuild(check=True) == []


@pytest.mark.django_db
def test_what_is_done_all_the_same_counts(home: Homes) -> None:
    h = home()
    blocked = asks_for(h, 0, "spinal_flexion")
    back_pain(h, "bending")
    h.flags()
    h.phone.send(session(h.plan, local(h.today, 0, 1), [exercise(blocked)]))
    assert states(h)[blocked] == "done"
    assert rebuilding.rebuild(check=True) == []


@pytest.mark.django_db
def test_a_typed_reason_answers_the_rule(home: Homes, cast: Cast) -> None:
    h = home()
    blocked = asks_for(h, 0, "spinal_flexion")
    key = str(prescriptions_of(h.plan)[0].key)
    back_pain(h, "bending")
    [flag] = h.flags("precaution")
    body = {
        "pain_rule": {"limit": 5},
        "reason": "Talked about it.",
        "overrides": [{"rule": flag["evidence"][0]["rule"], "key": key, "reason": "A cushion helps."}],
    }
    answer = h.staff.post(f"/api/v1/plans/{h.plan.pk}/revisions", body, format="json")
    assert answer.status_code == 201, answer.content
    assert h.flags("precaution") == []
    assert states(h)[blocked] == "due"


@pytest.mark.django_db
@pytest.mark.parametrize("answers", [{"q_weak": "yes"}, {"q_radiate": 3, "q_leg_30min": "yes"}])
def test_the_stop_of_a_day_ends_with_it_and_when_a_clinician_unlocks(home: Homes, answers: dict[str, Any]) -> None:
    h = home()
    h.woke(1, q_radiate=1)
    h.woke(0, hour=0, **answers)
    h.send()
    assert (len(h.flags("leg_symptoms")), h.flags("precaution")) == (1, [])
    assert [one["rule"] for one in h.phone.plans()["cautions"]] == ["R06"]
    assert set(states(h).values()) == {"excused"}
    assert set(states(h, -1).values()) == {"due"}
    unlock = h.staff.post(f"/api/v1/patients/{h.patient.pk}/unlock", {"note": "Strength is normal."}, format="json")
    assert unlock.status_code == 200, unlock.content
    h.flags()
    assert set(states(h).values()) == {"due"}
    assert [one["rule"] for one in h.phone.plans()["cautions"]] == []
    assert rebuilding.rebuild(check=True) == []


@pytest.mark.django_db
def test_weakness_in_the_record_takes_out_until_the_record_says_otherwise(home: Homes) -> None:
    h = home()
    address = f"/api/v1/patients/{h.patient.pk}"
    version = h.staff.get(address).json()["version"]
    body = {"findings": {"new_weakness": True}}
    assert h.staff.patch(address, body, format="json", headers={"If-Match": f'"{version}"'}).status_code == 200
    assert len(h.flags("precaution")) == 1
    assert set(states(h, -1).values()) == {"excused"}


@pytest.mark.django_db
def test_a_day_of_strong_pain_takes_out_what_is_above_level_1_for_that_day(home: Homes) -> None:
    h = home()
    rows = prescriptions_of(h.plan)
    for row, level in zip(rows, (1, 2, 3), strict=True):
        row.exercise.level = level
        row.exercise.save()
    h.phone.send(pain(local(h.today, 0, 1), 7))
    h.flags()
    now = states(h)
    assert [now[str(row.pk)] for row in rows] == ["due", "excused", "excused"]
    assert set(states(h, -1).values()) == {"due"}
    assert rebuilding.rebuild(check=True) == []


# ---- The rows, as values --------------------------------------------------------------------------------------------
def conflict(rule: str, key: str) -> Conflict:
    return Conflict(1, rule, Action.BLOCK, key, key, "sentence", None, "source", "D")


pairs = st.sets(st.tuples(st.sampled_from(["R1", "R2"]), st.sampled_from(["a", "b", "c"])))


@given(st.lists(st.tuples(pairs, st.sets(st.sampled_from(["a", "b", "c"]))), min_size=1, max_size=12))
def test_each_date_is_excused_exactly_where_something_spoke_on_it(course: list[tuple[Any, set[str]]]) -> None:
    """Whatever comes and goes, and however often a day is looked at: the past is never rewritten."""
    rows: list[dict[str, Any]] = []
    for n, (speaking, gentle) in enumerate(course):
        told = Firing(tuple(conflict(*one) for one in speaking), frozenset(gentle))
        rows = rows_after(rows, told, TODAY + dt.timedelta(days=n))
        assert rows_after(rows, told, TODAY + dt.timedelta(days=n)) == rows
    plan = Plan(excused=rows)
    spans = days.excused_spans(plan)
    for n, (speaking, gentle) in enumerate(course):
        date = TODAY + dt.timedelta(days=n)
        out = {key for key, of_key in spans.items() if any(span.covers(date) for span in of_key)}
        assert out == {key for _, key in speaking} | gentle
