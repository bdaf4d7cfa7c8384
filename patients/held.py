"""The flag of what a phone sent and the server could not take over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from patients import flags
from patients.models import FlagKind, HeldItem, Patient, Urgency

NEXT_STEP = "Look at what could not be taken over, and ask the patient to correct or withdraw it."


def tell(patient: Patient, items: Collection[HeldItem], date: dt.date) -> None:
    """These are held since `date`: one row of evidence, with the reasons."""
    codes = sorted({one["code"] for item in items for one in item.errors})
    evidence = {"date": date.isoformat(), "items": len(items), "reasons": codes}
    flags.raise_flag(patient, FlagKind.HELD_ITEMS, Urgency.ROUTINE, evidence, NEXT_STEP)


def settled(patient: Patient, at: dt.datetime | None = None) -> None:
    """Nothing is held any more."""
    flags.close_flag(patient, FlagKind.HELD_ITEMS, "Everything was corrected or withdrawn.", at)
