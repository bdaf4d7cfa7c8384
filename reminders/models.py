"""When to tell whom, and what became of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models

from accounts.base import Row
from accounts.zones import validate_zone
from patients.models import Patient
from patients.models.people import PatientRows
from reminders.due import Occasion, Quiet, Schedule

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class ChannelName(models.TextChoices):
    PUSH = "push"
    EMAIL = "email"


class RuleKind(models.TextChoices):
    EXERCISE = "exercise"  # what is due today
    NUDGE = "nudge"  # the clinic's: nothing was logged for `after_days`
    WEEKLY = "weekly"  # what the week was, in a few words


def every_day() -> list[int]:
    return [1, 2, 3, 4, 5, 6, 7]


class ReminderRule(Row):
    """At which local hours, on which weekdays and by which channels (in order) a patient is reminded.

    `next_date`, `next_slot` and `next_due_at` are the occasion that comes next; `timezone` is the zone it was computed
    in, a copy of the patient's. `claimed_until` and `claim_token` belong to `reminders.dispatch`: whoever holds the
    token may act, and a change of the rule takes it away.
    """

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="reminder_rules")
    kind = models.CharField(max_length=10, choices=RuleKind.choices, default=RuleKind.EXERCISE)
    after_days = models.PositiveSmallIntegerField(null=True, help_text="nudge: after so many silent days")
    repeat_after_min = models.PositiveSmallIntegerField(
        null=True, help_text="one gentle repeat so many minutes later, if it is still not done"
    )
    times = models.JSONField(help_text='local hours, earliest first: ["08:00", "19:30"]; the first is slot 1')
    weekdays = models.JSONField(default=every_day, help_text="ISO, Monday 1")
    timezone = models.CharField(max_length=64, validators=[validate_zone])
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    channels = models.JSONField(default=list, help_text="in the order in which they are tried")
    only_if_not_done = models.BooleanField(default=True)
    paused = models.BooleanField(default=False)
    next_date = models.DateField(null=True, editable=False)
    next_slot = models.PositiveSmallIntegerField(null=True, editable=False)
    next_due_at = models.DateTimeField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    claim_token = models.UUIDField(null=True, editable=False)

    objects: ClassVar[models.Manager[ReminderRule]] = PatientRows.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        indexes = (
            # A tick with nothing due reads one page of this, however many rules there are.
            models.Index(fields=("next_due_at",), condition=models.Q(next_due_at__isnull=False), name="due_rules"),
        )

    def schedule(self) -> Schedule:
        """Raises ValueError or ZoneInfoNotFoundError for a row that something else than this code wrote."""
        quiet = Quiet(self.quiet_from, self.quiet_to) if self.quiet_from and self.quiet_to else None
        times = tuple(sorted(dt.time.fromisoformat(time) for time in self.times))
        return Schedule(times, frozenset(self.weekdays), ZoneInfo(self.timezone), quiet)

    def plan_next(self, next_one: Occasion | None) -> None:
        """Put `next_one` into the columns; the caller saves them."""
        for name, value in next_columns(next_one).items():
            setattr(self, name, value)


NEXT_FIELDS = ("next_date", "next_slot", "next_due_at")


def next_columns(one: Occasion | None) -> dict[str, Any]:
    """A rule's columns that say what comes next; None: nothing does."""
    return dict(zip(NEXT_FIELDS, (one.date, one.slot, one.due_at) if one else (None, None, None), strict=True))


def occurrence_id(rule: uuid.UUID, date: dt.date, slot: int) -> uuid.UUID:
    """The same on every machine, so that a phone knows from its own database whose occurrence an opaque id is."""
    return uuid.uuid5(rule, f"{date.isoformat()}/{slot}")


class Occurrence(models.Model):
    """(rule, local date, slot), never an instant: a traveller's Tuesday morning is one occurrence, wherever it is."""

    id = models.UUIDField(primary_key=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # The keys below begin with these: an index of their own would only make each reminder dearer.
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="reminder_occurrences", db_index=False)
    rule = models.ForeignKey(ReminderRule, models.SET_NULL, null=True, related_name="occurrences", db_index=False)
    date = models.DateField()
    slot = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Occurrence]] = PatientRows.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("rule", "date", "slot"), name="occurrence_once"),)
        indexes = (models.Index(fields=("patient", "date"), name="occurrences_by_date"),)


class DeliveryStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    MISSED = "missed"


# What reached the patient, or may have.
WENT_OUT = (DeliveryStatus.SENT, DeliveryStatus.UNKNOWN)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User | AnonymousUser) -> DeliveryQuerySet:
        return self.filter(occurrence__patient__in=Patient.objects.visible_to(user))


class Delivery(Row):
    """What one channel did about an occurrence. `sequence` 1 is the reminder, 2 and more what came after it: a gentle
    repeat, and each "later today".

    `queued` is decided and waits for whoever sends next. `sending` is written before the call and the outcome after
    it. A row that stays at `sending` was interrupted: it becomes `unknown`, or `failed` where the channel may repeat
    its message (push) and it is not too late. `failed` with `retry_at` will be tried again, after everything was asked
    anew, and may then end `skipped`. Of an e-mail both mean that nothing went out; a push may have, the first time.
    Whoever takes a row moves its `retry_at` ahead: a lease.
    """

    # The constraint below begins with it and is its index.
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=20, blank=True, help_text="empty when the patient has none")
    sequence = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices)
    outcome = models.CharField(max_length=300, blank=True, help_text="what the channel answered, or why nothing went")
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Delivery]] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("started_at", "id")
        constraints = (
            models.UniqueConstraint(fields=("occurrence", "channel", "sequence"), name="delivery_once_a_channel"),
        )
        indexes = (
            models.Index(fields=("started_at",), condition=models.Q(status="sending"), name="deliveries_in_flight"),
            models.Index(fields=("retry_at",), condition=models.Q(retry_at__isnull=False), name="deliveries_to_retry"),
        )


class FollowUpReason(models.TextChoices):
    REPEAT = "repeat"
    LATER = "later"


class FollowUp(Row):
    """The same occurrence once more: the rule's gentle repeat, or "later today" by the patient's own wish. `sequence`
    is the delivery's; a push with it replaces the one before. `uid` is the phone's id of the wish, so that a queued one
    that is sent twice is one."""

    # As a delivery's.
    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="follow_ups", db_index=False)
    sequence = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=FollowUpReason.choices)
    uid = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claim_token = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    dropped = models.CharField(max_length=20, blank=True, help_text="why it was never due; empty: it was")

    objects: ClassVar[models.Manager[FollowUp]] = models.Manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("occurrence", "sequence"), name="follow_up_once_a_sequence"),
            models.UniqueConstraint(fields=("occurrence", "uid"), name="later_once_a_wish"),
        )
        indexes = (models.Index(fields=("due_at",), condition=models.Q(done_at=None), name="follow_ups_due"),)


class PushSubscription(Row):
    """One browser of one account that may be pushed to (RFC 8030). `ended_at`: the push service said that it is gone,
    the person signed out, or chose otherwise; a row is kept for the proof."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="push_subscriptions")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="push_subscriptions")
    device = models.UUIDField(null=True)
    endpoint = models.URLField(max_length=1000)
    p256dh = models.CharField(max_length=120, help_text="the browser's public key, base64url")
    auth = models.CharField(max_length=40, help_text="its secret, base64url")
    last_success_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[PushSubscription]] = PatientRows.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("patient", "endpoint"), condition=models.Q(ended_at=None), name="subscription_once_a_patient"
            ),
        )


class CalendarFeed(Row):
    """A random, revocable address under which a calendar finds the due days. The token is shown once."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, related_name="+")
    last_fetched_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[CalendarFeed]] = PatientRows.as_manager()


class OffReason(models.TextChoices):
    UNSUBSCRIBED = "unsubscribed"
    REJECTED = "rejected"


class ChannelOff(Row):
    """A channel that is not used for a patient any more: they unsubscribed, or the address was refused for good.
    Choosing the channel again in the settings removes the row."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="channels_off")
    channel = models.CharField(max_length=20, choices=ChannelName.choices)
    reason = models.CharField(max_length=12, choices=OffReason.choices)
    detail = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager[ChannelOff]] = PatientRows.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("patient", "channel"), name="channel_off_once"),)


class Heartbeat(models.Model):
    """When the loop last ran, for `/healthz/reminders`. One row."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Heartbeat]] = models.Manager()
