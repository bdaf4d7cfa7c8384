"""Is the loop alive, and does it keep up?"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Min

from reminders.clock import database_now
from reminders.models import Heartbeat, ReminderRule

COUNT_UP_TO = 10_000  # a check must stay cheap on the worst of days


@dataclass(frozen=True)
class Health:
    """Ages in seconds. `backlog` counts due rules up to `COUNT_UP_TO`."""

    last_tick_age_s: float | None
    backlog: int
    oldest_due_age_s: float
    ok: bool


def health() -> Health:
    now = database_now()
    last = Heartbeat.objects.filter(name="tick").values_list("at", flat=True).first()
    due = ReminderRule.objects.filter(next_due_at__lte=now)
    oldest = due.aggregate(oldest=Min("next_due_at"))["oldest"]
    age = _seconds(now, last) if last else None
    return Health(
        last_tick_age_s=age,
        backlog=due[:COUNT_UP_TO].count(),
        oldest_due_age_s=_seconds(now, oldest) if oldest else 0.0,
        # Five ticks may be lost to a restart; more means that nobody ticks.
        ok=age is not None and age <= max(60, 5 * settings.REMINDER_TICK_S),
    )


def _seconds(now: dt.datetime, then: dt.datetime) -> float:
    return round(max(0.0, (now - then).total_seconds()), 1)
