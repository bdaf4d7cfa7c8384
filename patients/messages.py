"""Messages between a patient and the clinic, and the flag that says that one waits for an answer.

Both sides' messages are entries. A patient's comes like everything a phone sends and stands in the log; a clinic's
(`from_staff`) is made here, is no log of what happened at home, and can be changed by no phone.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts import access
from accounts.api.errors import Conflict
from accounts.base import new_id
from accounts.models import User
from patients import attention, days, flags
from patients.models import Entry, Flag, FlagKind, HeldItem, ItemKind, Patient, Urgency
from patients.sync.fields import ItemError, UnreadableError
from patients.sync.items import Message, parse
from patients.sync.known import look_up

NEXT_STEP = "Read the message and answer it. Settle this with a note if it needs no answer."
ANSWERED = "A message was answered."
WITHDRAWN = "The patient took the message back."
MOST_TEXT = 200  # of a message, in the flag's evidence


# ---- Reading --------------------------------------------------------------------------------------------------------
def of(patient: Patient) -> QuerySet[Entry]:
    """Both sides' messages that were not taken back."""
    entries: QuerySet[Entry] = Entry.objects.filter(patient=patient, kind=ItemKind.MESSAGE, voided_at=None)
    return entries.select_related("sent_by", "seen_by", "patient__clinic")


def document(entry: Entry, reader: User) -> dict[str, Any]:
    """`at` is when it was written. A carer's message is from the patient's side under the carer's own name; one that
    staff entered from paper is the patient's."""
    about = entry.payload.get("about")
    return {
        "id": str(entry.uid),
        "at": entry.happened_at.isoformat(),
        "body": entry.payload["body"],
        "about": {"type": about["type"], "id": about["id"]} if about else None,
        "from": {"name": _author(entry), "side": "clinic" if entry.from_staff else "patient"},
        "mine": entry.sent_by_id == reader.pk and entry.entered_by_id is None,
        "seen_at": None if entry.seen_at is None else entry.seen_at.isoformat(),
        "seen_by": None if entry.seen_by is None else entry.seen_by.name,
    }


def _author(entry: Entry) -> str:
    name = "" if entry.sent_by is None or entry.entered_by_id is not None else entry.sent_by.name
    return name or (entry.patient.clinic.name if entry.from_staff else entry.patient.name)


