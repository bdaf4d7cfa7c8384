"""The caseload and its flags."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.api.conventions import CursorPages, check_params, get_or_404, parse_uuid, signed_in
from accounts.api.files import FileOrErrors
from accounts.roles import Ability, HasAbility, require, standing
from patients import alerts, caseload
from patients.api.patients import by_words
from patients.api.review import of_one
from patients.api.serializers import FlagSerializer, NoteRequest
from patients.models import Flag, FlagKind, Patient, StaffAlert
from patients.models.people import AffectedSide, Condition, PatientStatus
from patients.record import cover
from patients.review import due

ORDERS = {
    "attention": ("-attention_rank", "name", "id"),
    "name": ("name", "id"),
    "last_active": ("-last_active_at", "id"),
}


class CaseloadPatient(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    record_number = serializers.CharField(allow_null=True)
    birth_date = serializers.DateField()
    affected_side = serializers.ChoiceField(choices=AffectedSide.choices, allow_null=True)
    condition = serializers.ChoiceField(choices=Condition.choices, allow_null=True)
    status = serializers.ChoiceField(choices=PatientStatus.choices)
    responsible = serializers.UUIDField(allow_null=True)


class CaseloadPlan(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    phase = serializers.IntegerField()
    phase_name = serializers.CharField(allow_null=True)
    starts_on = serializers.DateField()


class TrendPoint(serializers.Serializer[Any]):
    date = serializers.DateField()
    pain = serializers.IntegerField()


class CaseloadFlag(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=FlagKind.choices)
    urgency = serializers.CharField()
    raised_at = serializers.DateTimeField()
    acknowledged = serializers.BooleanField()
    evidence = serializers.ListField(child=serializers.DictField())


class CaseloadRow(serializers.Serializer[Any]):
    patient = CaseloadPatient()
    plan = CaseloadPlan(allow_null=True)
    adherence_7 = serializers.FloatField(allow_null=True)
    adherence_28 = serializers.FloatField(allow_null=True)
    last_pain = serializers.IntegerField(allow_null=True)
    last_pain_on = serializers.DateField(allow_null=True)
    trend = TrendPoint(many=True)
    last_active = serializers.DateTimeField(allow_null=True)
    flags = CaseloadFlag(many=True)
    attention_rank = serializers.IntegerField()


def by_attention(queryset: QuerySet[Patient], value: str) -> QuerySet[Patient]:
    """`any`, or the kind of an open flag."""
    if value == "any":
        return queryset.filter(attention_rank__gt=0)
    if value not in FlagKind.values:
        raise ValidationError({"attention": f"“{value}” is no kind of flag. Known: any, {', '.join(FlagKind.values)}."})
    return queryset.filter(flags__kind=value, flags__resolved_at=None)


def by_responsible(queryset: QuerySet[Patient], value: str) -> QuerySet[Patient]:
    """Whom this person looks after today: as the responsible therapist, or standing in."""
    return cover.looked_after_by(queryset, parse_uuid(value, "responsible"))


def by_condition(queryset: QuerySet[Patient], value: str) -> QuerySet[Patient]:
    if value not in Condition.values:
        raise ValidationError({"condition": f"“{value}” is no condition. Known: {', '.join(Condition.values)}."})
    return queryset.filter(condition=value)


class CaseloadPages(CursorPages):
    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        order = request.query_params.get("order", "attention")
        if order not in ORDERS:
            raise ValidationError({"order": f"“{order}” is no order. Known: {', '.join(ORDERS)}."})
        return ORDERS[order]


class Caseload(GenericAPIView[Patient]):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    serializer_class = CaseloadRow
    pagination_class = CaseloadPages
    queryset = Patient.objects.none()
    filters = {"search": by_words, "attention": by_attention, "responsible": by_responsible, "condition": by_condition}
    extra_params = ("order",)

    @extend_schema(
        operation_id="caseload",
        parameters=[
            OpenApiParameter("search", str),
            OpenApiParameter("attention", str, description="any, or a kind of flag"),
            OpenApiParameter("responsible", OpenApiTypes.UUID),
            OpenApiParameter("condition", str, enum=list(Condition.values)),
            OpenApiParameter("order", str, enum=list(ORDERS)),
        ],
        responses=CaseloadRow(many=True),
    )
    def get(self, request: Request) -> Response:
        patients = self.filter_queryset(self._mine(request))
        page: list[Patient] = list(self.paginate_queryset(patients) or ())
        return self.get_paginated_response(CaseloadRow(caseload.rows(page), many=True).data)

    @staticmethod
    def _mine(request: Request) -> QuerySet[Patient]:
        # The clinics are known from the permission check, so the list is one indexed look-up.
        clinics = [one.clinic_id for one in standing(request.user).memberships]
        return Patient.objects.visible_to(request.user).filter(Q(clinic__in=clinics) & caseload.in_treatment())


class _Echo:
    """A file that gives each line back: csv writes into it, the response streams it."""

    def write(self, line: str) -> str:
        return line


COLUMNS = ("name", "record_number", "condition", "phase", "adherence_7", "adherence_28", "last_pain", "last_active")


class CaseloadCsv(APIView):
    """The whole caseload as a table, a hundred patients a query."""

    content_negotiation_class = FileOrErrors

    permission_classes = (HasAbility,)
    needs = {"*": Ability.EXPORT}

    @extend_schema(operation_id="caseload_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request) -> StreamingHttpResponse:
        check_params(request)
        clinics = [one.clinic_id for one in standing(request.user).memberships]
        patients = Patient.objects.for_staff(request.user).filter(caseload.in_treatment()).order_by("name", "id")
        for clinic in clinics:
            access.record(access.Action.EXPORT, by=signed_in(request), clinic=clinic, kind="caseload", object_id=clinic)
        response = StreamingHttpResponse(_lines(patients), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="caseload.csv"'
        return response


def _lines(patients: QuerySet[Patient]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield str(writer.writerow(COLUMNS))
    batch: list[Patient] = []
    for patient in patients.iterator(chunk_size=100):
        batch.append(patient)
        if len(batch) == 100:
            yield from _batch(writer, batch)
            batch = []
    yield from _batch(writer, batch)


def _batch(writer: Any, batch: list[Patient]) -> Iterator[str]:
    for row in caseload.rows(batch):
        plan = row["plan"]
        values = (
            row["patient"]["name"],
            row["patient"]["record_number"],
            row["patient"]["condition"],
            f"{plan['phase']} {plan['phase_name']}" if plan else "",
            row["adherence_7"],
            row["adherence_28"],
            row["last_pain"],
            row["last_active"],
        )
        yield str(writer.writerow([_harmless(value) for value in values]))


def _harmless(value: object) -> str:
    """A spreadsheet takes =, +, - and @ at the start of a cell for a formula; a patient's name must not be one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def by_kind(queryset: QuerySet[Flag], value: str) -> QuerySet[Flag]:
    if value not in FlagKind.values:
        raise ValidationError({"kind": f"“{value}” is no kind of flag. Known: {', '.join(FlagKind.values)}."})
    return queryset.filter(kind=value)


