"""Addresses at the root: what mail programs, calendars and monitors call."""

from __future__ import annotations

from django.urls import URLPattern, path

from reminders import pages

urlpatterns: list[URLPattern] = [
    path("unsubscribe/<str:token>", pages.unsubscribe, name="unsubscribe"),
    path("calendar/<str:token>.ics", pages.calendar_feed, name="calendar"),
    path("metrics", pages.metrics_text, name="metrics"),
    path("healthz/reminders", pages.healthz, name="healthz-reminders"),
]
