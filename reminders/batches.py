"""Taking what is due, hundreds of rules at once. The usual case is decided here: in time, in treatment, nothing
unusual about the hour. What is left to ask (locked, done, a channel switched off) is asked when it goes out, as it is
of a second attempt. Whatever wants a closer look is claimed, for `reminders.dispatch` to decide by itself."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.base import new_id
from reminders import asking, follow_ups, sending
from reminders.channels import CHANNELS
from reminders.due import Occasion, Schedule, following, occasion
from reminders.inserting import insert
from reminders.models import (
    ChannelOff,
    Delivery,
    DeliveryStatus,
    FollowUp,
    Occurrence,
    ReminderRule,
    next_columns,
    occurrence_id,
)

BATCH = 500
LEASE = dt.timedelta(seconds=settings.REMINDER_LEASE_S)

# Of fifty columns, what is looked at here.
READ = (
    *("kind", "times", "weekdays", "timezone", "quiet_from", "quiet_to", "channels", "repeat_after_min"),
    *("next_date", "next_slot", "patient__timezone", "patient__status"),
)


@dataclass(frozen=True)
class Taken:
    """How many were queued, and the ids of those that are claimed under `token`."""

    queued: int
    claimed: list[uuid.UUID]
    token: uuid.UUID


def due_rules(now: dt.datetime) -> QuerySet[ReminderRule]:
    """What is due and in nobody's hands."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return ReminderRule.objects.filter(free, next_due_at__lte=now)


@transaction.atomic
def take(now: dt.datetime) -> Taken:
    """Take up to `BATCH` due rules, the longest due first. The usual ones move on and their deliveries are queued, the
    rest is claimed for `LEASE`: all of it happens, or nothing does.

    Seven statements, one for each different next occasion and the transaction's two, however many rules.
    """
    rules = _locked(now)
    usual = _usual(rules, now)
    for pk in Occurrence.objects.filter(pk__in=list(usual)).values_list("pk", flat=True):
        del usual[pk]
    _move_on(usual.values())
    _queue(usual, now)
    queued = {rule.pk for rule, *_ in usual.values()}
    others = [rule.pk for rule in rules if rule.pk not in queued]
    return Taken(len(queued), others, _claim(others, now))


@transaction.atomic
def claim(now: dt.datetime) -> tuple[list[uuid.UUID], uuid.UUID]:
    """Claim what `take` would take, whatever it is: the ids, and the token that says whose."""
    ids = [rule.pk for rule in _locked(now)]
    return ids, _claim(ids, now)


def _locked(now: dt.datetime) -> list[ReminderRule]:
    """What is due, with its patients, and both locked. Whoever changes a rule locks its patient and then the rule;
    here nobody is waited for, so the order is no matter: a rule that another dispatcher is just taking is left to it,
    and one whose patient somebody holds to the next look. SQLite has one writer at a time and nothing to lock."""
    held = due_rules(now).select_for_update(skip_locked=True, of=("self", "patient"), no_key=True)
    return list(held.select_related("patient").only(*READ).order_by("next_due_at")[:BATCH])


def _claim(ids: Collection[uuid.UUID], now: dt.datetime) -> uuid.UUID:
    token = uuid.uuid4()
    if ids:
        ReminderRule.objects.filter(pk__in=ids).update(claim_token=token, claimed_until=now + LEASE)
    return token


Usual = tuple[ReminderRule, Schedule, Occasion, str]


def _usual(rules: Collection[ReminderRule], now: dt.datetime) -> dict[uuid.UUID, Usual]:
    """By the occurrence's id: the rule, its schedule and occasion, the first channel that is on."""
    found: dict[uuid.UUID, Usual] = {}
    off = set(
        ChannelOff.objects.filter(patient__in=[rule.patient_id for rule in rules]).values_list("patient", "channel")
    )
    for rule in rules:
        found_in_time = _in_time(rule, now)
        channels = [name for name in rule.channels if name in CHANNELS and (rule.patient_id, name) not in off]
        if found_in_time is not None and channels:
            schedule, pending = found_in_time
            found[occurrence_id(rule.pk, pending.date, pending.slot)] = (rule, schedule, pending, channels[0])
    return found


def _in_time(rule: ReminderRule, now: dt.datetime) -> tuple[Schedule, Occasion] | None:
    """None for whatever is not usual, a row that cannot be read among it."""
    patient = rule.patient
    if rule.next_date is None or rule.next_slot is None:
        return None
    if rule.timezone != patient.timezone or not asking.is_active(patient):
        return None
    try:
        schedule = rule.schedule()
        pending = occasion(schedule, rule.next_date, rule.next_slot)
        late = pending.silenced or bool(sending.why_too_late(pending.due_at, now))
        late = late or (schedule.quiet is not None and asking.is_quiet(rule, now))
    except Exception:
        return None
    return None if late else (schedule, pending)


def _move_on(usual: Iterable[Usual]) -> None:
    """Many rules have the same hours: one statement for all that come next at the same time."""
    together: dict[Occasion | None, list[uuid.UUID]] = defaultdict(list)
    for rule, schedule, pending, _ in usual:
        together[following(schedule, pending)].append(rule.pk)
    for to, ids in together.items():
        ReminderRule.objects.filter(pk__in=ids).update(**next_columns(to), claim_token=None, claimed_until=None)


def _queue(usual: Mapping[uuid.UUID, Usual], now: dt.datetime) -> None:
    rules = [rule for rule, *_ in usual.values()]
    pending = [one for *_, one, _ in usual.values()]
    if not rules:
        return
    occurrences: dict[str, list[Any]] = {
        "id": list(usual),
        "patient_id": [rule.patient_id for rule in rules],
        "rule_id": [rule.pk for rule in rules],
        "date": [one.date for one in pending],
        "slot": [one.slot for one in pending],
        "due_at": [one.due_at for one in pending],
    }
    insert(Occurrence, occurrences, created_at=now)
    deliveries: dict[str, list[Any]] = {
        "id": [new_id() for _ in usual],
        "occurrence_id": list(usual),
        "channel": [channel for *_, channel in usual.values()],
    }
    insert(
        Delivery,
        deliveries,
        created_at=now,
        sequence=1,
        status=DeliveryStatus.QUEUED,
        outcome="",
        attempts=0,
        started_at=now,
        retry_at=now,
    )
    repeats = (follow_ups.repeat_of(rule, pk, now) for pk, rule in zip(usual, rules, strict=True))
    FollowUp.objects.bulk_create(repeat for repeat in repeats if repeat is not None)
