"""Outcomes and goals as they stand in the log: scored, scheduled, in the patient's own words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from patients import outcomes
from patients.log import entry_document, in_force
from patients.models import Entry, ItemKind, Patient

# Five times three answers make a treatment; a patient who has given ten times that sees the newest.
MOST_ANSWERS = 200
MOST_GOALS = 50


def answer_of(entry: Entry) -> outcomes.Answer:
    item = entry.payload
    return outcomes.Answer(entry.uid, entry.local_date, item["instrument"], item["timepoint"], item["answers"])


def outcome_documents(patient: Patient, page: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries with score, change and what that means. One query, for the baselines."""
    if not page:
        return []
    baselines = [
        answer_of(entry)
        for entry in in_force(patient, ItemKind.OUTCOME).filter(payload__timepoint=outcomes.BASELINE)[:MOST_ANSWERS]
    ]
    return [{**entry_document(entry), **outcomes.judge(answer_of(entry), baselines).as_json()} for entry in page]


def answers(patient: Patient) -> list[outcomes.Answer]:
    """Oldest first."""
    return [answer_of(entry) for entry in in_force(patient, ItemKind.OUTCOME)[:MOST_ANSWERS]][::-1]


def course(patient: Patient) -> outcomes.Course | None:
    return outcomes.course_of(patient.plans.values_list("starts_on", "ended_on"))


def schedule(patient: Patient, today: dt.date) -> list[outcomes.Asked]:
    """Two queries."""
    return outcomes.schedule(course(patient), answers(patient), today)


# ---- What the phone shows -------------------------------------------------------------------------------------------
def progress(patient: Patient, today: dt.date) -> dict[str, Any]:
    """Three queries, whatever the history."""
    given = answers(patient)
    asked = outcomes.schedule(course(patient), given, today)
    goals = in_force(patient, ItemKind.GOAL)[:MOST_GOALS]
    return {
        "outcomes": {
            "due": [
                {"instrument": one.instrument, "timepoint": one.timepoint}
                for one in asked
                if one.state == outcomes.State.DUE
            ],
            "scores": [_score_document(one, given) for one in given],
            "activities": _activities(given),
        },
        "goals": [
            {"id": str(goal.uid), "text": goal.payload["text"], "done_at": goal.payload.get("done_at")}
            for goal in goals
        ],
    }


def _score_document(answer: outcomes.Answer, given: Iterable[outcomes.Answer]) -> dict[str, Any]:
    return {
        "instrument": answer.instrument,
        "timepoint": answer.timepoint,
        "date": answer.date.isoformat(),
        **outcomes.judge(answer, given).as_json(),
    }


def _activities(given: Iterable[outcomes.Answer]) -> list[str]:
    """What the patient named at the start and is asked about again."""
    baselines = [one for one in given if (one.instrument, one.timepoint) == ("psfs", outcomes.BASELINE)]
    return next((names for one in reversed(baselines) if (names := outcomes.activity_names(one.answers))), [])


def goal_document(entry: Entry) -> dict[str, Any]:
    """`entry.versions` should be prefetched. Earlier wordings, oldest first."""
    earlier = sorted(entry.versions.all(), key=lambda version: (version.received_at, version.pk))
    return {
        "done_at": None,
        **entry_document(entry),
        "earlier": [
            {"text": version.payload.get("text"), "done_at": version.payload.get("done_at")} for version in earlier
        ],
    }
