"""Sending what waits in the table: what was queued, and what failed and may be tried again. Several calls at once.

Whatever touches the database happens in the thread that ticks, for a handful of deliveries together: one transaction
takes them, asks once more whether they are wanted, and makes them `sending`; what became of them is written as it is
known. The calls between are made in threads, so a server that is slow to answer holds up one of them and not the
others. No more than are under way can a kill leave without an outcome.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, prefetch_related_objects

from reminders import asking, sending
from reminders.channels import Call, ChannelError
from reminders.models import Delivery, DeliveryStatus, FollowUp, FollowUpReason, ReminderRule
from reminders.sending import Attempt

log = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
WAITS = (DeliveryStatus.QUEUED, DeliveryStatus.FAILED)


def send_waiting(clock: Clock, *, until: dt.datetime) -> int:
    """Send what waits and is due, the longest waiting first; how many were second attempts or later. Nothing is begun
    after `until`; what is under way then is waited for."""
    again, more = 0, True
    with calling(clock) as calls:
        while more or calls.under_way:
            if more and 2 * calls.room >= calls.most:
                room, now = calls.room, clock()
                taken = calls.begin_some(room, now) if now < until else []
                again += sum(one.attempts > 1 for one in taken)
                more = len(taken) == room
            if calls.under_way:
                calls.await_some()
    return again


# ---- Taking ---------------------------------------------------------------------------------------------------------
def take(most: int, now: dt.datetime) -> list[Delivery]:
    """Up to so many of those that wait, locked and `sending`. What another tick is just taking is left to it."""
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(retry_at__lte=now)
    waiting = waiting.filter(status__in=WAITS).select_related("occurrence__rule__patient")
    taken = list(waiting.order_by("retry_at")[:most])
    facts = {"status": DeliveryStatus.SENDING, "started_at": now, "finished_at": None, "retry_at": None}
    if taken:
        Delivery.objects.filter(pk__in=[one.pk for one in taken]).update(**facts, attempts=F("attempts") + 1)
    for one in taken:
        one.attempts += 1
        for name, value in facts.items():
            setattr(one, name, value)
    return taken


# ---- Asking once more -----------------------------------------------------------------------------------------------
def still_wanted(taken: Collection[Delivery], now: dt.datetime) -> list[Attempt]:
    """Those that are to go out. Things may have changed since they were queued, or failed: of the others is written
    why not. An error is the row's own and stays with it."""
    rules = [one.occurrence.rule for one in taken if one.occurrence.rule is not None]
    prefetch_related_objects([rule.patient for rule in rules], "channels_off")
    asked = [(one.occurrence.rule, one.occurrence.date) for one in taken if one.occurrence.rule is not None]
    known = Known(asking.gather(asked, now), _put_off(taken))
    wanted = []
    for delivery in taken:
        with own_fault(delivery):
            rule = delivery.occurrence.rule
            if not _end_early(delivery, known, now) and rule is not None:
                wanted.append(Attempt(delivery, rule))
    return wanted


