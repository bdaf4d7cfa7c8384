"""What wants a therapist's eyes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.base import Row
from accounts.models import User
from patients.models.people import Patient, PatientRows


class FlagKind(models.TextChoices):
    RED_FLAG = "red_flag"
    PAIN_ABOVE_RULE = "pain_above_rule"
    PAIN_TREND = "pain_trend"
    LEG_SYMPTOMS = "leg_symptoms"
    SILENT = "silent"
    OVERDOING = "overdoing"
    NO_BENEFIT = "no_benefit"
    PHONE_UNREACHABLE = "phone_unreachable"
    MESSAGE_WAITING = "message_waiting"
    HELD_ITEMS = "held_items"
    SKIPS = "skips"
    JOIN_ATTEMPTS = "join_attempts"
    PRECAUTION = "precaution"


class Urgency(models.TextChoices):
    EMERGENCY = "emergency"
    SAME_DAY = "same_day"
    HOURS_48 = "48h"
    WEEKS_2 = "2_weeks"
    ROUTINE = "routine"


class Flag(Row):
    """One open flag a kind and patient; new evidence is appended and may raise the urgency."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=20, choices=FlagKind.choices)
    urgency = models.CharField(max_length=10, choices=Urgency.choices)
    evidence = models.JSONField(default=list)
    next_step = models.CharField(max_length=300, blank=True)
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    resolve_note = models.CharField(max_length=1000, blank=True)

    objects: ClassVar[models.Manager[Flag]] = PatientRows.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("patient", "kind"), condition=models.Q(resolved_at=None), name="one_open_flag_a_kind"
            ),
        )
