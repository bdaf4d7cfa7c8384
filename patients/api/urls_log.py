"""Addresses under /api/v1/: the clinic's view of what happened at home."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import log

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:patient_id>/days", log.Days.as_view(), name="patient-days"),
    path("patients/<uuid:patient_id>/sessions", log.Sessions.as_view(), name="patient-sessions"),
    path("patients/<uuid:patient_id>/pain", log.Pain.as_view(), name="patient-pain"),
    path("patients/<uuid:patient_id>/checkins", log.Checkins.as_view(), name="patient-checkins"),
    path("patients/<uuid:patient_id>/timeline", log.Timeline.as_view(), name="patient-timeline"),
    path("patients/<uuid:patient_id>/held", log.Held.as_view(), name="patient-held"),
    path("patients/<uuid:patient_id>/seen", log.Seen.as_view(), name="patient-seen"),
    path("patients/<uuid:patient_id>/paper", log.Paper.as_view(), name="patient-paper"),
    path("patients/<uuid:patient_id>/unlock", log.Unlock.as_view(), name="patient-unlock"),
]
