"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from programs.api import handout, views

urlpatterns: list[URLPattern] = [
    path("programs", views.ProgramsView.as_view(), name="programs"),
    path("programs/<uuid:program_id>", views.ProgramView.as_view(), name="program"),
    path("programs/<uuid:program_id>/copy", views.CopyView.as_view(), name="program-copy"),
    path("programs/<uuid:program_id>/burden", views.BurdenView.as_view(), name="program-burden"),
    path("programs/<uuid:program_id>/handout.pdf", handout.ProgramHandout.as_view(), name="program-handout"),
]
