"""What wants a therapist's eyes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.base import Row
from accounts.models import User
from patients.models.people import Patient, PatientRows
from patients.models.plans import Plan, PlanRevision


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


class StaffAlert(Row):
    """A flag that staff must not overlook: told in the app at once and by e-mail to the responsible therapist, then to
    the clinic's escalation contact, again and again until somebody acknowledges the flag. A row, not a timer: whoever
    sends looks for `next_at` ≤ now, so a lost broker or a dead worker delays a step and drops none."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="alerts")
    flag = models.ForeignKey(Flag, models.CASCADE, related_name="alerts")
    raised_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField(default=0, help_text="how many rounds have been sent")
    next_at = models.DateTimeField(null=True, help_text="null: nothing left to send")
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    log = models.JSONField(default=list, help_text="[{at, to, outcome}], what was sent to whom")
    ended_at = models.DateTimeField(null=True, help_text="acknowledged or resolved")

    objects: ClassVar[models.Manager[StaffAlert]] = PatientRows.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("flag",), condition=models.Q(ended_at=None), name="one_alert_a_flag"),
        )
        indexes = (models.Index(fields=("next_at",), condition=models.Q(next_at__isnull=False), name="alerts_due"),)


class SuggestionKind(models.TextChoices):
    PROGRESS = "progress"
    HOLD = "hold"
    REGRESS = "regress"
    NEXT_PHASE = "next_phase"


class SuggestionStatus(models.TextChoices):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    SUPERSEDED = "superseded"


class Suggestion(Row):
    """What the pain rule or the planned path would do next, with the rows that made it. It changes nothing by itself:
    a therapist accepts, which makes a revision, or dismisses. `basis` names what was judged, so that the same facts
    never come up again once somebody has decided about them."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="suggestions")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=SuggestionKind.choices)
    status = models.CharField(max_length=10, choices=SuggestionStatus.choices, default=SuggestionStatus.OPEN)
    phase = models.PositiveSmallIntegerField()
    key = models.UUIDField(null=True, help_text="the prescription it speaks of, if it is one")
    reason = models.CharField(max_length=40)
    basis = models.CharField(max_length=200)
    change = models.JSONField(default=dict, help_text="what accepting does")
    evidence = models.JSONField(default=list)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True)
    revision = models.ForeignKey(PlanRevision, models.SET_NULL, null=True, related_name="suggestions")

    objects: ClassVar[models.Manager[Suggestion]] = PatientRows.as_manager()

    class Meta:
        constraints = (
            # The pain rule has one opinion at a time, the planned path another.
            models.UniqueConstraint(
                fields=("plan",),
                condition=models.Q(status="open") & ~models.Q(kind="next_phase"),
                name="one_open_opinion_a_plan",
            ),
            models.UniqueConstraint(
                fields=("plan",),
                condition=models.Q(status="open", kind="next_phase"),
                name="one_open_next_phase_a_plan",
            ),
        )
        indexes = (models.Index(fields=("patient", "status", "-made_at"), name="suggestions_of_patient"),)


class CriterionTick(Row):
    """A therapist's word on an exit criterion that no check-in can answer (or that one answers wrongly). The newest
    word on a criterion of a phase counts; earlier ones stay."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="ticks")
    phase = models.PositiveSmallIntegerField()
    criterion = models.CharField(max_length=300, help_text="the sentence of the program")
    met = models.BooleanField(null=True, help_text="null takes the word back")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[CriterionTick]] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("plan", "phase", "criterion", "-at"), name="ticks_of_plan"),)
