"""Two records of one person made into one.

    kept   ──────────────●───────────────▶   has everything; its own facts win, empty ones are filled
    other  ──────────────┘ merged            keeps its name and dates, and what `kept` has already

Nothing is deleted and nothing is lost: every row of `other` moves (patients.record.moving), and what two records may
have twice but one may not is made to fit first: an open flag's evidence joins the kept record's flag, an item of the
log whose id both know gets a new one. `Merge` remembers it all, so that it can be taken back (patients.record.undoing).

The phones of `other` go on as before: its accounts reach the kept record, under the id that they know.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import User
from patients import attention, days, rebuilding
from patients.flags import MOST_EVIDENCE, more_urgent
from patients.models import Entry, Flag, Merge, Patient, PatientAccess, PatientStatus, RecordEventKind, StaffAlert
from patients.record import moving
from patients.record.events import CLOSED, note_down

# Facts of the kept record that the other one may fill in.
FILLED = ("email", "phone", "record_number", "affected_side", "condition", "responsible_id")
# Facts about contact: the later of the two, remembered even where they stay, since phones go on moving them.
CONTACT = ("known_until", "last_active_at")
# A person who is in treatment in one of two records is in treatment.
LIVELIEST = (PatientStatus.ACTIVE, PatientStatus.INVITED, PatientStatus.DISCHARGED)
JOINED = "Joined with the same flag of the record that this one was merged into."


@transaction.atomic
def merge(kept: Patient, other: Patient, *, by: User, note: str) -> tuple[Merge, bool]:
    """(the merge, whether it is new): the same two again answer with the merge that stands.

    Raises ValidationError for one record twice or another clinic's, Conflict `patient_closed` for a record that is
    merged or erased already.
    """
    if kept.pk == other.pk:
        raise ValidationError({"other": "A record cannot be merged into itself. Choose the patient's other record."})
    if kept.clinic_id != other.clinic_id:
        raise ValidationError({"other": "These records belong to two clinics. Only records of one can be merged."})
    # Always in this order, so that two merges never wait for each other.
    by_id = {patient.pk: patient for patient in map(days.locked, sorted((kept.pk, other.pk)))}
    kept, other = by_id[kept.pk], by_id[other.pk]
    if other.merged_into_id == kept.pk:
        return Merge.objects.filter(kept=kept, other=other, undone_at=None).latest("made_at"), False
    if kept.status in CLOSED or other.status in CLOSED:
        raise Conflict("One of these records is closed. Merge the ones that are in use.", "patient_closed")
    now = timezone.now()
    own_accounts = [str(one) for one in PatientAccess.objects.filter(patient=kept).values_list("user", flat=True)]
    changes = [*_new_ids(kept, other), *_join_flags(kept, other, by, now), *_name_for_phones(other)]
    moved = moving.move_all(other, kept)
    aside, together = _set_aside(kept, other), _together(kept, other)
    before = {
        "changes": changes,
        "other": moving.change(other, aside),
        "kept": moving.change(kept, together),
        "own_accounts": own_accounts,
    }
    made = Merge.objects.create(kept=kept, other=other, moved=moved, before=before, note=note, made_at=now, made_by=by)
    note_down(kept, RecordEventKind.MERGE, by=by, note=note, other=str(other.pk))
    access.record("merge", by=by, clinic=other.clinic_id, kind="patient", object_id=other.pk, into=str(kept.pk))
    settle(kept, other)
    return made, True


def settle(*patients: Patient) -> None:
    """Days, attention and what phones see follow what the records hold now."""
    for patient in patients:
        rebuilding.rebuild(patient=patient)
        attention.refresh(patient)
        days.touch(patient)


# ---- Making the rows fit --------------------------------------------------------------------------------------------
def _new_ids(kept: Patient, other: Patient) -> list[dict[str, Any]]:
    """Ids of items are made by phones and unique per patient; should both records know one, the other's gets a new id,
    and its withdrawal follows it. A phone that sends such an item again meets the kept record's: held, if it differs.
    """
    both = Entry.objects.filter(patient=other, uid__in=Entry.objects.filter(patient=kept).values("uid"))
    changes = []
    for entry in both:
        new = uuid.uuid5(entry.pk, str(entry.uid))
        for withdrawal in Entry.objects.filter(patient=other, target=entry.uid):
            changes.append(moving.change(withdrawal, {"target": new}))
        changes.append(moving.change(entry, {"uid": new}))
    return changes


def _join_flags(kept: Patient, other: Patient, by: User, now: dt.datetime) -> list[dict[str, Any]]:
    """One open flag a kind: where both have one, the kept record's takes over evidence, urgency and alert of the
    other's, and counts as seen only if both were. The other's is settled and moves as history."""
    theirs = {flag.kind: flag for flag in Flag.objects.filter(patient=kept, resolved_at=None)}
    changes = []
    for flag in Flag.objects.filter(patient=other, resolved_at=None, kind__in=theirs).order_by("id"):
        one = theirs[flag.kind]
        seen = one.acknowledged_at is not None and flag.acknowledged_at is not None
        joined = {
            "evidence": [*one.evidence, *flag.evidence][-MOST_EVIDENCE:],
            "urgency": str(more_urgent(one.urgency, flag.urgency)),
            "acknowledged_at": one.acknowledged_at if seen else None,
            "acknowledged_by_id": one.acknowledged_by_id if seen else None,
        }
        changes.append({**moving.change(one, joined), "joined": str(flag.pk)})
        changes += _hand_over_alert(flag, one, now)
        settled = {"resolved_at": now, "resolved_by_id": by.pk, "resolve_note": JOINED}
        changes.append(moving.change(flag, settled))
    return changes


def _hand_over_alert(flag: Flag, to: Flag, now: dt.datetime) -> list[dict[str, Any]]:
    """An alert that is still running goes on for the joined flag, or ends where that has one of its own."""
    alert = StaffAlert.objects.filter(flag=flag, ended_at=None).first()
    if alert is None:
        return []
    if StaffAlert.objects.filter(flag=to, ended_at=None).exists():
        return [moving.change(alert, {"ended_at": now, "next_at": None})]
    return [moving.change(alert, {"flag_id": to.pk})]


def _name_for_phones(other: Patient) -> list[dict[str, Any]]:
    """The accounts' phones keep everything under the id of the record they joined."""
    accounts = PatientAccess.objects.filter(patient=other, known_as=None)
    return [moving.change(one, {"known_as": other.pk}) for one in accounts]


