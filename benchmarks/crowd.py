"""Thousands of patients with a reminder, on PostgreSQL, in seconds: one of each row by the ORM, the rest by SQL.

The rows of patient `n` (from 1) are found by `key(kind, n)`. Something is due today for each, and nothing is done.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db import connection, models

from accounts.models import Clinic, User
from patients.models import Patient, PatientAccess, PatientStatus, Plan, PlanDay, PlanRevision, Relation
from programs.models import Program
from reminders.models import ReminderRule

ZONES = ("Europe/Madrid", "America/Los_Angeles", "Australia/Brisbane")


@dataclass(frozen=True)
class Crowd:
    """One account has access to everybody; `date` is the local date on which the exercises and reminders are due."""

    zone: ZoneInfo
    date: dt.date
    account: User
    template: ReminderRule


def key(kind: str, n: int) -> uuid.UUID:
    return uuid.UUID(hashlib.md5(f"{kind}{n}".encode(), usedforsecurity=False).hexdigest())


def _key(kind: str) -> str:
    return f"md5('{kind}' || n)::uuid"


def make(size: int, *, due_at: str = "now()", channels: str = """'["email"]'""") -> Crowd:
    """`due_at` and `channels` are SQL for patient `n`. The rule's hour is the current minute in a zone where it is day,
    so that no run meets somebody's midnight."""
    now = dt.datetime.now(dt.UTC)
    zone = next(zone for zone in map(ZoneInfo, ZONES) if 4 <= now.astimezone(zone).hour < 20)
    crowd = _first(now.astimezone(zone), zone)
    patient, rule = crowd.template.patient, crowd.template
    plan = patient.plans.get()
    ours = {"patient_id": _key("patient")}
    multiply(patient, size, id=_key("patient"), email="'p' || n || '@patient.example'")
    multiply(patient.access.get(), size, id=_key("access"), **ours)
    multiply(plan, size, id=_key("plan"), **ours)
    multiply(plan.days.get(), size, id=_key("day"), plan_id=_key("plan"))
    multiply(rule, size, id=_key("rule"), next_due_at=due_at, channels=f"({channels})::jsonb", **ours)
    # The first of each has served; it is due to nobody.
    ReminderRule.objects.filter(pk=rule.pk).update(next_due_at=None)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return crowd


def multiply(row: models.Model, times: int, **columns: str) -> None:
    """`times` copies of a row, number `n` from 1; `columns` are SQL for what differs."""
    names = [str(field.column) for field in row._meta.concrete_fields]
    quoted = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(columns.get(name, f't."{name}"') for name in names)
    table = f'"{row._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} t, generate_series(1, %s) n "  # noqa: S608
            "WHERE t.id = %s",
            [times, row.pk],
        )


def _first(now: dt.datetime, zone: ZoneInfo) -> Crowd:
    clinic = Clinic.objects.create(name="Crowd", country="ES")
    account = User.objects.create(email="everybody@crowd.example", name="Everybody")
    patient = Patient.objects.create(
        clinic=clinic,
        name="Crowd",
        birth_date=dt.date(1970, 1, 2),
        timezone=str(zone),
        status=PatientStatus.ACTIVE,
    )
    PatientAccess.objects.create(
        user=account, patient=patient, relation=Relation.SELF, consent_version="test", consented_at=now
    )
    plan = Plan.objects.create(patient=patient, starts_on=now.date())
    program = Program.objects.create(clinic=clinic, name="Crowd")
    revision = PlanRevision.objects.create(
        plan=plan, n=1, program=program, pain_rule={"limit": 5}, effective_from=now.date()
    )
    PlanDay.objects.create(plan=plan, date=now.date(), revision=revision, due=2, sessions_due=1)
    rule = ReminderRule.objects.create(
        patient=patient,
        times=[now.strftime("%H:%M")],
        timezone=str(zone),
        channels=["email"],
        next_date=now.date(),
        next_slot=1,
        next_due_at=now,
    )
    return Crowd(zone, now.date(), account, rule)
