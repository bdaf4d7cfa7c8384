"""What was interrupted while it was sent: a process that ended, a connection that broke with the machine."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from reminders import sending
from reminders.channels import CHANNELS
from reminders.models import Delivery, DeliveryStatus

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
