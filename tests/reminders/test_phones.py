"""The clinic's list of phones that need help, and what the proof shows of repeats."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients.models import Patient, PatientStatus, Phone, PlanDay
from reminders import dispatch, rules
from reminders.models import ChannelOff, OffReason
from tests.conftest import Cast
from tests.patients.phones import TestPhone
from tests.reminders.conftest import MADRID_8, TUESDAY, due_day, rule_at

Api = Callable[..., APIClient]
At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db
PHONES = "/api/v1/clinic/phones"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(MADRID_8, tick=False):
        yield


def phone_of(patient: Patient, hours_ago: float, pending: int = 0, since_hours: float | None = None) -> Phone:
    return Phone.objects.create(
        patient=patient,
        device=uuid.uuid4(),
        last_sync_at=MADRID_8 - dt.timedelta(hours=hours_ago),
        pending=pending,
        pending_since=None if since_hours is None else MADRID_8 - dt.timedelta(hours=since_hours),
        timezone="Europe/Madrid",
    )


def listed(api: Api, cast: Cast, query: str = "") -> list[dict[str, Any]]:
    answer = api(cast.therapist).get(f"{PHONES}{query}")
    assert answer.status_code == 200
    return list(answer.json()["results"])


def problems(api: Api, cast: Cast) -> list[tuple[str, list[str]]]:
    return [(one["patient"]["name"], one["problems"]) for one in listed(api, cast)]


def test_a_phone_that_is_fine_is_not_listed(api: Api, cast: Cast, rosa: Patient) -> None:
    phone_of(rosa, 1)
    phone_of(rosa, 14 * 24 + 1)  # an old one in a drawer
    assert listed(api, cast) == []


def test_a_refused_channel_is_unreachable(api: Api, cast: Cast, rosa: Patient) -> None:
    phone = phone_of(rosa, 5)
    rules.switch_off(rosa, "email", OffReason.REJECTED, "550 no such user")
    assert listed(api, cast) == [
        {
            "patient": {"id": str(rosa.pk), "name": rosa.name},
            "device": str(phone.device),
            "last_sync_at": "2026-11-24T02:00:00Z",
            "pending": 0,
            "channels": [{"name": "push", "state": "no_subscription"}, {"name": "email", "state": "rejected"}],
            "problem": "unreachable",
            "problems": ["unreachable"],
        }
    ]


def test_who_unsubscribed_is_not_unreachable(api: Api, cast: Cast, rosa: Patient) -> None:
    ChannelOff.objects.create(patient=rosa, channel="email", reason="unsubscribed")
    assert listed(api, cast) == []


@pytest.mark.parametrize(
    ("facts", "stuck"),
    [
        ((1, 3, 24), True),  # it comes and cannot send
        ((1, 3, 23.9), False),
        ((24, 3, 24), True),  # it has not come since
        ((1, 0, None), False),
        ((25, 2, None), True),  # a row of before it was counted
        ((2, 2, None), False),
    ],
)
def test_an_outbox_is_stuck_after_a_day(
    api: Api, cast: Cast, rosa: Patient, facts: tuple[float, int, float | None], stuck: bool
) -> None:
    phone_of(rosa, 0.5)  # another phone of theirs, which is fine
    one = phone_of(rosa, *facts)
    found = [(row["device"], row["problem"], row["pending"]) for row in listed(api, cast)]
    assert found == ([(str(one.device), "stuck", facts[1])] if stuck else [])


@pytest.mark.parametrize(("hours", "silent"), [(14 * 24, True), (14 * 24 - 1, False)])
def test_a_phone_not_heard_of_for_two_weeks_while_a_plan_runs(
    api: Api, cast: Cast, rosa: Patient, hours: int, silent: bool
) -> None:
    phone_of(rosa, hours)
    phone_of(rosa, hours + 100)
    assert problems(api, cast) == ([(rosa.name, ["silent_phone"])] if silent else [])


@pytest.mark.parametrize("why", ["no plan", "paused", "discharged", "never had one"])
def test_silence_without_a_running_plan_is_none(api: Api, cast: Cast, rosa: Patient, why: str) -> None:
    phone = phone_of(rosa, 15 * 24)
    if why == "no plan":
        PlanDay.objects.all().delete()
    if why == "paused":
        due_day(rosa, TUESDAY, open=False, due=0, excused=2)
    if why == "discharged":
        Patient.objects.filter(pk=rosa.pk).update(status=PatientStatus.DISCHARGED)
    if why == "never had one":
        phone.delete()
    assert listed(api, cast) == []


def test_several_problems_are_one_row_and_the_list_can_be_narrowed(api: Api, cast: Cast, rosa: Patient) -> None:
    phone_of(rosa, 15 * 24, 2, 16 * 24)
    rules.switch_off(rosa, "push", OffReason.REJECTED)
    phone_of(cast.other_patient, 30, 1)
    assert problems(api, cast) == [
        (cast.other_patient.name, ["stuck"]),
        (rosa.name, ["unreachable", "stuck", "silent_phone"]),
    ]
    narrowed = listed(api, cast, "?problem=silent_phone")
    assert [one["patient"]["name"] for one in narrowed] == [rosa.name]
    assert api(cast.therapist).get(f"{PHONES}?problem=broken").status_code == 400


def test_a_clinic_sees_its_own(api: Api, cast: Cast, rosa: Patient) -> None:
    phone_of(rosa, 30, 1)
    phone_of(cast.foreign_patient, 30, 1)
    assert [one["patient"]["name"] for one in listed(api, cast)] == [rosa.name]
    theirs = api(cast.outsider).get(PHONES).json()["results"]
    assert [one["patient"]["name"] for one in theirs] == [cast.foreign_patient.name]


def test_any_number_costs_the_same(api: Api, cast: Cast, rosa: Patient) -> None:
    phone_of(rosa, 30, 1)
    client = api(cast.therapist)
    client.get(PHONES)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PHONES)
        return len(queries)

    before = count()
    for n in range(20):
        patient = Patient.objects.create(
            clinic=cast.clinic,
            name=f"Patient {n}",
            birth_date=dt.date(1970, 1, 1),
            timezone="Europe/Madrid",
            status=PatientStatus.ACTIVE,
        )
        phone_of(patient, 30, 1)
    assert len(listed(api, cast)) == 21
    assert count() == before


def test_a_sync_says_since_when_something_waits(api: Api, cast: Cast, rosa: Patient) -> None:
    phone = TestPhone(api(cast.patient_user), rosa)

    def since(pending: int, hours: float) -> dt.datetime | None:
        with time_machine.travel(MADRID_8 + dt.timedelta(hours=hours), tick=False):
            phone.send(pending=pending)
        moment: dt.datetime | None = Phone.objects.get().pending_since
        return moment

    assert since(0, 0) is None
    assert since(3, 1) == MADRID_8 + dt.timedelta(hours=1)
    assert since(2, 5) == MADRID_8 + dt.timedelta(hours=1)
    assert since(2, 30) == MADRID_8 + dt.timedelta(hours=1)
    assert since(0, 31) is None
    assert since(1, 32) == MADRID_8 + dt.timedelta(hours=32)


# ---- Proof ----------------------------------------------------------------------------------------------------------
def test_proof_shows_what_came_after_the_first(api: Api, cast: Cast, rosa: Patient, at: At) -> None:
    rule = rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), repeat_after_min=30)
    dispatch.tick(at())

    def shown() -> tuple[list[tuple[int, str]], list[dict[str, Any]]]:
        answer = api(cast.therapist).get(f"/api/v1/patients/{rosa.pk}/reminders/proof?date=2026-11-24")
        (one,) = answer.json()["occurrences"]
        assert one["kind"] == "exercise"
        return [(row["sequence"], row["status"]) for row in one["deliveries"]], one["follow_ups"]

    repeat = {"sequence": 2, "reason": "repeat", "due_at": "2026-11-24T07:30:00Z", "dropped": ""}
    assert shown() == ([(1, "sent")], [{**repeat, "state": "waiting"}])
    asked = {"id": str(uuid.uuid4()), "occurrence": str(rule.occurrences.get().pk), "at": "2026-11-24T11:00:00Z"}
    api(cast.patient_user).post("/api/v1/me/reminders/later", asked)
    later = {"sequence": 3, "reason": "later", "due_at": "2026-11-24T11:00:00Z", "dropped": ""}
    replaced = {**repeat, "state": "dropped", "dropped": "replaced"}
    assert shown() == ([(1, "sent")], [replaced, {**later, "state": "waiting"}])
    dispatch.tick(at(hours=4))
    assert shown() == ([(1, "sent"), (3, "sent")], [replaced, {**later, "state": "done"}])
