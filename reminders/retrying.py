"""What was interrupted, and what failed and may be tried again."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.db.models import F

from reminders import asking, sending
from reminders.models import Delivery, DeliveryStatus

log = logging.getLogger(__name__)

BATCH = 200
# Longer than any mail server may take: EMAIL_TIMEOUT for each of a few round trips.
IN_FLIGHT_FOR = dt.timedelta(minutes=5)
INTERRUPTED = "the process that sent it ended before the answer came"


def settle_interrupted(now: dt.datetime) -> int:
    """Show what stayed at `sending` as `unknown`. It is never sent again: it may have gone out."""
    stuck = Delivery.objects.filter(status=DeliveryStatus.SENDING, started_at__lt=now - IN_FLIGHT_FOR)
    return stuck.update(status=DeliveryStatus.UNKNOWN, outcome=INTERRUPTED, finished_at=now)


def retry_failed(clock: Callable[[], dt.datetime]) -> int:
    """Try again what certainly did not go out; how many were taken."""
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
        log.exception("delivery %s is left as unknown", pk)
    return True


def _why_not(delivery: Delivery, now: dt.datetime) -> str:
    """Things may have changed since the first attempt: the same questions, asked again."""
    occurrence, rule = delivery.occurrence, delivery.occurrence.rule
    if rule is None or rule.paused or not asking.is_active(rule.patient):
        return "no longer wanted"
    if delivery.channel not in sending.channels_of(rule):
        return "the channel was switched off"
    return asking.reason_to_skip(rule, occurrence.date, occurrence.slot, now)
