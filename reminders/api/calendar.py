"""Where a phone gets a calendar's address, and ends it."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import signed_in
from accounts.links import absolute
from accounts.roles import IsPatient
from reminders import calendar
from reminders.api.whose import phone_patient, record_change

PATIENT = OpenApiParameter("patient", uuid.UUID)


class CalendarSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="shown this once; it opens the calendar without signing in")


class MyCalendar(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(
        operation_id="me_calendar_open", parameters=[PATIENT], request=None, responses={201: CalendarSerializer}
    )
    def post(self, request: Request) -> Response:
        """A new address; the account's earlier one ends."""
        patient = phone_patient(request)
        with transaction.atomic():
            token = calendar.open_feed(patient, signed_in(request))
            record_change(request, patient, "calendar")
        url = absolute(request._request, f"/calendar/{token}.ics")
        return Response(CalendarSerializer({"url": url}).data, status=201)

    @extend_schema(operation_id="me_calendar_close", parameters=[PATIENT], request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        patient = phone_patient(request)
        with transaction.atomic():
            calendar.close_feed(patient, signed_in(request))
            record_change(request, patient, "calendar")
        return Response(status=204)
