"""Handing a delivery to its channel and writing the outcome. The row says `sending` before anything here is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction

from reminders.channels import CHANNELS, ChannelError, Interrupted
from reminders.models import Delivery, DeliveryStatus, FollowUp, OffReason, ReminderRule
from reminders.rules import switch_off

TOO_LATE = dt.timedelta(hours=2)  # strictly more is too late (RULINGS.md)
FIRST_RETRY = dt.timedelta(minutes=2)  # doubled with each attempt


def channels_of(rule: ReminderRule) -> list[str]:
    """The rule's channels that exist and are not switched off, in order."""
    off = set(rule.patient.channels_off.values_list("channel", flat=True))
    return [name for name in rule.channels if name in CHANNELS and name not in off]


def deliver(delivery: Delivery, clock: Callable[[], dt.datetime]) -> None:
    """Send by the delivery's channel; when that failed, by the next one of the rule, and so on.

    A failure and the row of the channel that makes it good are written together: whatever is killed here, either the
    first is still `sending` or the second is. Only when all have failed is one tried again later, the last that may be.
    """
    rule = delivery.occurrence.rule
    if rule is None:
        finish(delivery, DeliveryStatus.SKIPPED, "the reminder was removed", clock())
        return
    rest = _channels_after(delivery, rule)
    retry: tuple[Delivery, dt.datetime] | None = None
    while True:
        status, outcome, error = _call(delivery, rule)
        with transaction.atomic():
            now = clock()
            if error is not None and error.permanent:
                switch_off(rule.patient, delivery.channel, OffReason.REJECTED, outcome)
            finish(delivery, status, outcome, now)
            if error is None:
                return
            if error.again and (at := next_attempt(delivery, now, error.wait)):
                retry = (delivery, at)
            if not rest:
                if retry is not None:
                    Delivery.objects.filter(pk=retry[0].pk, status=DeliveryStatus.FAILED).update(retry_at=retry[1])
                return
            delivery = _fall_back(delivery, rest.pop(0), now)


def _channels_after(delivery: Delivery, rule: ReminderRule) -> list[str]:
    """What may stand in for the delivery's channel: those after it that have not had their turn."""
    names = channels_of(rule)
    rest = names[names.index(delivery.channel) + 1 :] if delivery.channel in names else []
    if rest and delivery.attempts > 1:
        same = Delivery.objects.filter(occurrence=delivery.occurrence_id, sequence=delivery.sequence)
        tried = set(same.values_list("channel", flat=True))
        rest = [name for name in rest if name not in tried]
    return rest


def _call(delivery: Delivery, rule: ReminderRule) -> tuple[DeliveryStatus, str, ChannelError | None]:
    """One call, outside any transaction."""
    try:
        return DeliveryStatus.SENT, CHANNELS[delivery.channel].send(delivery, rule), None
    except ChannelError as error:
        return DeliveryStatus.FAILED, str(error), error
    except Interrupted as error:
        return DeliveryStatus.UNKNOWN, str(error), None


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
    open_row = Delivery.objects.filter(pk=delivery.pk, status__in=(DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN))
    open_row.update(status=status, outcome=outcome[:300], finished_at=now)
