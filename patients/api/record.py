"""What a clinic does with a whole record: discharge, reopen, transfer, merge, summary, who looked."""

from __future__ import annotations

import uuid
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import signed_in
from accounts.models import User
from accounts.roles import Ability, HasAbility
from patients.api.scope import patient_of
from patients.api.serializers import NoteRequest, PatientSerializer, ReasonRequest, clinician_of
from patients.record.cover import transfer
from patients.record.discharge import discharge, reopen


class Discharge(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.PRESCRIBE}

    @extend_schema(operation_id="patients_discharge", request=ReasonRequest, responses=PatientSerializer)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.PRESCRIBE)
        parsed = ReasonRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        done = discharge(patient, by=signed_in(request), reason=parsed.validated_data["reason"])
        return Response(PatientSerializer(done).data)


class Reopen(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.PRESCRIBE}

    @extend_schema(operation_id="patients_reopen", request=NoteRequest, responses=PatientSerializer)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.PRESCRIBE)
        parsed = NoteRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        done = reopen(patient, by=signed_in(request), note=parsed.validated_data["note"])
        return Response(PatientSerializer(done).data)


class HandoverRequest(serializers.Serializer[Any]):
    responsible = serializers.UUIDField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def validate_responsible(self, value: uuid.UUID) -> User:
        return clinician_of(self.context["clinic"].pk, value).user


class Transfer(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.PATIENTS}

    @extend_schema(operation_id="patients_transfer", request=HandoverRequest, responses=PatientSerializer)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.PATIENTS)
        parsed = HandoverRequest(data=request.data, context={"clinic": patient.clinic})
        parsed.is_valid(raise_exception=True)
        said = parsed.validated_data
        done = transfer(patient, to=said["responsible"], by=signed_in(request), note=said["note"])
        return Response(PatientSerializer(done).data)
