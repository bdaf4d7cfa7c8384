"""Programs: list, write, read, change, copy, burden."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params, check_version, get_or_404, signed_in
from accounts.api.headers import IF_MATCH, with_version
from accounts.roles import Ability, HasAbility, acting_clinic, require
from programs import document
from programs.api.serializers import (
    BurdenSerializer,
    CopyRequest,
    NewProgramRequest,
    ProgramRequest,
    ProgramSerializer,
)
from programs.models import Program

YES_NO = {"true": True, "false": False}


def render(program: Program) -> dict[str, Any]:
    return dict(ProgramSerializer(program).data)


def yes_or_no(name: str, value: str) -> bool:
    if value not in YES_NO:
        raise ValidationError({name: f"{name} is true or false."})
    return YES_NO[value]


class ProgramPages(CursorPages):
    page_size = 20  # whole documents


class ProgramsView(GenericAPIView[Program]):
    permission_classes = (HasAbility,)
    needs = {"GET": Ability.READ, "POST": Ability.LIBRARY}
    queryset = Program.objects.none()
    serializer_class = ProgramSerializer
    pagination_class = ProgramPages
    filters = {"template": lambda programs, value: programs.filter(template=yes_or_no("template", value))}
    extra_params = ("sealed",)

    @extend_schema(
        operation_id="programs_list",
        parameters=[
            OpenApiParameter("template", bool, description="only templates, or only what is none"),
            OpenApiParameter("sealed", bool, description="true: the copies that plans are done under; default false"),
        ],
        responses=ProgramSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        sealed = yes_or_no("sealed", request.query_params.get("sealed", "false"))
        rows: QuerySet[Program] = Program.objects.visible_to(request.user).filter(
            archived_at=None, sealed_at__isnull=not sealed
        )
        page = self.paginate_queryset(document.whole(self.filter_queryset(rows))) or []
        return self.get_paginated_response([render(program) for program in page])

    @extend_schema(
        operation_id="programs_create",
        request=NewProgramRequest,
        responses={201: ProgramSerializer, 200: ProgramSerializer},
    )
    def post(self, request: Request) -> Response:
        parsed = NewProgramRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        clinic = acting_clinic(request.user, wanted.pop("clinic", None), Ability.LIBRARY)
        program, new = document.create(clinic=clinic, by=signed_in(request), id=wanted.pop("id", None), data=wanted)
        return with_version(Response(render(program), status.HTTP_201_CREATED if new else status.HTTP_200_OK), program)


def program_of(request: Request, program_id: uuid.UUID) -> Program:
    program: Program = get_or_404(Program.objects.visible_to(request.user), pk=program_id, archived_at=None)
    return program


def may_write(request: Request, program: Program) -> None:
    """Raises PermissionDenied for the shared library and for a role that may not."""
    if program.clinic_id is None:
        raise PermissionDenied("The shared templates stay as they are. Copy this one and change the copy.")
    require(request.user, Ability.LIBRARY, program.clinic_id)


def locked_for_writing(request: Request, program_id: uuid.UUID) -> Program:
    """The row, held until the transaction ends, so that of two writers with one version the second finds it stale."""
    may_write(request, program_of(request, program_id))
    program: Program = get_or_404(Program.objects.select_for_update(), pk=program_id, archived_at=None)
    document.refuse_sealed(program)
    return program


class ProgramView(APIView):
    permission_classes = (HasAbility,)
    needs = {"GET": Ability.READ, "*": Ability.LIBRARY}

    @extend_schema(operation_id="programs_read", responses=ProgramSerializer)
    def get(self, request: Request, program_id: uuid.UUID) -> Response:
        check_params(request)
        program = program_of(request, program_id)
        return with_version(Response(render(document.load(program.pk))), program)

    @extend_schema(
        operation_id="programs_replace", parameters=[IF_MATCH], request=ProgramRequest, responses=ProgramSerializer
    )
    def put(self, request: Request, program_id: uuid.UUID) -> Response:
        return self._write(request, program_id, partial=False)

    @extend_schema(
        operation_id="programs_change",
        parameters=[IF_MATCH],
        request=ProgramRequest(partial=True),
        responses=ProgramSerializer,
        description="Phases, if sent, replace all phases.",
    )
    def patch(self, request: Request, program_id: uuid.UUID) -> Response:
        return self._write(request, program_id, partial=True)

    @transaction.atomic
    def _write(self, request: Request, program_id: uuid.UUID, *, partial: bool) -> Response:
        program = locked_for_writing(request, program_id)
        check_version(request, program, lambda current: render(document.load(current.pk)))
        _same_id(request.data, program)
        parsed = ProgramRequest.of_changes(request.data) if partial else ProgramRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        written = document.change(program, parsed.validated_data, by=signed_in(request))
        return with_version(Response(render(written)), written)

    @extend_schema(operation_id="programs_archive", request=None, responses={204: None})
    @transaction.atomic
    def delete(self, request: Request, program_id: uuid.UUID) -> Response:
        document.archive(locked_for_writing(request, program_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _same_id(data: Any, program: Program) -> None:
    """A document that was sent to the wrong address must not overwrite another."""
    if isinstance(data, dict) and "id" in data and str(data["id"]) != str(program.pk):
        raise ValidationError({"id": "This document has another id than the address it was sent to."})


class CopyView(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.LIBRARY}

    @extend_schema(
        operation_id="programs_copy",
        request=CopyRequest,
        responses={201: ProgramSerializer, 200: ProgramSerializer},
        description="A draft of the clinic with new ids and the same keys.",
    )
    def post(self, request: Request, program_id: uuid.UUID) -> Response:
        source = program_of(request, program_id)
        parsed = CopyRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        # A clinic's own program is copied within its clinic; only a template of the shared library leaves a choice.
        named = wanted.pop("clinic", source.clinic_id)
        clinic = acting_clinic(request.user, named, Ability.LIBRARY)
        copy, new = document.copied(source, clinic=clinic, by=signed_in(request), **wanted)
        return with_version(Response(render(copy), status.HTTP_201_CREATED if new else status.HTTP_200_OK), copy)


class BurdenView(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(operation_id="programs_burden", responses=BurdenSerializer)
    def get(self, request: Request, program_id: uuid.UUID) -> Response:
        check_params(request)
        phases = [
            {"id": phase.pk, "n": phase.n, "days": [asdict(day) for day in days]}
            for phase, days in document.burden(program_of(request, program_id))
        ]
        return Response(BurdenSerializer({"phases": phases}).data)
