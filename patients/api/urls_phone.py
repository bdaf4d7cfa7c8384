"""Addresses under /api/v1/: what the phone reads and sends."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import phone, sync

urlpatterns: list[URLPattern] = [
    path("me/sync", sync.Sync.as_view(), name="me-sync"),
    path("me/plans", phone.Plans.as_view(), name="me-plans"),
    path("me/log", phone.Log.as_view(), name="me-log"),
    path("me/receipts", phone.Receipts.as_view(), name="me-receipts"),
    path("me/progress", phone.Progress.as_view(), name="me-progress"),
]
