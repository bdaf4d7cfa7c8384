"""The call around the items. What is wrong here is the caller's mistake and answered as such: nothing is stored."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.errors import TooLarge
from accounts.zones import known_zones
from patients.models import Patient
from patients.sync.clock import Clock
from patients.sync.fields import Fields

# A version is supported for at least a year after the next one came (API.md).
SCHEMAS = (1,)
MOST_ITEMS = 200
MOST_PENDING = 2**31 - 1


@dataclass(frozen=True)
class Envelope:
    """`pending`: what the phone still has to send after this call. Paper has no `device`, nor has a single message."""

    patient: uuid.UUID
    device: uuid.UUID | None
    clock: Clock
    tz: str
    pending: int
    items: list[Any]


def by_our_clock(patient: Patient, items: list[Any], now: dt.datetime) -> Envelope:
    """What staff enter from paper, or one message: no phone's clock that could be off, nothing said about what a phone
    still has to send."""
    clock = Clock(now, now, zoneinfo.ZoneInfo(patient.timezone))
    return Envelope(patient.pk, None, clock, patient.timezone, 0, items)


def read(data: Any, received_at: dt.datetime) -> Envelope:
    """Raises ValidationError (400, naming the attribute; code `schema_unsupported`) or TooLarge (413)."""
    if not isinstance(data, Mapping):
        raise ValidationError({"non_field_errors": ["Send an object, as API.md describes it."]})
    if type(data.get("schema")) is not int or data["schema"] not in SCHEMAS:
        detail = "This server does not know this version of the app's data. Update the app."
        raise ValidationError({"schema": [ErrorDetail(detail, code="schema_unsupported")]})
    items = data.get("items")
    if isinstance(items, list) and len(items) > MOST_ITEMS:
        raise TooLarge(f"At most {MOST_ITEMS} items fit into one call. Send them in parts.")
    fields = Fields(data)
    patient, device, sent_at = fields.id("patient"), fields.id("device"), fields.instant("sent_at")
    pending = fields.whole("pending", 0, MOST_PENDING, required=True)
    tz = data.get("tz")
    if not isinstance(tz, str) or tz not in known_zones():
        fields.wrong("tz", "zone", "This is not a time zone. Use an IANA name such as Europe/Madrid.")
    if not isinstance(items, list):
        fields.wrong("items", "invalid", "“items” is a list; it may be empty.")
    if fields.errors or patient is None or device is None or sent_at is None or pending is None:
        raise ValidationError(
            {str(one["attr"]): [ErrorDetail(one["detail"], code=one["code"])] for one in fields.errors}
        )
    assert isinstance(tz, str)  # noqa: S101 (told to the type checker; refused above)
    assert isinstance(items, list)  # noqa: S101
    return Envelope(patient, device, Clock(sent_at, received_at, zoneinfo.ZoneInfo(tz)), tz, pending, items)
