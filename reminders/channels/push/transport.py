"""Web push: a message that may or may not have been taken is sent again while it is still wanted, under the same topic,
and the phone shows one."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Sequence
from typing import ClassVar

from reminders import subscriptions
from reminders.channels.errors import ChannelError
from reminders.channels.push import client, endpoints, message, resting
from reminders.channels.push.answers import Told, Verdict, judge
from reminders.models import Delivery, PushSubscription, ReminderRule

log = logging.getLogger(__name__)

# For all phones of a patient together, far below the time after which a delivery counts as interrupted.
WITHIN_S = 60.0


class PushChannel:
    """Sent when one phone's push service took it. Gone only when all are, refused only when nothing else is left."""

    repeatable: ClassVar[bool] = True

    def prepare(self, delivery: Delivery, rule: ReminderRule) -> PushCall:
        phones = list(subscriptions.reachable(rule.patient))
        if not phones:
            raise ChannelError("no phone is subscribed", again=False)
        return PushCall(phones, delivery, message.ttl_s(delivery, rule))


class PushCall:
    """All phones of a patient, one after the other."""

    def __init__(self, phones: Sequence[PushSubscription], delivery: Delivery, ttl: int) -> None:
        self._phones = phones
        self._delivery = delivery
        self._ttl = ttl
        self._told: list[Told] = []

    def make(self) -> None:
        content = message.payload(self._delivery)
        until = time.monotonic() + WITHIN_S
        self._told = [tell(phone, self._delivery, content, self._ttl, until) for phone in self._phones]

    def told(self) -> str:
        _write_down(self._phones, self._told)
        outcome = "; ".join(one.words for one in self._told)
        verdicts = {one.verdict for one in self._told}
        if Verdict.TAKEN in verdicts:
            return outcome
        waits = [one.wait for one in self._told if one.wait is not None]
        raise ChannelError(outcome, permanent=Verdict.LATER not in verdicts, wait=min(waits, default=None))


def tell(phone: PushSubscription, delivery: Delivery, content: bytes, ttl: int, until: float) -> Told:
    """One request to one push service."""
    if time.monotonic() > until:
        return Told(Verdict.LATER, "not tried: the other phones took too long")
    try:
        endpoint = endpoints.parse(phone.endpoint)
        if resting.rests(endpoint.origin):
            told = Told(Verdict.LATER, "not tried: it has just not answered several times")
        else:
            told = _request(phone, delivery, content, ttl, endpoint)
    except endpoints.EndpointRefused as error:
        return Told(Verdict.REFUSED, f"address refused: {error}")
    return Told(told.verdict, f"{endpoint.host}: {told.words}", told.wait)


def _request(
    phone: PushSubscription, delivery: Delivery, content: bytes, ttl: int, endpoint: endpoints.Endpoint
) -> Told:
    """Raises EndpointRefused."""
    try:
        sealed = message.seal(content, phone)
    except ValueError:
        return Told(Verdict.REFUSED, "the phone's key is none")
    try:
        answer = client.post(phone.endpoint, sealed, message.headers(delivery, ttl, endpoint.origin))
    except client.Unreached as error:
        resting.silent(endpoint.origin)
        return Told(Verdict.LATER, str(error))
    resting.answered(endpoint.origin)
    if answer.status in (401, 403):
        log.error("%s refuses this installation's VAPID key (%s)", endpoint.host, answer.status)
    return judge(answer, dt.datetime.now(dt.UTC))


def _write_down(phones: Sequence[PushSubscription], told: Sequence[Told]) -> None:
    by_verdict: dict[Verdict, list[PushSubscription]] = {}
    for phone, one in zip(phones, told, strict=True):
        by_verdict.setdefault(one.verdict, []).append(phone)
        if one.verdict is Verdict.GONE:
            subscriptions.end([phone], one.words)
    subscriptions.reached(by_verdict.get(Verdict.TAKEN, []))
