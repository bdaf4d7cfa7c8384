"""How often one may try where a token or a code can be guessed, or an e-mail goes out.

Counted in the cache, so the limits hold across all web processes; while the cache is away they pause, and what remains
is that tokens are 24 random bytes and that codes and invitations die after a few wrong attempts (a row, not a cache).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView


class _Limit(SimpleRateThrottle):
    """Rates stand in `settings.RATE_LIMITS`; None switches one off."""

    def get_rate(self) -> str | None:
        rate: str | None = settings.RATE_LIMITS[str(self.scope)]
        return rate


class GuessLimit(_Limit):
    """Attempts at tokens and codes, per address. Every attempt counts, right or wrong."""

    scope = "guess"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class _AccountLimit(_Limit):
    """Counted for each account."""

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk or self.get_ident(request)}


class MailLimit(_AccountLimit):
    """E-mails that one account can set off."""

    scope = "mail"


class DrawLimit(_AccountLimit):
    """Pictures that are drawn and thrown away while somebody moves a slider: each costs some hundredths of a second of
    processor time."""

    scope = "draw"


class WritesOnly:
    """Mix in before a limit that reading must not use up."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return True
        parent: Any = super()
        return bool(parent.allow_request(request, view))


class MailWrites(WritesOnly, MailLimit):
    pass


RETRY_AFTER_S = "60"


def retry_after(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: allauth's 429 does not say when to come back; most of its windows are a minute."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 429:
            response.headers.setdefault("Retry-After", RETRY_AFTER_S)
        return response

    return middleware
