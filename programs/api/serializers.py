"""A program as one nested document. Responses and requests are two families, since a request may leave things out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from rest_framework import serializers

from exercises.api.shapes import DoseField, FrequencyField
from programs import frequency
from programs.dose import Dose
from programs.fields import InvalidFieldsError
from programs.findings import Findings
from programs.models import Phase, Prescription, Program

FINDINGS = tuple(field.name for field in fields(Findings))

# Bounds against runaway input, far above any real program: the templates have 4 phases of at most 8 exercises.
MAX_PHASES = 20
MAX_PRESCRIPTIONS = 40
MAX_DAY = 3650


def _parsed(parse: Callable[[object], Any], data: object) -> dict[str, Any]:
    """As JSON again, with everything filled in that was left out."""
    try:
        value: dict[str, Any] = parse(data).as_json()
    except InvalidFieldsError as error:
        wrong: dict[str, list[str]] = {}
        for attr, sentence in error.errors:
            wrong.setdefault(attr or "non_field_errors", []).append(sentence)
        raise serializers.ValidationError(wrong) from error
    return value


class PrescribedDoseField(DoseField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return _parsed(Dose.parse, data)


class PrescribedFrequencyField(FrequencyField):
    def to_internal_value(self, data: Any) -> dict[str, Any]:
        return _parsed(frequency.parse, data)


class FindingField(serializers.ChoiceField):
    """Stored as "" where there is none, shown as null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=FINDINGS, allow_null=True, **kwargs)

    def to_representation(self, value: str) -> Any:
        return value or None


class CriteriaField(serializers.ListField):
    """Sentences that a therapist ticks or a check-in answers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(child=serializers.CharField(max_length=300), max_length=30, **kwargs)


class PrescriptionSerializer(serializers.Serializer[Prescription]):
    id = serializers.UUIDField()
    key = serializers.UUIDField(help_text="the same through every copy and revision")
    exercise = serializers.UUIDField(source="exercise_id")
    dose = PrescribedDoseField()
    frequency = PrescribedFrequencyField()
    optional_if = FindingField(help_text="due only while this finding is true")
    needs_release = serializers.BooleanField()
    easier_allowed = serializers.BooleanField()
    note = serializers.CharField(max_length=500, allow_blank=True)


class PhaseSerializer(serializers.Serializer[Phase]):
    """Half-open [from_day, to_day), counted from the plan's start."""

    id = serializers.UUIDField()
    n = serializers.IntegerField(min_value=1, max_value=MAX_PHASES)
    name = serializers.CharField(max_length=120)
    from_day = serializers.IntegerField(min_value=0, max_value=MAX_DAY)
    to_day = serializers.IntegerField(min_value=1, max_value=MAX_DAY)
    entry = CriteriaField()
    exit = CriteriaField()
    prescriptions = PrescriptionSerializer(many=True)


class ProgramSerializer(serializers.Serializer[Program]):
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    clinic = serializers.UUIDField(source="clinic_id", allow_null=True, help_text="null: a shared template")
    slug = serializers.CharField(allow_blank=True, help_text="shared templates only")
    name = serializers.CharField()
    template = serializers.BooleanField()
    sealed = serializers.BooleanField()
    pain_limit = serializers.IntegerField(min_value=0, max_value=10)
    evidence = serializers.CharField(allow_blank=True)
    entry = CriteriaField()
    phases = PhaseSerializer(many=True)


class PrescriptionRequest(PrescriptionSerializer):
    id = serializers.UUIDField(required=False)
    key = serializers.UUIDField(required=False)
    optional_if = FindingField(required=False, default=None)
    needs_release = serializers.BooleanField(default=False)
    easier_allowed = serializers.BooleanField(default=True)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate_optional_if(self, value: str | None) -> str:
        return value or ""


class PhaseRequest(PhaseSerializer):
    id = serializers.UUIDField(required=False)
    n = serializers.IntegerField(min_value=1, max_value=MAX_PHASES, required=False, help_text="default: its place")
    entry = CriteriaField(default=list)
    exit = CriteriaField(default=list)
    # `max_length` is an argument of the list that `many` makes.
    prescriptions = PrescriptionRequest(many=True, max_length=MAX_PRESCRIPTIONS, default=list)  # type: ignore[call-arg]


class ProgramRequest(serializers.Serializer[Program]):
    """For PUT and POST. What GET shows besides (version, clinic, sealed, slug) may be sent back and is not read."""

    name = serializers.CharField(max_length=160)
    template = serializers.BooleanField(default=False)
    pain_limit = serializers.IntegerField(min_value=0, max_value=10, default=5)
    evidence = serializers.CharField(max_length=4000, allow_blank=True, default="")
    entry = CriteriaField(default=list)
    phases = PhaseRequest(many=True, max_length=MAX_PHASES, default=list)  # type: ignore[call-arg]

    @classmethod
    def of_changes(cls, data: Any) -> ProgramRequest:
        """For PATCH: asks only for what was sent, and for that as strictly as PUT. (DRF's `partial` would also let
        phases and prescriptions be sent in part.)"""
        request = cls(data=data)
        if isinstance(data, dict):
            for name in set(request.fields) - set(data):
                request.fields.pop(name)
        return request

    def validate_phases(self, phases: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for place, phase in enumerate(phases, start=1):
            phase.setdefault("n", place)
        return phases


class NewProgramRequest(ProgramRequest):
    id = serializers.UUIDField(required=False, help_text="the client's own, so that a repeated POST makes one program")
    clinic = serializers.UUIDField(required=False, allow_null=True, help_text="needed by staff of several clinics")


class CopyRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, help_text="the client's own, so that a repeated POST makes one copy")
    name = serializers.CharField(max_length=160, required=False)
    clinic = serializers.UUIDField(required=False, help_text="needed by staff of several clinics")


class DayBurdenSerializer(serializers.Serializer[Any]):
    """An average day: what falls on a weekday only now and then counts in part."""

    day = serializers.IntegerField(min_value=1, max_value=7, help_text="ISO weekday, Monday 1")
    minutes = serializers.FloatField()
    minutes_without_walking = serializers.FloatField()
    exercises = serializers.FloatField()
    level = serializers.ChoiceField(choices=("fine", "note", "warning"))


class PhaseBurdenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    n = serializers.IntegerField()
    days = DayBurdenSerializer(many=True)


class BurdenSerializer(serializers.Serializer[Any]):
    phases = PhaseBurdenSerializer(many=True)
