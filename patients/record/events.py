"""Writing down what is done with a record: for the clinic in words, for the access log without them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import User
from patients import days
from patients.models import Patient, PatientStatus, RecordEvent, RecordEventKind

CLOSED = (PatientStatus.MERGED, PatientStatus.ERASED)


def note_down(patient: Patient, kind: RecordEventKind, *, by: User, note: str, **detail: Any) -> RecordEvent:
    """`detail` goes to the access log and holds no clinical content."""
    access.record(kind.value, by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, **detail)
    return RecordEvent.objects.create(patient=patient, kind=kind, at=timezone.now(), by=by, note=note)


def is_repeat(patient: Patient, kind: RecordEventKind, note: str) -> bool:
    """Whether this is what was done last, word for word: the same request, sent again."""
    last = patient.events.order_by("-at", "-id").first()
    return last is not None and (last.kind, last.note) == (kind, note)


def open_record(patient: Patient) -> Patient:
    """The patient with the row locked. Raises Conflict `patient_closed` for a record that is merged or erased."""
    patient = days.locked(patient.pk)
    if patient.status in CLOSED:
        raise Conflict("This record is closed. Look for the patient's other record.", "patient_closed")
    return patient
