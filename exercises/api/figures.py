"""Figures by content: the address is the SHA-256 of the file, so it may be kept for a year. And figures that are only
looked at while somebody sets joint angles, which are not kept."""

from __future__ import annotations

import gzip
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.limits import DrawLimit
from accounts.roles import Ability, HasAbility
from exercises import own
from exercises.api.serializers import AnimField
from exercises.models import FigureFile, Kind, Laterality


@require_safe
def figure(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        svg_gz = bytes(FigureFile.objects.values_list("svg_gz", flat=True).get(pk=sha256))
    except FigureFile.DoesNotExist as error:
        raise Http404 from error
    headers = {
        "Content-Type": "image/svg+xml",
        "Cache-Control": "public, max-age=31536000, immutable",
        "Vary": "Accept-Encoding",
        # A drawing opened on its own may run nothing and fetch nothing.
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    }
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(svg_gz, headers={**headers, "Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(svg_gz), headers=headers)


class DrawRequest(serializers.Serializer[Any]):
    figure = AnimField(help_text="joint angles")
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    laterality = serializers.ChoiceField(choices=Laterality.choices, default=Laterality.UNILATERAL)
    kind = serializers.ChoiceField(
        choices=Kind.choices, default=Kind.STRENGTHEN, help_text="a stretched muscle is drawn pulled apart"
    )


class DrawingSerializer(serializers.Serializer[Any]):
    """Three whole SVG documents."""

    animated = serializers.CharField()
    poster = serializers.CharField()
    thumb = serializers.CharField()


class DrawView(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.LIBRARY}
    throttle_classes = (DrawLimit,)

    @extend_schema(
        operation_id="exercises_draw",
        request=DrawRequest,
        responses=DrawingSerializer,
        description="The picture of joint angles as they would be drawn; nothing is stored. A number that no body can "
        "do is 400 at its own place, e.g. `figure.end.hip_w.0`.",
    )
    def post(self, request: Request) -> Response:
        parsed = DrawRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = parsed.validated_data
        drawn = own.drawing(
            wanted["figure"],
            name=wanted["name"],
            steps=(),
            alternates=wanted["laterality"] == Laterality.ALTERNATING,
            stretches=wanted["kind"] == Kind.STRETCH,
        )
        return Response(DrawingSerializer(drawn).data)
