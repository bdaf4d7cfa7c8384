"""A merge forgets no table: whatever points at a patient moves, or is named here as staying."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.utils import timezone

from patients.models import (
    Entry,
    Flag,
    HeldItem,
    Invitation,
    Lock,
    Merge,
    Patient,
    PatientAccess,
    PatientStatus,
    Phone,
    Plan,
    RecordEvent,
    StaffAlert,
    Suggestion,
)
from patients.record import moving
from patients.record.merging import merge
from patients.record.undoing import undo
from reminders.models import CalendarFeed, ChannelOff, Occurrence, PushSubscription, ReminderRule
from tests.conftest import Cast, give_access

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def _access(cast: Cast, patient: Patient) -> PatientAccess:
    return give_access(cast.stranger, patient)


def _entry(cast: Cast, patient: Patient) -> Entry:
    return Entry.objects.create(
        patient=patient,
        uid=uuid.uuid4(),
        kind="pain",
        payload={},
        digest="",
        happened_at=NOW,
        happened_at_raw=NOW,
        utc_offset_min=0,
        timezone="UTC",
        local_date=NOW.date(),
        received_at=NOW,
    )


def _flag(cast: Cast, patient: Patient) -> Flag:
    return Flag.objects.create(patient=patient, kind="skips", urgency="routine", raised_at=NOW)


def _plan(cast: Cast, patient: Patient) -> Plan:
    return Plan.objects.create(patient=patient, starts_on=NOW.date(), ended_on=NOW.date())


def _suggestion(cast: Cast, patient: Patient) -> Suggestion:
    plan = _plan(cast, patient)
    return Suggestion.objects.create(
        patient=patient, plan=plan, kind="hold", phase=1, reason="r", basis="b", made_at=NOW
    )


def _merged(cast: Cast, patient: Patient) -> Patient:
    return Patient.objects.create(
        clinic=cast.clinic,
        name="Third Record",
        birth_date=NOW.date(),
        timezone="UTC",
        status=PatientStatus.MERGED,
        merged_into=patient,
    )


# One row of each table that belongs to a patient. A new table needs a line here.
MAKERS: dict[str, Callable[[Cast, Patient], Model]] = {
    "patients.Patient.merged_into": _merged,
    "patients.PatientAccess.patient": _access,
    "patients.Invitation.patient": lambda cast, patient: Invitation.objects.create(
        patient=patient, token_hash=uuid.uuid4().hex, expires_at=NOW
    ),
    "patients.Phone.patient": lambda cast, patient: Phone.objects.create(
        patient=patient, device=uuid.uuid4(), last_sync_at=NOW, timezone="UTC"
    ),
    "patients.Plan.patient": _plan,
    "patients.Lock.patient": lambda cast, patient: Lock.objects.create(
        patient=patient, kind="stop", since=NOW, from_date=NOW.date(), to_date=NOW.date(), until=NOW
    ),
    "patients.Entry.patient": _entry,
    "patients.HeldItem.patient": lambda cast, patient: HeldItem.objects.create(
        patient=patient, payload={}, digest="", errors=[], received_at=NOW, closed_at=NOW
    ),
    "patients.Flag.patient": _flag,
    "patients.StaffAlert.patient": lambda cast, patient: StaffAlert.objects.create(
        patient=patient, flag=_flag(cast, patient), raised_at=NOW, ended_at=NOW
    ),
    "patients.Suggestion.patient": _suggestion,
    "patients.RecordEvent.patient": lambda cast, patient: RecordEvent.objects.create(
        patient=patient, kind="transfer", at=NOW
    ),
    "reminders.ReminderRule.patient": lambda cast, patient: ReminderRule.objects.create(
        patient=patient, times=["08:00"], timezone="UTC"
    ),
    "reminders.Occurrence.patient": lambda cast, patient: Occurrence.objects.create(
        id=uuid.uuid4(), patient=patient, date=NOW.date(), slot=1, due_at=NOW
    ),
    "reminders.PushSubscription.patient": lambda cast, patient: PushSubscription.objects.create(
        patient=patient, user=cast.patient_user, endpoint="https://push.example/1", p256dh="k", auth="s"
    ),
    "reminders.CalendarFeed.patient": lambda cast, patient: CalendarFeed.objects.create(
        patient=patient, token_hash=uuid.uuid4().hex
    ),
    "reminders.ChannelOff.patient": lambda cast, patient: ChannelOff.objects.create(
        patient=patient, channel="email", reason="unsubscribed"
    ),
}


def every_relation() -> set[str]:
    """Asked of Django itself, not of the code that moves."""
    relations = Patient._meta.get_fields(include_hidden=True)
    found: set[str] = set()
    for one in relations:
        if one.auto_created and not one.concrete:
            field: Any = getattr(one, "field")  # noqa: B009 (only relations have it)
            found.add(f"{field.model._meta.label}.{field.name}")
    return found


def test_every_relation_is_either_moved_or_named_as_staying() -> None:
    assert every_relation() - moving.STAYING == set(MAKERS), "a new table? Make a row of it above, and see it move"
    assert every_relation() >= moving.STAYING
    assert {moving.label(field) for field in moving.columns()} == set(MAKERS)


@pytest.mark.parametrize("label", sorted(MAKERS))
def test_row_of_every_table_moves_and_comes_back(cast: Cast, label: str) -> None:
    row: Any = MAKERS[label](cast, cast.other_patient)
    name = label.rsplit(".", 1)[1]
    made, _ = merge(cast.patient, cast.other_patient, by=cast.therapist, note="")
    row.refresh_from_db()
    assert getattr(row, name) == cast.patient
    undo(made, by=cast.therapist)
    row.refresh_from_db()
    assert getattr(row, name) == cast.other_patient


@pytest.mark.parametrize("label", sorted(MAKERS))
def test_row_that_both_records_have_is_lost_in_neither(cast: Cast, label: str) -> None:
    rows: list[Any] = [MAKERS[label](cast, patient) for patient in (cast.patient, cast.other_patient)]
    name = label.rsplit(".", 1)[1]
    made, _ = merge(cast.patient, cast.other_patient, by=cast.therapist, note="")
    for row in rows:
        row.refresh_from_db()
    assert getattr(rows[0], name) == cast.patient
    undo(made, by=cast.therapist)
    for row, patient in zip(rows, (cast.patient, cast.other_patient), strict=True):
        row.refresh_from_db()
        assert getattr(row, name) == patient


def test_reminders_are_the_kept_records_own_so_that_nobody_is_reminded_twice(cast: Cast) -> None:
    mine, theirs = (
        MAKERS["reminders.ReminderRule.patient"](cast, patient) for patient in (cast.patient, cast.other_patient)
    )
    merge(cast.patient, cast.other_patient, by=cast.therapist, note="")
    assert list(cast.patient.reminder_rules.all()) == [mine]
    # The other's stays with the record that was set aside, where nothing is sent (reminders.asking.is_active).
    assert list(cast.other_patient.reminder_rules.all()) == [theirs]
    assert Merge.objects.get().made_at <= timezone.now()
