"""What dispatch asks of patients, inside the claim: is there still something to remind of?"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from patients import safety
from patients.models import Lock, Patient, PatientStatus
from reminders import silence, weekly
from reminders.models import ReminderRule, RuleKind
from reminders.today import is_done, today


def is_locked(patient: Patient, now: dt.datetime) -> bool:
    """A lock silences exercise reminders (ARCHITECTURE.md 8)."""
    return Lock.objects.filter(safety.in_force(now), patient=patient, since__lte=now).exists()


def is_active(patient: Patient) -> bool:
    return patient.status == PatientStatus.ACTIVE


def is_quiet(rule: ReminderRule, now: dt.datetime) -> bool:
    """Whether the rule's quiet hours reign where the patient is now."""
    quiet = rule.schedule().quiet
    return quiet is not None and quiet.covers(now.astimezone(ZoneInfo(rule.patient.timezone)).time())


def reason_to_skip(rule: ReminderRule, date: dt.date, slot: int, now: dt.datetime, *, sequence: int = 1) -> str:
    """Why nothing should go out for this date and slot of the rule; empty when it should. What was done is never
    reminded of once more, whatever the rule says of the first time."""
    if is_locked(rule.patient, now):
        return "exercises are locked"
    if rule.kind == RuleKind.NUDGE:
        return silence.reason_to_skip(rule, date)
    if rule.kind == RuleKind.WEEKLY:
        return weekly.reason_to_skip(rule, date)
    return _nothing_left(rule, date, slot, sequence)


def _nothing_left(rule: ReminderRule, date: dt.date, slot: int, sequence: int) -> str:
    day = today(rule.patient, date)
    if day.due == 0:
        return "nothing due"
    if (rule.only_if_not_done or sequence > 1) and is_done(day, slot=slot, slots=len(rule.times)):
        return "already done"
    return ""
