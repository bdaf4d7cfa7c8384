"""Whose data a request may reach: the clinic's patient by its id."""

from __future__ import annotations

import uuid

from rest_framework.request import Request

from accounts.api.conventions import get_or_404
from accounts.roles import Ability, require
from patients.models import Patient


def patient_of(request: Request, patient_id: uuid.UUID, ability: Ability = Ability.READ) -> Patient:
    """The clinic's patient, or 404; 403 when the role in that clinic does not suffice."""
    patient = get_or_404(Patient.objects.for_staff(request.user).select_related("clinic", "responsible"), pk=patient_id)
    require(request.user, ability, patient.clinic_id)
    return patient
