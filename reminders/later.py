"""Later today: a person puts today's reminder off, on a phone that may be offline for hours.

Nothing that a phone could queue in good faith is an error: an hour that has passed by the time it arrives, another
date's, or one in quiet hours is answered `dropped` with the reason, and stays so when it is asked again.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from patients.days import local_today
from patients.models import Patient
from reminders import asking
from reminders.due import instant, occasion
from reminders.follow_ups import REPEAT
from reminders.models import FollowUp, FollowUpReason, Occurrence, ReminderRule, occurrence_id

# As far back as a phone may have queued a wish before it is asked whose occurrence that was.
LOOK_BACK_DAYS = 28
LOOK_AHEAD_DAYS = 2  # west of the date line, with a clock that is fast
MOST_A_DAY = 10
MOST_SLOTS = 8  # more than a rule may hold: the phone may have been told of more


class Dropped(StrEnum):
    PAST = "past"
    NOT_TODAY = "not_today"
    QUIET_HOURS = "quiet_hours"
    REMOVED = "removed"  # the reminder itself is gone or paused
    TOO_MANY = "too_many"
    REPLACED = "replaced"  # by a later wish; kept on the row, never an answer


@dataclass(frozen=True)
class Answer:
    due_at: dt.datetime
    dropped: str

    @property
    def state(self) -> str:
        return "dropped" if self.dropped else "waiting"


class UnknownOccurrence(LookupError):  # noqa: N818 (an answer, rather than an error)
    """No occurrence of this patient has this id."""


@transaction.atomic
def later(patient: Patient, *, uid: uuid.UUID, occurrence: uuid.UUID, at: dt.datetime) -> Answer:
    """Put the occurrence of that id off to `at`; the phone's `uid` again gives the same answer.

    It takes the place of a repeat or an earlier wish that still waits, and of the reminder itself where that has not
    gone out yet. Raises UnknownOccurrence.
    """
    now = timezone.now()
    put_off = _locked(patient, occurrence)
    earlier = put_off.follow_ups.filter(uid=uid).first()
    if earlier is not None:
        given = "" if earlier.dropped == Dropped.REPLACED else earlier.dropped
        return Answer(earlier.due_at, given)
    reason = why_dropped(patient, put_off, at, now)
    waiting = put_off.follow_ups.filter(done_at=None)
    if not reason:
        # Whoever has claimed one of these finds its token gone.
        waiting.update(done_at=now, dropped=Dropped.REPLACED, claim_token=None, claimed_until=None)
    last: int | None = put_off.follow_ups.aggregate(last=Max("sequence"))["last"]
    FollowUp.objects.create(
        occurrence=put_off,
        sequence=max(REPEAT, (last or 0) + 1),
        reason=FollowUpReason.LATER,
        uid=uid,
        due_at=at,
        done_at=now if reason else None,
        dropped=reason,
    )
    return Answer(at, reason)


def _locked(patient: Patient, pk: uuid.UUID) -> Occurrence:
    """The occurrence, made where it is no row yet. Its row is locked, so that dispatch and the wish take turns."""
    if not Occurrence.objects.filter(pk=pk).exists():
        rule, date, slot = _named(patient, pk)
        due_at = occasion(rule.schedule(), date, slot).due_at if slot <= len(rule.times) else _midday(rule, date)
        facts = {"patient": patient, "rule": rule, "date": date, "slot": slot, "due_at": due_at}
        Occurrence.objects.get_or_create(pk=pk, defaults=facts)
    rows = Occurrence.objects.select_for_update(of=("self",)).select_related("rule")
    occurrence: Occurrence | None = rows.filter(pk=pk, patient=patient).first()
    if occurrence is None:
        raise UnknownOccurrence(pk)
    return occurrence


def _named(patient: Patient, pk: uuid.UUID) -> tuple[ReminderRule, dt.date, int]:
    """Whose rule, date and slot the id is made of; the ids of a month are few enough to make them all."""
    today = local_today(patient)
    for rule in patient.reminder_rules.all():
        for n in range(-LOOK_BACK_DAYS, LOOK_AHEAD_DAYS + 1):
            date = today + dt.timedelta(days=n)
            for slot in range(1, MOST_SLOTS + 1):
                if occurrence_id(rule.pk, date, slot) == pk:
                    return rule, date, slot
    raise UnknownOccurrence(pk)


def _midday(rule: ReminderRule, date: dt.date) -> dt.datetime:
    return instant(date, dt.time(12), rule.schedule().zone)


def why_dropped(patient: Patient, occurrence: Occurrence, at: dt.datetime, now: dt.datetime) -> str:
    """Empty when the wish can be fulfilled."""
    rule = occurrence.rule
    if rule is None or rule.paused:
        return Dropped.REMOVED
    today = local_today(patient, now)
    if occurrence.date != today or local_today(patient, at) != today:
        return Dropped.PAST if at <= now else Dropped.NOT_TODAY
    if at <= now:
        return Dropped.PAST
    rule.patient = patient
    if asking.is_quiet(rule, at):
        return Dropped.QUIET_HOURS
    if occurrence.follow_ups.count() >= MOST_A_DAY:
        return Dropped.TOO_MANY
    return ""
