"""Taking a merge back, for thirty days.

What the merge moved goes back, as it is now, with all that came to it meanwhile: logs under a plan that goes back,
what a phone of an account that goes back has sent, and whatever hangs on such a row. What else came since then (on
paper, by the clinic, or from the kept record's own phones) stays with the kept record. Facts that the merge filled in
are emptied again, unless somebody has changed them since.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import transaction
from django.db.models import Max, Model, Q
from django.utils import timezone

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import User
from patients import alerts, days, flags, held
from patients.models import (
    Entry,
    Flag,
    FlagKind,
    HeldItem,
    Invitation,
    Merge,
    Patient,
    PatientAccess,
    Phone,
    RecordEventKind,
)
from patients.record import moving
from patients.record.events import CLOSED, note_down
from patients.record.merging import CONTACT, settle

UNDO_FOR = dt.timedelta(days=30)
Going = dict[type[Model], set[Any]]


def undo_until(made: Merge) -> dt.datetime:
    return made.made_at + UNDO_FOR


@transaction.atomic
def undo(made: Merge, *, by: User) -> Merge:
    """Both records as they were, and what came since then where it belongs. Once more changes nothing.

    Raises Conflict `undo_over` after thirty days, `merged_further` when the kept record was merged into another since.
    """
    by_id = {one.pk: one for one in map(days.locked, sorted((made.kept_id, made.other_id)))}
    kept, other = by_id[made.kept_id], by_id[made.other_id]
    made = Merge.objects.select_for_update().get(pk=made.pk)
    now = timezone.now()
    if made.undone_at is not None:
        return made
    if now > undo_until(made):
        raise Conflict("A merge can be undone for 30 days. These have passed.", "undo_over")
    if kept.status in CLOSED or other.merged_into_id != kept.pk:
        raise Conflict("The record was merged into another since. Undo that merge first.", "merged_further")
    going = _move_back(made, kept, other)
    _take_back_patients(made, kept, other)
    _take_back_changes(made, other)
    _tell_other(kept, other, going.get(Entry, set()))
    _held(kept)
    _held(other)
    made.undone_at, made.undone_by = now, by
    made.save(update_fields=["undone_at", "undone_by"])
    note_down(kept, RecordEventKind.MERGE_UNDONE, by=by, note="", other=str(other.pk))
    access.record("merge_undone", by=by, clinic=other.clinic_id, kind="patient", object_id=other.pk, kept=str(kept.pk))
    settle(kept, other)
    return made


# ---- Rows -----------------------------------------------------------------------------------------------------------
def _move_back(made: Merge, kept: Patient, other: Patient) -> Going:
    """Returns what went back."""
    columns = {moving.label(field): field for field in moving.columns()}
    going: Going = {}
    for label, ids in made.moved.items():
        # What was moved and deleted since is gone for both.
        rows = list(moving.rows_of(columns[label], kept).filter(pk__in=ids).values_list("pk", flat=True))
        going.setdefault(columns[label].model, set()).update(rows)
        moving.point(columns[label], rows, other)
    came = set(going.get(PatientAccess, ()))
    going[User] = _accounts(made, going)
    more = True
    while more:
        for field, pk in moving.hangs_on(kept, going, made.made_at):
            moving.point(field, [pk], other)
        more = _follow(kept, other, going, made)
    # Who joined since then did so under the kept record's id.
    joined = PatientAccess.objects.filter(pk__in=going.get(PatientAccess, set()) - came, known_as=None)
    joined.update(known_as=kept.pk)
    return going


def _accounts(made: Merge, going: Going) -> set[Any]:
    """Whose phones go back: those that came with the record, and who joined since by its invitations. Not who had the
    kept record already."""
    came = PatientAccess.objects.filter(pk__in=going.get(PatientAccess, ())).values_list("user", flat=True)
    invited = Invitation.objects.filter(pk__in=going.get(Invitation, ())).values_list("used_by", flat=True)
    own = {UUID(one) for one in made.before["own_accounts"]}
    return {*came, *invited} - own - {None}


def _follow(kept: Patient, other: Patient, going: Going, made: Merge) -> bool:
    """Of what came after the merge (its id says so): what names an item that goes back (a withdrawal, the pain after a
    session), and what a phone that goes back had to be held for. True if there was any."""
    gone = going.setdefault(Entry, set())
    uids = set(Entry.objects.filter(pk__in=gone).values_list("uid", flat=True))
    since_then = Entry.objects.filter(patient=kept, pk__gt=made.pk).only("id", "target", "payload")
    entries = [entry.pk for entry in since_then if uids & _named(entry)]
    devices = Phone.objects.filter(patient=other).exclude(device__in=kept.phones.values("device")).values("device")
    held = HeldItem.objects.filter(patient=kept, pk__gt=made.pk, device__in=devices)
    items = list(held.values_list("pk", flat=True))
    Entry.objects.filter(pk__in=entries).update(patient=other)
    HeldItem.objects.filter(pk__in=items).update(patient=other)
    gone.update(entries)
    return bool(entries or items)


def _named(entry: Entry) -> set[UUID]:
    about = entry.payload.get("about")
    texts = [entry.payload.get("session"), about.get("id") if isinstance(about, dict) else None]
    found = {entry.target} if entry.target else set()
    for one in texts:
        # A field that this type of item does not have may say anything.
        with suppress(ValueError, TypeError, AttributeError):
            found.add(UUID(one))
    return found


# ---- The two rows themselves ----------------------------------------------------------------------------------------
def _take_back_patients(made: Merge, kept: Patient, other: Patient) -> None:
    columns = made.before["kept"]["columns"]
    before, after = columns.get("findings", ({}, {}))
    kept.findings = {name: value for name, value in kept.findings.items() if name in before or after.get(name) != value}
    before, after = columns.get("skipped_dates", ([], []))
    kept.skipped_dates = [one for one in kept.skipped_dates if one in before or one not in after]
    kept.save(update_fields=["findings", "skipped_dates"])
    moving.take_back(kept, columns, but=("findings", "skipped_dates"))
    columns = made.before["other"]["columns"]
    number = columns.get("record_number", [None])[0]
    taken = Patient.objects.filter(clinic=other.clinic_id, record_number=number, record_number__isnull=False).exists()
    moving.take_back(other, columns, but=("record_number",) if taken else ())
    # What the kept record's phones and those of the other have said since then is each record's own.
    kept.known_until, kept.last_active_at = (_before(made, kept, name) for name in CONTACT)
    for patient in (kept, other):
        _hear(patient, made.made_at)


def _before(made: Merge, kept: Patient, name: str) -> Any:
    return moving.from_json(kept._meta.get_field(name), made.before["kept"]["columns"][name][0])


def _hear(patient: Patient, since: dt.datetime) -> None:
    heard = [
        phone.last_sync_at.astimezone(zoneinfo.ZoneInfo(phone.timezone)).date() - days.ONE_DAY
        for phone in patient.phones.filter(last_sync_at__gt=since, pending=0)
    ]
    own = patient.entries.filter(received_at__gt=since, entered_by=None, from_staff=False)
    active = own.aggregate(last=Max("happened_at"))["last"]
    patient.known_until = max(filter(None, (patient.known_until, *heard)), default=None)
    patient.last_active_at = max(filter(None, (patient.last_active_at, active)), default=None)
    patient.save(update_fields=["known_until", "last_active_at"])


# ---- Flags, and other changes on the way ----------------------------------------------------------------------------
def _take_back_changes(made: Merge, other: Patient) -> None:
    joined = []
    for one in reversed(made.before["changes"]):
        row = apps.get_model(one["model"])._base_manager.filter(pk=one["id"]).first()
        if row is None:
            continue
        if isinstance(row, Flag) and "joined" in one:
            joined.append((row, one))
        else:
            moving.take_back(row, one["columns"])
    for flag, one in joined:
        _part_flags(flag, Flag.objects.get(pk=one["joined"]), one["columns"])
    settled = Q(resolved_at__isnull=False) | Q(acknowledged_at__isnull=False)
    alerts.end(Flag.objects.filter(settled, patient=other))


def _part_flags(flag: Flag, theirs: Flag, columns: dict[str, Any]) -> None:
    """The kept record's flag without what came from the other's; `theirs` is open again by now. Who settled or saw the
    joined flag meant both."""
    before, after = columns["evidence"]
    new = [one for one in flag.evidence if one not in after]
    # Something new may be the reason for the urgency, or ask to be seen: then these stay as they are.
    moving.take_back(
        flag, columns, but=("evidence", *(("urgency", "acknowledged_at", "acknowledged_by_id") if new else ()))
    )
    flag.evidence = [*before, *new][-flags.MOST_EVIDENCE :]
    flag.save(update_fields=["evidence"])
    if flag.resolved_at is not None:
        theirs.resolved_at, theirs.resolved_by, theirs.resolve_note = (
            flag.resolved_at,
            flag.resolved_by,
            flag.resolve_note,
        )
    elif flag.acknowledged_at is not None and flag.acknowledged_at.isoformat() != columns["acknowledged_at"][0]:
        theirs.acknowledged_at, theirs.acknowledged_by = flag.acknowledged_at, flag.acknowledged_by
    theirs.save(update_fields=["resolved_at", "resolved_by", "resolve_note", "acknowledged_at", "acknowledged_by"])
    if flag.resolved_at is None and flag.acknowledged_at is None and not flag.alerts.filter(ended_at=None).exists():
        alerts.start(flag)


def _tell_other(kept: Patient, other: Patient, entries: set[Any]) -> None:
    """Flags raised since then by what goes back belong to the other record."""
    uids = {str(uid) for uid in Entry.objects.filter(pk__in=entries).values_list("uid", flat=True)}
    for flag in Flag.objects.filter(patient=kept, resolved_at=None):
        theirs = [one for one in flag.evidence if uids & {value for value in one.values() if isinstance(value, str)}]
        for one in theirs:
            flags.raise_flag(other, flag.kind, flag.urgency, one, flag.next_step)
        if theirs and len(theirs) == len(flag.evidence):
            flags.close_flag(kept, flag.kind, "What it speaks of belongs to the other record again.")


def _held(patient: Patient) -> None:
    """The flag of held items, as there are some or none."""
    items = HeldItem.objects.filter(patient=patient, closed_at=None)
    if not items:
        held.settled(patient)
    elif not Flag.objects.filter(patient=patient, kind=FlagKind.HELD_ITEMS, resolved_at=None).exists():
        held.tell(patient, items, max(item.received_at for item in items).date())
