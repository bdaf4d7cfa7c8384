"""The caseload: one row a patient, who needs someone first. Reads stored columns and days, never the log, so that its
cost grows neither with history nor with the number of patients beyond the page.
"""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.db.models import F, FilteredRelation, Q
from django.utils import timezone

from patients import adherence
from patients.models import Patient, PlanDay
from patients.models.people import OUT_OF_TREATMENT

TREND_DAYS = 56  # eight weeks, what the sparkline shows
AHEAD_DAYS = 28  # a plan that starts later is laid out this far


# A patient’s days by date; several plans may share one.
DaysByDate = dict[dt.date, list[Mapping[str, Any]]]


class PlanFacts(TypedDict):
    """The plan that a row speaks of: the one in force today, else the next, else the last."""

    id: str
    name: str
    phase: int
    phase_name: str
    starts_on: dt.date


class TrendPoint(TypedDict):
    date: dt.date
    pain: int


class Row(TypedDict):
    patient: dict[str, Any]
    plan: PlanFacts | None
    adherence_7: float | None
    adherence_28: float | None
    last_pain: int | None
    last_pain_on: dt.date | None
    trend: list[TrendPoint]
    last_active: dt.datetime | None
    flags: list[dict[str, Any]]
    attention_rank: int


def in_treatment() -> Q:
    return ~Q(status__in=OUT_OF_TREATMENT)


def rows(patients: Sequence[Patient]) -> list[Row]:
    """One query, whatever the number of patients: days with plan and phase, and nothing else."""
    now = timezone.now()
    per_patient: dict[uuid.UUID, DaysByDate] = defaultdict(lambda: defaultdict(list))
    for day in _days(patients, now.date()):
        per_patient[day["plan__patient_id"]][day["date"]].append(day)
    return [_row(patient, per_patient[patient.pk], now) for patient in patients]


def _days(patients: Iterable[Patient], today: dt.date) -> Iterable[Mapping[str, Any]]:
    phases = "revision__program__phases"
    return (
        PlanDay.objects.filter(
            plan__patient__in=[patient.pk for patient in patients],
            date__gte=today - dt.timedelta(days=TREND_DAYS + 1),
            date__lte=today + dt.timedelta(days=AHEAD_DAYS + 1),
        )
        # A join, not a look-up a day: that was two thirds of all pages the list touched.
        .annotate(
            in_force=FilteredRelation(phases, condition=Q(**{f"{phases}__n": F("revision__phase")})),
            phase_name=F("in_force__name"),
            phase=F("revision__phase"),
        )
        .order_by("date", "plan_id")
        .values(
            "plan_id",
            "plan__patient_id",
            "plan__starts_on",
            "revision__program__name",
            "phase",
            "phase_name",
            "date",
            "known",
            "sessions_due",
            "sessions_done",
            "pain_max",
            "pain_last",
        )
    )


def _row(patient: Patient, by_date: DaysByDate, now: dt.datetime) -> Row:
    today = now.astimezone(zoneinfo.ZoneInfo(patient.timezone)).date()
    trend = [
        TrendPoint(date=date, pain=pain)
        for date, days in sorted(by_date.items())
        if today - dt.timedelta(days=TREND_DAYS) < date <= today
        if (pain := _pain(days)) is not None
    ]
    return {
        "patient": {
            "id": patient.pk,
            "name": patient.name,
            "record_number": patient.record_number,
            "birth_date": patient.birth_date,
            "affected_side": patient.affected_side,
            "condition": patient.condition,
            "status": patient.status,
            "responsible": patient.responsible_id,
        },
        "plan": _plan(by_date, today),
        "adherence_7": _adherence(patient, by_date, today, 7),
        "adherence_28": _adherence(patient, by_date, today, 28),
        "last_pain": trend[-1]["pain"] if trend else None,
        "last_pain_on": trend[-1]["date"] if trend else None,
        "trend": trend,
        "last_active": patient.last_active_at,
        "flags": patient.attention,
        "attention_rank": patient.attention_rank,
    }


def _pain(days: list[Mapping[str, Any]]) -> int | None:
    """The day's last answer; several plans share the patient's pain, so the first that knows it will do."""
    return next((day["pain_last"] for day in days if day["pain_last"] is not None), None)


def _plan(by_date: DaysByDate, today: dt.date) -> PlanFacts | None:
    ahead = [date for date in by_date if date >= today]
    date = min(ahead) if ahead else max(by_date, default=None)
    if date is None:
        return None
    day = by_date[date][0]
    return {
        "id": day["plan_id"],
        "name": day["revision__program__name"],
        "phase": day["phase"],
        "phase_name": day["phase_name"],
        "starts_on": day["plan__starts_on"],
    }


@dataclass(frozen=True)
class _Day:
    """A day as `adherence` asks for it."""

    date: dt.date
    known: bool
    sessions_due: int
    sessions_done: int


def _adherence(patient: Patient, by_date: DaysByDate, today: dt.date, window: int) -> float | None:
    days = (
        _Day(date, day["known"], day["sessions_due"], day["sessions_done"])
        for date, of_date in by_date.items()
        for day in of_date
    )
    return adherence.adherence(days, patient.known_until, today, window)
