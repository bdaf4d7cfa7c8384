"""The usual case, hundreds of rules at once: in time, in treatment, nothing unusual about the hour. What is left to ask
(locked, done, a channel switched off) is asked when it goes out, as it is of a second attempt."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction

from patients.models import Patient
from reminders import asking, follow_ups, sending
from reminders.channels import CHANNELS
from reminders.due import Occasion, Schedule, following, occasion
from reminders.models import (
    ChannelOff,
    Delivery,
    DeliveryStatus,
    FollowUp,
    Occurrence,
    ReminderRule,
    RuleKind,
    next_columns,
    occurrence_id,
)

# Of fifty columns, what is looked at here.
READ = (
    *("kind", "times", "weekdays", "timezone", "quiet_from", "quiet_to", "channels", "repeat_after_min"),
    *("next_date", "next_slot", "patient_id"),
)


@transaction.atomic
def enqueue(ids: Collection[uuid.UUID], token: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Move the usual ones of these claimed rules on and queue their deliveries; the rest, which wants a closer look.

    Seven statements, one for each different next occasion and the transaction's two, however many rules.
    """
    usual = _usual(_locked(ids, token), now)
    for pk in Occurrence.objects.filter(pk__in=list(usual)).values_list("pk", flat=True):
        del usual[pk]
    _move_on(usual.values())
    occurrences = [
        Occurrence(pk=pk, patient_id=rule.patient_id, rule_id=rule.pk, date=one.date, slot=one.slot, due_at=one.due_at)
        for pk, (rule, _, one, _) in usual.items()
    ]
    Occurrence.objects.bulk_create(occurrences)
    Delivery.objects.bulk_create(
        Delivery(
            occurrence_id=pk, channel=channel, status=DeliveryStatus.QUEUED, attempts=0, started_at=now, retry_at=now
        )
        for pk, (*_, channel) in usual.items()
    )
    repeats = (follow_ups.repeat_of(usual[one.pk][0], one, now) for one in occurrences)
    FollowUp.objects.bulk_create(repeat for repeat in repeats if repeat is not None)
    taken = {rule.pk for rule, *_ in usual.values()}
    return [pk for pk in ids if pk not in taken]


def _locked(ids: Collection[uuid.UUID], token: uuid.UUID) -> list[ReminderRule]:
    """The claimed rules, with their patients locked before them: the order of whoever changes a rule. A patient whom
    somebody holds is not waited for. A rule is: another claim may hold it for the moment in which it finds it taken."""
    held = Patient.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    ours = held.filter(reminder_rules__in=ids, reminder_rules__claim_token=token)
    patients = {patient.pk: patient for patient in ours.only("timezone", "status")}
    rules = ReminderRule.objects.select_for_update(no_key=True).only(*READ)
    found = list(rules.filter(pk__in=ids, claim_token=token, patient__in=list(patients)))
    for rule in found:
        rule.patient = patients[rule.patient_id]
    return found


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
    if rule.next_date is None or rule.next_slot is None or rule.kind != RuleKind.EXERCISE:
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
