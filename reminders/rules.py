"""Making and changing reminder rules. Whatever changes a rule here also decides when it is due next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from patients import flags
from patients.models import FlagKind, Patient, Urgency
from reminders.clock import database_now
from reminders.due import next_after, occasion
from reminders.models import NEXT_FIELDS, ChannelName, ChannelOff, OffReason, ReminderRule, RuleKind

DEFAULT_TIME = dt.time(8)
UNREACHABLE_STEP = "Ask how reminders can reach the patient: the address was refused for good."
CLAIM_FIELDS = ("claimed_until", "claim_token")


@dataclass(frozen=True)
class Wish:
    """What a person asks of one rule. `id` names a rule that exists; None makes a new one."""

    times: tuple[dt.time, ...]
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    channels: tuple[str, ...] | None = None  # None: `default_channels`
    only_if_not_done: bool = True
    paused: bool = False
    repeat_after_min: int | None = None
    kind: str | None = None  # None: exercise; in a rule that is named, the one it has
    after_days: int | None = None  # of a nudge
    id: uuid.UUID | None = None

    def columns(self) -> dict[str, Any]:
        return {
            "times": [time.strftime("%H:%M") for time in sorted(set(self.times))],
            "weekdays": sorted(set(self.weekdays)),
            "quiet_from": self.quiet_from,
            "quiet_to": self.quiet_to,
            "channels": list(dict.fromkeys(self.channels or ())),
            "only_if_not_done": self.only_if_not_done,
            "paused": self.paused,
            "repeat_after_min": self.repeat_after_min,
        }


class UnknownRule(LookupError):  # noqa: N818 (an answer, rather than an error)
    """A wish names a rule that is not this patient's."""


class OtherKind(ValueError):  # noqa: N818
    """A wish would make another kind of a rule: it is another rule."""


class NotTheClinic(ValueError):  # noqa: N818
    """A phone asks for a nudge, which only the clinic sets up."""


def default_channels(patient: Patient) -> tuple[str, ...]:
    """E-mail; push before it where a phone is subscribed."""
    has_phone = patient.push_subscriptions.filter(ended_at=None).exists()
    return (ChannelName.PUSH, ChannelName.EMAIL) if has_phone else (ChannelName.EMAIL,)


def ensure_rule(patient: Patient, *, local_time: dt.time = DEFAULT_TIME) -> ReminderRule:
    """The patient's rule; where there is none yet, one for every day at `local_time`, by the default channels."""
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)  # two phones that ask at once make one rule
        first = patient.reminder_rules.filter(kind=RuleKind.EXERCISE).first()
        wish = Wish((local_time,), channels=default_channels(patient))
        return first or _write(patient, ReminderRule(patient=patient), wish)


@transaction.atomic
def set_rules(patient: Patient, wishes: Sequence[Wish], *, by_clinic: bool = False) -> list[ReminderRule]:
    """Make the patient's rules exactly these: change those named, add the nameless, remove the rest.

    The clinic's nudges are the clinic's: on the phone's side they stay as they are, named or not, and none is made.
    Asking for a channel that was switched off switches it on again. Raises NotTheClinic, UnknownRule and OtherKind, in
    this order and before anything is written.
    """
    if not by_clinic and any(wish.kind == RuleKind.NUDGE and wish.id is None for wish in wishes):
        raise NotTheClinic
    Patient.objects.select_for_update().get(pk=patient.pk)
    stored = {rule.pk: rule for rule in patient.reminder_rules.select_for_update()}
    if not by_clinic:
        nudges = {pk for pk, rule in stored.items() if rule.kind == RuleKind.NUDGE}
        stored = {pk: rule for pk, rule in stored.items() if pk not in nudges}
        wishes = [wish for wish in wishes if wish.id not in nudges]
    named = [wish.id for wish in wishes if wish.id is not None]
    if unknown := set(named) - set(stored):
        raise UnknownRule(min(unknown))
    if any(wish.id and wish.kind not in (None, stored[wish.id].kind) for wish in wishes):
        raise OtherKind
    patient.reminder_rules.filter(pk__in=set(stored) - set(named)).delete()
    usual = default_channels(patient)
    wishes = [replace(wish, channels=usual if wish.channels is None else wish.channels) for wish in wishes]
    switch_on(patient, {channel for wish in wishes for channel in wish.channels or ()})
    return [_write(patient, stored[wish.id] if wish.id else _new(patient, wish), wish) for wish in wishes]


