"""Errors of the API beyond DRF's own. Each detail is a sentence that a person can act on."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.exceptions import APIException


class Conflict(APIException):
    """409: what you ask contradicts what is. Give a `code` that a program can tell apart."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"
    default_detail = "This contradicts what is stored. Load it again."

    def __init__(self, detail: str | None = None, code: str | None = None, **extra: Any) -> None:
        super().__init__(detail, code)
        self.extra = extra


class StaleVersion(APIException):
    """412, with the current document beside the errors, so that both can be shown."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "stale_version"
    default_detail = "Someone else changed this in the meantime. Look at their version, then save yours again."

    def __init__(self, current: Any) -> None:
        super().__init__()
        self.extra = {"current": current}


class VersionRequired(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_code = "version_required"
    default_detail = 'Send If-Match: "<version>" with the version you started from.'


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = "This is too big to send at once. Send it in smaller parts."
