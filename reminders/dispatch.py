"""Sending what is due. One `tick` does everything; any number of them may run at once, on any number of machines.

What is guaranteed, and by what:

- **A due reminder is not lost.** It is a row (`next_due_at`), found again by the next tick whatever was killed or
  lost, the broker included. Up to two hours late it is still sent; later it is recorded as `missed`, so an outage ends
  without a flood.
- **E-mail goes out at most once** for an occurrence. One transaction writes the delivery as `queued` and moves the
  rule to its next occasion, for hundreds of rules at once (`reminders.batches`). A handful is then taken
  (`reminders.waiting`): a transaction makes them `sending`, only after that do their calls go out, and each outcome is
  written after its call. A delivery that stays at `sending` was interrupted: it is shown as `unknown` and never
  repeated. What a channel is certain not to have sent (the server could not be reached, or refused) is `failed`, and
  waits to be tried again.
- **A push that may have been lost goes out again**, as long as it is still wanted and at most two hours late. One that
  stays at `sending`, or whose answer did not come, becomes `failed` and is tried again like any other: everything is
  asked anew, and it has the same topic (the push service keeps the newest alone) and the same occurrence (the phone's
  tag: one notification is visible). So it may end `skipped` ("already done"), or `failed` for being late, although the
  first call went out. One that is found interrupted after the two hours is `unknown`.
- **A channel that fails is made good by the next one**, in the transaction that writes the failure; when all have
  failed, the last that may be is tried again. A push without an answer counts as failed: then the e-mail comes too.
- **Two ticks never act on one occurrence.** What a tick takes it locks, decides and moves on in one transaction, and
  others skip what is locked. What wants a closer look is claimed there, with a fresh token and a lease on the
  database's clock: whoever lost the lease, or whose rule was changed by its owner meanwhile, finds another token and
  does nothing. Behind that stand the keys: occurrence (rule, date, slot), delivery (occurrence, channel, sequence).
- **A reminder comes a second time at most**, when its rule asks for a gentle repeat, and after that only by the
  patient's own wish: `reminders.follow_ups`, claimed in the same way, with a sequence of its own in the delivery's key.
- **"Already done?" is asked after the delivery was taken**, right before its call, and so is everything else that may
  have changed while it was queued. A session that syncs between that answer and the call cannot be known.
- **One bad row stalls nobody.** Its error is logged, the rule is left alone for `PUT_ASIDE`, the loop goes on. A
  database that went away ends the tick instead; what was claimed is free again when the lease ends.

Sends happen here, in the worker that ticks, not as tasks of their own: the queue is the table, and a broker has nothing
to lose. More throughput is more workers: each takes a batch of its own, and sends what waits, whoever queued it.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction

from patients.models import Patient
from reminders import asking, batches, follow_ups, sending
from reminders.clock import database_now
from reminders.due import Occasion, following, next_after, occasion
from reminders.interrupted import settle_interrupted
from reminders.models import (
    Delivery,
    DeliveryStatus,
    Heartbeat,
    Occurrence,
    ReminderRule,
    next_columns,
    occurrence_id,
)
from reminders.rules import move_to_zone
from reminders.waiting import send_waiting

log = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]

PUT_ASIDE = dt.timedelta(minutes=10)
REMEMBER_OUTAGE = dt.timedelta(days=7)  # how far back the days of an outage are recorded one by one
# With the minute of `staff_alerts`, which comes first in the same task, under the broker's visibility timeout (300 s),
# so that a long tick is not handed to a second worker; what is left is for the calls that are under way at the end.
TICK_BUDGET = dt.timedelta(minutes=3)


def tick(clock: Clock = database_now) -> int:
    """Handle everything that is due, up to `TICK_BUDGET`; how many rules, follow-ups and second attempts it were."""
    started = clock()
    Heartbeat.objects.update_or_create(name="tick", defaults={"at": started})
    settle_interrupted(started)
    handled = 0
    until = started + TICK_BUDGET
    while clock() < until and (decided := decide_due(clock)):
        handled += decided + send_waiting(clock, until=until)
    handled += follow_ups.tick(clock, until=until)
    return handled + send_waiting(clock, until=until)


def decide_due(clock: Clock) -> int:
    """The next few hundred: the usual ones together, the others one by one; how many it were."""
    now = clock()
    try:
        taken = batches.take(now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("reminder rules that are due are decided one by one")
        taken = batches.Taken(0, *batches.claim(now))
    for rule_id in taken.claimed:
        handle(rule_id, taken.token, clock)
    return taken.queued + len(taken.claimed)


# ---- One rule -------------------------------------------------------------------------------------------------------


def handle(rule_id: uuid.UUID, token: uuid.UUID, clock: Clock = database_now) -> None:
    """Decide about one claimed rule; an error is the row's own and stays with it."""
    try:
        decide(rule_id, token, clock())
    except (OperationalError, InterfaceError):
        raise  # the database went away, for which no row is to blame: the claim ends with its lease
    except Exception:
        log.exception("reminder rule %s is put aside", rule_id)
        # A claim by nobody: until it ends, no tick picks the rule up.
        mine = ReminderRule.objects.filter(pk=rule_id, claim_token=token)
        mine.update(claim_token=None, claimed_until=clock() + PUT_ASIDE)


