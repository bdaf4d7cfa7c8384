"""`GET /metrics`: the last hour in Prometheus's text format, for those who may read it."""

from __future__ import annotations

import datetime as dt
import math
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.base import new_id
from patients.models import Patient
from reminders import dispatch, metrics
from reminders.models import Delivery, Occurrence, ReminderRule, occurrence_id
from tests.reminders.conftest import TUESDAY, rule_at

pytestmark = pytest.mark.django_db
LINE = re.compile(r'^(homestretch_\w+)(\{(?:\w+="[^"]*",?)+\})? (-?\d+(?:\.\d+)?(?:e-?\d+)?|NaN)$')


def read(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.content.decode()
    assert text.endswith("\n")
    samples = {}
    for line in text.splitlines():
        if line.startswith("# "):
            assert re.match(r"^# (HELP homestretch_\w+ .+|TYPE homestretch_\w+ gauge)$", line), line
            continue
        found = LINE.match(line)
        assert found, line
        samples[found[1].removeprefix("homestretch_") + (found[2] or "")] = float(found[3])
    return samples


def delivered(rule: ReminderRule, n: int, status: str, *, lag_s: float, minutes_ago: float = 0, **more: object) -> None:
    """A delivery of the `n`th day, `lag_s` after its hour."""
    ago = dt.timedelta(minutes=minutes_ago)
    due = timezone.now() - ago - dt.timedelta(seconds=lag_s)
    date = TUESDAY + dt.timedelta(days=n)
    occurrence, _ = Occurrence.objects.get_or_create(
        pk=occurrence_id(rule.pk, date, 1),
        defaults={"patient": rule.patient, "rule": rule, "date": date, "slot": 1, "due_at": due},
    )
    pk = new_id() if not ago else metrics.first_id(timezone.now() - ago)
    facts = {"channel": "email", "attempts": 1, **more}
    started = occurrence.due_at + dt.timedelta(seconds=lag_s)
    Delivery.objects.create(pk=pk, occurrence=occurrence, status=status, started_at=started, **facts)


@pytest.fixture
def rule(rosa: Patient) -> ReminderRule:
    return rule_at(rosa, "08:00")


def test_before_anything_was_sent_every_number_is_there(client: Client) -> None:
    found = read(client)
    assert found['reminder_deliveries{channel="push",status="failed"}'] == 0
    assert found['reminder_deliveries{channel="email",status="unknown"}'] == 0
    assert math.isnan(found['reminder_lag_seconds{quantile="0.99"}'])
    assert math.isnan(found["reminder_last_tick_age_seconds"])
    assert found["reminder_backlog"] == 0
    assert found["staff_alerts_unheard"] == 0


def test_the_last_hour_by_channel_and_outcome(client: Client, rule: ReminderRule) -> None:
    dispatch.tick()
    delivered(rule, 1, "sent", lag_s=1)
    delivered(rule, 2, "sent", lag_s=2)
    delivered(rule, 3, "unknown", lag_s=3, channel="push")
    delivered(rule, 3, "failed", lag_s=4, channel="email")
    delivered(rule, 4, "missed", lag_s=9000, channel="", attempts=0)
    delivered(rule, 5, "failed", lag_s=1, minutes_ago=61)
    delivered(rule, 6, "sent", lag_s=1, minutes_ago=59)
    delivered(rule, 6, "sent", lag_s=1800, sequence=2)
    found = read(client)
    told = {name: n for name, n in found.items() if name.startswith("reminder_deliveries") and n}
    assert told == {
        'reminder_deliveries{channel="email",status="sent"}': 4,
        'reminder_deliveries{channel="email",status="failed"}': 1,
        'reminder_deliveries{channel="push",status="unknown"}': 1,
        'reminder_deliveries{channel="none",status="missed"}': 1,
    }
    assert found["reminders_due"] == 5
    assert found['reminder_lag_seconds{quantile="0.5"}'] == 2
    assert found['reminder_lag_seconds{quantile="0.99"}'] == 4
    assert found["reminder_last_tick_age_seconds"] < 5


def test_backlog_and_its_age(client: Client, rule: ReminderRule) -> None:
    ReminderRule.objects.update(next_due_at=timezone.now() - dt.timedelta(minutes=10))
    found = read(client)
    assert found["reminder_backlog"] == 1
    assert 600 <= found["reminder_oldest_due_seconds"] < 610


@pytest.mark.parametrize(
    ("values", "q", "expected"), [([5.0], 0.99, 5.0), ([1.0, 2.0], 0.5, 1.0), (list(range(1, 101)), 0.99, 99)]
)
def test_a_quantile_is_a_value_that_occurred(values: list[float], q: float, expected: float) -> None:
    assert metrics.quantile(values, q) == expected


def test_the_last_hour_is_one_range_of_the_primary_key() -> None:
    made = new_id()
    of_it = dt.datetime.fromtimestamp((made.int >> 80) / 1000, dt.UTC)
    a_moment = dt.timedelta(milliseconds=1)
    assert metrics.first_id(of_it - a_moment) < metrics.first_id(of_it) <= made < metrics.first_id(of_it + a_moment)
    assert metrics.first_id(of_it).version == made.version == 7


def test_reading_costs_the_same_whatever_was_sent(client: Client, rule: ReminderRule) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client)
        return len(queries)

    before = count()
    for n in range(20):
        delivered(rule, n, "sent", lag_s=n)
    assert count() == before


# ---- Who may read it ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("caller", "proxies", "may"),
    [
        (("127.0.0.1", None), 0, True),
        (("::1", None), 0, True),
        (("::ffff:127.0.0.1", None), 0, True),
        (("192.0.2.7", None), 0, False),
        (("", None), 0, False),
        # A proxy on this machine that nobody told us of: its client may be anybody.
        (("127.0.0.1", "192.0.2.7"), 0, False),
        (("127.0.0.1", "127.0.0.1"), 0, False),
        # One that is believed: the address that it saw counts, not what the client wrote before it.
        (("127.0.0.1", "192.0.2.7"), 1, False),
        (("127.0.0.1", "127.0.0.1, 192.0.2.7"), 1, False),
        (("127.0.0.1", "192.0.2.7, 127.0.0.1"), 1, True),
        (("127.0.0.1", "nonsense"), 1, False),
        (("127.0.0.1", None), 1, True),
    ],
)
def test_only_this_machine_may_read_it(
    client: Client, settings: Settings, caller: tuple[str, str | None], proxies: int, may: bool
) -> None:
    settings.PROXIES = proxies
    address, forwarded = caller
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    answer = client.get("/metrics", REMOTE_ADDR=address, headers=headers)
    assert answer.status_code == (200 if may else 404)


def test_other_networks_may_be_let_in(client: Client, settings: Settings) -> None:
    settings.METRICS_ALLOW = ["10.1.0.0/16", "2001:db8::/32"]
    reached = [client.get("/metrics", REMOTE_ADDR=one).status_code for one in ("10.1.2.3", "2001:db8::9", "127.0.0.1")]
    assert reached == [200, 200, 404]


def test_it_is_only_read(client: Client) -> None:
    assert client.post("/metrics").status_code == 405
