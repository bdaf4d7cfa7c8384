"""What dispatch asks of patients, inside the claim: is there still something to remind of?"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from patients import safety
from patients.models import Lock, Patient, PatientStatus
from reminders import silence, weekly
from reminders.models import ReminderRule, RuleKind
from reminders.today import Today, is_done, todays


@dataclass(frozen=True)
class Facts:
    """What is asked of many patients at once: the ids of those who are locked, and what a date has for whom."""

    locked: Collection[uuid.UUID]
    days: Mapping[tuple[uuid.UUID, dt.date], Today]


def gather(asked: Collection[tuple[ReminderRule, dt.date]], now: dt.datetime) -> Facts:
    """Two queries or three, however many. A lock silences every reminder (ARCHITECTURE.md 8)."""
    locks = Lock.objects.filter(safety.in_force(now), patient__in={rule.patient_id for rule, _ in asked})
    locked = set(locks.filter(since__lte=now).values_list("patient", flat=True))
    exercise = [(rule.patient_id, date) for rule, date in asked if rule.kind == RuleKind.EXERCISE]
    return Facts(locked, todays([one for one in exercise if one[0] not in locked]))


def is_active(patient: Patient) -> bool:
    return patient.status == PatientStatus.ACTIVE


def is_quiet(rule: ReminderRule, now: dt.datetime) -> bool:
    """Whether the rule's quiet hours reign where the patient is now."""
    quiet = rule.schedule().quiet
    return quiet is not None and quiet.covers(now.astimezone(ZoneInfo(rule.patient.timezone)).time())


def reason_to_skip(
    rule: ReminderRule, date: dt.date, slot: int, now: dt.datetime, *, sequence: int = 1, facts: Facts | None = None
) -> str:
    """Why nothing should go out for this date and slot of the rule; empty when it should. What was done is never
    reminded of once more, whatever the rule says of the first time. `facts` are those of now, when they are known."""
    facts = facts or gather([(rule, date)], now)
    if rule.patient_id in facts.locked:
        return "exercises are locked"
    if rule.kind == RuleKind.NUDGE:
        return silence.reason_to_skip(rule, date)
    if rule.kind == RuleKind.WEEKLY:
        return weekly.reason_to_skip(rule, date)
    return _nothing_left(rule, facts.days[rule.patient_id, date], slot, sequence)


def _nothing_left(rule: ReminderRule, day: Today, slot: int, sequence: int) -> str:
    if day.due == 0:
        return "nothing due"
    if (rule.only_if_not_done or sequence > 1) and is_done(day, slot=slot, slots=len(rule.times)):
        return "already done"
    return ""
