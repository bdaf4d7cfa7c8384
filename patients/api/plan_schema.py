"""What plans, their revisions and conflicts look like in JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from patients import days, plans
from patients.models import Plan, PlanOverride, PlanPause, PlanRevision, PlanStatus

FARTHEST_START = dt.timedelta(days=5 * 366)


class PainWords(serializers.Serializer[Any]):
    """The clinic's own words for each colour; null leaves it to the app's."""

    green = serializers.CharField(max_length=300, required=False, allow_null=True)
    amber = serializers.CharField(max_length=300, required=False, allow_null=True)
    red = serializers.CharField(max_length=300, required=False, allow_null=True)
    stop = serializers.CharField(max_length=300, required=False, allow_null=True)


class PainRuleSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=0, max_value=10, required=False)
    baseline = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    words = PainWords(required=False)


class OverrideRequest(serializers.Serializer[Any]):
    rule = serializers.CharField(max_length=10)
    key = serializers.UUIDField()
    reason = serializers.CharField(max_length=1000)


class AlternativeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    """One rule against one prescription (CLINICAL.md B)."""

    rule = serializers.CharField()
    action = serializers.ChoiceField(choices=("block", "release", "warn"))
    prescription = serializers.UUIDField(allow_null=True)
    key = serializers.UUIDField(allow_null=True)
    finding = serializers.CharField(allow_blank=True, help_text="what of the patient makes the rule fire")
    demands = serializers.ListField(child=serializers.CharField(), help_text="of the exercise, that the rule speaks of")
    sentence = serializers.CharField()
    cap = serializers.CharField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    certainty = serializers.CharField()
    alternatives = AlternativeSerializer(many=True)


class PhaseConflicts(serializers.Serializer[Any]):
    phase = serializers.IntegerField()
    conflicts = ConflictSerializer(many=True)


def plausible_start(date: dt.date) -> None:
    """A plan has a row for every date since its start, so a mistyped year is refused, not laid out."""
    if abs(date - timezone.now().date()) > FARTHEST_START:
        raise serializers.ValidationError("Check the date: a plan starts within five years of today.")


class CheckRequest(serializers.Serializer[Any]):
    program = serializers.UUIDField()
    starts_on = serializers.DateField(required=False, validators=[plausible_start])


class CheckResponse(serializers.Serializer[Any]):
    phases = PhaseConflicts(many=True)


class PlanRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False)
    program = serializers.UUIDField()
    starts_on = serializers.DateField(validators=[plausible_start])
    phase = serializers.IntegerField(min_value=1, max_value=50, default=1)
    pain_rule = PainRuleSerializer(required=False)
    overrides = OverrideRequest(many=True, required=False)


class RevisionRequest(serializers.Serializer[Any]):
    program = serializers.UUIDField(required=False)
    phase = serializers.IntegerField(min_value=1, max_value=50, required=False)
    pain_rule = PainRuleSerializer(required=False)
    effective_from = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    overrides = OverrideRequest(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"program", "phase", "pain_rule"} & set(attrs):
            raise serializers.ValidationError("Say what changes: program, phase or pain_rule.")
        return attrs


class PauseRequest(serializers.Serializer[Any]):
    to = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": serializers.DateField(), **super().get_fields()}


class ResumeRequest(serializers.Serializer[Any]):
    on = serializers.DateField()


class ReasonRequest(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class PauseSerializer(serializers.ModelSerializer[PlanPause]):
    to = serializers.DateField(source="to_date", allow_null=True)

    class Meta:
        model = PlanPause
        fields = ("id", "to", "reason")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": serializers.DateField(source="from_date")}


class RevisionSerializer(serializers.ModelSerializer[PlanRevision]):
    program = serializers.UUIDField(source="program_id")
    author = serializers.CharField(source="author.name", default=None, allow_null=True)
    pain_rule = PainRuleSerializer()

    class Meta:
        model = PlanRevision
        fields = ("id", "n", "program", "phase", "pain_rule", "effective_from", "author", "reason", "created_at")


class OverrideSerializer(serializers.ModelSerializer[PlanOverride]):
    author = serializers.CharField(source="author.name", default=None, allow_null=True)

    class Meta:
        model = PlanOverride
        fields = ("rule", "key", "reason", "author", "created_at")


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """`program`, `phase` and `pain_rule` are those in force today (before the start: of the first day)."""

    patient = serializers.UUIDField(source="patient_id")
    program = serializers.SerializerMethodField()
    program_name = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    phase = serializers.SerializerMethodField()
    pain_rule = serializers.SerializerMethodField()
    revisions = RevisionSerializer(many=True)
    pauses = PauseSerializer(many=True)
    overrides = OverrideSerializer(many=True)

    class Meta:
        model = Plan
        fields = (
            "id",
            "version",
            "patient",
            "program",
            "program_name",
            "status",
            "starts_on",
            "ended_on",
            "end_reason",
            "phase",
            "pain_rule",
            "revisions",
            "pauses",
            "overrides",
            "notes",
        )

    def _now(self, plan: Plan) -> PlanRevision:
        return plans.revision_on(plan, days.local_today(plan.patient))

    @extend_schema_field(serializers.UUIDField())
    def get_program(self, plan: Plan) -> str:
        return str(self._now(plan).program_id)

    def get_program_name(self, plan: Plan) -> str:
        return self._now(plan).program.name

    @extend_schema_field(serializers.ChoiceField(choices=PlanStatus.choices))
    def get_status(self, plan: Plan) -> str:
        return plans.status_on(plan, days.local_today(plan.patient))

    def get_phase(self, plan: Plan) -> int:
        return self._now(plan).phase

    @extend_schema_field(PainRuleSerializer())
    def get_pain_rule(self, plan: Plan) -> dict[str, Any]:
        rule: dict[str, Any] = self._now(plan).pain_rule
        return rule


class PlanNotes(serializers.Serializer[Any]):
    notes = serializers.CharField(max_length=10_000, allow_blank=True)
