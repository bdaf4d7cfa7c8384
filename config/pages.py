"""The two entry pages of the built PWA. They hold nothing personal, so every address serves the same file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe


@lru_cache(maxsize=8)
def _page(file: Path, mtime_ns: int) -> bytes:
    return file.read_bytes()


def _serve(name: str) -> HttpResponse:
    file = Path(settings.PWA_DIST) / name
    try:
        body = _page(file, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return HttpResponse(
            "The app is not built yet. Run `make run`, or `make pwa` to build it alone.",
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(body, headers={"Cache-Control": "no-cache"})


@require_safe
@ensure_csrf_cookie
def phone_app(request: HttpRequest) -> HttpResponse:
    return _serve("index.html")


@require_safe
@ensure_csrf_cookie
def clinic_app(request: HttpRequest) -> HttpResponse:
    return _serve("clinic.html")
