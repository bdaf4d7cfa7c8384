"""What became of a record as a whole, in the words of those who did it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.base import Row
from accounts.models import User
from patients.models.people import Patient, PatientRows


class RecordEventKind(models.TextChoices):
    DISCHARGE = "discharge"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    MERGE = "merge"
    MERGE_UNDONE = "merge_undone"


class RecordEvent(Row):
    """Discharged, opened again, handed over, merged: when, by whom, and why. The patient's own columns say what is now;
    this keeps what was said at the time, which the access log must not (it holds no clinical content)."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=RecordEventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True)

    objects: ClassVar[models.Manager[RecordEvent]] = PatientRows.as_manager()

    class Meta:
        indexes = (models.Index(fields=("patient", "-at"), name="events_of_record"),)
