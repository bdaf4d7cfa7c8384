"""Addresses under /api/v1/: messages of both sides."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import messages

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:patient_id>/messages", messages.PatientMessages.as_view(), name="patient-messages"),
    path("me/messages", messages.MyMessages.as_view(), name="me-messages"),
    path("me/messages/seen", messages.MyMessagesSeen.as_view(), name="me-messages-seen"),
]
