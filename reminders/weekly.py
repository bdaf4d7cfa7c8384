"""What the week was, for the weekly summary: the seven dates that end on the evening of the summary."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from patients import adherence
from patients.models import Patient, PlanDay
from reminders.models import ReminderRule


@dataclass(frozen=True)
class Week:
    """Sessions over all plans. `unknown`: due, and the phone has not said yet what became of them; those of the last
    date are among them until they are done, for the day is not over."""

    planned: bool
    due: int = 0
    done: int = 0
    unknown: int = 0


def week(patient: Patient, date: dt.date) -> Week:
    """One query."""
    first = adherence.first_of(date, adherence.WEEK) + adherence.ONE_DAY
    days = list(PlanDay.objects.filter(plan__patient=patient, date__range=(first, date)))
    heard_until = min(patient.known_until or dt.date.min, date - adherence.ONE_DAY)
    return Week(
        planned=bool(days),
        due=sum(day.sessions_due for day in days),
        done=sum(day.sessions_done for day in days),
        unknown=sum(adherence.sessions_unknown(day, heard_until) for day in days),
    )


def reason_to_skip(rule: ReminderRule, date: dt.date) -> str:
    """Why no summary should go out; empty when one should. A week of rest has nothing to sum up."""
    found = week(rule.patient, date)
    if not found.planned:
        return "no plan this week"
    return "" if found.due else "nothing was due"
