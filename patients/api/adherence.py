"""Adherence with the rows behind it: a therapist can open the sum of any number."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params
from accounts.roles import Ability, HasAbility
from patients import adherence_sum, days
from patients.adherence import WEEK, WINDOWS, Band
from patients.adherence_sum import WHY
from patients.api.day_schema import CountedDay, ExerciseSum
from patients.api.scope import patient_of


class _FromTo(serializers.Serializer[Any]):
    to = serializers.DateField()

    def get_fields(self) -> dict[str, Any]:
        # `from` is a word of the language.
        return {"from": serializers.DateField(), **super().get_fields()}


class SessionSum(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    due = serializers.IntegerField()
    unknown = serializers.IntegerField()
    excused = serializers.IntegerField(help_text="exercises of a date that a pause, a lock, travel or a rule excused")
    value = serializers.FloatField(allow_null=True, help_text="done ÷ (due − unknown), null at 0/0")
    band = serializers.ChoiceField(choices=[band.value for band in Band], allow_null=True)


class DoseSum(serializers.Serializer[Any]):
    """In hundredths of a set."""

    done = serializers.IntegerField()
    asked = serializers.IntegerField()
    unknown = serializers.IntegerField()
    over = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True, help_text="done ÷ (asked − unknown), null at 0/0")


class OverdoingSum(_FromTo):
    """In hundredths of a set; what is unknown is not asked."""

    done = serializers.IntegerField()
    asked = serializers.IntegerField()
    ratio = serializers.FloatField(allow_null=True)
    flagged = serializers.BooleanField(help_text="more than 120 %")


class AdherenceRow(CountedDay):
    dose_asked = serializers.IntegerField()
    dose_done = serializers.IntegerField()
    dose_over = serializers.IntegerField()
    dose_unknown = serializers.IntegerField()
    why = serializers.ChoiceField(choices=WHY, allow_null=True, help_text="what excuses what is not done")


class AdherenceDocument(_FromTo):
    window = serializers.ChoiceField(choices=WINDOWS)
    session = SessionSum()
    dose = DoseSum()
    overdoing = OverdoingSum()
    exercises = ExerciseSum()
    rows = AdherenceRow(many=True)


class Adherence(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(
        operation_id="patients_adherence",
        parameters=[OpenApiParameter("window", int, enum=list(WINDOWS), description="dates, ending yesterday")],
        responses=AdherenceDocument,
    )
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request, "window")
        patient = patient_of(request, patient_id)
        wanted = request.query_params.get("window", str(WEEK))
        if wanted not in map(str, WINDOWS):
            raise ValidationError({"window": [f"“window” is one of {', '.join(map(str, WINDOWS))}."]})
        return Response(adherence_sum.document(patient, days.local_today(patient), int(wanted)))
