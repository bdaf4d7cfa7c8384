"""Registering patients and changing their records."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts import access
from accounts.api.conventions import replayed
from accounts.models import Clinic, User
from patients import days, travel
from patients.models import Patient

# What decides which prescriptions are due (side, findings) or when a day begins (zone).
LAYOUT_FIELDS = frozenset({"findings", "timezone", "affected_side"})


def register(*, clinic: Clinic, by: User, id: uuid.UUID | None = None, **facts: Any) -> tuple[Patient, bool]:
    """A new record, or the stored one if the same POST came before: (patient, whether it is new).

    Raises Conflict `id_taken` for a known id that says something else, ValidationError for a record number in use.
    """
    facts.setdefault("timezone", clinic.timezone)
    facts.setdefault("responsible_id", by.pk)
    if id is not None and (known := Patient.objects.filter(pk=id).first()) is not None:
        mine = known.clinic_id == clinic.pk
        return replayed(known, mine and all(getattr(known, name) == value for name, value in facts.items())), False
    try:
        with transaction.atomic():
            patient = Patient.objects.create(clinic=clinic, **({"id": id} if id else {}), **facts)
            access.record("register", by=by, clinic=clinic, kind="patient", object_id=patient.id)
    except IntegrityError as error:
        raise _number_in_use(error) from error
    return patient, True


@transaction.atomic
def change(patient: Patient, *, by: User, **facts: Any) -> Patient:
    """Save what differs. The caller holds the row's lock and has compared versions."""
    changed = [name for name, value in facts.items() if getattr(patient, name) != value]
    if not changed:
        return patient
    zone_before = patient.timezone
    for name in changed:
        setattr(patient, name, facts[name])
    followed = travel.move(patient, zone_before, timezone.now()) if "timezone" in changed else []
    try:
        with transaction.atomic():
            patient.save(update_fields=[*changed, *followed])
    except IntegrityError as error:
        raise _number_in_use(error) from error
    # Names of fields only: the log must not become a second record.
    access.record(
        access.Action.WRITE, by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.id, fields=changed
    )
    if LAYOUT_FIELDS & set(changed):
        # Also what has just ended: whether its last week is over depends on the patient's date.
        recently = days.local_today(patient) - 3 * days.ONE_DAY
        for plan in patient.plans.filter(Q(ended_on=None) | Q(ended_on__gt=recently)):
            days.lay_out(plan)
    return patient


def _number_in_use(error: IntegrityError) -> Exception:
    if "record_number" in str(error):
        return ValidationError({"record_number": "Another patient of the clinic has this record number."})
    return error
