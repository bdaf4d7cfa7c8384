"""Sending what waits in the table: what was queued, what failed and may be tried again, what was interrupted."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from reminders import asking, sending
from reminders.channels import CHANNELS
from reminders.models import Delivery, DeliveryStatus, FollowUpReason

log = logging.getLogger(__name__)

BATCH = 50
LEASE = dt.timedelta(seconds=settings.REMINDER_LEASE_S)
# Longer than any mail server may take: EMAIL_TIMEOUT for each of a few round trips.
IN_FLIGHT_FOR = dt.timedelta(seconds=settings.REMINDER_IN_FLIGHT_S)
INTERRUPTED = "the process that sent it ended before the answer came"


def settle_interrupted(now: dt.datetime) -> int:
    """What stayed at `sending` may have gone out. A channel whose message may be repeated tries it again, while it is
    not too late and still wanted; every other shows it as `unknown` and never repeats it."""
    stuck = Delivery.objects.filter(status=DeliveryStatus.SENDING, started_at__lt=now - IN_FLIGHT_FOR)
    return sum(_settle(delivery, now) for delivery in stuck.select_related("occurrence"))


def _settle(delivery: Delivery, now: dt.datetime) -> int:
    again = CHANNELS[delivery.channel].repeatable and not sending.why_too_late(sending.due_at(delivery), now)
    # As it was seen: another tick may have settled it, and sent it anew, meanwhile.
    seen = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.SENDING, started_at=delivery.started_at)
    return seen.update(
        status=DeliveryStatus.FAILED if again else DeliveryStatus.UNKNOWN,
        outcome=INTERRUPTED,
        finished_at=now,
        retry_at=now if again else None,
    )


def send_waiting(clock: Callable[[], dt.datetime], *, until: dt.datetime) -> int:
    """Send what waits and is due, the longest waiting first; how many were second attempts or later."""
    again = 0
    while (now := clock()) < until:
        ids = _lease(now)
        if not ids:
            break
        for n, pk in enumerate(ids):
            if clock() >= until:
                Delivery.objects.filter(pk__in=ids[n:], retry_at=now + LEASE).update(retry_at=now)
                break
            again += _send(pk, now + LEASE, clock)
    return again


def _lease(now: dt.datetime) -> list[uuid.UUID]:
    """Take up to `BATCH`: nobody else finds them before the lease ends, and whoever outlives it finds them changed."""
    with transaction.atomic():
        waiting = Delivery.objects.select_for_update(skip_locked=True).filter(retry_at__lte=now)
        ids = list(waiting.order_by("retry_at").values_list("pk", flat=True)[:BATCH])
        if ids:
            Delivery.objects.filter(pk__in=ids).update(retry_at=now + LEASE)
    return ids


def _send(pk: uuid.UUID, leased_until: dt.datetime, clock: Callable[[], dt.datetime]) -> bool:
    # The conditional update is the fence: of two ticks one changes the row.
    now = clock()
    mine = Delivery.objects.filter(pk=pk, status__in=(DeliveryStatus.QUEUED, DeliveryStatus.FAILED))
    if not mine.filter(retry_at=leased_until).update(
        status=DeliveryStatus.SENDING, started_at=now, finished_at=None, retry_at=None, attempts=F("attempts") + 1
    ):
        return False
    delivery = Delivery.objects.select_related("occurrence__rule__patient").get(pk=pk)
    try:
        if not _end_early(delivery, now):
            sending.deliver(delivery, clock)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("delivery %s is left as interrupted", pk)
    return delivery.attempts > 1


def _end_early(delivery: Delivery, now: dt.datetime) -> bool:
    """Things may have changed since it was queued, or failed."""
    if reason := _why_not(delivery, now):
        sending.finish(delivery, DeliveryStatus.SKIPPED, reason, now)
    elif late := sending.why_too_late(sending.due_at(delivery), now):
        status = DeliveryStatus.MISSED if delivery.attempts == 1 else DeliveryStatus.FAILED
        sending.finish(delivery, status, late, now)
    else:
        return False
    if delivery.attempts == 1:  # nothing went out that could be repeated
        delivery.occurrence.follow_ups.filter(reason=FollowUpReason.REPEAT, done_at=None).delete()
    return True


def _why_not(delivery: Delivery, now: dt.datetime) -> str:
    """The questions of `dispatch.judge`, asked again."""
    occurrence, rule = delivery.occurrence, delivery.occurrence.rule
    if rule is None or rule.paused or not asking.is_active(rule.patient):
        return "no longer wanted"
    if delivery.attempts == 1 and occurrence.follow_ups.filter(reason=FollowUpReason.LATER, dropped="").exists():
        return "put off to later today"
    if delivery.channel not in sending.channels_of(rule):
        return "the channel was switched off"
    if asking.is_quiet(rule, now):
        return "quiet hours began before it could go out"
    return asking.reason_to_skip(rule, occurrence.date, occurrence.slot, now, sequence=delivery.sequence)
