"""Headers that every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Nothing is fetched from third parties (ARCHITECTURE.md 9). `data:` and `blob:` pictures are QR codes and uploads that
# were just chosen. Styles may be inline since timers and charts set custom properties on elements.
# A handout that was just printed is shown in a frame before it goes to the printer: a PDF of ours, in memory (`blob:`).
CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "frame-src blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CSP)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if request.path.startswith(("/api/v1/", "/_allauth/")):
            # What a patient's data look like must not lie in a shared computer's cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware
