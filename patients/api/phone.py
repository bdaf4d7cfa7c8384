"""What the phone reads: the plan, its own log, receipts, progress."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params
from patients import adherence, days, log, measuring, messages, phone, progress_facts
from patients.api.log import FROM_TO, EntryList
from patients.api.phone_patient import phone_patient
from patients.api.phone_schema import PlansDocument, ProgressDocument, ReceiptsDocument, kept_item
from patients.models import Patient, PlanDay

PATIENT = OpenApiParameter("patient", str, description="whose, when the account reaches several")


@method_decorator(gzip_page, name="dispatch")
class Plans(APIView):
    """Three queries when nothing has changed: session, user, and one look at the patient's row."""

    @extend_schema(
        operation_id="me_plans",
        parameters=[PATIENT],
        responses={200: PlansDocument, 304: OpenApiResponse(description="Nothing has changed.")},
    )
    def get(self, request: Request) -> HttpResponse:
        check_params(request, "patient")
        now = timezone.now()
        patient = phone_patient(request, phone.stamped(Patient.objects.all()))
        etag = phone.etag(patient, now)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in _named(request.headers.get("If-None-Match", "")):
            return HttpResponseNotModified(headers=headers)
        return Response(phone.plans_document(patient, now), headers=headers)


def _named(if_none_match: str) -> set[str]:
    """The tags a client has. Weak ones too: compressing an answer makes its tag weak."""
    return {one.strip().removeprefix("W/") for one in if_none_match.split(",")}


class Log(EntryList):
    """The patient's own items, for corrections."""

    permission_classes = (IsAuthenticated,)
    extra_params = ("from", "to", "patient")

    @extend_schema(operation_id="me_log", parameters=[PATIENT, *FROM_TO], responses=kept_item)
    def get(self, request: Request) -> Response:
        return self.entries(request, phone_patient(request))


class Receipts(APIView):
    @extend_schema(
        operation_id="me_receipts",
        parameters=[PATIENT, OpenApiParameter("since", str, description="the cursor of the last answer")],
        responses=ReceiptsDocument,
    )
    def get(self, request: Request) -> Response:
        check_params(request, "patient", "since")
        patient = phone_patient(request, messages.with_unread(Patient.objects.all()))
        return Response(log.receipts(patient, request.query_params.get("since")))


# Twelve weeks and the four before: a whole course of the longest template's first half, on one screen.
PROGRESS_DAYS = 112


@method_decorator(gzip_page, name="dispatch")
class Progress(APIView):
    @extend_schema(operation_id="me_progress", parameters=[PATIENT], responses=ProgressDocument)
    def get(self, request: Request) -> Response:
        check_params(request, "patient")
        return Response(progress_document(phone_patient(request)))


def progress_document(patient: Patient) -> dict[str, Any]:
    today = days.local_today(patient)
    first = today - dt.timedelta(days=PROGRESS_DAYS - 1)
    rows = list(PlanDay.objects.filter(plan__patient=patient, date__range=(first, today)).order_by("date", "plan_id"))
    # Pain is the patient's: each of several plans knows the same, so a date stands once.
    pain = {row.date: row for row in rows if row.pain_max is not None}
    return {
        "days": [adherence.day_document(row, patient.known_until) for row in rows],
        "adherence_7": adherence.adherence(rows, patient.known_until, today, 7),
        "adherence_28": adherence.adherence(rows, patient.known_until, today, 28),
        "pain": [
            {"date": date.isoformat(), "pain_max": row.pain_max, "pain_last": row.pain_last}
            for date, row in pain.items()
        ],
        **progress_facts.document(patient, first, today),
        **measuring.progress(patient, today),
    }
