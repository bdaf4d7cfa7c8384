"""Who is signed in, what they may reach, and what they may change about themselves.

It stands in `patients` since it names the patients an account reaches, of whom `accounts` knows nothing.
"""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params, signed_in
from accounts.api.serializers import ClinicRoleSerializer, PreferencesSerializer, UserSerializer
from accounts.roles import standing
from patients import preferences
from patients.models import PatientAccess, Relation


class ReachedPatientSerializer(serializers.ModelSerializer[PatientAccess]):
    id = serializers.UUIDField(source="named")
    name = serializers.CharField(source="patient.name")
    relation = serializers.ChoiceField(choices=Relation.choices)

    class Meta:
        model = PatientAccess
        fields = ("id", "name", "relation")


class MeSerializer(serializers.Serializer[Any]):
    user = UserSerializer()
    role = serializers.ChoiceField(choices=("staff", "patient"))
    clinics = ClinicRoleSerializer(many=True)
    patients = ReachedPatientSerializer(many=True)
    csrf_token = serializers.CharField()
    locale = serializers.CharField()
    timezone = serializers.CharField()


class Me(APIView):
    """For everyone who is signed in; the default permission asks for no more."""

    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        check_params(request)
        return Response(_me(request))

    @extend_schema(
        operation_id="change_me",
        request=PreferencesSerializer,
        responses=MeSerializer,
        description="Language, time zone, text size, name. A patient's own record takes over language and time zone.",
    )
    def patch(self, request: Request) -> Response:
        wanted = PreferencesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        preferences.change(signed_in(request), wanted.validated_data)
        return Response(_me(request))


def _me(request: Request) -> dict[str, Any]:
    """Four queries: session, user, clinics, patients."""
    user = signed_in(request)
    clinics = standing(user).memberships
    reached = (
        PatientAccess.objects.filter(user=user, ended_at=None).select_related("patient").order_by("created_at", "id")
    )
    return MeSerializer(
        {
            "user": user,
            "role": "staff" if clinics else "patient",
            "clinics": clinics,
            "patients": reached,
            "csrf_token": get_token(request._request),
            "locale": user.language,
            "timezone": user.timezone,
        }
    ).data
