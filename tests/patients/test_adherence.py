"""Adherence: session, dose and over-doing, from logs to numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from rest_framework.test import APIClient

from patients import adherence
from patients.models import Patient, PlanDay
from tests.conftest import Cast
from tests.patients.phones import DAILY, THREE_A_WEEK, TestPhone, exercise, local, make_plan, prescriptions_of, session

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def phone(cast: Cast, api: Api) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def patient(cast: Cast) -> Patient:
    return Patient.objects.get(pk=cast.patient.pk)


# ---- over-doing -----------------------------------------------------------------------------------------------------
def test_overdoing_counts_extra_sessions_and_extra_sets_of_the_week_that_ended_yesterday(
    cast: Cast, phone: TestPhone
) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY - 7 * DAY)
    one, _ = prescriptions_of(plan)
    phone.send(*(session(plan, local(TODAY - n * DAY)) for n in range(1, 8)))
    found = adherence.overdoing(patient(cast), TODAY)
    assert found.as_json() == {
        "done": 7 * 600, "asked": 7 * 600, "ratio": 1.0, "flagged": False, "from": "2026-11-17", "to": "2026-11-23",
    }  # fmt: skip
    assert not found.flagged
    phone.send(*(session(plan, local(TODAY - n * DAY, 18)) for n in (1, 2)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(9 / 7, abs=0.001)
    assert adherence.overdoing(patient(cast), TODAY).flagged
    phone.send(session(plan, local(TODAY), [exercise(one, sets_done=30, reps=[10] * 30)]))
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(9 / 7, abs=0.001), "today is not judged"


def test_overdoing_is_more_than_120_percent_not_120(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - DAY)
    [one] = prescriptions_of(plan)
    item = session(plan, local(TODAY - DAY), [exercise(one, sets_done=3, reps=[12, 12, 12])])
    phone.send(item)
    assert PlanDay.objects.get(plan=plan, date=TODAY - DAY).dose_over == 60
    assert not adherence.overdoing(patient(cast), TODAY).flagged
    item["exercises"] = [exercise(one, sets_done=3, reps=[12, 12, 13])]
    phone.send(item | {"edited_at": local(TODAY, 9)})
    assert adherence.overdoing(patient(cast), TODAY).flagged


def test_overdoing_of_nothing_asked_is_null_and_catching_up_is_none(cast: Cast, phone: TestPhone) -> None:
    assert adherence.overdoing(patient(cast), TODAY).ratio is None
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 2 * DAY)
    phone.send(*(session(plan, local(TODAY - DAY, hour)) for hour in (8, 18)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == 1.0, "yesterday made up for the day before"


def test_overdoing_says_what_is_known_of_the_days_that_were_heard_of(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 7 * DAY)
    phone.send(*(session(plan, local(TODAY - 3 * DAY, hour)) for hour in (8, 18)), pending=3)
    assert adherence.overdoing(patient(cast), TODAY).ratio == 2.0
    phone.send(pending=0)
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(2 / 7, abs=0.001)


def test_exercises_of_n_a_week_done_early_are_no_overdoing(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=TODAY - 3 * DAY)
    phone.send(*(session(plan, local(TODAY - n * DAY)) for n in (1, 2, 3)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == 1.0
