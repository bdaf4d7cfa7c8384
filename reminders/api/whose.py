"""For whom somebody acts, and the word about it in the access log."""

from __future__ import annotations

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request

from accounts import access
from accounts.api.conventions import check_params, get_or_404, parse_uuid, signed_in
from patients.models import Patient, PatientStatus


def phone_patient(request: Request) -> Patient:
    """The record that `?patient=` names, else the only one the account reaches.

    Raises ValidationError when there are several and none is named, NotFound for one that is not theirs.
    """
    check_params(request, "patient")
    if (named := request.query_params.get("patient")) is not None:
        return get_or_404(Patient.objects.named_by_phone(request.user, parse_uuid(named, "patient")))
    records = list(Patient.objects.for_phone(request.user).exclude(status=PatientStatus.MERGED)[:2])
    if not records:
        raise NotFound
    if len(records) > 1:
        raise ValidationError({"patient": "You look after several people. Name the one you mean in “patient”."})
    return records[0]


def record_change(request: Request, patient: Patient, what: str) -> None:
    """Inside the transaction that made the change."""
    access.record(
        access.Action.WRITE,
        by=signed_in(request),
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.pk,
        fields=[what],
    )
