"""A patient who travels: what a change of zone does to the calendar. The dates of a plan are the patient's own.

    Pago Pago  … 23 | 24 23:30          the phone's zone changes, by a prompt or by the clinic
    Kiritimati            26 00:30 | 27 …         the 25th never was: nothing could be done on it, so it is excused
    and back         24 23:30 | 25 …         the 25th comes after all; the 24th goes on and is due once

A date that only became shorter stays due: part of it was there to be used [D].
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patients.models import Patient

ONE_DAY = dt.timedelta(days=1)


def jumped(before: dt.date, after: dt.date) -> list[dt.date]:
    """The dates strictly between the date on the old calendar and the one on the new."""
    return [before + n * ONE_DAY for n in range(1, (after - before).days)]


def skipped(patient: Patient) -> frozenset[dt.date]:
    return frozenset(dt.date.fromisoformat(one["date"]) for one in patient.skipped_dates)


def move(patient: Patient, from_zone: str, now: dt.datetime) -> list[str]:
    """Say on the record what the change to `patient.timezone` does to dates. Returns the names of fields that changed;
    the caller saves them and lays the days out anew."""
    before, today = (now.astimezone(zoneinfo.ZoneInfo(zone)).date() for zone in (from_zone, patient.timezone))
    # What was jumped over once may come after all, on the way back.
    kept = [one for one in patient.skipped_dates if dt.date.fromisoformat(one["date"]) < today]
    new = [
        {"date": date.isoformat(), "from": from_zone, "to": patient.timezone}
        for date in jumped(before, today)
        if date not in skipped(patient)
    ]
    changed = []
    if [*kept, *new] != patient.skipped_dates:
        patient.skipped_dates = [*kept, *new]
        changed.append("skipped_dates")
    # A date that goes on is not over: what is not done on it is not missed yet.
    if patient.known_until is not None and patient.known_until >= today:
        patient.known_until = today - ONE_DAY
        changed.append("known_until")
    return changed
