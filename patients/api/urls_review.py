"""Addresses under /api/v1/: what the rules say about what happened at home."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import review

urlpatterns: list[URLPattern] = [
    path("suggestions", review.Suggestions.as_view(), name="suggestions"),
    path("suggestions/<uuid:suggestion_id>/accept", review.Accept.as_view(), name="suggestion-accept"),
    path("suggestions/<uuid:suggestion_id>/dismiss", review.Dismiss.as_view(), name="suggestion-dismiss"),
    path("plans/<uuid:plan_id>/readiness", review.Readiness.as_view(), name="plan-readiness"),
    path("plans/<uuid:plan_id>/criteria", review.Criteria.as_view(), name="plan-criteria"),
]
