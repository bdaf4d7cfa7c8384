"""For any patient and day: what was due, what went out by which channel and what that answered, whether a session
followed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from patients.models import Entry, ItemKind, Patient
from reminders.models import WENT_OUT, Delivery, FollowUp, Occurrence
from reminders.today import Today, today


@dataclass(frozen=True)
class Told:
    """One occurrence with its deliveries, and what was to come after the first. `followed_at`: when the first session
    began after something went out; None when none did, or nothing went out."""

    occurrence: Occurrence
    deliveries: Sequence[Delivery]
    follow_ups: Sequence[FollowUp]
    followed_at: dt.datetime | None


@dataclass(frozen=True)
class Proof:
    date: dt.date
    timezone: str
    day: Today
    sessions: Sequence[dt.datetime]
    occurrences: Sequence[Told]


def proof(patient: Patient, date: dt.date) -> Proof:
    """Five queries, whatever the day holds."""
    told = (
        patient.reminder_occurrences.filter(date=date)
        .select_related("rule")
        .prefetch_related("deliveries", "follow_ups")
        .order_by("due_at", "slot")
    )
    entries = Entry.objects.filter(patient=patient, local_date=date, kind=ItemKind.SESSION, voided_at=None)
    sessions = list(entries.order_by("happened_at").values_list("happened_at", flat=True))
    return Proof(
        date=date,
        timezone=patient.timezone,
        day=today(patient, date),
        sessions=sessions,
        occurrences=[_told(occurrence, sessions) for occurrence in told],
    )


def _told(occurrence: Occurrence, sessions: Sequence[dt.datetime]) -> Told:
    deliveries = list(occurrence.deliveries.all())
    told_at = min((one.started_at for one in deliveries if one.status in WENT_OUT), default=None)
    followed = next((at for at in sessions if told_at is not None and at >= told_at), None)
    follow_ups = sorted(occurrence.follow_ups.all(), key=lambda one: one.sequence)
    return Told(occurrence, deliveries, follow_ups, followed)
