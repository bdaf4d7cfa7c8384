"""What becomes of a delivery: by which channels it may go, what a call has ended with, the outcome in the row. The row
says `sending` before its channel is called (`reminders.waiting`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction

from reminders.channels import CHANNELS, Call, ChannelError, Interrupted
from reminders.models import Delivery, DeliveryStatus, FollowUp, OffReason, ReminderRule
from reminders.rules import switch_off

TOO_LATE = dt.timedelta(hours=2)  # strictly more is too late (RULINGS.md)
FIRST_RETRY = dt.timedelta(minutes=2)  # doubled with each attempt


def channels_of(rule: ReminderRule) -> list[str]:
    """The rule's channels that exist and are not switched off, in order."""
    off = {one.channel for one in rule.patient.channels_off.all()}
    return [name for name in rule.channels if name in CHANNELS and name not in off]


@dataclass
class Attempt:
    """A delivery that is `sending`, and what becomes of its occasion when its channel fails: `rest` are the channels
    that may stand in for it, None until that is asked, and `again` what may be tried another time, and when."""

    delivery: Delivery
    rule: ReminderRule
    rest: list[str] | None = None
    again: tuple[Delivery, dt.datetime] | None = None


@dataclass(frozen=True)
class Verdict:
    status: DeliveryStatus
    outcome: str
    error: ChannelError | None = None


def prepare(attempt: Attempt) -> Call:
    """Raises ChannelError when there is nobody to call."""
    return CHANNELS[attempt.delivery.channel].prepare(attempt.delivery, attempt.rule)


def verdict(call: Call, made: Callable[[], None]) -> Verdict:
    """What became of the call; `made` makes it, or waits for whoever does. Outside any transaction."""
    try:
        made()
        return Verdict(DeliveryStatus.SENT, call.told())
    except ChannelError as error:
        return failed(error)
    except Interrupted as error:
        return Verdict(DeliveryStatus.UNKNOWN, str(error))


def failed(error: ChannelError) -> Verdict:
    return Verdict(DeliveryStatus.FAILED, str(error), error)


@transaction.atomic
def conclude(attempt: Attempt, found: Verdict, clock: Callable[[], dt.datetime]) -> Attempt | None:
    """Write the outcome; the attempt by the next channel, which is to be made now.

    A failure and the row of the channel that makes it good are written together: whatever is killed here, either the
    first is still `sending` or the second is. Only when all have failed is one tried again later, the last that may be.
    """
    now, delivery, error = clock(), attempt.delivery, found.error
    if error is None:
        finish(delivery, found.status, found.outcome, now)
        return None
    rest = _channels_after(delivery, attempt.rule) if attempt.rest is None else attempt.rest
    if error.permanent:
        switch_off(attempt.rule.patient, delivery.channel, OffReason.REJECTED, found.outcome)
    finish(delivery, found.status, found.outcome, now)
    again = attempt.again
    if error.again and (at := next_attempt(delivery, now, error.wait)):
        again = (delivery, at)
    if rest:
        return Attempt(_fall_back(delivery, rest[0], now), attempt.rule, rest[1:], again)
    if again is not None:
        Delivery.objects.filter(pk=again[0].pk, status=DeliveryStatus.FAILED).update(retry_at=again[1])
    return None


def _channels_after(delivery: Delivery, rule: ReminderRule) -> list[str]:
    """What may stand in for the delivery's channel: those after it that have not had their turn."""
    names = channels_of(rule)
    rest = names[names.index(delivery.channel) + 1 :] if delivery.channel in names else []
    if rest and delivery.attempts > 1:
        same = Delivery.objects.filter(occurrence=delivery.occurrence_id, sequence=delivery.sequence)
        tried = set(same.values_list("channel", flat=True))
        rest = [name for name in rest if name not in tried]
    return rest


def _fall_back(failed: Delivery, channel: str, now: dt.datetime) -> Delivery:
    return Delivery.objects.create(
        occurrence=failed.occurrence,
        channel=channel,
        sequence=failed.sequence,
        status=DeliveryStatus.SENDING,
        attempts=1,
        started_at=now,
    )


def due_at(delivery: Delivery) -> dt.datetime:
    """When what it says was due: the occurrence's hour, or the repeat's."""
    if delivery.sequence == 1:
        return delivery.occurrence.due_at
    follow_up = FollowUp.objects.filter(occurrence=delivery.occurrence_id, sequence=delivery.sequence)
    return follow_up.values_list("due_at", flat=True).first() or delivery.occurrence.due_at


def why_too_late(due_at: dt.datetime, now: dt.datetime) -> str:
    """Empty when it is not."""
    late = now - due_at
    return f"{late // dt.timedelta(minutes=1)} minutes late" if late > TOO_LATE else ""


def next_attempt(delivery: Delivery, now: dt.datetime, wait: dt.timedelta = dt.timedelta()) -> dt.datetime | None:
    """When to try again, not before the `wait` that was asked for; None when that would be too late."""
    at = now + max(wait, FIRST_RETRY * 2 ** (delivery.attempts - 1))
    return at if at - due_at(delivery) <= TOO_LATE else None


def finish(delivery: Delivery, status: DeliveryStatus, outcome: str, now: dt.datetime) -> None:
    """Write the outcome. One that arrives after the row was given up as `unknown` is still the truth."""
    finish_all([delivery], status, outcome, now)


def finish_all(deliveries: Collection[Delivery], status: DeliveryStatus, outcome: str, now: dt.datetime) -> None:
    ids = [one.pk for one in deliveries]
    open_rows = Delivery.objects.filter(pk__in=ids, status__in=(DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN))
    open_rows.update(status=status, outcome=outcome[:300], finished_at=now)
