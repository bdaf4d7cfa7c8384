"""Plans: prescribe, read, revise, pause, resume, stop."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import access
from accounts.api.conventions import CursorPages, check_version, get_or_404, replayed, signed_in
from accounts.roles import Ability, HasAbility, require
from patients import plans
from patients.api.plan_schema import (
    PauseRequest,
    PlanNotes,
    PlanRequest,
    PlanSerializer,
    ReasonRequest,
    ResumeRequest,
    RevisionRequest,
)
from patients.api.scope import patient_of
from patients.models import Plan
from programs.models import Program


def whole(queryset: QuerySet[Plan]) -> QuerySet[Plan]:
    """With everything a plan document shows: five queries whatever the number of plans."""
    return queryset.select_related("patient").prefetch_related(
        "revisions__program", "revisions__author", "pauses", "overrides__author"
    )


def document(plan: Plan) -> dict[str, Any]:
    return dict(PlanSerializer(whole(Plan.objects.all()).get(pk=plan.pk)).data)


def plan_of(request: Request, plan_id: uuid.UUID, ability: Ability = Ability.READ) -> Plan:
    plan: Plan = get_or_404(Plan.objects.for_staff(request.user).select_related("patient"), pk=plan_id)
    require(request.user, ability, plan.patient.clinic_id)
    return plan


def program_for(request: Request, program_id: uuid.UUID, clinic_id: uuid.UUID) -> Program:
    """A program that may be prescribed in that clinic: its own, or a shared template."""
    visible = Program.objects.visible_to(request.user)
    program = get_or_404(visible, pk=program_id)
    if program.clinic_id not in (None, clinic_id):
        return get_or_404(visible.none(), pk=program_id)
    return program


def _overrides(rows: list[dict[str, Any]] | None) -> list[plans.Override]:
    return [plans.Override(row["rule"], str(row["key"]), row["reason"]) for row in rows or []]


def _says(stored: Plan, program: Program, overrides: list[plans.Override], wanted: dict[str, Any]) -> bool:
    """Whether this POST would have made the stored plan, as it was at first."""
    first = stored.revisions.select_related("program").get(n=1)
    reasons = {(one.rule, str(one.key), one.reason) for one in first.overrides.all()}
    return (
        stored.starts_on == wanted["starts_on"]
        and first.program.copied_from_id == program.id
        and first.phase == wanted["phase"]
        and first.pain_rule == plans.complete_pain_rule(wanted.get("pain_rule"), first.program)
        and reasons == {(one.rule, one.key, one.reason) for one in overrides}
    )


class PlanPages(CursorPages):
    ordering = ("-starts_on", "-id")


class PatientPlans(GenericAPIView[Plan]):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PRESCRIBE}
    queryset = Plan.objects.none()
    serializer_class = PlanSerializer
    pagination_class = PlanPages

    @extend_schema(operation_id="patients_plans_list", responses=PlanSerializer(many=True))
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id)
        page = self.paginate_queryset(self.filter_queryset(whole(patient.plans.all())))
        return self.get_paginated_response(PlanSerializer(page, many=True).data)

    @extend_schema(operation_id="prescribe", request=PlanRequest, responses={201: PlanSerializer, 200: PlanSerializer})
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.PRESCRIBE)
        parsed = PlanRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        program = program_for(request, wanted.pop("program"), patient.clinic_id)
        overrides = _overrides(wanted.pop("overrides", None))
        if "id" in wanted and (stored := Plan.objects.filter(pk=wanted["id"]).first()) is not None:
            same = stored.patient_id == patient.id and _says(stored, program, overrides, wanted)
            return Response(document(replayed(stored, same)))
        plan = plans.prescribe(patient=patient, program=program, by=signed_in(request), overrides=overrides, **wanted)
        return Response(document(plan), status=status.HTTP_201_CREATED)


class OnePlan(APIView):
    permission_classes = (HasAbility,)
    needs = {"PATCH": Ability.PRESCRIBE}

    @extend_schema(operation_id="plans_read", responses=PlanSerializer)
    def get(self, request: Request, plan_id: uuid.UUID) -> Response:
        return Response(document(plan_of(request, plan_id)))

    @extend_schema(operation_id="plans_change_notes", request=PlanNotes, responses=PlanSerializer)
    @transaction.atomic
    def patch(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan_of(request, plan_id, Ability.PRESCRIBE)
        plan = Plan.objects.select_for_update(of=("self",)).select_related("patient").get(pk=plan_id)
        check_version(request, plan, document)
        parsed = PlanNotes(data=request.data)
        parsed.is_valid(raise_exception=True)
        plan.notes = parsed.validated_data["notes"]
        plan.save(update_fields=["notes"])
        patient = plan.patient
        access.record(
            access.Action.WRITE,
            by=signed_in(request),
            clinic=patient.clinic_id,
            kind="patient",
            object_id=patient.id,
            plan=str(plan.id),
            fields=["notes"],
        )
        return Response(document(plan))


class Revisions(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PRESCRIBE}

    @extend_schema(operation_id="plans_revise", request=RevisionRequest, responses={201: PlanSerializer})
    def post(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan = plan_of(request, plan_id, Ability.PRESCRIBE)
        parsed = RevisionRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        if "program" in wanted:
            wanted["program"] = program_for(request, wanted["program"], plan.patient.clinic_id)
        wanted["overrides"] = _overrides(wanted.get("overrides"))
        plans.revise(plan, by=signed_in(request), **wanted)
        return Response(document(plan), status=status.HTTP_201_CREATED)


class Pause(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PRESCRIBE}

    @extend_schema(operation_id="plans_pause", request=PauseRequest, responses=PlanSerializer)
    def post(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan = plan_of(request, plan_id, Ability.PRESCRIBE)
        parsed = PauseRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = parsed.validated_data
        plans.pause(
            plan, by=signed_in(request), from_date=wanted["from"], to_date=wanted["to"], reason=wanted["reason"]
        )
        return Response(document(plan))


class Resume(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PRESCRIBE}

    @extend_schema(operation_id="plans_resume", request=ResumeRequest, responses=PlanSerializer)
    def post(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan = plan_of(request, plan_id, Ability.PRESCRIBE)
        parsed = ResumeRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        plans.resume(plan, by=signed_in(request), on=parsed.validated_data["on"])
        return Response(document(plan))


class Stop(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.PRESCRIBE}

    @extend_schema(operation_id="plans_stop", request=ReasonRequest, responses=PlanSerializer)
    def post(self, request: Request, plan_id: uuid.UUID) -> Response:
        plan = plan_of(request, plan_id, Ability.PRESCRIBE)
        parsed = ReasonRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        plans.stop(plan, by=signed_in(request), reason=parsed.validated_data["reason"])
        return Response(document(plan))
