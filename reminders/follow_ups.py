"""The same occurrence once more: a rule's one gentle repeat, and "later today" by the patient's own wish.

Claimed and decided one by one (`reminders.dispatch` says what a claim guarantees), and asked everything again: in
treatment, not locked, not done, not too late. The calls are made several at once. Beyond that:

- a repeat is written down in the transaction that decided to send the reminder, so a kill loses neither; it goes out
  only if the reminder did, counted from when it did, and never a second time;
- it does not compete with the rule's next hour: once that has come, the repeat is dropped;
- **neither lands in quiet hours nor on the next date**. They are judged on the clock at the claim, where the patient is
  by then; what falls there is dropped, not moved.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Min, Q, QuerySet

from patients.days import local_today
from reminders import asking, sending
from reminders.due import occasion
from reminders.models import (
    WENT_OUT,
    Delivery,
    DeliveryStatus,
    FollowUp,
    FollowUpReason,
    Occurrence,
    ReminderRule,
    RuleKind,
)
from reminders.waiting import Calls, calling

log = logging.getLogger(__name__)

BATCH = 50
LEASE = dt.timedelta(seconds=settings.REMINDER_LEASE_S)
PUT_ASIDE = dt.timedelta(minutes=10)
REPEAT = 2  # its sequence; a wish for later comes after it or takes its place

Verdict = tuple[DeliveryStatus, str]


def repeat_of(rule: ReminderRule, occurrence: uuid.UUID, now: dt.datetime) -> FollowUp | None:
    """The rule's repeat, where it asks for one. The caller saves it, in the transaction that writes the first
    delivery."""
    if rule.kind != RuleKind.EXERCISE or not rule.repeat_after_min:
        return None
    return FollowUp(
        occurrence_id=occurrence,
        sequence=REPEAT,
        reason=FollowUpReason.REPEAT,
        due_at=now + dt.timedelta(minutes=rule.repeat_after_min),
    )


def plan_repeat(rule: ReminderRule, occurrence: Occurrence, now: dt.datetime) -> None:
    if (repeat := repeat_of(rule, occurrence.pk, now)) is not None:
        repeat.save()


def tick(clock: Callable[[], dt.datetime], *, until: dt.datetime) -> int:
    """Handle what is due; how many were handled."""
    handled = 0
    with calling(clock) as calls:
        while (now := clock()) < until:
            ids, token = claim(now)
            if not ids:
                break
            for follow_up in ids:
                handle(follow_up, token, clock, calls)
            handled += len(ids)
    return handled


# ---- Claiming -------------------------------------------------------------------------------------------------------
def due(now: dt.datetime) -> QuerySet[FollowUp]:
    """What is due and in nobody's hands."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return FollowUp.objects.filter(free, done_at=None, due_at__lte=now)


def claim(now: dt.datetime) -> tuple[list[uuid.UUID], uuid.UUID]:
    """Take up to `BATCH` for `LEASE`, the longest due first: their ids, and the token that says whose."""
    token = uuid.uuid4()
    with transaction.atomic():
        free = due(now).select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        ids = list(free.order_by("due_at").values_list("pk", flat=True)[:BATCH])
        if ids:
            due(now).filter(pk__in=ids).update(claim_token=token, claimed_until=now + LEASE)
    return ids, token


# ---- One ------------------------------------------------------------------------------------------------------------
def handle(follow_up_id: uuid.UUID, token: uuid.UUID, clock: Callable[[], dt.datetime], calls: Calls) -> None:
    """Decide about one and act on it; an error is its own and stays with it."""
    try:
        decided = decide(follow_up_id, token, clock())
    except (OperationalError, InterfaceError):
        raise  # as in `dispatch`
    except Exception:
        log.exception("follow-up %s is put aside", follow_up_id)
        mine = FollowUp.objects.filter(pk=follow_up_id, claim_token=token, done_at=None)
        mine.update(claim_token=None, claimed_until=clock() + PUT_ASIDE)
    else:
        if decided is not None and decided.occurrence.rule is not None:
            calls.begin(decided, decided.occurrence.rule)