# ---- The two rows themselves ----------------------------------------------------------------------------------------
def _set_aside(kept: Patient, other: Patient) -> dict[str, Any]:
    aside: dict[str, Any] = {"status": PatientStatus.MERGED.value, "merged_into_id": kept.pk}
    if _fills(kept, other, "record_number"):
        aside["record_number"] = None  # a number once a clinic: it goes over
    return aside


def _together(kept: Patient, other: Patient) -> dict[str, Any]:
    """What changes in the kept record."""
    wanted: dict[str, Any] = {name: getattr(other, name) for name in FILLED if _fills(kept, other, name)}
    wanted["findings"] = {**other.findings, **kept.findings}
    wanted["skipped_dates"] = [
        *kept.skipped_dates,
        *(one for one in other.skipped_dates if one not in kept.skipped_dates),
    ]
    for name in CONTACT:
        wanted[name] = max(filter(None, (getattr(kept, name), getattr(other, name))), default=None)
    status = min((PatientStatus(kept.status), PatientStatus(other.status)), key=LIVELIEST.index)
    wanted["status"] = status.value
    if status != PatientStatus.DISCHARGED:
        wanted.update(discharged_at=None, discharge_reason="")
    return {name: value for name, value in wanted.items() if value != getattr(kept, name) or name in CONTACT}


def _fills(kept: Patient, other: Patient, name: str) -> bool:
    return getattr(kept, name) in (None, "") and getattr(other, name) not in (None, "")
