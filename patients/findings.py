"""A patient's findings as they stand: what the clinic wrote, overridden by what later check-ins told."""

from __future__ import annotations

import datetime as dt

from patients.checkin import Answered, findings_after
from patients.models import Entry, ItemKind, Patient
from programs.findings import Findings

# The weekly questions of half a year, or two months of mornings: older words no longer override the clinic's.
MOST_CHECKINS = 60


def current_findings(patient: Patient, today: dt.date) -> Findings:
    """One query: the latest check-ins."""
    rows = (
        Entry.objects.filter(patient=patient, kind=ItemKind.CHECKIN, voided_at=None)
        .order_by("-local_date", "-id")
        .values_list("local_date", "payload")[:MOST_CHECKINS]
    )
    told = [Answered(date, payload.get("answers") or {}) for date, payload in reversed(rows)]
    return findings_after(Findings.parse(patient.findings), told, today)
