"""The end of treatment, and its beginning again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.api.errors import Conflict
from accounts.models import User
from patients import alerts, attention, days, plans
from patients.models import FlagKind, Patient, PatientStatus, RecordEventKind, SuggestionStatus
from patients.record.events import is_repeat, note_down, open_record


@transaction.atomic
def discharge(patient: Patient, *, by: User, reason: str) -> Patient:
    """Treatment is over: plans end as finished, nothing is due, reminders fall silent (they go to active patients
    only). The phone still reads and writes its log and messages.

    Open suggestions are superseded and open flags are settled with the reason; a red flag is not, since somebody still
    has to answer it, and neither is the lock that it put on. The same request again changes nothing. Raises Conflict
    `already_discharged`, `patient_closed`.
    """
    patient = open_record(patient)
    if patient.status == PatientStatus.DISCHARGED:
        if is_repeat(patient, RecordEventKind.DISCHARGE, reason):
            return patient
        raise Conflict("This patient has been discharged already. Open the record again first.", "already_discharged")
    for plan in patient.plans.filter(ended_on=None).order_by("starts_on", "id"):
        plans.stop(plan, by=by, reason=reason, finished=True)
    now = timezone.now()
    patient.suggestions.filter(status=SuggestionStatus.OPEN).update(status=SuggestionStatus.SUPERSEDED, decided_at=now)
    settled = patient.flags.filter(resolved_at=None).exclude(kind=FlagKind.RED_FLAG)
    alerts.end(settled, now)
    settled.update(resolved_at=now, resolved_by=by, resolve_note=reason)
    patient.refresh_from_db()
    patient.status, patient.discharged_at, patient.discharge_reason = PatientStatus.DISCHARGED, now, reason
    patient.review_due_at = None
    patient.save(update_fields=["status", "discharged_at", "discharge_reason", "review_due_at"])
    note_down(patient, RecordEventKind.DISCHARGE, by=by, note=reason)
    _changed(patient)
    return patient


@transaction.atomic
def reopen(patient: Patient, *, by: User, note: str) -> Patient:
    """In treatment again: active, or invited when nobody ever joined. The plans that ended stay ended; a new one may be
    prescribed. The same request again changes nothing. Raises Conflict `not_discharged`, `patient_closed`."""
    patient = open_record(patient)
    if patient.status != PatientStatus.DISCHARGED:
        if is_repeat(patient, RecordEventKind.REOPEN, note):
            return patient
        raise Conflict("This patient is in treatment. There is nothing to open again.", "not_discharged")
    patient.status = PatientStatus.ACTIVE if patient.access.exists() else PatientStatus.INVITED
    patient.discharged_at, patient.discharge_reason = None, ""
    patient.save(update_fields=["status", "discharged_at", "discharge_reason"])
    note_down(patient, RecordEventKind.REOPEN, by=by, note=note)
    _changed(patient)
    return patient


def _changed(patient: Patient) -> None:
    attention.refresh(patient)
    days.touch(patient)
