"""The decision table of a sync, one item at a time. Pure: it looks at what is known and says what is to be done.

the id is …            and the item …                              answer
stored                 says the same                               duplicate
stored by the clinic   says anything: a message of theirs          held (conflict)
stored                 is of another type, or differs without
                       a later edit                                held (conflict)
stored                 is an older wording, or it was voided       superseded (kept beside it)
stored                 is a later edit, within 7 days              amended
stored                 is a later edit, after 7 days               held (edit_too_late)
new                    cannot be read, is impossible, or names
                       what is not the patient's                   held (the reasons)
new, voided already    is fine                                     superseded (stored as void)
new                    is fine                                     stored
held, then corrected   could not be accepted                       superseded (it was settled)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from patients.models import ItemKind
from patients.sync.clock import EDIT_WITHIN, Clock, Times, objections
from patients.sync.fields import ItemError, error
from patients.sync.items import Item
from patients.sync.known import Known, StoredItem


class Status(StrEnum):
    STORED = "stored"
    DUPLICATE = "duplicate"
    AMENDED = "amended"
    SUPERSEDED = "superseded"
    HELD = "held"


@dataclass(frozen=True)
class Decision:
    status: Status
    errors: tuple[ItemError, ...] = ()
    existing: StoredItem | None = None


def held(*errors: ItemError) -> Decision:
    return Decision(Status.HELD, errors)


CONFLICT = error("conflict", "Something else is stored under this id already. Void it, or send a later edit.", "id")
TOO_LATE = error("edit_too_late", "Entries can be changed for seven days after they were done.", "edited_at")
VOID_OF_VOID = error("void_of_void", "A withdrawal cannot be withdrawn. Enter it again instead.", "of")
NOT_YOURS = error("not_yours", "This is a message of your clinic's. Only your own entries can be withdrawn.", "of")


def decide(item: Item, digest: str, times: Times, known: Known, clock: Clock) -> Decision:
    if item.id in known.entries:
        return _about_known(item, digest, times, known, clock)
    if errors := _objections(item, times, known, clock, times.happened_at):
        return held(*errors)
    gone = item.id in known.voided and item.kind != ItemKind.VOID
    return Decision(Status.SUPERSEDED if gone else Status.STORED)


def _about_known(item: Item, digest: str, times: Times, known: Known, clock: Clock) -> Decision:
    existing = known.entries[item.id]
    if existing.from_staff:
        return held(CONFLICT)
    if existing.digest == digest:
        return Decision(Status.DUPLICATE, existing=existing)
    if existing.kind != item.kind or item.kind == ItemKind.VOID:
        return held(CONFLICT)
    if existing.voided or _later(existing.edited_at, times.edited_at):
        return Decision(Status.SUPERSEDED, existing=existing)
    if not _later(times.edited_at, existing.edited_at):
        return held(CONFLICT)
    errors = _objections(item, times, known, clock, existing.happened_at)
    return held(*errors) if errors else Decision(Status.AMENDED, existing=existing)


def _later(one: dt.datetime | None, other: dt.datetime | None) -> bool:
    """Null is the first wording: every edit is later than that."""
    return one is not None and (other is None or one > other)


def _objections(item: Item, times: Times, known: Known, clock: Clock, done: dt.datetime) -> list[ItemError]:
    errors = [*objections(item, clock), *known.objections(item, times.local_date)]
    # A goal is reached when it is reached; the seven days are for what was done.
    if item.kind != ItemKind.GOAL and times.edited_at is not None and times.edited_at > done + EDIT_WITHIN:
        errors.append(TOO_LATE)
    if (target := item.target) is not None:
        entry = known.entries.get(target)
        of_void = entry.kind == ItemKind.VOID if entry is not None else known.coming.get(target) == ItemKind.VOID
        if of_void or target == item.id:
            errors.append(VOID_OF_VOID)
        if entry is not None and entry.from_staff:
            errors.append(NOT_YOURS)
    return errors
