"""The clinic's list of phones that need somebody's help."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.conventions import CursorPages
from accounts.roles import Ability, HasAbility
from patients.models import Patient
from reminders import phones
from reminders.api.serializers import ChannelSerializer


class PhonePatientSerializer(serializers.Serializer[Patient]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class TroubledPhoneSerializer(serializers.Serializer[Any]):
    patient = PhonePatientSerializer()
    device = serializers.UUIDField(
        source="phone.device", allow_null=True, default=None, help_text="the stuck one, else the one heard of last"
    )
    last_sync_at = serializers.DateTimeField(source="phone.last_sync_at", allow_null=True, default=None)
    pending = serializers.IntegerField(
        source="phone.pending", allow_null=True, default=None, help_text="what it still had to send then"
    )
    channels = ChannelSerializer(many=True)
    problem = serializers.ChoiceField(choices=phones.PROBLEMS, help_text="the first of `problems`")
    problems = serializers.ListField(child=serializers.ChoiceField(choices=phones.PROBLEMS))


def by_problem(queryset: QuerySet[Patient], value: str) -> QuerySet[Patient]:
    if value not in phones.MARKS:
        raise ValidationError({"problem": f"“{value}” is no problem. Known: {', '.join(phones.MARKS)}."})
    return queryset.filter(**{phones.MARKS[value]: True})


class PagesOfPhones(CursorPages):
    ordering = ("name", "id")


class ClinicPhones(GenericAPIView[Patient]):
    """Patients in treatment whose reminders were refused for good (`unreachable`), on whose phone something waits to be
    sent for more than a day (`stuck`), or whose phones have not been heard of for two weeks while a plan runs
    (`silent_phone`)."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    serializer_class = TroubledPhoneSerializer
    pagination_class = PagesOfPhones
    queryset = Patient.objects.none()
    filters = {"problem": by_problem}

    @extend_schema(
        operation_id="clinic_phones",
        parameters=[OpenApiParameter("problem", str, enum=list(phones.PROBLEMS))],
        responses=TroubledPhoneSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        now = timezone.now()
        mine = phones.troubled(Patient.objects.for_staff(request.user), now)
        page: list[Patient] = list(self.paginate_queryset(self.filter_queryset(mine)) or ())
        return self.get_paginated_response(TroubledPhoneSerializer(phones.rows(page, now), many=True).data)
