"""Suggestions, and readiness for the next phase: what the rules say, for a therapist to decide."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params, get_or_404, parse_uuid, signed_in
from accounts.roles import Ability, HasAbility, require
from patients.api.plans import plan_of
from patients.models import Patient, Suggestion, SuggestionKind, SuggestionStatus
from patients.review import deciding, due, readiness
from programs.models import Prescription


class SuggestedExercise(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    prescription = serializers.UUIDField()
    id = serializers.UUIDField()
    name = serializers.CharField()


class OtherExercise(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SuggestedChange(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=("reps", "sets", "load", "exercise", "rest", "phase", "nothing"))
    to = serializers.DictField(allow_null=True)
    exercise = OtherExercise(allow_null=True)
    band = serializers.BooleanField()
    rest_days = serializers.IntegerField()
    phase = serializers.IntegerField(allow_null=True)
    phase_name = serializers.CharField(allow_null=True, required=False)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # `from` is no Python name
        return {"what": fields.pop("what"), "from": serializers.DictField(allow_null=True), **fields}


class WhoseSuggestion(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class SuggestionDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    patient = WhoseSuggestion()
    plan = serializers.UUIDField()
    phase = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SuggestionKind.choices)
    status = serializers.ChoiceField(choices=SuggestionStatus.choices)
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()
    exercise = SuggestedExercise(allow_null=True)
    change = SuggestedChange()
    evidence = serializers.ListField(child=serializers.DictField())
    note = serializers.CharField(allow_blank=True)
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    revision = serializers.UUIDField(allow_null=True)


def documents(rows: Sequence[Suggestion]) -> list[dict[str, Any]]:
    """One query more than the rows: the exercises that they speak of, as the plan prescribed them."""
    named = {row.key for row in rows if row.key is not None}
    found = Prescription.objects.filter(
        key__in=named, phase__program__revisions__plan__in={row.plan_id for row in rows}
    )
    spoken = found.order_by("created_at", "id").values_list(
        *("phase__program__revisions__plan_id", "key", "id", "exercise_id", "exercise__name")
    )
    exercises = {
        (plan, key): {"key": key, "prescription": prescription, "id": exercise, "name": name}
        for plan, key, prescription, exercise, name in (spoken if named else ())
    }
    return [_document(row, exercises.get((row.plan_id, row.key))) for row in rows]


def _document(row: Suggestion, exercise: dict[str, Any] | None) -> dict[str, Any]:
    return dict(
        SuggestionDocument(
            {
                "id": row.pk,
                "patient": {"id": row.patient_id, "name": row.patient.name},
                "plan": row.plan_id,
                "phase": row.phase,
                "kind": row.kind,
                "status": row.status,
                "reason": row.reason,
                "made_at": row.made_at,
                "exercise": exercise,
                "change": {"phase_name": None, **row.change},
                "evidence": row.evidence,
                "note": row.note,
                "decided_by": None if row.decided_by is None else row.decided_by.name,
                "decided_at": row.decided_at,
                "revision": row.revision_id,
            }
        ).data
    )


# ---- Suggestions ----------------------------------------------------------------------------------------------------
def by_patient(queryset: QuerySet[Suggestion], value: str) -> QuerySet[Suggestion]:
    return queryset.filter(patient=parse_uuid(value, "patient"))


def by_kind(queryset: QuerySet[Suggestion], value: str) -> QuerySet[Suggestion]:
    if value not in SuggestionKind.values:
        known = ", ".join(SuggestionKind.values)
        raise ValidationError({"kind": f"“{value}” is no kind of suggestion. Known: {known}."})
    return queryset.filter(kind=value)


class SuggestionPages(CursorPages):
    ordering = ("-made_at", "-id")


class Suggestions(GenericAPIView[Suggestion]):
    """What waits for a decision, newest first; with `status`, what was decided."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    serializer_class = SuggestionDocument
    pagination_class = SuggestionPages
    queryset = Suggestion.objects.none()
    filters = {"patient": by_patient, "kind": by_kind}
    extra_params = ("status",)

    @extend_schema(
        operation_id="suggestions_list",
        parameters=[
            OpenApiParameter("patient", OpenApiTypes.UUID),
            OpenApiParameter("kind", str, enum=list(SuggestionKind.values)),
            OpenApiParameter("status", str, enum=list(SuggestionStatus.values), description="default: open"),
        ],
        responses=SuggestionDocument(many=True),
    )
    def get(self, request: Request) -> Response:
        status = request.query_params.get("status", SuggestionStatus.OPEN)
        if status not in SuggestionStatus.values:
            known = ", ".join(SuggestionStatus.values)
            raise ValidationError({"status": f"“{status}” is no status. Known: {known}."})
        due.catch_up(of_one(request, Patient.objects.for_staff(request.user)))
        rows = Suggestion.objects.for_staff(request.user).filter(status=status)
        page = self.paginate_queryset(self.filter_queryset(rows.select_related("patient", "decided_by")))
        return self.get_paginated_response(documents(page or []))


