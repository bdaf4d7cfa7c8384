"""Handing a delivery to its channel and writing the outcome. The row says `sending` before anything here is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from reminders.channels import CHANNELS, ChannelError, Interrupted
from reminders.models import Delivery, DeliveryStatus, OffReason, ReminderRule
from reminders.rules import switch_off

TOO_LATE = dt.timedelta(hours=2)  # strictly more is too late (RULINGS.md)
FIRST_RETRY = dt.timedelta(minutes=2)  # doubled with each attempt


def channels_of(rule: ReminderRule) -> list[str]:
    """The rule's channels that exist and are not switched off, in order."""
    off = set(rule.patient.channels_off.values_list("channel", flat=True))
    return [name for name in rule.channels if name in CHANNELS and name not in off]


def deliver(delivery: Delivery, clock: Callable[[], dt.datetime]) -> None:
    """Send by the delivery's channel; when that certainly failed, by the next one of the rule, and so on.

    Only the last channel's failure is tried again later: an earlier one's has been made good.
    """
    rule = delivery.occurrence.rule
    if rule is None:
        finish(delivery, DeliveryStatus.SKIPPED, "the reminder was removed", clock())
        return
    rest = channels_of(rule)
    rest = rest[rest.index(delivery.channel) + 1 :] if delivery.channel in rest else []
    while send(delivery, rule, clock, last=not rest) == DeliveryStatus.FAILED and rest:
        delivery = Delivery.objects.create(
            occurrence=delivery.occurrence,
            channel=rest.pop(0),
            sequence=delivery.sequence,
            status=DeliveryStatus.SENDING,
            attempts=1,
            started_at=clock(),
        )


def send(delivery: Delivery, rule: ReminderRule, clock: Callable[[], dt.datetime], *, last: bool) -> DeliveryStatus:
    """One call. `last`: no other channel follows, so a passing failure is scheduled for another attempt."""
    try:
        outcome = CHANNELS[delivery.channel].send(delivery, rule)
    except ChannelError as error:
        if error.permanent:
            switch_off(rule.patient, delivery.channel, OffReason.REJECTED, str(error))
        retry_at = None if error.permanent or not last else next_attempt(delivery, clock())
        return finish(delivery, DeliveryStatus.FAILED, str(error), clock(), retry_at=retry_at)
    except Interrupted as error:
        return finish(delivery, DeliveryStatus.UNKNOWN, str(error), clock())
    return finish(delivery, DeliveryStatus.SENT, outcome, clock())


def next_attempt(delivery: Delivery, now: dt.datetime) -> dt.datetime | None:
    """When to try again; None when that would be too late."""
    at = now + FIRST_RETRY * 2 ** (delivery.attempts - 1)
    return at if at - delivery.occurrence.due_at <= TOO_LATE else None


def finish(
    delivery: Delivery,
    status: DeliveryStatus,
    outcome: str,
    now: dt.datetime,
    *,
    retry_at: dt.datetime | None = None,
) -> DeliveryStatus:
    """Write the outcome. One that arrives after the row was given up as `unknown` is still the truth."""
    open_row = Delivery.objects.filter(pk=delivery.pk, status__in=(DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN))
    open_row.update(status=status, outcome=outcome[:300], finished_at=now, retry_at=retry_at)
    return status