def _new(patient: Patient, wish: Wish) -> ReminderRule:
    return ReminderRule(patient=patient, kind=wish.kind or RuleKind.EXERCISE)


def _write(patient: Patient, rule: ReminderRule, wish: Wish) -> ReminderRule:
    """Save what `wish` says. A rule whose hours stay as they are keeps its next occasion: saving the settings at
    08:00:10 must not lose the reminder of 08:00 that is about to go out."""
    before = None if rule._state.adding else _timing(rule)
    for name, value in wish.columns().items():
        setattr(rule, name, value)
    if rule.kind == RuleKind.NUDGE:
        rule.after_days = wish.after_days or rule.after_days  # an older app does not know of it
    rule.timezone = patient.timezone
    if before != _timing(rule):
        schedule_anew(rule, database_now())
    rule.save()
    return rule


def _timing(rule: ReminderRule) -> tuple[Any, ...]:
    return (rule.times, rule.weekdays, rule.quiet_from, rule.quiet_to, rule.timezone, rule.paused)


def schedule_anew(rule: ReminderRule, now: dt.datetime) -> None:
    """The next occasion from now on; a dispatcher that holds a claim loses it. The caller saves."""
    rule.plan_next(None if rule.paused else next_after(rule.schedule(), now))
    rule.claimed_until = rule.claim_token = None


@transaction.atomic
def follow_zone(patient: Patient) -> None:
    """Move the patient's rules into the zone they are in now.

    The pending occasion keeps its date and slot and gets its instant in the new zone. If that is past, because the
    journey jumped over today's hour, dispatch sends it at once or marks it missed (RULINGS.md).
    """
    for rule in patient.reminder_rules.select_for_update().exclude(timezone=patient.timezone):
        move_to_zone(rule, patient.timezone)
        rule.save(update_fields=["timezone", *NEXT_FIELDS, *CLAIM_FIELDS])


def move_to_zone(rule: ReminderRule, zone: str) -> None:
    """The caller saves."""
    ZoneInfo(zone)
    rule.timezone = zone
    rule.claimed_until = rule.claim_token = None
    if rule.next_date is not None and rule.next_slot is not None:
        rule.plan_next(occasion(rule.schedule(), rule.next_date, rule.next_slot))


@transaction.atomic
def switch_off(patient: Patient, channel: str, reason: OffReason, detail: str = "") -> None:
    """Use `channel` no more for this patient, until they choose it again. One that was refused for good is told to the
    clinic: nobody at home can know that a reminder did not come."""
    Patient.objects.select_for_update().get(pk=patient.pk)
    ChannelOff.objects.update_or_create(
        patient=patient, channel=channel, defaults={"reason": reason, "detail": detail[:300]}
    )
    if reason == OffReason.REJECTED:
        since = database_now().date().isoformat()
        evidence = {"id": f"{channel}:{since}", "date": since, "channel": channel, "since": since}
        flags.raise_flag(patient, FlagKind.PHONE_UNREACHABLE, Urgency.ROUTINE, evidence, UNREACHABLE_STEP)


def switch_on(patient: Patient, channels: Collection[str]) -> None:
    """Use them again, whatever had ended them; the clinic's flag closes once no refusal is left."""
    back_on, _ = patient.channels_off.filter(channel__in=channels).delete()
    if back_on and not patient.channels_off.filter(reason=OffReason.REJECTED).exists():
        flags.close_flag(patient, FlagKind.PHONE_UNREACHABLE, "The channel was chosen again.")


def put_push_first(patient: Patient) -> None:
    """In rules that say what a rule says by itself: e-mail alone. Other channels are somebody's choice and stay."""
    for rule in patient.reminder_rules.select_for_update():
        if rule.channels == [ChannelName.EMAIL]:
            rule.channels = [ChannelName.PUSH, ChannelName.EMAIL]
            rule.save(update_fields=["channels"])
