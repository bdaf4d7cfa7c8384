"""Dose and frequency in JSON (API.md): the shapes of the schema, and fields that check them.

An exercise's defaults are checked by the JSON Schema of the library, so that a clinic's own exercise obeys the same
rules as a shared one. `programs.api` has fields of its own on top, which check with `programs.dose`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from exercises.content_files import ContentSchema
from exercises.library_files import FOLDER

LOADS = ("none", "bodyweight", "isometric", "band", "ankle_weight", "dumbbell")
SIDES = ("both", "left", "right", "affected", "alternating")
WEEKDAYS = range(1, 8)

# What a sender may leave out.
DOSE_DEFAULTS: Mapping[str, Any] = {
    "reps": None,
    "hold_s": None,
    "rest_s": 0,
    "load": "none",
    "load_kg": None,
    "effort": None,
    "side": "both",
    "tempo": None,
}
FREQUENCY_DEFAULTS: Mapping[str, Any] = {"times_per_day": 1}


class DoseSerializer(serializers.Serializer[Any]):
    """`sets` × `reps`, each held `hold_s` seconds, `rest_s` seconds between sets; kilograms; effort 0–10. `tempo`:
    seconds [out, hold, back]. Dosed per side for an exercise of one side."""

    sets = serializers.IntegerField(min_value=1, max_value=20)
    reps = serializers.IntegerField(min_value=1, max_value=100, allow_null=True)
    hold_s = serializers.IntegerField(min_value=1, max_value=7200, allow_null=True)
    rest_s = serializers.IntegerField(min_value=0, max_value=1800)
    load = serializers.ChoiceField(choices=LOADS)
    load_kg = serializers.FloatField(min_value=0, max_value=500, allow_null=True)
    effort = serializers.IntegerField(min_value=0, max_value=10, allow_null=True)
    side = serializers.ChoiceField(choices=SIDES)
    tempo = serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3, allow_null=True)


class WeekdaysSerializer(serializers.Serializer[Any]):
    """On these ISO weekdays (Monday 1)."""

    kind = serializers.ChoiceField(choices=("weekdays",))
    days = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=7), min_length=1, max_length=7)
    times_per_day = serializers.IntegerField(min_value=1, max_value=12)


class IntervalSerializer(serializers.Serializer[Any]):
    """Every so many days from the plan's start."""

    kind = serializers.ChoiceField(choices=("interval",))
    every_days = serializers.IntegerField(min_value=1, max_value=28)
    times_per_day = serializers.IntegerField(min_value=1, max_value=12)


class PerWeekSerializer(serializers.Serializer[Any]):
    """So many times a week, on days the patient chooses."""

    kind = serializers.ChoiceField(choices=("per_week",))
    count = serializers.IntegerField(min_value=1, max_value=14)


FREQUENCY = PolymorphicProxySerializer(
    component_name="Frequency",
    serializers={"weekdays": WeekdaysSerializer, "interval": IntervalSerializer, "per_week": PerWeekSerializer},
    resource_type_field_name="kind",
)

_dose = ContentSchema(FOLDER / "schema.json", "dose")
_frequency = ContentSchema(FOLDER / "schema.json", "frequency")


@extend_schema_field(DoseSerializer)
class DoseField(serializers.JSONField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return _checked(_dose, {**DOSE_DEFAULTS, **_object(data)})


@extend_schema_field(FREQUENCY)
class FrequencyField(serializers.JSONField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        given = _object(data)
        defaults = {} if given.get("kind") == "per_week" else FREQUENCY_DEFAULTS
        return _checked(_frequency, {**defaults, **given})


def _object(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise serializers.ValidationError("This must be an object.")
    return data


def _checked(schema: ContentSchema, data: dict[str, Any]) -> dict[str, Any]:
    wrong: dict[str, list[str]] = {}
    for field, sentence in schema.problems(data):
        place = "non_field_errors" if field == "-" else field.replace("[", ".").replace("]", "")
        wrong.setdefault(place, []).append(sentence)
    if wrong:
        raise serializers.ValidationError(wrong)
    return data
