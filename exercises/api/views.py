"""The library: find, read, and a clinic's own exercises; the vocabularies."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.cache import get_conditional_response
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params, check_version, get_or_404, signed_in
from accounts.api.headers import IF_MATCH, with_version
from accounts.roles import Ability, HasAbility, acting_clinic, require
from exercises import catalogue, own
from exercises.api.serializers import (
    DemandSerializer,
    ExerciseDetailSerializer,
    ExercisePageSerializer,
    ExerciseRequest,
    ExerciseSerializer,
    NewExerciseRequest,
    TermSerializer,
)
from exercises.models import Demand, Equipment, Exercise, Muscle
from exercises.search import FACETS

MAX_WORDS = 200
# Part of the ETag: a new shape must not be taken for the old one.
SHAPE = "1"


def render(exercise: Exercise) -> dict[str, Any]:
    return dict(ExerciseDetailSerializer(exercise).data)


class ReadOrAbility(HasAbility):
    """Everyone who is signed in reads what they may see; writing needs the view's ability."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if request.method in SAFE_METHODS:
            return bool(request.user.is_authenticated)
        return super().has_permission(request, view)


class LibraryPages(CursorPages):
    ordering = ("name", "id")


class ExercisesView(GenericAPIView[Exercise]):
    permission_classes = (ReadOrAbility,)
    needs = {"*": Ability.LIBRARY}
    queryset = Exercise.objects.none()
    serializer_class = ExerciseSerializer
    pagination_class = LibraryPages
    extra_params = ("search", *FACETS)

    @extend_schema(
        operation_id="exercises_list",
        parameters=[
            OpenApiParameter("search", str, description="ranked, forgives typos; one page, `next` is null"),
            *(
                OpenApiParameter(name, str, many=True, description="repeat it, or separate values with commas")
                for name in FACETS
            ),
        ],
        responses={200: ExercisePageSerializer, 304: OpenApiResponse(description="as you have it (If-None-Match)")},
    )
    def get(self, request: Request) -> Response:
        visible = Exercise.objects.visible_to(request.user)
        etag = self._etag(request, visible)
        unchanged = get_conditional_response(request._request, etag=etag)
        response = Response(status=status.HTTP_304_NOT_MODIFIED) if unchanged else self._page(request, visible)
        response.headers["ETag"] = etag
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    @staticmethod
    def _etag(request: Request, visible: QuerySet[Exercise]) -> str:
        said = f"{SHAPE} {catalogue.stamp(visible)} {request.build_absolute_uri()}"
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'

    def _page(self, request: Request, visible: QuerySet[Exercise]) -> Response:
        current = visible.filter(archived_at=None)
        check_params(request, *self.extra_params, "cursor", "page_size")
        words = request.query_params.get("search", "").strip()
        if len(words) > MAX_WORDS:
            raise ValidationError({"search": f"Search for at most {MAX_WORDS} letters."})
        found = catalogue.find(current, words, _active(request))
        if words:
            size = LibraryPages().get_page_size(request)
            rows = catalogue.in_order(current, found.ids[:size])
            document: dict[str, Any] = {
                "next": None,
                "previous": None,
                "results": ExerciseSerializer(rows, many=True).data,
            }
        else:
            page = self.paginate_queryset(catalogue.whole(current.filter(pk__in=found.ids)))
            document = dict(self.get_paginated_response(ExerciseSerializer(page, many=True).data).data)
        return Response({**document, "facets": found.facets})

    @extend_schema(
        operation_id="exercises_create",
        request=NewExerciseRequest,
        responses={201: ExerciseDetailSerializer, 200: ExerciseDetailSerializer},
    )
    def post(self, request: Request) -> Response:
        parsed = NewExerciseRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        clinic = acting_clinic(request.user, wanted.pop("clinic", None), Ability.LIBRARY)
        exercise, new = own.create(clinic=clinic, id=wanted.pop("id", None), data=wanted)
        code = status.HTTP_201_CREATED if new else status.HTTP_200_OK
        return with_version(Response(render(exercise), code), exercise)


