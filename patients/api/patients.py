"""The clinic's patients: list, register, read, change, check a program against the findings."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.conventions import check_version, get_or_404, signed_in
from accounts.roles import Ability, HasAbility, acting_clinic
from patients import people, precautions
from patients.api.plan_schema import CheckRequest, CheckResponse
from patients.api.scope import patient_of
from patients.api.serializers import PatientSerializer
from patients.models import Patient, PatientStatus
from programs.models import Program


def by_words(queryset: QuerySet[Patient], words: str) -> QuerySet[Patient]:
    """Each word in the name or the record number."""
    for word in words.split()[:8]:
        queryset = queryset.filter(Q(name__icontains=word) | Q(record_number__icontains=word))
    return queryset


def by_status(queryset: QuerySet[Patient], value: str) -> QuerySet[Patient]:
    if value not in PatientStatus.values:
        raise ValidationError({"status": f"“{value}” is no status. Known: {', '.join(PatientStatus.values)}."})
    return queryset.filter(status=value)


class Patients(GenericAPIView[Patient]):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PATIENTS}
    serializer_class = PatientSerializer
    queryset = Patient.objects.none()
    filters = {"search": by_words, "status": by_status}
    extra_params = ("clinic",)

    @extend_schema(
        operation_id="patients_list",
        parameters=[OpenApiParameter("search", str), OpenApiParameter("status", str)],
        responses=PatientSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        rows = Patient.objects.for_staff(request.user).select_related("responsible")
        if "status" not in request.query_params:
            rows = rows.exclude(status=PatientStatus.MERGED)
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(PatientSerializer(page, many=True).data)

    @extend_schema(operation_id="patients_create", responses={201: PatientSerializer, 200: PatientSerializer})
    def post(self, request: Request) -> Response:
        named = request.data.get("clinic") if isinstance(request.data, dict) else None
        clinic = acting_clinic(request.user, named, Ability.PATIENTS)
        parsed = PatientSerializer(data=request.data, context={"clinic": clinic})
        parsed.is_valid(raise_exception=True)
        patient, new = people.register(clinic=clinic, by=signed_in(request), **parsed.validated_data)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return Response(PatientSerializer(patient).data, status=code)


class OnePatient(GenericAPIView[Patient]):
    permission_classes = (HasAbility,)
    needs = {"PATCH": Ability.PATIENTS}
    serializer_class = PatientSerializer

    @extend_schema(operation_id="patients_read")
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return Response(PatientSerializer(patient_of(request, patient_id)).data)

    @extend_schema(operation_id="patients_change")
    @transaction.atomic
    def patch(self, request: Request, patient_id: uuid.UUID) -> Response:
        seen = patient_of(request, patient_id, Ability.PATIENTS)
        patient = Patient.objects.select_for_update().get(pk=seen.pk)
        check_version(request, patient, lambda current: PatientSerializer(current).data)
        parsed = PatientSerializer(patient, data=request.data, partial=True, context={"clinic": seen.clinic})
        parsed.is_valid(raise_exception=True)
        facts = {name: value for name, value in parsed.validated_data.items() if name != "id"}
        return Response(PatientSerializer(people.change(patient, by=signed_in(request), **facts)).data)


class Check(GenericAPIView[Patient]):
    """What speaks against a program for this patient, phase by phase. Changes nothing."""

    permission_classes = (HasAbility,)
    needs = {"POST": Ability.READ}
    serializer_class = CheckRequest

    @extend_schema(operation_id="patients_check", responses=CheckResponse)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id)
        parsed = CheckRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        program = get_or_404(Program.objects.visible_to(request.user), pk=parsed.validated_data["program"])
        starts_on: Any = parsed.validated_data.get("starts_on")
        return Response({"phases": precautions.check_program(patient, program, starts_on)})
