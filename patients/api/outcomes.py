"""The clinic's view of outcomes and goals. What staff enter is stored as if it came from paper, and scored the same."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params
from accounts.roles import Ability, HasAbility
from patients import days, measuring
from patients.api.log import FROM_TO, EnteredByStaff
from patients.api.phone_schema import GoalItem, KeptGoal, KeptOutcome, OutcomeItem, ScoreFields
from patients.api.scope import patient_of
from patients.models import Entry, ItemKind, Patient
from patients.outcomes import INSTRUMENTS, WINDOWS, State


class ScoredOutcome(KeptOutcome, ScoreFields):
    pass


class EarlierGoal(serializers.Serializer[Any]):
    text = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class GoalDocument(KeptGoal):
    earlier = EarlierGoal(many=True, help_text="earlier wordings, oldest first")


class Outcomes(EnteredByStaff):
    kinds = (ItemKind.OUTCOME,)

    @extend_schema(operation_id="patients_outcomes", responses=ScoredOutcome(many=True), parameters=FROM_TO)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return super().get(request, patient_id)

    @extend_schema(
        operation_id="patients_add_outcome",
        request=OutcomeItem,
        responses={200: ScoredOutcome, 201: ScoredOutcome},
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        return super().post(request, patient_id)

    def documents(self, patient: Patient, page: Sequence[Entry]) -> list[dict[str, Any]]:
        return measuring.outcome_documents(patient, page)


class Goals(EnteredByStaff):
    kinds = (ItemKind.GOAL,)

    @extend_schema(operation_id="patients_goals", responses=GoalDocument(many=True), parameters=FROM_TO)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return super().get(request, patient_id)

    @extend_schema(operation_id="patients_add_goal", request=GoalItem, responses={200: GoalDocument, 201: GoalDocument})
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        return super().post(request, patient_id)

    def documents(self, patient: Patient, page: Sequence[Entry]) -> list[dict[str, Any]]:
        prefetch_related_objects(list(page), "versions")
        return [measuring.goal_document(entry) for entry in page]


class AskedOutcome(serializers.Serializer[Any]):
    instrument = serializers.ChoiceField(choices=INSTRUMENTS)
    timepoint = serializers.ChoiceField(choices=tuple(WINDOWS))
    to = serializers.DateField()
    state = serializers.ChoiceField(choices=[state.value for state in State])

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of the language.
        return {**super().get_fields(), "from": serializers.DateField()}


class ScheduleDocument(serializers.Serializer[Any]):
    due = AskedOutcome(many=True)


class Schedule(APIView):
    """What is asked when: windows around weeks 0, 4, 8, 12 and 24 of the treatment."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(operation_id="patients_outcome_schedule", responses=ScheduleDocument)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request)
        patient = patient_of(request, patient_id)
        asked = measuring.schedule(patient, days.local_today(patient))
        return Response({"due": [one.as_json() for one in asked]})
