"""Which phones need somebody's help: reminders that cannot reach them, logs that do not get out, silence.

Asked of patients in treatment only. A patient may have several phones: one that is used speaks for all, so silence is
the patient's; what is stuck is one phone's.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from patients.models import Patient, PatientStatus, Phone, PlanDay
from reminders.channel_states import channel_states
from reminders.models import ChannelOff, OffReason

STUCK_AFTER = dt.timedelta(hours=24)
SILENT_AFTER = dt.timedelta(days=14)
UNREACHABLE, STUCK, SILENT = "unreachable", "stuck", "silent_phone"
# By problem, the first that counts first: what `troubled` calls it.
MARKS = {UNREACHABLE: "is_unreachable", STUCK: "is_stuck", SILENT: "is_silent"}
PROBLEMS = tuple(MARKS)


@dataclass(frozen=True)
class Row:
    """`phone`: the one that is stuck, else the one that was heard of last."""

    patient: Patient
    phone: Phone | None
    problem: str
    problems: tuple[str, ...]
    channels: Sequence[dict[str, str]]


def troubled(patients: QuerySet[Patient], now: dt.datetime) -> QuerySet[Patient]:
    """Those of `patients` with a problem, and which: `MARKS`."""
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
    phones: dict[uuid.UUID, list[Phone]] = defaultdict(list)
    stuck: dict[uuid.UUID, list[Phone]] = defaultdict(list)
    theirs = Phone.objects.filter(patient__in=[patient.pk for patient in patients]).annotate(is_stuck=is_stuck(now))
    for phone in theirs.order_by("-last_sync_at", "-id"):
        phones[phone.patient_id].append(phone)
        if phone.is_stuck:
            stuck[phone.patient_id].append(phone)
    states = channel_states(patients)
    found = []
    for patient in patients:
        problems = tuple(problem for problem, mark in MARKS.items() if getattr(patient, mark))
        shown = (stuck if problems[0] == STUCK else phones)[patient.pk]
        found.append(Row(patient, next(iter(shown), None), problems[0], problems, states[patient.pk]))
    return found