def of_patient(queryset: QuerySet[Flag], value: str) -> QuerySet[Flag]:
    return queryset.filter(patient=parse_uuid(value, "patient"))


def by_alert(queryset: QuerySet[Flag], value: str) -> QuerySet[Flag]:
    """`true`: what staff are being alerted about until somebody acknowledges it; `false`: the others."""
    if value not in ("true", "false"):
        raise ValidationError({"alert": "“alert” is true or false."})
    running = Exists(StaffAlert.objects.filter(flag=OuterRef("pk"), ended_at=None))
    return queryset.filter(running if value == "true" else ~running)


class Flags(GenericAPIView[Flag]):
    """The open flags of one's patients."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    serializer_class = FlagSerializer
    queryset = Flag.objects.none()
    filters = {"kind": by_kind, "patient": of_patient, "alert": by_alert}

    @extend_schema(
        operation_id="flags_list",
        parameters=[
            OpenApiParameter("kind", str),
            OpenApiParameter("patient", OpenApiTypes.UUID),
            OpenApiParameter("alert", bool, description="whether staff are being alerted about it"),
        ],
        responses=FlagSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        due.catch_up(of_one(request, Patient.objects.for_staff(request.user)))
        open_flags = Flag.objects.for_staff(request.user).filter(resolved_at=None)
        rows = self.filter_queryset(open_flags.select_related("patient", "acknowledged_by").prefetch_related("alerts"))
        return self.get_paginated_response(FlagSerializer(self.paginate_queryset(rows), many=True).data)


def _flag_of(request: Request, flag_id: uuid.UUID, ability: Ability) -> Flag:
    rows = Flag.objects.for_staff(request.user).select_related("patient", "acknowledged_by")
    flag: Flag = get_or_404(rows, pk=flag_id)
    require(request.user, ability, flag.patient.clinic_id)
    return flag


class Acknowledge(APIView):
    """Somebody has seen it. Doing it twice changes nothing."""

    permission_classes = (HasAbility,)
    needs = {"POST": Ability.RESOLVE}

    @extend_schema(operation_id="flags_acknowledge", request=None, responses=FlagSerializer)
    def post(self, request: Request, flag_id: uuid.UUID) -> Response:
        flag = _flag_of(request, flag_id, Ability.RESOLVE)
        alerts.acknowledge(flag, by=signed_in(request))
        return Response(FlagSerializer(flag).data)


class Resolve(APIView):
    """Settled, with a note that says how. A warning sign that still locks the exercises is listed anew, as seen."""

    permission_classes = (HasAbility,)
    needs = {"POST": Ability.RESOLVE}

    @extend_schema(operation_id="flags_resolve", request=NoteRequest, responses=FlagSerializer)
    def post(self, request: Request, flag_id: uuid.UUID) -> Response:
        flag = _flag_of(request, flag_id, Ability.RESOLVE)
        parsed = NoteRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        alerts.resolve(flag, by=signed_in(request), note=parsed.validated_data["note"])
        return Response(FlagSerializer(flag).data)
