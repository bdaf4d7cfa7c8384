"""The log: what phones sent and paper brought. Stored once, kept for ever, corrected by appending."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.base import Row
from accounts.models import User
from exercises.models import Exercise
from patients.models.people import Patient, PatientRows
from patients.models.plans import Plan
from programs.models import Prescription


class ItemKind(models.TextChoices):
    SESSION = "session"
    CHECKIN = "checkin"
    PAIN = "pain"
    OUTCOME = "outcome"
    GOAL = "goal"
    VOID = "void"
    MESSAGE = "message"


class Entry(Row):
    """One item of the log, whatever its type, as it stands now; `uid` is the phone's own id, unique per patient over
    all types. `payload` is the item in the shape in which it was sent. Earlier wordings are `EntryVersion`s.

    Three times are kept: done (`happened_at`, corrected by the phone's clock skew; raw beside it), logged, received.
    `local_date` is a stored fact: the date the phone showed (RULINGS.md, Sync, for a clock that was off).
    A void withdraws another entry: `target` is that entry's uid, and the entry gets `voided_at`.
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="entries")
    uid = models.UUIDField()
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    payload = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of what the item says, to tell a replay from a change")
    happened_at = models.DateTimeField()
    happened_at_raw = models.DateTimeField()
    utc_offset_min = models.SmallIntegerField()
    timezone = models.CharField(max_length=64)
    local_date = models.DateField()
    logged_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    device = models.UUIDField(null=True)
    sent_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", help_text="staff, from paper")
    from_staff = models.BooleanField(default=False, help_text="a message of the clinic's; `seen_at` is the patient's")
    target = models.UUIDField(null=True, db_index=True)
    voided_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # What days and charts ask of an entry, so that they never open the payload.
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="entries")
    pain_max = models.PositiveSmallIntegerField(null=True)
    pain_last = models.PositiveSmallIntegerField(null=True)
    effort = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar[models.Manager[Entry]] = PatientRows.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("patient", "uid"), name="uid_once_a_patient"),)
        indexes = (
            models.Index(fields=("patient", "kind", "-local_date", "-id"), name="entries_by_kind"),
            models.Index(fields=("patient", "local_date"), name="entries_by_date"),
            models.Index(fields=("plan", "local_date"), name="entries_of_plan"),
            models.Index(
                fields=("patient", "seen_at", "id"), condition=models.Q(seen_at__isnull=False), name="seen_entries"
            ),
        )


class EntryVersion(Row):
    """What an entry said before it was amended."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="versions")
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    edited_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    objects: ClassVar[models.Manager[EntryVersion]] = models.Manager()


class Side(models.TextChoices):
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Difficulty(models.TextChoices):
    EASY = "easy"
    RIGHT = "right"
    HARD = "hard"


class SkipReason(models.TextChoices):
    PAIN = "pain"
    TIME = "time"
    UNWELL = "unwell"
    UNSURE = "unsure"
    EQUIPMENT = "equipment"
    RULE = "rule"
    OTHER = "other"


class ExerciseLog(Row):
    """One exercise of a session, asked beside done. Rewritten from the entry whenever that is amended or voided, so
    these rows are always the facts in force. PROTECTs the prescription it was done under."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="exercises")
    uid = models.UUIDField()
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="logs")
    key = models.UUIDField(help_text="the prescription's, so that one exercise can be followed through revisions")
    slot = models.PositiveSmallIntegerField(default=1)
    side = models.CharField(max_length=5, choices=Side.choices)
    variant = models.ForeignKey(Exercise, models.PROTECT, null=True, related_name="+")
    asked_sets = models.PositiveSmallIntegerField()
    asked_reps = models.PositiveSmallIntegerField(null=True)
    asked_hold_s = models.PositiveSmallIntegerField(null=True)
    sets_done = models.PositiveSmallIntegerField()
    reps = models.JSONField(default=list)
    hold_s = models.PositiveSmallIntegerField(null=True)
    load_kg = models.FloatField(null=True)
    pain = models.PositiveSmallIntegerField(null=True)
    difficulty = models.CharField(max_length=5, choices=Difficulty.choices, blank=True)
    skipped = models.CharField(max_length=10, choices=SkipReason.choices, blank=True)

    objects: ClassVar[models.Manager[ExerciseLog]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("entry", "prescription", "slot", "side"), name="exercise_once_a_session"),
        )


class HeldItem(Row):
    """What an authenticated phone sent and the server could not accept: kept, with the reason, until it is sent
    again correctly or voided. Nothing exists only on a phone."""

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="held_items")
    uid = models.UUIDField(null=True)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    errors = models.JSONField()
    device = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[HeldItem]] = PatientRows.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("patient", "received_at"), condition=models.Q(closed_at=None), name="open_held_items"),
        )