@transaction.atomic
def decide(rule_id: uuid.UUID, token: uuid.UUID, now: dt.datetime) -> None:
    """Move the rule on and write down what becomes of its occasion.

    Either all of it happens or nothing does and a later tick finds the rule as it was.
    """
    # Whoever changes a rule locks its patient first: the same order here, or the two wait for each other.
    of_rule = Patient.objects.filter(reminder_rules=rule_id)
    of_rule.select_for_update(of=("self",), no_key=True).values_list("pk").first()
    rule = ReminderRule.objects.select_related("patient").filter(pk=rule_id, claim_token=token).first()
    if rule is None or rule.next_date is None or rule.next_slot is None:
        return
    if rule.timezone != rule.patient.timezone:
        _heal_zone(rule, token)
        return
    pending = occasion(rule.schedule(), rule.next_date, rule.next_slot)
    verdict = judge(rule, pending, now)
    if _move_on(rule, token, _next(rule, pending, now)) and verdict is not None:
        _record(rule, pending, verdict, now)


def judge(rule: ReminderRule, pending: Occasion, now: dt.datetime) -> tuple[DeliveryStatus, str] | None:
    """What becomes of an occasion, and why. None for a patient who is not in treatment: there was nothing to remind
    of, and nothing to keep."""
    if not asking.is_active(rule.patient):
        return None
    if reason := asking.reason_to_skip(rule, pending.date, pending.slot, now):
        return DeliveryStatus.SKIPPED, reason
    if reason := _why_missed(rule, pending, now):
        return DeliveryStatus.MISSED, reason
    if not sending.channels_of(rule):
        return DeliveryStatus.SKIPPED, "no channel is on"
    return DeliveryStatus.QUEUED, ""


def _why_missed(rule: ReminderRule, pending: Occasion, now: dt.datetime) -> str:
    if pending.silenced:
        return "falls into quiet hours that end on the next day"
    if late := sending.why_too_late(pending.due_at, now):
        return late
    return "quiet hours began before it could go out" if asking.is_quiet(rule, now) else ""


def _next(rule: ReminderRule, pending: Occasion, now: dt.datetime) -> Occasion | None:
    oldest = now - REMEMBER_OUTAGE
    if pending.due_at < oldest:
        return next_after(rule.schedule(), oldest)
    return following(rule.schedule(), pending)


def _move_on(rule: ReminderRule, token: uuid.UUID, to: Occasion | None) -> bool:
    """The fence: False when the lease was lost, and then nothing may be done."""
    mine = ReminderRule.objects.filter(pk=rule.pk, claim_token=token)
    return bool(mine.update(**next_columns(to), timezone=rule.timezone, claim_token=None, claimed_until=None))


def _heal_zone(rule: ReminderRule, token: uuid.UUID) -> None:
    """The zone was changed without a word to `rules.follow_zone`. The same occasion gets its instant there and is free
    again: if it is due now, this tick claims it once more."""
    assert rule.next_date is not None  # noqa: S101 (asked by the caller)
    assert rule.next_slot is not None  # noqa: S101
    move_to_zone(rule, rule.patient.timezone)
    _move_on(rule, token, occasion(rule.schedule(), rule.next_date, rule.next_slot))


def _dealt_with(occurrence: Occurrence, pending: Occasion) -> bool:
    """Its owner moved the hour after it had gone out (once a date and slot), or put it off to later today. A wish for
    later that could not be fulfilled leaves a row as well, and changes nothing."""
    Occurrence.objects.select_for_update().get(pk=occurrence.pk)  # a wish may be arriving
    if occurrence.deliveries.exists() or occurrence.follow_ups.filter(dropped="").exists():
        return True
    Occurrence.objects.filter(pk=occurrence.pk).update(due_at=pending.due_at)
    occurrence.due_at = pending.due_at
    return False


def _record(rule: ReminderRule, pending: Occasion, verdict: tuple[DeliveryStatus, str], now: dt.datetime) -> None:
    occurrence, new = Occurrence.objects.get_or_create(
        pk=occurrence_id(rule.pk, pending.date, pending.slot),
        defaults={
            "patient": rule.patient,
            "rule": rule,
            "date": pending.date,
            "slot": pending.slot,
            "due_at": pending.due_at,
        },
    )
    if not new and _dealt_with(occurrence, pending):
        return
    status, outcome = verdict
    channels = sending.channels_of(rule)
    goes_out = status == DeliveryStatus.QUEUED
    Delivery.objects.create(
        occurrence=occurrence,
        channel=channels[0] if channels else "",
        status=status,
        outcome=outcome,
        started_at=now,
        finished_at=None if goes_out else now,
        retry_at=now if goes_out else None,
    )
    if goes_out:
        follow_ups.plan_repeat(rule, occurrence, now)
