"""Whatever is sent: never a 500, nothing half-written, and what an authenticated phone sent is kept."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from patients import rebuilding
from patients.models import Entry, ExerciseLog, HeldItem, Plan
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, checkin, local, make_plan, new_id, pain, session, void

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)

numbers = st.one_of(
    st.integers(-(10**30), 10**30),
    st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**400]),
    st.floats(allow_nan=False, allow_infinity=False),
)
texts = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    st.sampled_from(
        [
            *("", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2026-02-30T10:00:00Z", "2026-11-24"),
            *("2026-11-24T10:00:00+24:00", "2089-12-31T23:59:59+18:00", "1970-01-01T00:00:00-18:00"),
            *("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{}", "x" * 5001),
            *("2026-11-24T25:61:61Z", "2026-11-24T10:00:60Z", "{urn:uuid:}", "١٢", "2026-11-24T10:00:00Z\n"),
        ]
    ),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=8,
)
hostile = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with time_machine.travel(NOW, tick=False):
        return make_plan(cast.patient, cast.therapist, [DAILY] * 2, starts_on=TODAY - dt.timedelta(days=1))


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        found += paths(child, (*path, key))
    return found


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


@contextmanager
def at_now_and_undone() -> Iterator[None]:
    """One example: what it wrote is gone before the next."""
    with time_machine.travel(NOW, tick=False), transaction.atomic():
        yield
        transaction.set_rollback(True)


def check_whole(ids: list[Any]) -> None:
    """Every stored session has all of its exercises, and days say what the log says."""
    for entry in Entry.objects.filter(kind="session", voided_at=None, uid__in=ids):
        assert ExerciseLog.objects.filter(entry=entry).count() == len(entry.payload["exercises"])
    assert rebuilding.rebuild(check=True) == []


@hostile
@given(data=st.data())
def test_items_with_anything_anywhere_are_answered_one_by_one(
    phone: TestPhone, plan: Plan, data: st.DataObject
) -> None:
    with at_now_and_undone():
        done = session(plan, local(TODAY, 8))
        about = {"type": "session", "id": done["id"]}
        items: list[Any] = [
            *(done, checkin(local(TODAY, 7), q_morning=2, q_redflag=[], q_numb_where=["left_foot"])),
            *(pain(local(TODAY, 9), 4, session=done["id"]), void(new_id(), local(TODAY, 9))),
            {"type": "goal", "id": new_id(), "at": local(TODAY, 9), "text": "Sit", "done_at": None},
            {"type": "message", "id": new_id(), "at": local(TODAY, 9), "body": "Hello", "about": about},
        ]
        bad = copy.deepcopy(items[data.draw(st.integers(0, 5), label="which item")])
        for path in data.draw(st.lists(st.sampled_from(paths(bad)), min_size=1, max_size=2), label="where"):
            new = data.draw(values, label="what")
            try:
                put(bad, path, new)
            except (KeyError, IndexError, TypeError):
                continue  # the place was inside what has just been replaced
        before = Entry.objects.count() + HeldItem.objects.count()
        results = phone.send(*items, bad, data.draw(values, label="no item at all"))
        assert [one["status"] for one in results[:6]] == ["stored"] * 6
        kept = Entry.objects.count() + HeldItem.objects.count() - before
        again = [one["status"] for one in phone.send(*items, bad)]
        assert again[:6] == ["duplicate"] * 6
        assert kept >= 7 or results[6]["status"] in ("duplicate", "superseded", "amended")
        check_whole([one["id"] for one in results if one["id"]])


@hostile
@given(data=st.data())
def test_calls_with_anything_anywhere_are_refused_or_answered(
    phone: TestPhone, plan: Plan, data: st.DataObject
) -> None:
    with at_now_and_undone():
        call: Any = phone.call(pain(local(TODAY, 9), 4))
        put(call, data.draw(st.sampled_from([p for p in paths(call) if len(p) == 1])), data.draw(values))
        before = Entry.objects.count() + HeldItem.objects.count()
        response = phone.client.post("/api/v1/me/sync", json.dumps(call), content_type="application/json")
        assert response.status_code in (200, 400, 409, 413)
        if response.status_code != 200:
            assert set(response.json()) == {"type", "errors"}
            assert Entry.objects.count() + HeldItem.objects.count() == before


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *[(b"", 400), (b"null", 400), (b"[]", 400), (b"{", 400), (b'"text"', 400), (b"\xff\xfe", 400)],
        *[(b'{"schema": NaN}', 400), (b'{"schema": 1e400}', 400), (b'{"a": "\\u0000"}', 400)],
        *[(b'{"a": "\\ud800"}', 400), (b"[" * 100_000, 400), (b"1" * 5000, 400), (b'{"schema": 1}', 400)],
    ],
)
def test_bodies_that_are_no_call(phone: TestPhone, body: bytes, status: int) -> None:
    response = phone.client.generic("POST", "/api/v1/me/sync", body, content_type="application/json")  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.json()["errors"]


def test_other_media_type_is_415(phone: TestPhone) -> None:
    response = phone.client.post("/api/v1/me/sync", "a=1", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 415


@pytest.mark.parametrize("number", ["1e400", "-1e999"])
def test_number_beyond_every_float_inside_an_item_stores_nothing(phone: TestPhone, number: str) -> None:
    call = json.dumps(phone.call(pain(local(TODAY, 9), 77))).replace("77", number)
    with time_machine.travel(NOW, tick=False):
        response = phone.client.post("/api/v1/me/sync", call, content_type="application/json")
    assert response.status_code == 400
    assert not HeldItem.objects.exists()
