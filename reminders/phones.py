"""Which phones need somebody's help: reminders that cannot reach them, logs that do not get out, silence.

Asked of patients in treatment only. A patient may have several phones: one that is used speaks for all, so silence is
the patient's; what is stuck is one phone's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from patients.models import Patient, PatientAccess, PatientStatus, Phone, PlanDay, Relation
from reminders.models import ChannelName, ChannelOff, OffReason, PushSubscription

STUCK_AFTER = dt.timedelta(hours=24)
SILENT_AFTER = dt.timedelta(days=14)
UNREACHABLE, STUCK, SILENT = "unreachable", "stuck", "silent_phone"
PROBLEMS = (UNREACHABLE, STUCK, SILENT)
STATES = ("ready", "no_address", "no_subscription", OffReason.UNSUBSCRIBED, OffReason.REJECTED)


@dataclass(frozen=True)
class Row:
    """`phone`: the one that is stuck, else the one that was heard of last."""

    patient: Patient
    phone: Phone | None
    problem: str
    problems: tuple[str, ...]
    channels: Sequence[dict[str, str]]


def troubled(patients: QuerySet[Patient], now: dt.datetime) -> QuerySet[Patient]:
    """Those of `patients` with a problem, and which: `is_unreachable`, `is_stuck`, `is_silent`."""
    mine = Phone.objects.filter(patient=OuterRef("pk"))
    heard = mine.filter(last_sync_at__gt=now - SILENT_AFTER)
    # Dates of plans are laid out ahead; today's by the server's clock is near enough for two weeks.
    planned = PlanDay.objects.filter(plan__patient=OuterRef("pk"), date=now.date(), open=True)
    refused = ChannelOff.objects.filter(patient=OuterRef("pk"), reason=OffReason.REJECTED)
    marked = patients.filter(status=PatientStatus.ACTIVE).annotate(
        is_unreachable=Exists(refused),
        is_stuck=Exists(mine.filter(is_stuck(now))),
        is_silent=Exists(mine) & ~Exists(heard) & Exists(planned),
    )
    return marked.filter(Q(is_unreachable=True) | Q(is_stuck=True) | Q(is_silent=True))


def is_stuck(now: dt.datetime) -> Q:
    """Something waits to be sent since a day: the phone comes and cannot send it, or has not come since."""
    since = now - STUCK_AFTER
    return Q(pending__gt=0) & (Q(pending_since__lte=since) | Q(last_sync_at__lte=since))


def rows(patients: Sequence[Patient], now: dt.datetime) -> list[Row]:
    """One a patient of `troubled`. Four queries, however many."""
    ids = [patient.pk for patient in patients]
    phones: dict[uuid.UUID, list[Phone]] = defaultdict(list)
    for phone in Phone.objects.filter(patient__in=ids).order_by("-last_sync_at", "-id"):
        phones[phone.patient_id].append(phone)
    states = _channel_states(patients)
    return [_row(patient, phones[patient.pk], states[patient.pk], now) for patient in patients]


def _row(patient: Patient, phones: Sequence[Phone], channels: Sequence[dict[str, str]], now: dt.datetime) -> Row:
    marks = ("is_unreachable", "is_stuck", "is_silent")
    problems = tuple(name for name, mark in zip(PROBLEMS, marks, strict=True) if getattr(patient, mark))
    stuck = [phone for phone in phones if _waits_since(phone) <= now - STUCK_AFTER]
    shown = stuck if problems[0] == STUCK else phones
    return Row(patient, next(iter(shown), None), problems[0], problems, channels)


def _waits_since(phone: Phone) -> dt.datetime:
    if not phone.pending:
        return dt.datetime.max.replace(tzinfo=dt.UTC)
    return min(phone.pending_since or phone.last_sync_at, phone.last_sync_at)


def _channel_states(patients: Iterable[Patient]) -> dict[uuid.UUID, list[dict[str, str]]]:
    """Each channel of each patient: ready, or why not."""
    patients = list(patients)
    ids = [patient.pk for patient in patients]
    off = {
        (patient, channel): reason
        for patient, channel, reason in ChannelOff.objects.filter(patient__in=ids).values_list(
            "patient", "channel", "reason"
        )
    }
    access = PatientAccess.objects.filter(patient__in=ids, ended_at=None, user__is_active=True)
    own = access.filter(relation=Relation.SELF).exclude(user__email=None)
    addressed = {patient.pk for patient in patients if patient.email} | set(own.values_list("patient", flat=True))
    allowed = access.filter(user=OuterRef("user"), patient=OuterRef("patient"))
    subscribed = set(
        PushSubscription.objects.filter(Exists(allowed), patient__in=ids, ended_at=None).values_list(
            "patient", flat=True
        )
    )
    found = {}
    for pk in ids:
        push = off.get((pk, ChannelName.PUSH)) or ("ready" if pk in subscribed else "no_subscription")
        email = off.get((pk, ChannelName.EMAIL)) or ("ready" if pk in addressed else "no_address")
        found[pk] = [{"name": ChannelName.PUSH, "state": push}, {"name": ChannelName.EMAIL, "state": email}]
    return found
