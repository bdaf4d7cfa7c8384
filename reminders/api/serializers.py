"""Reminder rules and their proof as JSON. The same document for the phone and for the clinic."""

from __future__ import annotations

import datetime as dt
from typing import Any

from rest_framework import serializers

from reminders.models import ChannelName, DeliveryStatus, ReminderRule
from reminders.rules import Wish

MAX_RULES = 6
MAX_TIMES = 4
HOUR_FORMATS = ["%H:%M"]

ChannelState = ("ready", "no_address", "unsubscribed", "rejected")


def hour(**options: Any) -> serializers.TimeField:
    return serializers.TimeField(
        format="%H:%M",
        input_formats=HOUR_FORMATS,
        error_messages={"invalid": "Write the hour as HH:MM, for example 08:00."},
        **options,
    )


class QuietSerializer(serializers.Serializer[Any]):
    """Hours without reminders; they may span midnight. A reminder that falls inside waits for their end on the same
    date."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": hour(), "to": hour()}  # `from` is no Python name


class RuleSerializer(serializers.ModelSerializer[ReminderRule]):
    id = serializers.UUIDField(required=False)
    times = serializers.ListField(child=hour(), min_length=1, max_length=MAX_TIMES)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        required=False,
        help_text="ISO, Monday 1; left out: every day",
    )
    quiet = QuietSerializer(required=False, allow_null=True)
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=ChannelName.choices),
        max_length=len(ChannelName),
        required=False,
        help_text="in the order in which they are tried; left out: e-mail; empty: none",
    )
    timezone = serializers.CharField(read_only=True, help_text="the patient's; hours are local to it")
    next_due_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = ReminderRule
        fields = (
            "id",
            "times",
            "weekdays",
            "quiet",
            "channels",
            "only_if_not_done",
            "paused",
            "timezone",
            "next_due_at",
        )

    def to_representation(self, instance: ReminderRule) -> dict[str, Any]:
        quiet = None
        if instance.quiet_from is not None and instance.quiet_to is not None:
            quiet = {"from": instance.quiet_from.strftime("%H:%M"), "to": instance.quiet_to.strftime("%H:%M")}
        return {
            "id": str(instance.pk),
            "times": list(instance.times),
            "weekdays": list(instance.weekdays),
            "quiet": quiet,
            "channels": list(instance.channels),
            "only_if_not_done": instance.only_if_not_done,
            "paused": instance.paused,
            "timezone": instance.timezone,
            "next_due_at": serializers.DateTimeField().to_representation(instance.next_due_at)
            if instance.next_due_at
            else None,
        }


class ChannelSerializer(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=ChannelName.choices)
    state = serializers.ChoiceField(choices=ChannelState)


class RemindersSerializer(serializers.Serializer[Any]):
    patient = serializers.UUIDField(read_only=True)
    vapid_public_key = serializers.CharField(
        read_only=True, allow_null=True, help_text="null while this server sends no web push"
    )
    channels = ChannelSerializer(many=True, read_only=True)
    rules = RuleSerializer(many=True)

    def validate_rules(self, rules: list[dict[str, Any]]) -> list[Wish]:
        if len(rules) > MAX_RULES:
            raise serializers.ValidationError(f"At most {MAX_RULES} reminders. Put several hours into one.")
        ids = [rule["id"] for rule in rules if "id" in rule]
        if len(set(ids)) < len(ids):
            raise serializers.ValidationError("Two of these have the same id. Leave the id out for a new one.")
        return [wish_of(rule) for rule in rules]


def wish_of(facts: dict[str, Any]) -> Wish:
    quiet: dict[str, dt.time] = facts.get("quiet") or {}
    return Wish(
        id=facts.get("id"),
        times=tuple(facts["times"]),
        weekdays=tuple(facts.get("weekdays", (1, 2, 3, 4, 5, 6, 7))),
        quiet_from=quiet.get("from"),
        quiet_to=quiet.get("to"),
        channels=tuple(facts.get("channels", (ChannelName.EMAIL,))),
        only_if_not_done=facts.get("only_if_not_done", True),
        paused=facts.get("paused", False),
    )


class DeliverySerializer(serializers.Serializer[Any]):
    channel = serializers.CharField(help_text="empty when none was on")
    sequence = serializers.IntegerField(help_text="1 the reminder, 2 a repeat")
    status = serializers.ChoiceField(choices=DeliveryStatus.choices)
    outcome = serializers.CharField()
    attempts = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ToldSerializer(serializers.Serializer[Any]):
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
    occurrences = ToldSerializer(many=True)
