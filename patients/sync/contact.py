"""What a call says about contact: when the patient was last active, how far the days are known, what a phone holds."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import F

from accounts.models import User
from patients.models import Patient, Phone
from patients.sync.envelope import Envelope

PHONE_FRESH = dt.timedelta(hours=1)
MOST_SKEW_S = 2**31 - 1


def write(
    patient: Patient, envelope: Envelope, *, by: User, paper: bool, heard: Collection[dt.datetime], changed: bool
) -> None:
    """One update of the patient's row, and the phone's at most once an hour. `heard`: when what came was done;
    `changed`: something that the plan or the rules look at. `patient` comes out of `store`, with the phone's row."""
    now = envelope.clock.received_at
    changes: dict[str, Any] = {}
    if changed:
        changes["plans_stamp"] = F("plans_stamp") + 1
        # The rules look at it soon after, not while the phone waits (patients.review.due).
        changes["review_due_at"] = now
    if not paper:
        changes |= _known(patient, envelope, heard)
        if envelope.device is not None:
            _write_phone(patient, envelope, envelope.device, by)
    if changes:
        Patient.objects.filter(pk=patient.pk).update(**changes)


def _known(patient: Patient, envelope: Envelope, heard: Collection[dt.datetime]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    last, before = max(heard, default=None), patient.last_active_at
    if last is not None and (before is None or last > before):
        changes["last_active_at"] = min(last, envelope.clock.received_at)
    known_until = envelope.clock.today() - dt.timedelta(days=1)
    # A call without a device is one message, and says nothing about what else a phone holds.
    empty = envelope.device is not None and envelope.pending == 0
    if empty and (patient.known_until is None or known_until > patient.known_until):
        # Nothing is left on the phone: what is undone up to its yesterday is missed, no longer unknown.
        changes["known_until"] = known_until
    return changes


def _write_phone(patient: Any, envelope: Envelope, device: uuid.UUID, by: User) -> None:
    """`patient` carries what is stored of this phone (`store`, the locking query)."""
    now = envelope.clock.received_at
    fresh = patient.phone_heard is not None and now - patient.phone_heard < PHONE_FRESH
    same = (patient.phone_pending, patient.phone_zone) == (envelope.pending, envelope.tz)
    if fresh and same:
        return
    skew = round(envelope.clock.skew.total_seconds())
    row = Phone(
        patient=patient,
        device=device,
        user=by,
        last_sync_at=now,
        pending=envelope.pending,
        pending_since=(patient.phone_pending_since or now) if envelope.pending else None,
        timezone=envelope.tz,
        clock_skew_s=max(-MOST_SKEW_S, min(MOST_SKEW_S, skew)),
    )
    Phone.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["patient", "device"],
        update_fields=["user", "last_sync_at", "pending", "pending_since", "timezone", "clock_skew_s"],
    )
    # Written once a call, however many parts the call is written in.
    patient.phone_heard, patient.phone_pending, patient.phone_zone = now, row.pending, row.timezone
    patient.phone_pending_since = row.pending_since
