"""What a person sets for themselves, and the record it belongs to."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.me import change_preferences
from accounts.models import User
from patients import people
from patients.models import Patient, Relation

# A patient's phone speaks for the patient: reminders, e-mails and local dates follow it. A carer's does not.
SHARED = ("language", "timezone")


@transaction.atomic
def change(user: User, wanted: dict[str, Any]) -> None:
    """Change the account, and the own record of a patient with it."""
    change_preferences(user, wanted)
    facts = {name: wanted[name] for name in SHARED if name in wanted}
    if not facts:
        return
    own = Patient.objects.filter(
        pk__in=user.patient_access.filter(relation=Relation.SELF, ended_at=None).values("patient")
    )
    for patient in own.select_for_update():
        people.change(patient, by=user, **facts)
