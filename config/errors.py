"""One error shape for everything under /api/v1/, also where Django answers before DRF does."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import exception_handler as standardized
from drf_standardized_errors.types import ErrorResponse, ExceptionHandlerContext
from rest_framework.response import Response

from accounts.api.errors import TooLarge


class Formatter(ExceptionFormatter):
    """The standard shape, with what an error wants to say besides: the current document of a 412, the conflicts of a
    409 `precaution_conflict`."""

    def format_error_response(self, error_response: ErrorResponse) -> dict[str, Any]:
        return {**super().format_error_response(error_response), **getattr(self.exc, "extra", {})}


def exception_handler(exc: Exception, context: ExceptionHandlerContext) -> Response | None:
    if isinstance(exc, RequestDataTooBig):
        exc = TooLarge()
    return standardized(exc, context)


def error_document(status: int, code: str, detail: str, kind: str = "client_error") -> JsonResponse:
    return JsonResponse({"type": kind, "errors": [{"code": code, "detail": detail, "attr": None}]}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_document(403, "csrf_failed", "This page has been open too long. Load it again, then repeat.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_document(404, "not_found", "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    return error_document(500, "error", "Something broke on our side. Nothing was stored. Try again.", "server_error")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return error_document(413, "too_large", str(TooLarge.default_detail))
    return error_document(400, "parse_error", "This request cannot be read.")