@transaction.atomic
def decide(follow_up_id: uuid.UUID, token: uuid.UUID, now: dt.datetime) -> Delivery | None:
    """End it and write down what becomes of it; the delivery, when it is to be sent now."""
    mine = FollowUp.objects.filter(pk=follow_up_id, claim_token=token, done_at=None)
    follow_up = mine.select_related("occurrence__rule__patient").first()
    if follow_up is None:
        return None
    if at := _not_yet(follow_up, now):
        mine.update(due_at=at, claim_token=None, claimed_until=None)
        return None
    verdict = judge(follow_up, now)
    # The fence: nothing is changed when the lease was lost, or a wish for later took its place.
    if not mine.update(done_at=now, claim_token=None, claimed_until=None) or verdict is None:
        return None
    return _record(follow_up, verdict, now)


def _not_yet(follow_up: FollowUp, now: dt.datetime) -> dt.datetime | None:
    """When a repeat is due whose reminder went out later than it was due, by a second attempt."""
    rule = follow_up.occurrence.rule
    went_out = _went_out_at(follow_up.occurrence)
    if follow_up.reason != FollowUpReason.REPEAT or rule is None or rule.repeat_after_min is None or went_out is None:
        return None
    at = went_out + dt.timedelta(minutes=rule.repeat_after_min)
    return at if at > now else None


def _went_out_at(occurrence: Occurrence) -> dt.datetime | None:
    first = Delivery.objects.filter(occurrence=occurrence, sequence=1, status__in=WENT_OUT)
    moment: dt.datetime | None = first.aggregate(at=Min("started_at"))["at"]
    return moment


def judge(follow_up: FollowUp, now: dt.datetime) -> Verdict | None:
    """What becomes of it, and why. None: there is nothing to repeat, and nothing to keep."""
    rule = follow_up.occurrence.rule
    if rule is None or not asking.is_active(rule.patient) or _is_void(follow_up, rule):
        return None
    if reason := _why_not(follow_up, rule, now):
        return DeliveryStatus.SKIPPED, reason
    if reason := _why_missed(follow_up, rule, now):
        return DeliveryStatus.MISSED, reason
    if not sending.channels_of(rule):
        return DeliveryStatus.SKIPPED, "no channel is on"
    return DeliveryStatus.SENDING, ""


def _is_void(follow_up: FollowUp, rule: ReminderRule) -> bool:
    """A repeat that was switched off, or of what did not go out."""
    if follow_up.reason != FollowUpReason.REPEAT:
        return False
    return rule.repeat_after_min is None or _went_out_at(follow_up.occurrence) is None


def _why_missed(follow_up: FollowUp, rule: ReminderRule, now: dt.datetime) -> str:
    if asking.is_quiet(rule, now):
        return "falls into quiet hours"
    return sending.why_too_late(follow_up.due_at, now)


def _why_not(follow_up: FollowUp, rule: ReminderRule, now: dt.datetime) -> str:
    occurrence = follow_up.occurrence
    if rule.paused:
        return "the reminder is paused"
    if local_today(rule.patient, now) != occurrence.date:
        return "the day is over"
    if follow_up.reason == FollowUpReason.REPEAT and _next_slot_has_come(rule, occurrence, now):
        return "the next reminder is due"
    return asking.reason_to_skip(rule, occurrence.date, occurrence.slot, now, sequence=follow_up.sequence)


def _next_slot_has_come(rule: ReminderRule, occurrence: Occurrence, now: dt.datetime) -> bool:
    schedule = rule.schedule()
    if occurrence.slot >= len(schedule.times):
        return False
    return occasion(schedule, occurrence.date, occurrence.slot + 1).due_at <= now


def _record(follow_up: FollowUp, verdict: Verdict, now: dt.datetime) -> Delivery | None:
    status, outcome = verdict
    rule = follow_up.occurrence.rule
    channels = sending.channels_of(rule) if rule else []
    goes_out = status == DeliveryStatus.SENDING
    delivery = Delivery.objects.create(
        occurrence=follow_up.occurrence,
        channel=channels[0] if channels else "",
        sequence=follow_up.sequence,
        status=status,
        outcome=outcome,
        attempts=1 if goes_out else 0,
        started_at=now,
        finished_at=None if goes_out else now,
    )
    return delivery if goes_out else None
