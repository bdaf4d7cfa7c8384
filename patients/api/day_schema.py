"""What a plan's dates look like in JSON: counted, summed, with pain."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class ExerciseSum(serializers.Serializer[Any]):
    """In (exercise, slot): due = done + partly + skipped + missed + unknown."""

    due = serializers.IntegerField()
    done = serializers.IntegerField()
    partly = serializers.IntegerField()
    skipped = serializers.IntegerField()
    missed = serializers.IntegerField()
    unknown = serializers.IntegerField()
    excused = serializers.IntegerField()
    extra = serializers.IntegerField()


class CountedDay(ExerciseSum):
    plan = serializers.UUIDField()
    date = serializers.DateField()
    sessions_due = serializers.IntegerField()
    sessions_done = serializers.IntegerField()
    sessions_unknown = serializers.IntegerField()


class DayDocument(CountedDay):
    pain_max = serializers.IntegerField(allow_null=True)
    pain_last = serializers.IntegerField(allow_null=True)
    effort = serializers.IntegerField(allow_null=True)


class DaysDocument(serializers.Serializer[Any]):
    results = DayDocument(many=True)
