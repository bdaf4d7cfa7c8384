"""Versions in headers: `If-Match` on the way in, `ETag` on the way out."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework.response import Response

from accounts.base import Versioned

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description='The version you started from, in quotes: "3". Without it 428; when it is older, 412.',
)


def with_version(response: Response, document: Versioned) -> Response:
    """The version as a strong ETag, so that `If-Match` can send it back as it came."""
    response.headers["ETag"] = f'"{document.version}"'
    return response
