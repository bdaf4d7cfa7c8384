"""When a patient is reviewed: soon after every write, and at the latest when somebody looks.

A write leaves `review_due_at` on the patient's row, in its own transaction: that is all it costs a phone. The beat's
tick picks up what is due, every ten seconds. Who opens flags, suggestions or one patient first catches up with what is
due among them, so that a worker that stands still delays nothing that anyone decides about. The caseload only reads
what is stored: it costs the same for a thousand patients, and may be a tick old.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from patients import precautions, safety
from patients.models import Lock, LockKind, Patient, Suggestion, SuggestionStatus
from patients.models.people import OUT_OF_TREATMENT
from patients.review import intake, keeping, readiness, story, suggesting, taking_out, watching
from patients.review.story import Running, Story

log = logging.getLogger(__name__)

MOST_A_TICK = 500
MOST_A_LOOK = 20
PUT_ASIDE = dt.timedelta(minutes=10)


def run(now: dt.datetime | None = None) -> int:
    """Review who is due. Returns how many. Two workers share the work: a row that one has locked the other skips."""
    due = Patient.objects.filter(review_due_at__lte=now or timezone.now())
    return _review_all(due.order_by("review_due_at"), MOST_A_TICK, wait=False)


def catch_up(patients: QuerySet[Patient]) -> None:
    """Before a therapist sees these patients: one query when nothing is due. What somebody else is reviewing is waited
    for: it is what the therapist came to see."""
    _review_all(patients.filter(review_due_at__lte=timezone.now()).order_by("review_due_at"), MOST_A_LOOK, wait=True)


def _review_all(due: QuerySet[Patient], most: int, *, wait: bool) -> int:
    done = 0
    for patient_id in list(due.values_list("pk", flat=True)[:most]):
        try:
            done += review_one(patient_id, wait=wait)
        except Exception:
            # One patient whose review fails must not keep the others from theirs, nor stand before them each time.
            log.exception("patient %s could not be reviewed", patient_id)
            Patient.objects.filter(pk=patient_id).update(review_due_at=timezone.now() + PUT_ASIDE)
    return done


@transaction.atomic
def review_one(patient_id: uuid.UUID, *, wait: bool = True) -> bool:
    """Whether there was something to review. Who does not `wait` leaves a patient whose row is locked to the one who
    locked it."""
    skip = not wait and connection.features.has_select_for_update_skip_locked
    rows = Patient.objects.select_for_update(of=("self",), skip_locked=skip)
    patient = rows.filter(pk=patient_id, review_due_at__isnull=False).first()
    if patient is None:
        return False
    review(patient)
    Patient.objects.filter(pk=patient.pk).update(review_due_at=None)
    return True


def at_once(patient: Patient) -> None:
    """Now, in the caller's transaction: an answer that stops exercises alerts the staff with the very write that stores
    it. What fails here keeps nothing from being stored: the patient stays due."""
    try:
        with transaction.atomic():
            review(patient)
    except Exception:
        log.exception("patient %s could not be reviewed at once", patient.pk)


def review(patient: Patient, today: dt.date | None = None) -> None:
    """Look at everything again. Idempotent. The caller holds the lock on the patient's row."""
    if patient.status in OUT_OF_TREATMENT:
        _supersede_all(patient)
        return
    told = story.read(patient, today)
    intake.take_over(told)
    locked = Lock.objects.filter(safety.in_force(), patient=patient, kind=LockKind.RED_FLAG).exists()
    surgery = suggesting.after_surgery(patient, told.today)
    pain = max((day.pain_max for day in told.days if day.date == told.today and day.pain_max is not None), default=None)
    kept: dict[uuid.UUID, list[Suggestion]] = defaultdict(list)
    for row in Suggestion.objects.filter(patient=patient).select_related("revision").order_by("-made_at")[:100]:
        kept[row.plan_id].append(row)
    firing = {
        running.plan.pk: precautions.firing(patient, running.plan, running.revision, pain) for running in told.running
    }
    opinions = []
    for running in told.running:
        taking_out.keep(told, running, firing[running.plan.pk])
        seen = _review_plan(told, running, kept[running.plan.pk], locked=locked, surgery=surgery)
        if seen is not None:
            opinions.append(seen)
    _supersede_all(patient, but={running.plan.pk for running in told.running})
    keeping.keep(told, watching.watch(told, opinions, firing))


def _review_plan(
    told: Story, running: Running, rows: list[Suggestion], *, locked: bool, surgery: bool
) -> suggesting.Opinion | None:
    """Keep one plan's suggestions (`rows`: so far, newest first). Returns what was seen of it, for the flags."""
    stepped_on = suggesting.last_step_on(rows)
    opinion = suggesting.opinion(told, running, locked=locked, since=stepped_on)
    # What an accepted step has answered is no reason for another step; as evidence of a flag it stands as it was.
    seen = opinion if stepped_on is None else suggesting.opinion(told, running, locked=locked)
    if running.paused:
        # Nothing is to be stepped while nothing is due. Afterwards it is looked at again, with the facts of that day.
        suggesting.keep(told, running, (), rows)
        return seen
    step = None
    if opinion is not None:
        step = suggesting.proposal(told, opinion, stepped_on=stepped_on, surgery=surgery)
    # The answer to a regress does not yet make anybody ready: what was seen freezes until newer sessions are good.
    next_phase = readiness.proposal(told, running, seen, locked=locked, surgery=surgery)
    suggesting.keep(told, running, (step, next_phase), rows)
    return seen


def _supersede_all(patient: Patient, but: Iterable[uuid.UUID] = ()) -> None:
    """A plan that does not run has nothing to suggest."""
    open_ones = Suggestion.objects.filter(patient=patient, status=SuggestionStatus.OPEN)
    open_ones.exclude(plan__in=list(but)).update(status=SuggestionStatus.SUPERSEDED, decided_at=timezone.now())
