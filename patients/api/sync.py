"""`POST /me/sync`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params
from accounts.api.errors import Conflict
from accounts.roles import PATIENTS_ONLY, is_staff
from patients.api.phone_patient import user_of
from patients.api.phone_schema import SyncRequest, SyncResponse
from patients.sync import envelope, store
from patients.sync.envelope import Envelope


class Sync(APIView):
    # Who may write for whom is part of the one query that locks the patient: a permission class would ask it twice.

    @extend_schema(operation_id="me_sync", request=SyncRequest, responses=SyncResponse)
    def post(self, request: Request) -> Response:
        check_params(request, "patient")
        user = user_of(request)
        call = envelope.read(request.data, timezone.now())
        if request.query_params.get("patient", str(call.patient)) != str(call.patient):
            raise ValidationError({"patient": ["?patient= and the patient in the call are two people."]})
        try:
            results = store.receive(call, store.Sender(user))
        except Conflict:
            if is_staff(user):
                raise PermissionDenied(PATIENTS_ONLY) from None
            raise
        return Response(answer(call, results))


def answer(call: Envelope, results: list[store.Result]) -> dict[str, Any]:
    return {
        "results": [
            {
                "index": one.index,
                "id": None if one.id is None else str(one.id),
                "status": one.status.value,
                "late": one.late,
                "errors": list(one.errors),
            }
            for one in results
        ],
        "server_time": call.clock.received_at.isoformat(),
        "clock_skew_s": round(call.clock.skew.total_seconds()),
    }
