"""A patient with a rule and a day on which something is due, and a clock that tests can set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from patients.models import Patient, Plan, PlanDay, PlanRevision
from programs.models import Program
from reminders.models import ReminderRule
from reminders.rules import Wish, schedule_anew, set_rules
from tests.conftest import Cast

TUESDAY = dt.date(2026, 11, 24)
MADRID_8 = dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC)  # 08:00 in Madrid on that Tuesday


def due_day(patient: Patient, date: dt.date = TUESDAY, **counts: int) -> PlanDay:
    """A day of a plan with these counts; two exercises of one session are due unless said otherwise."""
    plan = patient.plans.first() or Plan.objects.create(patient=patient, starts_on=dt.date(2026, 1, 5))
    revision = plan.revisions.first()
    if revision is None:
        program = Program.objects.create(clinic=patient.clinic, name="Test program")
        revision = PlanRevision.objects.create(
            plan=plan, n=1, program=program, pain_rule={"limit": 5}, effective_from=plan.starts_on
        )
    counts = {"due": 2, "sessions_due": 1, **counts}
    day, _ = PlanDay.objects.update_or_create(plan=plan, date=date, defaults={"revision": revision, **counts})
    return day


def rule_at(patient: Patient, *times: str, now: dt.datetime | None = None, **wish: object) -> ReminderRule:
    """A stored rule; with `now`, its next occasion is computed as if it had been made then."""
    asked = Wish(times=tuple(dt.time.fromisoformat(time) for time in times), **wish)  # type: ignore[arg-type]
    rule = set_rules(patient, [asked])[0]
    if now is not None:
        schedule_anew(rule, now)
        rule.save()
    return rule


@pytest.fixture
def rosa(cast: Cast) -> Patient:
    """In Madrid, in treatment, with an e-mail address and two exercises due on Tuesday."""
    cast.patient.email = "rosa@patient.example"
    cast.patient.save(update_fields=["email"])
    due_day(cast.patient)
    return cast.patient


@pytest.fixture
def morning_rule(rosa: Patient) -> ReminderRule:
    """08:00 every day, made on Monday evening: due next on Tuesday at 07:00 UTC."""
    return rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=12))


@pytest.fixture
def at() -> Callable[..., Callable[[], dt.datetime]]:
    """`at(minutes=5)` is a clock that stands five minutes after 08:00 in Madrid on Tuesday."""

    def clock(**after: float) -> Callable[[], dt.datetime]:
        moment = MADRID_8 + dt.timedelta(**after)
        return lambda: moment

    return clock


class Sink(BaseEmailBackend):
    """A mail server that does what `plan` says, call by call, and takes everything after; `at_each` happens first."""

    plan: list[BaseException] = []
    taken: list[Any] = []
    at_each: Callable[[], None]

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        type(self).at_each()
        if self.plan:
            raise self.plan.pop(0)
        self.taken.extend(email_messages)
        return len(email_messages)


@pytest.fixture
def sink(settings: Settings) -> type[Sink]:
    settings.EMAIL_BACKEND = f"{__name__}.Sink"
    Sink.plan, Sink.taken, Sink.at_each = [], [], staticmethod(lambda: None)
    return Sink


class Killed(BaseException):
    """What a worker meets when it is killed: no handler of ours sees it."""
