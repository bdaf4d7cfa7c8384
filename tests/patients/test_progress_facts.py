"""What a patient sees beside the days: mornings, what changed since the start, dates that were written down later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from patients import plans
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, checkin, local, make_plan, session, void

TODAY = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def progress(phone: TestPhone) -> dict[str, Any]:
    found: dict[str, Any] = phone.client.get("/api/v1/me/progress").json()
    return found


def test_mornings_are_one_a_date_and_the_last_word_of_it(phone: TestPhone, cast: Cast) -> None:
    gone = checkin(local(TODAY, 6), q_morning=9)
    phone.send(
        checkin(local(TODAY - DAY, 7), q_morning=4),
        checkin(local(TODAY - DAY, 9), q_morning=3),
        checkin(local(TODAY - 2 * DAY, 7), q_morning=None, q_tingle=1),
        gone,
        void(gone["id"], local(TODAY, 7)),
    )
    assert progress(phone)["morning"] == [{"date": "2026-11-23", "score": 3}]


def test_facts_are_the_first_and_the_newest_answer_of_the_course(phone: TestPhone, cast: Cast) -> None:
    make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 130 * DAY)
    for back, answers in (
        (140, {"q_sit_time": "lt5"}),  # before this course
        (126, {"q_sit_time": "15_30", "q_cross": "not_tried", "q_lbp": 2}),
        (60, {"q_sit_time": "5_15", "q_cross": 7}),
        (3, {"q_sit_time": "30_60", "q_cross": 4, "q_night": "once", "q_lbp": None}),
    ):
        phone.send({**checkin(local(TODAY - back * DAY), **answers), "kind": "weekly"})
    assert progress(phone)["facts"] == [
        {"id": "q_sit_time", "from": "15_30", "from_date": "2026-07-21", "to": "30_60", "to_date": "2026-11-21"},
        {"id": "q_cross", "from": 7, "from_date": "2026-09-25", "to": 4, "to_date": "2026-11-21"},
    ]


def test_late_names_the_dates_that_were_filled_in_later(phone: TestPhone, cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 10 * DAY)
    phone.send(
        session(plan, local(TODAY - 3 * DAY, 8), logged_at=local(TODAY - DAY, 7)),
        session(plan, local(TODAY - DAY, 8), logged_at=local(TODAY - DAY, 8)),
    )
    assert progress(phone)["late"] == ["2026-11-21"]


def test_nothing_yet_is_three_empty_lists_and_nothing_of_another_patient(
    phone: TestPhone, cast: Cast, api: Callable[..., APIClient]
) -> None:
    other = TestPhone(api(cast.other_patient_user), cast.other_patient)
    theirs = make_plan(cast.other_patient, cast.therapist, [DAILY], starts_on=TODAY - 9 * DAY)
    other.send(
        checkin(local(TODAY - 5 * DAY), q_morning=5, q_lbp=5),
        checkin(local(TODAY), q_morning=2, q_lbp=1),
        session(theirs, local(TODAY - 2 * DAY), logged_at=local(TODAY)),
    )
    found = progress(phone)
    assert (found["morning"], found["facts"], found["late"]) == ([], [], [])


def test_a_stopped_plan_begins_no_course(phone: TestPhone, cast: Cast) -> None:
    old = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 200 * DAY)
    phone.send(checkin(local(TODAY - 190 * DAY), q_lbp=8), checkin(local(TODAY - 20 * DAY), q_lbp=3))
    plans.stop(old, by=cast.therapist, reason="moved away")
    assert progress(phone)["facts"] == []
