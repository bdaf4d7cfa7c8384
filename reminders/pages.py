"""The pages outside the API: unsubscribing with one click, and the loop's health."""

from __future__ import annotations

from dataclasses import asdict

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from reminders import unsubscribing
from reminders.channels.email.words import words_for
from reminders.health import health


# A mail program posts without a cookie (RFC 8058); the signed token is what authorises.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, since mail scanners follow every link; only POST acts."""
    patient = unsubscribing.patient_of(token)
    if patient is None:
        words = words_for(request.headers.get("Accept-Language", "en")[:2])
        return _page(request, {"words": words, "title": words.dead_title, "text": words.dead_text}, status=404)
    words = words_for(patient.language)
    if request.method == "POST":
        unsubscribing.unsubscribe(patient)
        return _page(request, {"words": words, "title": words.stopped_title, "text": words.stopped_text})
    return _page(request, {"words": words, "title": words.ask_title, "text": words.ask_text, "ask": True})


def _page(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    response = render(request, "reminders/unsubscribe.html", context, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address itself is the key
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while someone ticks, 503 when nobody has for five ticks (or ever)."""
    try:
        found = health()
    except DatabaseError:
        return JsonResponse({"status": "no", "detail": "The database does not answer."}, status=503)
    facts = asdict(found)
    ok = facts.pop("ok")
    return JsonResponse({"status": "ok" if ok else "no", **facts}, status=200 if ok else 503)
