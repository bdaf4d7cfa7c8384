"""Is the loop alive, does it keep up, and does what cannot wait reach anybody?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet

from patients.models import StaffAlert
from reminders import staff_alerts
from reminders.clock import database_now
from reminders.models import Delivery, FollowUp, Heartbeat, ReminderRule

COUNT_UP_TO = 10_000  # a check must stay cheap on the worst of days
COUNT_ALERTS = 500


@dataclass(frozen=True)
class Health:
    """Ages in seconds. `backlog` counts what is due and not dealt with, each kind up to `COUNT_UP_TO`: rules, what
    comes after a reminder, deliveries that wait. `alerts_unheard`: staff alerts that have reached nobody within a
    quarter of an hour."""

    last_tick_age_s: float | None
    backlog: int
    oldest_due_age_s: float
    alerts_unheard: int
    ok: bool


def health() -> Health:
    now = database_now()
    last = Heartbeat.objects.filter(name="tick").values_list("at", flat=True).first()
    age = _seconds(now, last) if last else None
    backlog, oldest = _backlog(now)
    unheard = alerts_unheard(now)
    return Health(
        last_tick_age_s=age,
        backlog=backlog,
        oldest_due_age_s=_seconds(now, oldest) if oldest else 0.0,
        alerts_unheard=unheard,
        # Five ticks may be lost to a restart; more means that nobody ticks.
        ok=age is not None and age <= max(60, 5 * settings.REMINDER_TICK_S) and not unheard,
    )


def _backlog(now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """How much, and since when the oldest has been due. Each is a look at the first entries of a partial index."""
    waiting: list[tuple[QuerySet[Any], str]] = [
        (ReminderRule.objects.filter(next_due_at__lte=now), "next_due_at"),
        (FollowUp.objects.filter(done_at=None, due_at__lte=now), "due_at"),
        (Delivery.objects.filter(retry_at__lte=now), "retry_at"),
    ]
    oldest = [rows.aggregate(oldest=Min(column))["oldest"] for rows, column in waiting]
    count = sum(rows[:COUNT_UP_TO].count() for rows, _ in waiting)
    return count, min((moment for moment in oldest if moment is not None), default=None)


def alerts_unheard(now: dt.datetime) -> int:
    """Open alerts that have reached nobody, not even perhaps, `ESCALATE_AFTER` after they were raised. Those whose
    first round lasts longer are no exception: that an alert reaches nobody at all is known by then."""
    since = now - staff_alerts.ESCALATE_AFTER
    waiting = StaffAlert.objects.filter(ended_at=None, next_at__isnull=False, raised_at__lte=since)
    logs = waiting.order_by("next_at").values_list("log", flat=True)[:COUNT_ALERTS]
    return sum(not any(row["outcome"] in staff_alerts.REACHED for row in log) for log in logs)


def _seconds(now: dt.datetime, then: dt.datetime) -> float:
    return round(max(0.0, (now - then).total_seconds()), 1)