def of_one(request: Request, patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Those whom a list that may name one patient is about."""
    try:
        named = request.query_params.get("patient")
        return patients if named is None else patients.filter(pk=uuid.UUID(named))
    except ValueError:
        return patients.none()  # the filter says what is wrong


class DecisionRequest(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class _Decision(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.RESOLVE}

    def _decided(self, request: Request, suggestion_id: uuid.UUID, decide: Any) -> Response:
        rows = Suggestion.objects.for_staff(request.user).select_related("patient")
        row: Suggestion = get_or_404(rows, pk=suggestion_id)
        require(request.user, Ability.RESOLVE, row.patient.clinic_id)
        parsed = DecisionRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        done = decide(row, by=signed_in(request), note=parsed.validated_data["note"])
        return Response(documents([done])[0])


class Accept(_Decision):
    """Makes a revision with the reason. 409 `suggestion_closed`, `precaution_conflict`, `plan_ended`."""

    @extend_schema(operation_id="suggestions_accept", request=DecisionRequest, responses=SuggestionDocument)
    def post(self, request: Request, suggestion_id: uuid.UUID) -> Response:
        return self._decided(request, suggestion_id, deciding.accept)


class Dismiss(_Decision):
    """Keeps the plan as it is. 409 `suggestion_closed`."""

    @extend_schema(operation_id="suggestions_dismiss", request=DecisionRequest, responses=SuggestionDocument)
    def post(self, request: Request, suggestion_id: uuid.UUID) -> Response:
        return self._decided(request, suggestion_id, deciding.dismiss)


# ---- Readiness ------------------------------------------------------------------------------------------------------
class TickDocument(serializers.Serializer[Any]):
    met = serializers.BooleanField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class CriterionDocument(serializers.Serializer[Any]):
    text = serializers.CharField()
    met = serializers.BooleanField(allow_null=True)
    source = serializers.ChoiceField(choices=("checkin", "therapist"), allow_null=True)  # type: ignore[assignment]
    value = serializers.CharField(allow_null=True)
    facts = serializers.DictField(child=serializers.FloatField(allow_null=True))
    since = serializers.DateField(allow_null=True)
    tick = TickDocument(allow_null=True)


class ReadinessDocument(serializers.Serializer[Any]):
    phase = serializers.IntegerField()
    name = serializers.CharField()
    next = serializers.IntegerField(allow_null=True)
    next_name = serializers.CharField(allow_null=True)
    ready = serializers.BooleanField()
    frozen = serializers.ChoiceField(choices=("red_flag", "paused", "regress"), allow_null=True)
    never_suggested = serializers.ChoiceField(choices=("surgery", "release", "level_5"), allow_null=True)
    criteria = CriterionDocument(many=True)


class CriterionRequest(serializers.Serializer[Any]):
    phase = serializers.IntegerField(min_value=1, max_value=50)
    text = serializers.CharField(max_length=300)
    met = serializers.BooleanField(allow_null=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class Readiness(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(operation_id="plans_readiness", responses=ReadinessDocument)
    def get(self, request: Request, plan_id: uuid.UUID) -> Response:
        check_params(request)
        return Response(_document_of(readiness.of_plan(plan_of(request, plan_id))))


class Criteria(APIView):
    """A therapist's word on a criterion of the phase in force; `met: null` takes it back."""

    permission_classes = (HasAbility,)
    needs = {"POST": Ability.RESOLVE}

    @extend_schema(operation_id="plans_criteria", request=CriterionRequest, responses=ReadinessDocument)
    def post(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan = plan_of(request, plan_id, Ability.RESOLVE)
        parsed = CriterionRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        return Response(_document_of(readiness.tick(plan, by=signed_in(request), **parsed.validated_data)))


def _document_of(standing: readiness.Readiness) -> dict[str, Any]:
    return dict(ReadinessDocument(standing.as_json()).data)
