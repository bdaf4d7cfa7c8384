"""The pages outside the API: unsubscribing with one click, the calendar feed, the loop's health and numbers."""

from __future__ import annotations

import math
from dataclasses import asdict

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.limits import GuessLimit
from reminders import calendar, metrics, unsubscribing
from reminders.channels.email.words import words_for
from reminders.health import health

NOT_KEPT = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
CALENDAR_HEADERS = {
    **NOT_KEPT,
    "Content-Type": "text/calendar; charset=utf-8",
    "Content-Disposition": 'inline; filename="homestretch.ics"',
    "Cache-Control": "private, no-cache",  # ask each time, with the ETag
}


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
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """No cookie is read or set: the address is what authorises. Only wrong addresses count against whoever tries them,
    for a calendar service asks for many people from one address of its own."""
    feed = calendar.find(token)
    if feed is None:
        return _no_calendar(request)
    now = timezone.now()
    text = calendar.write(feed.patient, now)
    calendar.note_fetch(feed, now)
    response = HttpResponse(text, headers={**CALENDAR_HEADERS, "ETag": calendar.etag(text)})
    # 304 when the calendar has these very bytes already.
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


def _no_calendar(request: HttpRequest) -> HttpResponse:
    limit = GuessLimit()
    if limit.allow_request(Request(request), APIView()):
        return HttpResponse("There is no calendar at this address.", status=404, headers=NOT_KEPT)
    return HttpResponse(
        "Too many attempts.", status=429, headers={**NOT_KEPT, "Retry-After": str(math.ceil(limit.wait() or 60))}
    )


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while someone ticks; 503 when nobody has for five ticks (or ever), and when a staff alert reaches nobody."""
    try:
        found = health()
    except DatabaseError:
        return JsonResponse({"status": "no", "detail": "The database does not answer."}, status=503)
    facts = asdict(found)
    ok = facts.pop("ok")
    return JsonResponse({"status": "ok" if ok else "no", **facts}, status=200 if ok else 503)


@require_safe
@never_cache
def metrics_text(request: HttpRequest) -> HttpResponse:
    """For whoever METRICS_ALLOW lets in; for everybody else there is nothing here."""
    if not metrics.allowed(request):
        raise Http404
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)
