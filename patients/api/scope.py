"""Whose data a request may reach: the clinic's patient by its id."""

from __future__ import annotations

import uuid

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.api.conventions import get_or_404, signed_in
from accounts.api.errors import Conflict
from accounts.roles import Ability, require
from patients.models import Patient, PatientStatus
from patients.record.looking import note_read


def patient_of(request: Request, patient_id: uuid.UUID, ability: Ability = Ability.READ) -> Patient:
    """The clinic's patient, or 404; 403 when the role in that clinic does not suffice; 409 for whoever wants more than
    to read a record that was merged into another. That somebody looked is written down."""
    patient = get_or_404(Patient.objects.for_staff(request.user).select_related("clinic", "responsible"), pk=patient_id)
    require(request.user, ability, patient.clinic_id)
    if ability != Ability.READ and patient.status == PatientStatus.MERGED:
        raise Conflict("This record was merged into another. Use that one.", "patient_closed")
    if request.method in SAFE_METHODS:
        note_read(patient, by=signed_in(request))
    return patient
