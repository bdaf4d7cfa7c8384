"""What was interrupted, and what failed and may be tried again."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db.models import F

from reminders import asking, sending
from reminders.channels import CHANNELS
from reminders.models import Delivery, DeliveryStatus

log = logging.getLogger(__name__)

BATCH = 200
# Longer than any mail server may take: EMAIL_TIMEOUT for each of a few round trips.
IN_FLIGHT_FOR = dt.timedelta(seconds=settings.REMINDER_IN_FLIGHT_S)
INTERRUPTED = "the process that sent it ended before the answer came"


def settle_interrupted(now: dt.datetime) -> int:
    """What stayed at `sending` may have gone out. A channel whose message may be repeated sends it again, while it is
    not too late; every other shows it as `unknown` and never repeats it."""
    stuck = Delivery.objects.filter(status=DeliveryStatus.SENDING, started_at__lt=now - IN_FLIGHT_FOR)
    return sum(_settle(delivery, now) for delivery in stuck.select_related("occurrence"))


def _settle(delivery: Delivery, now: dt.datetime) -> int:
    again = CHANNELS[delivery.channel].repeatable and now - sending.due_at(delivery) <= sending.TOO_LATE
    # As it was seen: another tick may have settled it, and sent it anew, meanwhile.
    seen = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.SENDING, started_at=delivery.started_at)
    return seen.update(
        status=DeliveryStatus.FAILED if again else DeliveryStatus.UNKNOWN,
        outcome=INTERRUPTED,
        finished_at=now,
        retry_at=now if again else None,
    )


def retry_failed(clock: Callable[[], dt.datetime]) -> int:
    """Try again what did not go out, or may go out twice; how many were taken."""
    due = Delivery.objects.filter(retry_at__lte=clock()).order_by("retry_at")
    return sum(_retry(pk, clock) for pk in list(due.values_list("pk", flat=True)[:BATCH]))


def _retry(pk: uuid.UUID, clock: Callable[[], dt.datetime]) -> bool:
    # The conditional update is the claim: of two ticks one changes the row.
    now = clock()
    taken = Delivery.objects.filter(pk=pk, status=DeliveryStatus.FAILED, retry_at__lte=now).update(
        status=DeliveryStatus.SENDING, started_at=now, finished_at=None, retry_at=None, attempts=F("attempts") + 1
    )
    if not taken:
        return False
    delivery = Delivery.objects.select_related("occurrence__rule__patient").get(pk=pk)
    try:
        if reason := _why_not(delivery, now):
            sending.finish(delivery, DeliveryStatus.SKIPPED, reason, now)
        else:
            sending.deliver(delivery, clock)
    except Exception:
        log.exception("delivery %s is left as interrupted", pk)
    return True


def _why_not(delivery: Delivery, now: dt.datetime) -> str:
    """Things may have changed since the first attempt: the same questions, asked again."""
    occurrence, rule = delivery.occurrence, delivery.occurrence.rule
    if rule is None or rule.paused or not asking.is_active(rule.patient):
        return "no longer wanted"
    if delivery.channel not in sending.channels_of(rule):
        return "the channel was switched off"
    if asking.is_quiet(rule, now):
        return "quiet hours began before it could go out"
    return asking.reason_to_skip(rule, occurrence.date, occurrence.slot, now, sequence=delivery.sequence)
