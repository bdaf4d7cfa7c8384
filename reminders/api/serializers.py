"""Reminder rules and their proof as JSON. The same document for the phone and for the clinic."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reminders.models import ChannelName, DeliveryStatus, ReminderRule, every_day
from reminders.rules import Wish

MAX_RULES = 6
MAX_TIMES = 4
REPEAT_MIN, REPEAT_MAX = 15, 240  # minutes
CHANNEL_STATES = ("ready", "no_address", "no_subscription", "unsubscribed", "rejected")


# OpenAPI's "time" is RFC 3339's, with seconds and an offset; these are hours on a clock on the wall.
@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "example": "08:00"})
class HourField(serializers.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            format="%H:%M",
            input_formats=["%H:%M"],
            error_messages={"invalid": "Write the hour as HH:MM, for example 08:00."},
            **options,
        )


class QuietSerializer(serializers.Serializer[Any]):
    """Hours without reminders; they may span midnight. A reminder that falls inside waits for their end on the same
    date."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": HourField(), "to": HourField()}  # `from` is no Python name


class ReminderRuleRequest(serializers.Serializer[Any]):
    """What is left out has its default, also in a rule that is named: PUT says everything."""

    id = serializers.UUIDField(required=False, allow_null=True, help_text="left out: a new rule")
    times = serializers.ListField(child=HourField(), min_length=1, max_length=MAX_TIMES)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        default=every_day,
        help_text="ISO, Monday 1; left out: every day",
    )
    quiet = QuietSerializer(allow_null=True, default=None)
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=ChannelName.choices),
        max_length=len(ChannelName),
        default=None,
        help_text="in the order in which they are tried; left out: e-mail, and push before it where a phone is "
        "subscribed; empty: none",
    )
    only_if_not_done = serializers.BooleanField(default=True)
    repeat_after_min = serializers.IntegerField(
        min_value=REPEAT_MIN,
        max_value=REPEAT_MAX,
        allow_null=True,
        default=None,
        help_text="one gentle repeat so many minutes later, if it is still not done; null: none",
    )
    paused = serializers.BooleanField(default=False)


class RemindersRequest(serializers.Serializer[Any]):
    rules = ReminderRuleRequest(many=True)

    def validate_rules(self, rules: list[dict[str, Any]]) -> list[Wish]:
        if len(rules) > MAX_RULES:
            raise serializers.ValidationError(f"At most {MAX_RULES} reminders. Put several hours into one.")
        ids = [rule["id"] for rule in rules if rule.get("id")]
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError("Two of these have the same id. Leave the id out for a new one.")
        return [wish_of(rule) for rule in rules]


def wish_of(facts: dict[str, Any]) -> Wish:
    quiet: dict[str, dt.time] = facts["quiet"] or {}
    return Wish(
        id=facts.get("id"),
        times=tuple(facts["times"]),
        weekdays=tuple(facts["weekdays"]),
        quiet_from=quiet.get("from"),
        quiet_to=quiet.get("to"),
        channels=None if facts["channels"] is None else tuple(facts["channels"]),
        only_if_not_done=facts["only_if_not_done"],
        paused=facts["paused"],
        repeat_after_min=facts["repeat_after_min"],
    )


class ReminderRuleSerializer(serializers.Serializer[ReminderRule]):
    id = serializers.UUIDField()
    times = serializers.ListField(child=HourField())
    weekdays = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7))
    quiet = QuietSerializer(allow_null=True)
    channels = serializers.ListField(child=serializers.ChoiceField(choices=ChannelName.choices))
    only_if_not_done = serializers.BooleanField()
    repeat_after_min = serializers.IntegerField(allow_null=True)
    paused = serializers.BooleanField()
    timezone = serializers.CharField(help_text="the patient's; hours are local to it")
    next_due_at = serializers.DateTimeField(allow_null=True)


class ChannelSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=ChannelName.choices)
    state = serializers.ChoiceField(choices=CHANNEL_STATES)


class RemindersSerializer(serializers.Serializer[Any]):
    patient = serializers.UUIDField()
    vapid_public_key = serializers.CharField(help_text="a browser's applicationServerKey: 65 bytes, base64url")
    channels = ChannelSerializer(many=True)
    rules = ReminderRuleSerializer(many=True)


class DeliverySerializer(serializers.Serializer[Any]):
    channel = serializers.CharField(help_text="empty when none was on")
    sequence = serializers.IntegerField(help_text="1 the reminder, 2 a repeat")
    status = serializers.ChoiceField(choices=DeliveryStatus.choices)
    outcome = serializers.CharField()
    attempts = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class OccurrenceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="occurrence.pk")
    rule = serializers.UUIDField(source="occurrence.rule_id", allow_null=True, help_text="null: removed since")
    slot = serializers.IntegerField(source="occurrence.slot")
    due_at = serializers.DateTimeField(source="occurrence.due_at")
    deliveries = DeliverySerializer(many=True)
    followed_at = serializers.DateTimeField(
        allow_null=True, help_text="when the first session after the reminder began"
    )


class ProofDaySerializer(serializers.Serializer[Any]):
    due = serializers.IntegerField()
    open = serializers.IntegerField(source="open_items")
    sessions_due = serializers.IntegerField()
    sessions_done = serializers.IntegerField()


class ProofSerializer(serializers.Serializer[Any]):
    date = serializers.DateField()
    timezone = serializers.CharField()
    day = ProofDaySerializer()
    sessions = serializers.ListField(child=serializers.DateTimeField())
    occurrences = OccurrenceSerializer(many=True)
