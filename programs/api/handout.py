"""The printed page of a program; what a request for any handout may choose, and how a PDF is answered."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.conventions import check_params, signed_in
from accounts.api.files import FileOrErrors
from accounts.countries import PAPERS, paper
from accounts.models import Clinic
from accounts.roles import Ability, HasAbility, acting_clinic
from programs.api.views import program_of
from programs.handout import of_program, printing
from programs.handout.words import LANGUAGES, words


class HandoutRequest(serializers.Serializer[Any]):
    """By default what the clinic's printer holds, and the reader's language."""

    size = serializers.ChoiceField(choices=PAPERS, required=False)
    lang = serializers.ChoiceField(choices=LANGUAGES, required=False)
    large_print = serializers.BooleanField(default=False)


class ProgramHandoutRequest(HandoutRequest):
    phase = serializers.IntegerField(min_value=1, max_value=100, required=False)


def chosen(wanted: dict[str, Any], clinic: Clinic, reader: str) -> tuple[str, str]:
    """(size, language); `reader` is the language of whoever the page is for, if we have it."""
    size = wanted.get("size") or paper(clinic.country)
    return size, wanted.get("lang") or (reader if reader in LANGUAGES else LANGUAGES[0])


def pdf_response(pdf: bytes) -> HttpResponse:
    """The name says nothing of whom it is for or why: it stays behind in a list of downloads."""
    headers = {"Content-Disposition": 'inline; filename="handout.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


class ProgramHandout(APIView):
    content_negotiation_class = FileOrErrors
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(
        operation_id="programs_handout",
        parameters=[
            OpenApiParameter("size", str, enum=PAPERS, description="default: as the clinic's country has it"),
            OpenApiParameter("lang", str, enum=LANGUAGES, description="default: one's own"),
            OpenApiParameter("large_print", bool, description="letters a third larger"),
            OpenApiParameter("phase", int, description="its number; default: all phases that have exercises"),
            OpenApiParameter("clinic", uuid.UUID, description="whose name is on a shared template's page"),
        ],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, program_id: uuid.UUID) -> HttpResponse:
        check_params(request, "size", "lang", "large_print", "phase", "clinic")
        program = program_of(request, program_id)
        parsed = ProgramHandoutRequest(data={key: request.query_params[key] for key in request.query_params})
        parsed.is_valid(raise_exception=True)
        wanted = parsed.validated_data
        by = signed_in(request)
        named = program.clinic_id or request.query_params.get("clinic")
        clinic = acting_clinic(by, named, Ability.READ)
        size, language = chosen(wanted, clinic, by.language)
        sheet = of_program.sheet(program, clinic, by, words(language), wanted.get("phase"))
        return pdf_response(printing.pdf(sheet, language=language, size=size, large=wanted["large_print"]))
