"""Alerts to staff: rows that say that somebody must look now. `reminders.staff_alerts` sends them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.models import User
from patients import attention, days
from patients.models import Flag, FlagKind, Lock, LockKind, StaffAlert, Urgency

# [D] What cannot wait for the therapist's next look at the caseload; and every warning sign (CLINICAL.md D.8).
ALERTING = frozenset({Urgency.EMERGENCY, Urgency.SAME_DAY})
SETTLING = ("acknowledged_at", "acknowledged_by", "resolved_at", "resolved_by", "resolve_note")


def start(flag: Flag) -> None:
    """Alert the staff about a flag that is new, or that has become more urgent; nothing for a flag that can wait.

    An alert that is still running is sent again at once: its next round is due now. Joins the caller's
    transaction: an alert stands or falls with the answer that caused it.
    """
    if flag.urgency not in ALERTING and flag.kind != FlagKind.RED_FLAG:
        return
    now = timezone.now()
    if not StaffAlert.objects.filter(flag=flag, ended_at=None).update(next_at=now):
        StaffAlert.objects.create(patient_id=flag.patient_id, flag=flag, raised_at=now, next_at=now)
    _record(flag, "alert", None, urgency=str(flag.urgency))


@transaction.atomic
def acknowledge(flag: Flag, *, by: User) -> None:
    """Somebody has seen the flag, which ends its alert. Doing it twice changes nothing."""
    _lock(flag)
    if flag.acknowledged_at is not None:
        return
    flag.acknowledged_at, flag.acknowledged_by = timezone.now(), by
    flag.save(update_fields=["acknowledged_at", "acknowledged_by"])
    attention.refresh(flag.patient)
    end([flag], flag.acknowledged_at)
    _record(flag, "acknowledge", by)


@transaction.atomic
def resolve(flag: Flag, *, by: User, note: str) -> None:
    """The flag is settled, with a note that says how; so is its alert. Doing it twice changes nothing.

    A warning sign that still locks the exercises stays on the list, as a flag of its own that its settler has seen:
    with none, nobody would look at a patient who stays locked. The unlock is another decision, with its own note.
    """
    _lock(flag)
    if flag.resolved_at is not None:
        return
    flag.resolved_at, flag.resolved_by, flag.resolve_note = timezone.now(), by, note
    flag.save(update_fields=["resolved_at", "resolved_by", "resolve_note"])
    if flag.kind == FlagKind.RED_FLAG and _still_locked(flag):
        _stay_listed(flag, flag.resolved_at)
    attention.refresh(flag.patient)
    end([flag], flag.resolved_at)
    _record(flag, "resolve", by)


def _still_locked(flag: Flag) -> bool:
    """A red flag's lock has no end until somebody unlocks."""
    return Lock.objects.filter(patient=flag.patient_id, kind=LockKind.RED_FLAG, until=None).exists()


def _stay_listed(settled: Flag, at: dt.datetime) -> None:
    Flag.objects.create(
        patient_id=settled.patient_id,
        kind=settled.kind,
        urgency=settled.urgency,
        evidence=settled.evidence,
        next_step=settled.next_step,
        raised_at=at,
        acknowledged_at=at,
        acknowledged_by=settled.resolved_by,
    )


def _lock(flag: Flag) -> None:
    """The patient's row before the flag's, as whoever raises one does: else the two would wait for each other. What
    the flag says then is what it said when they were done."""
    days.locked(flag.patient_id)
    flag.refresh_from_db(fields=("urgency", "evidence", "next_step", *SETTLING))


def end(flags: Iterable[Flag], at: dt.datetime | None = None) -> None:
    """Somebody has seen these flags, or they are settled."""
    StaffAlert.objects.filter(flag__in=flags, ended_at=None).update(ended_at=at or timezone.now(), next_at=None)


def again(flag: Flag) -> None:
    """Something new and urgent came after somebody had seen the flag: the acknowledgement is taken back. While nobody
    has seen it, the alert is running anyway."""
    if flag.acknowledged_at is None:
        return
    flag.acknowledged_at = flag.acknowledged_by = None
    flag.save(update_fields=["acknowledged_at", "acknowledged_by"])
    attention.refresh(flag.patient)
    start(flag)


def _record(flag: Flag, action: str, by: User | None, **detail: str) -> None:
    patient = flag.patient
    access.record(
        action, by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, flag=str(flag.pk), **detail
    )
