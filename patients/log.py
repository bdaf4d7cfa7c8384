"""Reading the log back: items in the shape in which they were sent, receipts, what is held, and marking as seen."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.models import User
from patients.models import Entry, HeldItem, ItemKind, Patient
from patients.phone import locks_document

# A transaction that took its time stamp earlier may commit later: what was seen in the last moments is told again.
OVERLAP = dt.timedelta(seconds=30)
MOST_RECEIPTS = 500


def in_force(patient: Patient, *kinds: ItemKind) -> QuerySet[Entry]:
    """What happened at home and was not withdrawn; withdrawals themselves are no news. Newest date first."""
    entries: QuerySet[Entry] = Entry.objects.filter(patient=patient, voided_at=None, from_staff=False)
    entries = entries.select_related("entered_by")
    entries = entries.filter(kind__in=kinds) if kinds else entries.exclude(kind=ItemKind.VOID)
    return entries.order_by("-local_date", "-id")


def entry_document(entry: Entry) -> dict[str, Any]:
    """The item as the phone sent it, and what the server knows beside it."""
    return {
        **entry.payload,
        "id": str(entry.uid),
        "local_date": entry.local_date.isoformat(),
        "received_at": entry.received_at.isoformat(),
        "late": entry.late,
        "seen_at": None if entry.seen_at is None else entry.seen_at.isoformat(),
        "entered_by": None if entry.entered_by is None else entry.entered_by.name,
    }


def held_document(item: HeldItem) -> dict[str, Any]:
    return {
        "id": None if item.uid is None else str(item.uid),
        "item": item.payload,
        "errors": item.errors,
        "received_at": item.received_at.isoformat(),
    }


def held(patient: Patient) -> QuerySet[HeldItem]:
    """What could not be accepted and has not been settled."""
    items: QuerySet[HeldItem] = HeldItem.objects.filter(patient=patient, closed_at=None)
    return items.order_by("-received_at", "-id")


def mark_seen(patient: Patient, ids: Collection[uuid.UUID], *, by: User) -> list[uuid.UUID]:
    """The patient's phone will say so. Only what nobody had seen yet; returns the ids that were marked."""
    unseen = Entry.objects.filter(patient=patient, uid__in=ids, seen_at=None, voided_at=None, from_staff=False)
    marked = list(unseen.values_list("uid", flat=True))
    if marked:
        unseen.update(seen_at=timezone.now(), seen_by=by)
    return marked


# ---- Receipts -------------------------------------------------------------------------------------------------------
def receipts(patient: Patient, since: str | None) -> dict[str, Any]:
    """What the clinic has seen since a cursor, what is held, which locks are in force, how many of the clinic's
    messages wait to be read (`patient` comes out of `messages.with_unread`). Three queries.

    Raises ValidationError for a cursor that this server did not make.
    """
    now = timezone.now()
    entries = Entry.objects.filter(patient=patient, seen_at__isnull=False, from_staff=False)
    if since:
        seen_at, id_ = _read_cursor(since)
        entries = entries.filter(Q(seen_at__gt=seen_at) | Q(seen_at=seen_at, id__gt=id_))
    page = list(entries.select_related("seen_by").order_by("seen_at", "id")[:MOST_RECEIPTS])
    return {
        "cursor": _next_cursor(page, since, now),
        "items": [
            {
                "id": str(entry.uid),
                "seen_at": entry.seen_at.isoformat() if entry.seen_at else None,
                "seen_by": _first_name(entry.seen_by),
            }
            for entry in page
        ],
        "held": [held_document(item) for item in held(patient)[:MOST_RECEIPTS]],
        "locks": locks_document(patient, now),
        "messages_unread": getattr(patient, "messages_unread", 0),
    }


def _first_name(user: User | None) -> str:
    return user.name.split(" ")[0] if user is not None else ""


def _next_cursor(page: list[Entry], since: str | None, now: dt.datetime) -> str:
    latest = now - OVERLAP
    settled = [entry for entry in page if entry.seen_at is not None and entry.seen_at <= latest]
    if settled and settled[-1].seen_at is not None:
        return _cursor(settled[-1].seen_at, settled[-1].pk)
    return since or _cursor(dt.datetime(1970, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=0))


def _cursor(seen_at: dt.datetime, id_: uuid.UUID) -> str:
    return base64.urlsafe_b64encode(f"{seen_at.isoformat()} {id_}".encode()).decode()


def _read_cursor(text: str) -> tuple[dt.datetime, uuid.UUID]:
    try:
        at, id_ = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True).decode().split(" ")
        return dt.datetime.fromisoformat(at).astimezone(dt.UTC), uuid.UUID(id_)
    except (ValueError, OverflowError, binascii.Error) as error:
        detail = "This is not a cursor of this server. Leave it out to start over."
        raise ValidationError({"since": [detail]}) from error
