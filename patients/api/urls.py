"""Addresses under /api/v1/: the clinic's side, and the phone's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("patients.api.urls_clinic")),
    path("", include("patients.api.urls_me")),
    path("", include("patients.api.urls_phone")),
    path("", include("patients.api.urls_log")),
    path("", include("patients.api.urls_messages")),
    path("", include("patients.api.urls_outcomes")),
    path("", include("patients.api.urls_review")),
    path("", include("patients.api.urls_record")),
]