def with_unread(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Patients with `messages_unread`: how many of the clinic's messages nobody on the patient's side has seen."""
    unread = Entry.objects.filter(
        patient=OuterRef("pk"), kind=ItemKind.MESSAGE, from_staff=True, seen_at=None, voided_at=None
    )
    count = unread.order_by().values("patient").annotate(count=Count("pk")).values("count")
    return patients.annotate(messages_unread=Coalesce(Subquery(count, output_field=IntegerField()), Value(0)))


def mark_seen(patient: Patient, ids: Collection[uuid.UUID], *, by: User) -> list[uuid.UUID]:
    """The patient's side has seen these messages of the clinic; returns the ids that nobody had seen before."""
    unseen = Entry.objects.filter(
        patient=patient, kind=ItemKind.MESSAGE, from_staff=True, uid__in=ids, seen_at=None, voided_at=None
    )
    with transaction.atomic():
        marked = list(unseen.values_list("uid", flat=True))
        if marked:
            unseen.filter(uid__in=marked).update(seen_at=timezone.now(), seen_by=by)
    return marked


# ---- The clinic writes ----------------------------------------------------------------------------------------------
@transaction.atomic
def write(
    *, patient: Patient, by: User, message: dict[str, Any], answers: uuid.UUID | None = None
) -> tuple[Entry, bool]:
    """Store a clinic's message (made by `draft`): (entry, whether it is new). It answers what waits, up to the
    patient's message `answers`, by default all of it: what arrived while the answer was typed goes on waiting.

    Raises ValidationError (400) naming what is wrong, Conflict `id_taken` for an id that says something else.
    """
    patient = days.locked(patient.pk)
    now = timezone.now()
    parsed = read(patient, message)
    if (known := _known(patient, parsed.id)) is not None:
        return same_or_taken(known, parsed, from_staff=True), False
    entry = Entry.objects.create(
        patient=patient,
        uid=parsed.id,
        kind=ItemKind.MESSAGE,
        payload=message,
        digest=parsed.digest(),
        happened_at=now,
        happened_at_raw=now,
        utc_offset_min=round((parsed.at.utcoffset() or dt.timedelta()).total_seconds() / 60),
        timezone=patient.timezone,
        local_date=days.local_today(patient, now),
        logged_at=now,
        received_at=now,
        sent_by=by,
        from_staff=True,
    )
    access.record(
        "message", by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, message=str(entry.uid)
    )
    _settle_answered(patient, answers)
    return entry, True


def draft(patient: Patient, *, body: str, about: Mapping[str, Any] | None, id: uuid.UUID | None) -> dict[str, Any]:
    """A message written now, in the shape of a sync item."""
    now = timezone.now().astimezone(zoneinfo.ZoneInfo(patient.timezone))
    subject = None if about is None else {"type": about["type"], "id": str(about["id"])}
    return {"type": "message", "id": str(id or new_id()), "at": now.isoformat(), "body": body, "about": subject}


def read(patient: Patient, raw: dict[str, Any]) -> Message:
    """What a message says. What it is about must be the patient's own.

    Raises ValidationError (400) with everything that is wrong.
    """
    try:
        message = parse(raw)
    except UnreadableError as refused:
        raise refusal(refused.errors) from refused
    assert isinstance(message, Message)  # noqa: S101 (the type in it says so)
    if message.about is not None:
        known = look_up(patient, [message], {message.id}, set())
        if errors := known.objections(message, message.at.date()):
            raise refusal(errors)
    return message


def refusal(errors: Iterable[ItemError]) -> ValidationError:
    """What is wrong with an item, as the API's error."""
    return ValidationError(
        {
            one["attr"] or "non_field_errors": [serializers.ErrorDetail(one["detail"], code=one["code"])]
            for one in errors
        }
    )


def _known(patient: Patient, id_: uuid.UUID) -> Entry | None:
    """What is stored under an id already.

    Raises Conflict for an id of the patient's that is held, or that a phone has withdrawn before it came: it is taken.
    """
    known = Entry.objects.filter(patient=patient, uid=id_).first()
    if known is None and (
        HeldItem.objects.filter(patient=patient, uid=id_).exists()
        or Entry.objects.filter(patient=patient, target=id_).exists()
    ):
        raise _taken()
    return known


def same_or_taken(known: Entry, message: Message, *, from_staff: bool) -> Entry:
    """The stored message, when it says the same from the same side: then this was a replay. Raises Conflict if not."""
    subject = known.payload.get("about") if isinstance(known.payload, dict) else None
    about = None if subject is None else (subject["type"], uuid.UUID(subject["id"]))
    same = (
        (known.kind, known.from_staff, known.voided_at) == (ItemKind.MESSAGE, from_staff, None)
        and known.payload["body"] == message.body
        and about == message.about
    )
    if not same:
        raise _taken()
    return known


def _taken() -> Conflict:
    return Conflict("Something else is already stored under this id.", "id_taken")


# ---- What waits -----------------------------------------------------------------------------------------------------
def follow(patient: Patient, came: Iterable[Entry], gone: Collection[uuid.UUID]) -> None:
    """Raise, rewrite or close the flag after a patient's messages came or changed (`came`) or were taken back (`gone`,
    by uid). Its evidence is what waits, each message once. Joins the transaction that stores them."""
    new = {str(entry.uid): _evidence(entry) for entry in came if entry.voided_at is None}
    left = {str(uid) for uid in gone}
    flag = _open_flag(patient)
    if flag is None:
        for evidence in list(new.values())[:1]:
            flag = flags.raise_flag(patient, FlagKind.MESSAGE_WAITING, Urgency.ROUTINE, evidence, NEXT_STEP)
    if flag is None:
        return
    waiting = {one["id"]: one for one in flag.evidence} | new
    _keep(patient, flag, [one for id_, one in waiting.items() if id_ not in left], WITHDRAWN)


def _settle_answered(patient: Patient, answers: uuid.UUID | None) -> None:
    """Close the flag, or leave in it what came (or was changed) after the message `answers`."""
    flag = _open_flag(patient)
    later: set[str] = set()
    if answers is not None:
        theirs = Entry.objects.filter(patient=patient, kind=ItemKind.MESSAGE, from_staff=False)
        last = theirs.filter(uid=answers).first()
        if last is None:
            raise ValidationError({"answers": "The patient has no such message."})
        later = {str(uid) for uid in theirs.filter(received_at__gt=last.received_at).values_list("uid", flat=True)}
    if flag is not None:
        _keep(patient, flag, [one for one in flag.evidence if one["id"] in later], ANSWERED)


def _open_flag(patient: Patient) -> Flag | None:
    found: Flag | None = (
        Flag.objects.select_for_update()
        .filter(patient=patient, kind=FlagKind.MESSAGE_WAITING, resolved_at=None)
        .first()
    )
    return found


def _keep(patient: Patient, flag: Flag, waiting: list[dict[str, Any]], why: str) -> None:
    """Let the flag say what waits; when nothing does, close it."""
    if not waiting:
        flags.close_flag(patient, FlagKind.MESSAGE_WAITING, why)
    elif waiting != flag.evidence:
        flag.evidence = waiting[-flags.MOST_EVIDENCE :]
        flag.save(update_fields=["evidence"])
        attention.refresh(patient)


def _evidence(entry: Entry) -> dict[str, Any]:
    uid = str(entry.uid)
    text = entry.payload["body"][:MOST_TEXT]
    return {"id": uid, "entry": uid, "date": entry.local_date.isoformat(), "text": text}
