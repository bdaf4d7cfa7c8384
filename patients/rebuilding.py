"""Comparing what days say with a recomputation from plans and logs, and putting right what differs
(`manage.py rebuild_days`)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from patients import days
from patients.models import Patient, Plan


@dataclass(frozen=True)
class Difference:
    plan: uuid.UUID
    date: dt.date
    what: str
    stored: Any
    wanted: Any

    def __str__(self) -> str:
        return f"plan {self.plan} {self.date}: {self.what} is {self.stored!r}, should be {self.wanted!r}"


def rebuild(*, check: bool = False, patient: Patient | None = None) -> list[Difference]:
    """Compare every day (of one patient) with a recomputation from plans and logs; without `check`, put right what
    differs."""
    differences = []
    plans = Plan.objects.all() if patient is None else Plan.objects.filter(patient=patient)
    for plan in plans.select_related("patient").order_by("id").iterator(chunk_size=200):
        found = list(_differences(plan, days.local_today(plan.patient)))
        differences += found
        if found and not check:
            with transaction.atomic():
                days.lay_out(plan)
                patient = days.locked(plan.patient_id)
                days.recompute(patient, [day.date for day in plan.days.all()], plan=plan)
    return differences


def _differences(plan: Plan, today: dt.date) -> Iterator[Difference]:
    laid = {day.row.date: day for day in days.read(Q(plan=plan))}
    stored = {date: day.row for date, day in laid.items()}
    wanted = {day.date: day for day in days.wanted_days(plan, plan.patient, stored, plan.starts_on, today)}
    for date, day_wanted in wanted.items():
        row = stored.get(date)
        if row is None:
            # The last date may be an hour old and not laid out yet: `lay_out_due` runs hourly.
            if date <= today:
                yield Difference(plan.pk, date, "the day", None, "laid out")
            continue
        for name, value in days.layout_values(day_wanted).items():
            if getattr(row, name) != value:
                yield Difference(plan.pk, date, name, getattr(row, name), value)
    for day, result in days.counted(laid.values(), today):
        if day.row.date not in wanted:
            if day.row.date < today + days.HORIZON:
                yield Difference(plan.pk, day.row.date, "the day", "laid out", None)
            continue
        for name, value in days.count_values(day, result).items():
            if getattr(day.row, name) != value:
                yield Difference(plan.pk, day.row.date, name, getattr(day.row, name), value)
