"""The OpenAPI schema: every operation also says what an error looks like."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class ErrorSerializer(serializers.Serializer[Any]):
    """`detail` is a sentence to act on; `code` tells a program what it is; `attr` names the place in what was sent."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ErrorDocumentSerializer(serializers.Serializer[Any]):
    """The one shape of errors. A 412 also carries the `current` document, a 409 `precaution_conflict` the
    `conflicts`."""

    type = serializers.ChoiceField(choices=("validation_error", "client_error", "server_error"))
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]


class Schema(AutoSchema):
    """API.md's Conventions say which status means what; to list them all again at every operation would tell nothing
    new, so the schema says it once an operation, as `4XX`."""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        responses: dict[str, Any] = super()._get_response_bodies(direction)  # type: ignore[arg-type]
        if direction == "response":
            responses["4XX"] = self._get_response_for_code(ErrorDocumentSerializer, "4XX")  # type: ignore[no-untyped-call]
        return responses