@contextmanager
def own_fault(delivery: Delivery) -> Iterator[None]:
    """One bad row stalls nobody. A database that went away is no row's fault."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("delivery %s is left as interrupted", delivery.pk)


@dataclass(frozen=True)
class Known:
    facts: asking.Facts
    put_off: Collection[object]
    """Occurrences that somebody wants later today."""


def _put_off(taken: Collection[Delivery]) -> set[object]:
    first = [one.occurrence_id for one in taken if one.attempts == 1]
    wishes = FollowUp.objects.filter(occurrence__in=first, reason=FollowUpReason.LATER, dropped="")
    return set(wishes.values_list("occurrence", flat=True))


def _end_early(delivery: Delivery, known: Known, now: dt.datetime) -> bool:
    if reason := _why_not(delivery, delivery.occurrence.rule, known, now):
        _end(delivery, DeliveryStatus.SKIPPED, reason, now)
    elif late := sending.why_too_late(sending.due_at(delivery), now):
        status = DeliveryStatus.MISSED if delivery.attempts == 1 else DeliveryStatus.FAILED
        _end(delivery, status, late, now)
    else:
        return False
    return True


@transaction.atomic
def _end(delivery: Delivery, status: DeliveryStatus, outcome: str, now: dt.datetime) -> None:
    sending.finish(delivery, status, outcome, now)
    if delivery.attempts == 1:  # nothing went out that could be repeated
        delivery.occurrence.follow_ups.filter(reason=FollowUpReason.REPEAT, done_at=None).delete()


def _why_not(delivery: Delivery, rule: ReminderRule | None, known: Known, now: dt.datetime) -> str:
    """The questions of `dispatch.judge`, asked again."""
    occurrence = delivery.occurrence
    if rule is None or rule.paused or not asking.is_active(rule.patient):
        return "no longer wanted"
    if occurrence.pk in known.put_off and delivery.attempts == 1:
        return "put off to later today"
    if delivery.channel not in sending.channels_of(rule):
        return "the channel was switched off"
    if asking.is_quiet(rule, now):
        return "quiet hours began before it could go out"
    return asking.reason_to_skip(
        rule, occurrence.date, occurrence.slot, now, sequence=delivery.sequence, facts=known.facts
    )


# ---- Calling --------------------------------------------------------------------------------------------------------
Ready = tuple[Attempt, Call]


@contextmanager
def calling(clock: Clock) -> Iterator[Calls]:
    """Ends when every call has ended; each outcome is written, unless the block ends in an error."""
    most = settings.REMINDER_SENDS_AT_ONCE
    with ThreadPoolExecutor(most, "reminder") as threads:
        calls = Calls(most, threads, clock)
        yield calls
        while calls.under_way:
            calls.await_some()


class Calls:
    """Those that are `under_way`, `most` at once."""

    def __init__(self, most: int, threads: ThreadPoolExecutor, clock: Clock) -> None:
        self.most = most
        self.under_way: dict[Future[None], Ready] = {}
        self._threads = threads
        self._clock = clock

    @property
    def room(self) -> int:
        return self.most - len(self.under_way)

    def begin(self, delivery: Delivery, rule: ReminderRule) -> None:
        """Call for one that is `sending`, as soon as there is room."""
        while not self.room:
            self.await_some()
        with own_fault(delivery):
            self._call(self._ready(Attempt(delivery, rule)))

    def begin_some(self, most: int, now: dt.datetime) -> list[Delivery]:
        """Take, ask and make ready in one transaction, so that a kill before its end leaves all of them waiting; then
        call. What was taken."""
        with transaction.atomic():
            taken = take(most, now)
            ready: list[Ready] = []
            for attempt in still_wanted(taken, now):
                with own_fault(attempt.delivery):
                    ready += self._ready(attempt)
        self._call(ready)
        return taken

    def await_some(self) -> None:
        """Wait for an answer, and write down all that have come meanwhile."""
        answered, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
        sent: dict[str, list[Delivery]] = defaultdict(list)
        for future in answered:
            attempt, call = self.under_way.pop(future)
            with own_fault(attempt.delivery):
                found = sending.verdict(call, future.result)
                if found.status == DeliveryStatus.SENT:
                    sent[found.outcome].append(attempt.delivery)
                else:
                    self._conclude(attempt, found)
        for outcome, deliveries in sent.items():
            sending.finish_all(deliveries, DeliveryStatus.SENT, outcome, self._clock())

    def _ready(self, attempt: Attempt | None) -> list[Ready]:
        """With its call, or with the next channel's where there is nobody to call; none when no channel is left."""
        if attempt is None:
            return []
        try:
            return [(attempt, sending.prepare(attempt))]
        except ChannelError as error:
            next_one = sending.conclude(attempt, sending.failed(error), self._clock)
        return self._ready(next_one)

    def _call(self, ready: Iterable[Ready]) -> None:
        for attempt, call in ready:
            self.under_way[self._threads.submit(call.make)] = (attempt, call)

    def _conclude(self, attempt: Attempt, found: sending.Verdict) -> None:
        """Where it failed, the next channel is called at once."""
        self._call(self._ready(sending.conclude(attempt, found, self._clock)))
