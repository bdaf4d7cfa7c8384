"""A patient who travels east may be due sooner than the stored instant says, and no tick would wake for that. Patients
know nothing of reminders (imports run one way), so this listens to the record being saved.

A zone that is changed around `save()` is noticed at the next claim (`dispatch.decide`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save

from patients.models import Patient
from reminders.rules import follow_zone


def connect() -> None:
    post_save.connect(_saved, sender=Patient, dispatch_uid="reminders.follow_zone")


def _saved(instance: Patient, created: bool, update_fields: Collection[str] | None, **_: Any) -> None:
    if not created and (update_fields is None or "timezone" in update_fields):
        follow_zone(instance)
