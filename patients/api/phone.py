"""What the phone reads: the plan, its own log, receipts, progress."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params
from patients import phone
from patients.api.phone_patient import phone_patient
from patients.api.phone_schema import PlansDocument
from patients.models import Patient

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
