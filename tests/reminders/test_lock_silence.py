"""Exercise reminders are silent from the answer that locks until a clinician unlocks, and no longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.core import mail
from rest_framework.test import APIClient

from patients.models import Patient
from reminders import dispatch
from reminders.models import Delivery
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, checkin, make_plan, pain
from tests.reminders.conftest import MADRID_8, rule_at

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
YESTERDAY = MADRID_8 - DAY


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    """A real plan with something due every day, and a reminder at 08:00."""
    with time_machine.travel(YESTERDAY, tick=False):
        Patient.objects.filter(pk=cast.patient.pk).update(email="rosa@patient.example")
        make_plan(cast.patient, cast.therapist, [DAILY])
        cast.patient.refresh_from_db()
        rule_at(cast.patient, "08:00", now=YESTERDAY)
        return TestPhone(api(cast.patient_user), cast.patient)


def tick(at: dt.datetime) -> list[tuple[str, str]]:
    """What became of the reminders up to then."""
    dispatch.tick(lambda: at)
    return list(Delivery.objects.order_by("started_at").values_list("status", "outcome"))


@pytest.mark.parametrize("sign", ["RF1.urine", "RF8"])
def test_red_flag_silences_until_the_unlock(
    phone: TestPhone, cast: Cast, api: Callable[..., APIClient], sign: str
) -> None:
    with time_machine.travel(YESTERDAY + dt.timedelta(hours=2), tick=False):
        phone.send(checkin("2026-11-23T10:00:00+01:00", q_redflag=[sign]))
    assert tick(MADRID_8) == [("skipped", "exercises are locked")]
    assert tick(MADRID_8 + DAY) == [("skipped", "exercises are locked")] * 2
    with time_machine.travel(MADRID_8 + DAY, tick=False):
        path = f"/api/v1/patients/{cast.patient.pk}/unlock"
        assert api(cast.therapist).post(path, {"note": "All clear"}, format="json").status_code == 200
    assert mail.outbox == []
    assert tick(MADRID_8 + 2 * DAY)[2:] == [("sent", "taken by the mail server")]
    assert [message.to for message in mail.outbox] == [["rosa@patient.example"]]


def test_stop_until_midnight_silences_the_evening_and_not_the_next_morning(phone: TestPhone, cast: Cast) -> None:
    rule_at(cast.patient, "19:00", now=MADRID_8 - dt.timedelta(hours=1))
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=2), tick=False):
        phone.send(pain("2026-11-24T10:00:00+01:00", 9))
    assert tick(MADRID_8 + dt.timedelta(hours=11)) == [("skipped", "exercises are locked")]
    assert tick(MADRID_8 + DAY + dt.timedelta(hours=11))[1:] == [("sent", "taken by the mail server")]
