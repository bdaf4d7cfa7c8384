"""The signed address that ends reminder e-mails without signing in. It opens nothing else and shows nothing."""

from __future__ import annotations

import uuid

from django.core import signing

from patients.models import Patient
from reminders.addresses import base_url
from reminders.models import ChannelName, OffReason
from reminders.rules import switch_off

# It never expires: an old mail's link must work as long as mails may come.
_signer = signing.Signer(salt="reminders.unsubscribe")


def token_for(patient: Patient) -> str:
    return _signer.sign(patient.pk.hex).replace(":", ".")


def url_for(patient: Patient) -> str:
    return f"{base_url()}/unsubscribe/{token_for(patient)}"


def patient_of(token: str) -> Patient | None:
    """Whose address this is; None for one that was not signed here or whose patient is gone. A letter that went out
    before two records were merged speaks of the one that was kept."""
    try:
        patient_id = uuid.UUID(hex=_signer.unsign(token.replace(".", ":", 1)))
    except (signing.BadSignature, ValueError):
        return None
    patient = Patient.objects.filter(pk=patient_id).select_related("merged_into").first()
    return patient and (patient.merged_into or patient)


def unsubscribe(patient: Patient) -> None:
    """No more reminders by e-mail until the patient chooses them again. Doing it twice changes nothing."""
    switch_off(patient, ChannelName.EMAIL, OffReason.UNSUBSCRIBED)
