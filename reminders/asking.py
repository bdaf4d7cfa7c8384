"""What dispatch asks of patients, inside the claim: is there still something to remind of?"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db.models import Q, Sum

from patients.models import Lock, Patient, PatientStatus, PlanDay
from reminders.models import ReminderRule


@dataclass(frozen=True)
class Today:
    """One local date over all plans of a patient. `open_items` are due and have no answer yet."""

    due: int
    open_items: int
    sessions_due: int
    sessions_done: int


def today(patient: Patient, date: dt.date) -> Today:
    sums = PlanDay.objects.filter(plan__patient=patient, date=date).aggregate(
        *(Sum(name, default=0) for name in ("due", "done", "partly", "skipped", "sessions_due", "sessions_done"))
    )
    answered = sums["done__sum"] + sums["partly__sum"] + sums["skipped__sum"]
    return Today(
        due=sums["due__sum"],
        open_items=max(0, sums["due__sum"] - answered),
        sessions_due=sums["sessions_due__sum"],
        sessions_done=sums["sessions_done__sum"],
    )


def is_done(day: Today, *, slot: int, slots: int) -> bool:
    """Whether the reminder of `slot`, of `slots` a day, has nothing left to say.

    The last reminder asks for the whole day; an earlier one for its share, so that at 08:00 of a day with a morning
    and an evening session, whoever has done the morning is left in peace. A skip with a reason is an answer.
    """
    wanted = max(1, math.ceil(day.sessions_due * slot / slots))
    return day.open_items == 0 or day.sessions_done >= wanted


def is_locked(patient: Patient, now: dt.datetime) -> bool:
    """A lock silences exercise reminders (ARCHITECTURE.md 8)."""
    return Lock.objects.filter(Q(until=None) | Q(until__gt=now), patient=patient, since__lte=now).exists()


def is_active(patient: Patient) -> bool:
    return patient.status == PatientStatus.ACTIVE


def reason_to_skip(rule: ReminderRule, date: dt.date, slot: int, now: dt.datetime) -> str:
    """Why nothing should go out for this date and slot of the rule; empty when it should."""
    if is_locked(rule.patient, now):
        return "exercises are locked"
    day = today(rule.patient, date)
    if day.due == 0:
        return "nothing due"
    if rule.only_if_not_done and is_done(day, slot=slot, slots=len(rule.times)):
        return "already done"
    return ""
