"""What a sync costs, pinned: a session of six exercises takes at most twelve queries, whatever the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients.models import Plan
from tests.conftest import Cast
from tests.patients.phones import DAILY, THREE_A_WEEK, TestPhone, checkin, exercise, local, make_plan, pain, session
from tests.programs.builders import make_exercise

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
LIMIT = 12


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast.patient, cast.therapist, [DAILY] * 6, starts_on=TODAY - 40 * DAY)


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def cost(phone: TestPhone, *items: Any, **fields: Any) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        phone.send(*items, **fields)
    return [query["sql"] for query in captured.captured_queries]


def test_session_of_six_exercises(phone: TestPhone, plan: Plan) -> None:
    """The ordinary case: a known phone, its session in the cache.

    1 user · 2 transaction · 3 patient with access and phone, locked · 4 ids among entries and held items
    5 prescriptions with their plan · 6 insert the entry · 7 insert six exercise logs · 8 the day with its whole log
    9 update the day · 10 update the patient · 11 end of the transaction
    """
    phone.send()
    sql = cost(phone, session(plan, local(TODAY, 8)))
    assert len(sql) <= LIMIT - 1, "\n".join(sql)


def test_first_session_of_a_new_phone(phone: TestPhone, plan: Plan) -> None:
    """The same and 12 the phone's row."""
    sql = cost(phone, session(plan, local(TODAY, 8)))
    assert len(sql) <= LIMIT, "\n".join(sql)


def test_session_with_the_sign_in_not_in_the_cache(phone: TestPhone, plan: Plan) -> None:
    """The same as the ordinary case and 12 the signed-in session from the database."""
    phone.send()
    cache.clear()
    sql = cost(phone, session(plan, local(TODAY, 8)))
    assert len(sql) <= LIMIT, "\n".join(sql)


def test_session_with_an_easier_variant(phone: TestPhone, plan: Plan) -> None:
    phone.send()
    item = session(plan, local(TODAY, 8))
    item["exercises"][0]["variant"] = str(make_exercise("easier").pk)
    sql = cost(phone, item)
    assert len(sql) <= LIMIT, "\n".join(sql)


def test_session_in_a_plan_with_exercises_of_n_a_week(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK] * 6, starts_on=TODAY - 3 * DAY)
    phone.send()
    sql = cost(phone, session(plan, local(TODAY, 8)))
    assert len(sql) <= LIMIT, "\n".join(sql)


def test_cost_does_not_grow_with_history_nor_with_the_number_of_items(phone: TestPhone, plan: Plan) -> None:
    history = [session(plan, local(TODAY - n * DAY, hour)) for n in range(1, 41) for hour in (8, 19)]
    phone.send(*history)
    sql = cost(phone, session(plan, local(TODAY, 8)))
    assert len(sql) <= LIMIT, "\n".join(sql)
    many = [
        *(session(plan, local(TODAY - n * DAY, 9)) for n in range(1, 8)),
        *(checkin(local(TODAY - n * DAY, 7), q_morning=2) for n in range(1, 8)),
        *(pain(local(TODAY - n * DAY, 21), 3) for n in range(1, 8)),
    ]
    sql = cost(phone, *many)
    assert len(sql) <= LIMIT, "\n".join(sql)


def test_replay_costs_less(phone: TestPhone, plan: Plan) -> None:
    """1 user · 2 transaction · 3 patient · 4 ids · 5 prescriptions · 6 end."""
    item = session(plan, local(TODAY, 8))
    phone.send(item)
    assert len(cost(phone, item)) <= 6


def test_empty_call_of_a_known_phone(phone: TestPhone, plan: Plan) -> None:
    """1 user · 2 transaction · 3 patient · 4 end: nothing is written."""
    phone.send()
    assert len(cost(phone)) <= 4


def test_a_variant_that_is_not_visible_is_looked_up_once(phone: TestPhone, plan: Plan) -> None:
    phone.send()
    item = session(plan, local(TODAY, 8))
    item["exercises"] = [exercise(one["prescription"], variant=one["id"]) for one in item["exercises"]]
    with CaptureQueriesContext(connection) as captured:
        assert phone.statuses(item) == ["held"]
    looks = [query for query in captured.captured_queries if 'FROM "exercises_exercise"' in query["sql"]]
    assert len(looks) == 1
