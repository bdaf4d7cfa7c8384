"""What a clinic does with a whole record: discharge, reopen, transfer, merge, summary, who looked."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params, get_or_404, signed_in
from accounts.api.files import FileOrErrors
from accounts.api.serializers import AccessRecordSerializer
from accounts.models import AccessRecord, User
from accounts.roles import Ability, HasAbility, require
from patients.api.plan_schema import ReasonRequest
from patients.api.scope import patient_of
from patients.api.serializers import NoteRequest, PatientSerializer, clinician_of
from patients.models import Merge, Patient
from patients.record import summary
from patients.record.cover import transfer
from patients.record.discharge import discharge, reopen
from patients.record.looking import access_log
from patients.record.merging import merge
from patients.record.summary import LANGUAGES
from patients.record.undoing import undo, undo_until


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


class Summary(APIView):
    """A patient's treatment as plain text, for pasting into the clinic's own record."""

    content_negotiation_class = FileOrErrors  # one form to have, whatever is asked for
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(
        operation_id="patients_summary",
        parameters=[OpenApiParameter("lang", str, enum=LANGUAGES, description="by default one's own")],
        responses={(200, "text/plain"): OpenApiTypes.STR},
    )
    def get(self, request: Request, patient_id: uuid.UUID) -> HttpResponse:
        check_params(request, "lang")
        patient = patient_of(request, patient_id)
        language = request.query_params.get("lang")
        if language is not None and language not in LANGUAGES:
            raise ValidationError({"lang": f"The summary can be had in: {', '.join(LANGUAGES)}."})
        own = signed_in(request).language
        text = summary.write(patient, language or (own if own in LANGUAGES else LANGUAGES[0]))
        return HttpResponse(text, content_type="text/plain; charset=utf-8")


class AccessLog(GenericAPIView[AccessRecord]):
    """Who looked at and changed this record. For therapists and owners: it also shows what colleagues looked at."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.PATIENTS}
    queryset = AccessRecord.objects.none()
    serializer_class = AccessRecordSerializer
    filters = {"action": lambda queryset, value: queryset.filter(action=value)}

    @extend_schema(
        operation_id="patients_access_log",
        parameters=[OpenApiParameter("action", str, description="read, write, export, override, prescribe, …")],
        responses=AccessRecordSerializer(many=True),
    )
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id)
        require(request.user, Ability.PATIENTS, patient.clinic_id)
        page = self.paginate_queryset(self.filter_queryset(access_log(patient)))
        return self.get_paginated_response(AccessRecordSerializer(page, many=True).data)


class MergeRequest(serializers.Serializer[Any]):
    other = serializers.UUIDField()
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class MergeSerializer(serializers.ModelSerializer[Merge]):
    kept = serializers.UUIDField(source="kept_id")
    other = serializers.UUIDField(source="other_id")
    other_name = serializers.CharField(source="other.name")
    made_by = serializers.CharField(source="made_by.name", default=None, allow_null=True)
    undo_until = serializers.SerializerMethodField(help_text="after this moment it cannot be undone")

    class Meta:
        model = Merge
        fields = ("id", "kept", "other", "other_name", "note", "made_at", "made_by", "undo_until", "undone_at")

    def get_undo_until(self, merge: Merge) -> dt.datetime:
        return undo_until(merge)


class MakeMerge(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.PATIENTS}

    @extend_schema(
        operation_id="patients_merge", request=MergeRequest, responses={201: MergeSerializer, 200: MergeSerializer}
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        kept = patient_of(request, patient_id)
        require(request.user, Ability.PATIENTS, kept.clinic_id)
        parsed = MergeRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        other = patient_of(request, parsed.validated_data["other"])
        require(request.user, Ability.PATIENTS, other.clinic_id)
        made, new = merge(kept, other, by=signed_in(request), note=parsed.validated_data["note"])
        return Response(MergeSerializer(made).data, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class PagesOfMerges(CursorPages):
    ordering = ("-made_at", "-id")


class Merges(GenericAPIView[Merge]):
    """The merges that this record was part of, as the kept one or as the other; those undone too."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    serializer_class = MergeSerializer
    pagination_class = PagesOfMerges
    queryset = Merge.objects.none()

    @extend_schema(operation_id="patients_merges", responses=MergeSerializer(many=True))
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id)
        rows = Merge.objects.filter(Q(kept=patient) | Q(other=patient)).select_related("other", "made_by")
        page = self.paginate_queryset(self.filter_queryset(rows))
        return self.get_paginated_response(MergeSerializer(page, many=True).data)


class UndoMerge(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.PATIENTS}

    @extend_schema(operation_id="merges_undo", request=None, responses=MergeSerializer)
    def post(self, request: Request, merge_id: uuid.UUID) -> Response:
        reachable = Merge.objects.filter(kept__in=Patient.objects.for_staff(request.user)).select_related("kept")
        made = get_or_404(reachable, pk=merge_id)
        require(request.user, Ability.PATIENTS, made.kept.clinic_id)
        return Response(MergeSerializer(undo(made, by=signed_in(request))).data)
