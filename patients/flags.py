"""Flags: raising one, and closing what has settled itself. One open flag a kind and patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from patients import alerts, attention, days
from patients.models import Flag, FlagKind, Patient, Urgency

# Most urgent first.
ORDER = (Urgency.EMERGENCY, Urgency.SAME_DAY, Urgency.HOURS_48, Urgency.WEEKS_2, Urgency.ROUTINE)
# A flag that nobody resolves for a year must not grow without end; the newest evidence is what a therapist acts on.
MOST_EVIDENCE = 50


def more_urgent(one: str, other: str) -> Urgency:
    return min(Urgency(one), Urgency(other), key=ORDER.index)


def raise_flag(
    patient: Patient,
    kind: FlagKind | str,
    urgency: Urgency | str,
    evidence: Mapping[str, Any],
    next_step: str = "",
) -> Flag:
    """Open a flag, or add the evidence to the one that is open: its urgency only ever rises.

    A risen urgency takes the acknowledgement back, so that the staff are alerted again. `evidence` is plain JSON.
    Joins the caller's transaction: a flag stands or falls with the write that raised it.
    """
    with transaction.atomic():
        days.locked(patient.pk)  # first, as everybody does who writes for a patient: `attention` needs it in the end
        try:
            with transaction.atomic():
                flag = _add(patient, str(kind), Urgency(urgency), dict(evidence), next_step)
        except IntegrityError:
            # Somebody opened the same kind between our look and our insert: now it is there to be added to.
            flag = _add(patient, str(kind), Urgency(urgency), dict(evidence), next_step)
        attention.refresh(patient)
    return flag


def _add(patient: Patient, kind: str, urgency: Urgency, evidence: dict[str, Any], next_step: str) -> Flag:
    now = timezone.now()
    flag: Flag | None = Flag.objects.select_for_update().filter(patient=patient, kind=kind, resolved_at=None).first()
    if flag is None:
        flag = Flag.objects.create(
            patient=patient, kind=kind, urgency=urgency, evidence=[evidence], next_step=next_step, raised_at=now
        )
        alerts.start(flag)
        return flag
    risen = more_urgent(flag.urgency, urgency) != flag.urgency
    flag.evidence = [*flag.evidence, evidence][-MOST_EVIDENCE:]
    if risen:
        flag.urgency, flag.acknowledged_at, flag.acknowledged_by = urgency, None, None
    if next_step and (risen or not flag.next_step):
        flag.next_step = next_step
    flag.save(update_fields=["evidence", "urgency", "next_step", "acknowledged_at", "acknowledged_by"])
    if risen:
        alerts.start(flag)
    return flag


def close_flag(patient: Patient, kind: FlagKind | str, note: str, at: dt.datetime | None = None) -> bool:
    """Resolve an open flag whose cause is gone; `resolved_by` stays empty, nobody did it. True if one was open."""
    with transaction.atomic():
        days.locked(patient.pk)
        open_flag = Flag.objects.filter(patient=patient, kind=str(kind), resolved_at=None)
        alerts.end(open_flag, at)
        closed = open_flag.update(resolved_at=at or timezone.now(), resolve_note=note)
        if closed:
            attention.refresh(patient)
    return bool(closed)
