"""Addresses under /api/v1/: whether it helps, and what was done of what was asked."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import adherence, outcomes

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:patient_id>/adherence", adherence.Adherence.as_view(), name="patient-adherence"),
    path("patients/<uuid:patient_id>/goals", outcomes.Goals.as_view(), name="patient-goals"),
    path("patients/<uuid:patient_id>/outcomes", outcomes.Outcomes.as_view(), name="patient-outcomes"),
    path("patients/<uuid:patient_id>/outcomes/schedule", outcomes.Schedule.as_view(), name="patient-outcome-schedule"),
]
