"""Facts that a patient sees beside the days of `GET /me/progress`: mornings, what changed since the start, and on which
dates something was written down later. Two queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Q

from patients.models import Entry, ItemKind, Patient, Plan

# The weekly questions whose answers say what a person can do and bear (CLINICAL.md D.7), in the order of showing. What
# only a clinician can weigh (numbness, medicine, popping) is no progress to be shown.
SHOWN = ("q_sit_time", "q_sit_pain", "q_extend", "q_cross", "q_night", "q_lbp")
NOT_AN_ANSWER = (None, "not_tried")


def document(patient: Patient, first: dt.date, today: dt.date) -> dict[str, Any]:
    """Mornings and late dates from `first` on; facts since the running course began, however long ago."""
    since = min(first, _course_began(patient, today) or first)
    rows = list(
        Entry.objects.filter(patient=patient, voided_at=None, kind__in=(ItemKind.CHECKIN, ItemKind.SESSION))
        .filter(Q(kind=ItemKind.CHECKIN) | Q(late=True), local_date__range=(since, today))
        .order_by("local_date", "happened_at", "id")
        .values_list("kind", "local_date", "late", "payload__answers")
    )
    checkins = [(date, answers) for kind, date, _, answers in rows if kind == ItemKind.CHECKIN]
    mornings = {
        date: answers["q_morning"]
        for date, answers in checkins
        if date >= first and answers.get("q_morning") is not None
    }
    late = {date for kind, date, was_late, _ in rows if kind == ItemKind.SESSION and was_late and date >= first}
    return {
        "morning": [{"date": date.isoformat(), "score": score} for date, score in mornings.items()],
        "facts": [fact for question in SHOWN if (fact := _fact(question, checkins)) is not None],
        "late": [date.isoformat() for date in sorted(late)],
    }


def _course_began(patient: Patient, today: dt.date) -> dt.date | None:
    running = Plan.objects.filter(Q(ended_on=None) | Q(ended_on__gt=today), patient=patient)
    began: dt.date | None = running.aggregate(began=Min("starts_on"))["began"]
    return began


def _fact(question: str, checkins: Iterable[tuple[dt.date, dict[str, Any]]]) -> dict[str, Any] | None:
    """First and newest answer; none where there was one date only, since one answer is no change."""
    given = [(date, answers[question]) for date, answers in checkins if answers.get(question) not in NOT_AN_ANSWER]
    if not given or given[0][0] == given[-1][0]:
        return None
    (from_date, from_), (to_date, to) = given[0], given[-1]
    return {
        "id": question,
        "from": from_,
        "from_date": from_date.isoformat(),
        "to": to,
        "to_date": to_date.isoformat(),
    }
