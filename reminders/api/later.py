"""Where a phone says "later today"."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import IsPatient
from reminders import later
from reminders.api.whose import phone_patient, record_change

STATES = ("waiting", "dropped")
REASONS = tuple(reason for reason in later.Dropped if reason != later.Dropped.REPLACED)


class LaterRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="the phone's own, the same each time it is sent")
    occurrence = serializers.UUIDField()
    at = serializers.DateTimeField(help_text="when to be reminded; later on the patient's local today")

    def validate_at(self, at: dt.datetime) -> dt.datetime:
        if not 2000 <= at.year <= 2100:
            raise serializers.ValidationError("Write an hour of today.")
        return at


class LaterSerializer(serializers.Serializer[Any]):
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=STATES)
    reason = serializers.ChoiceField(choices=REASONS, allow_null=True, help_text="why it was dropped")


class MyLater(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(
        operation_id="me_reminders_later",
        parameters=[OpenApiParameter("patient", uuid.UUID)],
        request=LaterRequest,
        responses=LaterSerializer,
    )
    def post(self, request: Request) -> Response:
        patient = phone_patient(request)
        parsed = LaterRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wish = parsed.validated_data
        try:
            with transaction.atomic():
                answer = later.later(patient, uid=wish["id"], occurrence=wish["occurrence"], at=wish["at"])
                record_change(request, patient, "reminders")
        except later.UnknownOccurrence as error:
            raise NotFound from error
        return Response(
            LaterSerializer({"due_at": answer.due_at, "state": answer.state, "reason": answer.dropped or None}).data
        )