def _active(request: Request) -> dict[str, frozenset[catalogue.Value]]:
    """The chosen values by facet. Raises ValidationError for one that does not exist."""
    active = {}
    for facet in FACETS:
        given = [part.strip() for value in request.query_params.getlist(facet) for part in value.split(",")]
        if not given:
            continue
        try:
            active[facet] = catalogue.checked(facet, given)
        except catalogue.UnknownValueError as error:
            raise ValidationError({facet: str(error)}) from error
    return active


def exercise_of(request: Request, exercise_id: uuid.UUID) -> Exercise:
    exercise: Exercise = get_or_404(Exercise.objects.visible_to(request.user), pk=exercise_id)
    return exercise


class ExerciseView(APIView):
    permission_classes = (ReadOrAbility,)
    needs = {"*": Ability.LIBRARY}

    @extend_schema(operation_id="exercises_read", responses=ExerciseDetailSerializer)
    def get(self, request: Request, exercise_id: uuid.UUID) -> Response:
        check_params(request)
        exercise = get_or_404(catalogue.whole(Exercise.objects.visible_to(request.user)), pk=exercise_id)
        return with_version(Response(render(exercise)), exercise)

    @extend_schema(
        operation_id="exercises_change",
        parameters=[IF_MATCH],
        request=ExerciseRequest(partial=True),
        responses=ExerciseDetailSerializer,
    )
    @transaction.atomic
    def patch(self, request: Request, exercise_id: uuid.UUID) -> Response:
        exercise = locked_own(request, exercise_id)
        check_version(request, exercise, lambda current: render(own.load(current.pk)))
        parsed = ExerciseRequest.of_changes(request.data)
        parsed.is_valid(raise_exception=True)
        changed = own.change(exercise, parsed.validated_data)
        return with_version(Response(render(changed)), changed)

    @extend_schema(
        operation_id="exercises_archive",
        request=None,
        responses={204: None},
        description="Archives it: it leaves the lists; programs that use it go on.",
    )
    @transaction.atomic
    def delete(self, request: Request, exercise_id: uuid.UUID) -> Response:
        own.archive(locked_own(request, exercise_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


def locked_own(request: Request, exercise_id: uuid.UUID) -> Exercise:
    """The row, held until the transaction ends. Raises PermissionDenied for the shared library and for a role that may
    not write."""
    exercise = exercise_of(request, exercise_id)
    if exercise.owner_id is None:
        raise PermissionDenied("The shared library stays as it is. Write an exercise of your own.")
    require(request.user, Ability.LIBRARY, exercise.owner_id)
    return Exercise.objects.select_for_update().get(pk=exercise.pk)


class TermPages(CursorPages):
    """A vocabulary fits on one page."""

    page_size = 200
    ordering = ("slug", "id")


class _Vocabulary(GenericAPIView[Any]):
    """For everyone who is signed in: words, not data."""

    pagination_class = TermPages
    serializer_class: type[TermSerializer] = TermSerializer

    def _answer(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        context = {"language": signed_in(request).language}
        return self.get_paginated_response(self.serializer_class(page, many=True, context=context).data)


class MusclesView(_Vocabulary):
    queryset = Muscle.objects.all()

    @extend_schema(operation_id="muscles_list", responses=TermSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self._answer(request)


class EquipmentView(_Vocabulary):
    queryset = Equipment.objects.all()

    @extend_schema(operation_id="equipment_list", responses=TermSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self._answer(request)


class DemandsView(_Vocabulary):
    queryset = Demand.objects.all()
    serializer_class = DemandSerializer

    @extend_schema(operation_id="demands_list", responses=DemandSerializer(many=True))
    def get(self, request: Request) -> Response:
        return self._answer(request)
