"""`GET /healthz/reminders`: does someone tick, and do they keep up?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from patients.models import Flag, Patient, StaffAlert
from reminders import dispatch, staff_alerts
from reminders.models import Delivery, FollowUp, Heartbeat, Occurrence, ReminderRule, occurrence_id
from tests.reminders.conftest import TUESDAY, rule_at

pytestmark = pytest.mark.django_db


def test_health_before_the_first_tick_is_503(client: Client) -> None:
    answer = client.get("/healthz/reminders")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "no", "last_tick_age_s": None, "backlog": 0, "oldest_due_age_s": 0.0, "alerts_unheard": 0},
    )


def test_health_after_a_tick_is_ok(client: Client) -> None:
    dispatch.tick()
    answer = client.get("/healthz/reminders")
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "ok"
    assert found["last_tick_age_s"] < 5


def test_a_long_tick_ends_before_the_broker_hands_it_to_a_second_worker(settings: Settings) -> None:
    last_call = dt.timedelta(minutes=1)  # under way when the budget ends
    whole = staff_alerts.TICK_BUDGET + dispatch.TICK_BUDGET + last_call
    assert whole.total_seconds() <= settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_health_when_nobody_ticks_tells_the_backlog(client: Client, rosa: Patient) -> None:
    Heartbeat.objects.create(name="tick", at=timezone.now() - dt.timedelta(hours=1))
    rule_at(rosa, "08:00")
    ReminderRule.objects.update(next_due_at=timezone.now() - dt.timedelta(minutes=30))
    answer = client.get("/healthz/reminders")
    found = answer.json()
    assert answer.status_code == 503
    assert found["backlog"] == 1
    assert 1800 <= found["oldest_due_age_s"] < 1810
    assert 3600 <= found["last_tick_age_s"] < 3610


@pytest.mark.parametrize(
    ("minutes", "outcomes", "unheard"),
    [
        (20, [], 1),  # nobody has an address
        (20, ["failed", "refused"], 1),
        (20, ["refused", "sent"], 0),
        (20, ["unknown"], 0),
        (10, ["failed"], 0),  # a quarter of an hour has not passed
    ],
)
def test_health_says_when_a_staff_alert_reaches_nobody(
    client: Client, rosa: Patient, minutes: int, outcomes: list[str], unheard: int
) -> None:
    dispatch.tick()
    raised = timezone.now() - dt.timedelta(minutes=minutes)
    flag = Flag.objects.create(patient=rosa, kind="red_flag", urgency="emergency", raised_at=raised)
    rows = [{"round": 0, "at": raised.isoformat(), "to": f"{one}@x.example", "outcome": one} for one in outcomes]
    alert = StaffAlert.objects.create(patient=rosa, flag=flag, raised_at=raised, next_at=raised, log=rows)
    answer = client.get("/healthz/reminders")
    assert (answer.status_code, answer.json()["alerts_unheard"]) == (503 if unheard else 200, unheard)
    StaffAlert.objects.filter(pk=alert.pk).update(ended_at=timezone.now(), next_at=None)
    assert client.get("/healthz/reminders").status_code == 200


def test_the_backlog_counts_repeats_and_deliveries_that_wait(client: Client, rosa: Patient) -> None:
    rule = rule_at(rosa, "08:00")
    past = timezone.now() - dt.timedelta(minutes=3)
    occurrence = Occurrence.objects.create(
        pk=occurrence_id(rule.pk, TUESDAY, 1), patient=rosa, rule=rule, date=TUESDAY, slot=1, due_at=past
    )
    FollowUp.objects.create(occurrence=occurrence, sequence=2, reason="repeat", due_at=past)
    Delivery.objects.create(
        occurrence=occurrence, channel="email", status="failed", started_at=past, retry_at=past, attempts=1
    )
    found = client.get("/healthz/reminders").json()
    assert found["backlog"] == 2
    assert 180 <= found["oldest_due_age_s"] < 190
