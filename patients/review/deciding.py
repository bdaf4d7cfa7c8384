"""A therapist decides about a suggestion: accepting makes a revision with the reason, dismissing keeps the plan."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import User
from patients import days, plans
from patients.models import Plan, PlanRevision, Suggestion, SuggestionKind, SuggestionStatus
from patients.review import due, taking_out
from patients.review.suggesting import NEXT_BAND
from programs.copying import copy_program
from programs.models import Prescription, Program

ONE_DAY = dt.timedelta(days=1)
# Why a revision was made, where the therapist typed nothing.
REASONS = {
    "red_session": "Pain rule: a red session.",
    "three_ambers": "Pain rule: three amber sessions in a row.",
    "baseline_up": "Pain rule: the usual morning has risen by two or more in two weeks.",
    "three_good_sessions": "Pain rule: three good sessions.",
    "ready": "Next phase: everything it asks for holds.",
    "past_planned_end": "Next phase: the planned path has come to it.",
}


@transaction.atomic
def accept(suggestion: Suggestion, *, by: User, note: str = "") -> Suggestion:
    """Apply what it says, from the first date that has no log; a regress rests first (D.2: "skip 1 day, 2 if red next
    morning"). Hold changes nothing and makes no revision.

    Raises Conflict `suggestion_closed`, and what a revision raises: `precaution_conflict`, `plan_ended`.
    """
    suggestion = _open(suggestion)
    if suggestion.kind != SuggestionKind.HOLD:
        suggestion.revision = _apply(suggestion, by, note)
    return _decide(suggestion, SuggestionStatus.ACCEPTED, by, note)


@transaction.atomic
def dismiss(suggestion: Suggestion, *, by: User, note: str = "") -> Suggestion:
    """Leave the plan as it is. The same facts do not come up again. Raises Conflict `suggestion_closed`."""
    return _decide(_open(suggestion), SuggestionStatus.DISMISSED, by, note)


def _open(suggestion: Suggestion) -> Suggestion:
    """The row under the patient's lock, as it is after everything that came in has been looked at."""
    days.locked(suggestion.patient_id)
    due.review_one(suggestion.patient_id)
    row: Suggestion = Suggestion.objects.select_related("patient__clinic", "plan__patient").get(pk=suggestion.pk)
    if row.status != SuggestionStatus.OPEN:
        words = {
            SuggestionStatus.ACCEPTED: "It was accepted already.",
            SuggestionStatus.DISMISSED: "It was dismissed already.",
            SuggestionStatus.SUPERSEDED: "Newer answers have replaced it. Look at the patient again.",
        }
        raise Conflict(words[SuggestionStatus(row.status)], "suggestion_closed")
    return row


def _decide(suggestion: Suggestion, status: SuggestionStatus, by: User, note: str) -> Suggestion:
    suggestion.status, suggestion.note = status, note
    suggestion.decided_at, suggestion.decided_by = timezone.now(), by
    suggestion.save(update_fields=["status", "note", "decided_at", "decided_by", "revision"])
    patient = suggestion.patient
    access.record(
        f"suggestion_{status}",
        by=by,
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.pk,
        suggestion=str(suggestion.pk),
    )
    days.touch(patient)
    return suggestion


def _apply(suggestion: Suggestion, by: User, note: str) -> PlanRevision:
    plan, change = suggestion.plan, suggestion.change
    reason = (note or REASONS[suggestion.reason])[:500]
    if change["what"] == "phase":
        return plans.revise(plan, by=by, phase=change["phase"], reason=reason)
    changed = _changed_program(suggestion, by) if change["what"] not in ("rest", "nothing") else None
    from_date = _rest(plan, suggestion, by, reason)
    return plans.revise(plan, by=by, changed=changed, effective_from=from_date, reason=reason)


def _rest(plan: Plan, suggestion: Suggestion, by: User, reason: str) -> dt.date | None:
    """The exercise rests on the days after the red one, or the plan where no exercise is to blame; what of them has
    gone by already is not made up for. Returns the first date after the rest, or None where there is none."""
    rest = suggestion.change["rest_days"]
    dates = [row["date"] for row in suggestion.evidence if row["kind"] == "session"]
    if not rest or not dates:
        return None
    until: dt.date = dt.date.fromisoformat(max(dates)) + rest * ONE_DAY
    free = max(plans.first_day_without_log(plan), days.local_today(suggestion.patient))
    if until < free:
        return None
    if suggestion.key is not None:
        taking_out.rest(plan, str(suggestion.key), free, until)
    elif not any(pause.to_date is None or pause.to_date >= free for pause in plan.pauses.all()):
        plans.pause(plan, by=by, from_date=free, to_date=until, reason=reason)
    return until + ONE_DAY


def _changed_program(suggestion: Suggestion, by: User) -> Program:
    """A sealed copy of the program in force with one prescription changed, in the phase in force."""
    latest = suggestion.plan.revisions.select_related("program").latest("n")
    program = copy_program(latest.program, clinic=suggestion.patient.clinic, by=by, sealed=True)
    row = Prescription.objects.get(phase__program=program, phase__n=latest.phase, key=str(suggestion.key))
    change: dict[str, Any] = suggestion.change
    if change["exercise"] is not None:
        # Another exercise is another thread: its logs must not be read as those of the one before.
        row.exercise_id, row.key = uuid.UUID(change["exercise"]["id"]), uuid.uuid4()
    if change["to"] is not None:
        row.dose = change["to"]
    if change.get("band"):
        words = NEXT_BAND.get(suggestion.patient.language, NEXT_BAND["en"])
        row.note = f"{row.note} {words}".strip()[:500]
    row.save(update_fields=["exercise", "key", "dose", "note"])
    return program
