"""Addresses under /api/v1/: who is signed in."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import me

urlpatterns: list[URLPattern] = [
    path("me", me.Me.as_view(), name="me"),
]
