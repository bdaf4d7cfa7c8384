"""The session of allauth's sign-in, with the two answers that a phone tells apart: 401 and 403 `csrf_failed`."""

from __future__ import annotations

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication, exceptions
from rest_framework.request import Request


class CsrfFailed(exceptions.PermissionDenied):
    default_code = "csrf_failed"
    default_detail = "The security token is stale. Fetch a new one, then send again."


class SessionAuthentication(authentication.SessionAuthentication):
    def authenticate_header(self, request: Request) -> str:
        # With a header DRF answers 401 where nobody is signed in; without one it would be 403.
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied as error:
            raise CsrfFailed from error


class Scheme(SessionScheme):  # type: ignore[no-untyped-call]
    """How the OpenAPI schema speaks of it: an API key in the session cookie."""

    target_class = "accounts.api.authentication.SessionAuthentication"
