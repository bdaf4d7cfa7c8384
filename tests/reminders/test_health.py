"""`GET /healthz/reminders`: does someone tick, and do they keep up?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from patients.models import Patient
from reminders import dispatch
from reminders.models import Heartbeat, ReminderRule
from tests.reminders.conftest import rule_at

pytestmark = pytest.mark.django_db


def test_health_before_the_first_tick_is_503(client: Client) -> None:
    answer = client.get("/healthz/reminders")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "no", "last_tick_age_s": None, "backlog": 0, "oldest_due_age_s": 0.0},
    )


def test_health_after_a_tick_is_ok(client: Client) -> None:
    dispatch.tick()
    answer = client.get("/healthz/reminders")
    assert answer.status_code == 200
    found = answer.json()
    assert found["status"] == "ok"
    assert found["last_tick_age_s"] < 5


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
