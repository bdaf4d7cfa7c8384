"""Who looked at and changed a record."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db.models import QuerySet

from accounts import access
from accounts.models import AccessRecord, User
from patients.models import Patient

# Whoever opens a patient loads a dozen lists; one line an hour says as much as a dozen lines a minute, and is read.
ONE_LINE_EVERY = dt.timedelta(hours=1)


def note_read(patient: Patient, *, by: User) -> None:
    """Write down that somebody of the clinic looks at this record, at most once an hour. No query when it stands there
    already; a cache that has lost its memory costs a line more, never a line less."""
    key = f"read:{by.pk}:{patient.pk}"
    if cache.get(key) is None:
        access.record(access.Action.READ, by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk)
        cache.set(key, 1, timeout=ONE_LINE_EVERY.total_seconds())


def access_log(patient: Patient) -> QuerySet[AccessRecord]:
    """Newest first; with what was done to the records that were merged into this one."""
    merged = Patient.objects.filter(merged_into=patient).values_list("pk", flat=True)
    rows = AccessRecord.objects.filter(kind="patient", object_id__in=[patient.pk, *merged])
    return rows.order_by("-created_at", "-id")
