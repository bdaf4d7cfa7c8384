"""The log of who did what to whose data (CLINICAL.md H.8). Append-only."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from accounts.models import AccessRecord, Clinic, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Action(StrEnum):
    READ = "read"
    WRITE = "write"
    EXPORT = "export"
    OVERRIDE = "override"
    LOGIN = "login"


def record(
    action: Action | str,
    *,
    by: User | AnonymousUser | None,
    clinic: Clinic | uuid.UUID | None,
    kind: str,
    object_id: uuid.UUID,
    **detail: Any,
) -> AccessRecord:
    """Write one line: `record(Action.READ, by=request.user, clinic=patient.clinic_id, kind="patient",
    object_id=patient.pk)`. One insert. Inside a transaction it stands or falls with the write it speaks of.

    `detail` must be plain JSON and holds no clinical content: names of changed fields, not their values.
    """
    actor = by if isinstance(by, User) else None
    return AccessRecord.objects.create(
        action=str(action),
        actor=actor,
        # The name is kept as well: a record outlives the account.
        actor_name=str(actor)[:120] if actor else "",
        clinic_id=clinic.pk if isinstance(clinic, Clinic) else clinic,
        kind=kind,
        object_id=object_id,
        detail=detail,
    )
