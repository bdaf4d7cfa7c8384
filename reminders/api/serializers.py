"""Reminder rules and their proof as JSON. The same document for the phone and for the clinic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from reminders.channel_states import STATES
from reminders.models import ChannelName, DeliveryStatus, FollowUp, FollowUpReason, ReminderRule, RuleKind, every_day
from reminders.rules import Wish

MAX_RULES = 6
MAX_TIMES = 4
REPEAT_MIN, REPEAT_MAX = 15, 240  # minutes
MAX_SILENT_DAYS = 28
SUNDAY, WEEKLY_AT = 7, dt.time(18)


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
    """What is left out has its default, also in a rule that is named: PUT says everything. The kind alone stays."""

    id = serializers.UUIDField(required=False, allow_null=True, help_text="left out: a new rule")
    kind = serializers.ChoiceField(
        choices=RuleKind.choices,
        default=None,
        allow_null=True,
        help_text="left out: exercise, or what the named rule is. Nudges are the clinic's alone",
    )
    after_days = serializers.IntegerField(
        min_value=1,
        max_value=MAX_SILENT_DAYS,
        allow_null=True,
        default=None,
        help_text="of a nudge: after so many days without a session",
    )
    times = serializers.ListField(
        child=HourField(),
        min_length=1,
        max_length=MAX_TIMES,
        required=False,
        help_text="may be left out in a weekly summary: 18:00",
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        default=None,
        help_text="ISO, Monday 1; left out: every day, a weekly summary on Sunday",
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

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        kind = facts["kind"] or RuleKind.EXERCISE
        if kind == RuleKind.WEEKLY:
            facts.setdefault("times", [WEEKLY_AT])
        if "times" not in facts:
            raise serializers.ValidationError({"times": "Say at which hours."})
        facts["weekdays"] = facts["weekdays"] or ([SUNDAY] if kind == RuleKind.WEEKLY else every_day())
        for name, problem in _problems(kind, facts):
            raise serializers.ValidationError({name: problem})
        return facts


def _problems(kind: str, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    # A named rule without a kind may be a nudge that an older app sends back: it is left as it is.
    if kind == RuleKind.NUDGE and facts["after_days"] is None:
        yield "after_days", "Say after how many days without a session."
    if facts["kind"] != RuleKind.NUDGE and facts["after_days"] is not None and not facts.get("id"):
        yield "after_days", "Only a nudge waits for days without a session."
    if kind != RuleKind.EXERCISE and facts["repeat_after_min"] is not None:
        yield "repeat_after_min", "Only a reminder of exercises is repeated."
    if kind != RuleKind.EXERCISE and len(facts["times"]) > 1:
        yield "times", "One hour is enough for this."
    if kind == RuleKind.WEEKLY and len(set(facts["weekdays"])) > 1:
        yield "weekdays", "A weekly summary comes on one day of the week."


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
        kind=facts["kind"],
        after_days=facts["after_days"],
    )


class ReminderRuleSerializer(serializers.Serializer[ReminderRule]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RuleKind.choices, help_text="nudge: set by the clinic; the phone shows it")
    after_days = serializers.IntegerField(allow_null=True)
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
    state = serializers.ChoiceField(choices=STATES)


class RemindersSerializer(serializers.Serializer[Any]):
    patient = serializers.UUIDField()
    vapid_public_key = serializers.CharField(help_text="a browser's applicationServerKey: 65 bytes, base64url")
    channels = ChannelSerializer(many=True)
    rules = ReminderRuleSerializer(many=True)
    calendar = serializers.BooleanField(help_text="a calendar is connected; on the phone, the account's own")


class DeliverySerializer(serializers.Serializer[Any]):
    channel = serializers.CharField(help_text="empty when none was on")
    sequence = serializers.IntegerField(help_text="1 the reminder, 2 and more what came after it")
    status = serializers.ChoiceField(choices=DeliveryStatus.choices)
    outcome = serializers.CharField()
    attempts = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class FollowUpSerializer(serializers.Serializer[FollowUp]):
    """A repeat, or "later today". What became of it is the delivery of the same sequence; none: there was nothing to
    repeat."""

    sequence = serializers.IntegerField()
    reason = serializers.ChoiceField(choices=FollowUpReason.choices)
    due_at = serializers.DateTimeField()
    state = serializers.SerializerMethodField()
    dropped = serializers.CharField(help_text="why it was never due; empty: it was")

    @extend_schema_field(serializers.ChoiceField(choices=("waiting", "done", "dropped")))
    def get_state(self, one: FollowUp) -> str:
        if one.dropped:
            return "dropped"
        return "waiting" if one.done_at is None else "done"


class OccurrenceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="occurrence.pk")
    rule = serializers.UUIDField(source="occurrence.rule_id", allow_null=True, help_text="null: removed since")
    kind = serializers.ChoiceField(
        source="occurrence.rule.kind", choices=RuleKind.choices, allow_null=True, default=None
    )
    slot = serializers.IntegerField(source="occurrence.slot")
    due_at = serializers.DateTimeField(source="occurrence.due_at")
    deliveries = DeliverySerializer(many=True)
    follow_ups = FollowUpSerializer(many=True)
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
