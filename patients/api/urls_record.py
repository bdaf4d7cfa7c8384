"""Addresses under /api/v1/: what a clinic does with a whole record."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import record

urlpatterns: list[URLPattern] = [
    path("patients/<uuid:patient_id>/discharge", record.Discharge.as_view(), name="patient-discharge"),
    path("patients/<uuid:patient_id>/reopen", record.Reopen.as_view(), name="patient-reopen"),
    path("patients/<uuid:patient_id>/transfer", record.Transfer.as_view(), name="patient-transfer"),
    path("patients/<uuid:patient_id>/merge", record.MakeMerge.as_view(), name="patient-merge"),
    path("patients/<uuid:patient_id>/merges", record.Merges.as_view(), name="patient-merges"),
    path("patients/<uuid:patient_id>/access-log", record.AccessLog.as_view(), name="patient-access-log"),
    path("patients/<uuid:patient_id>/summary", record.Summary.as_view(), name="patient-summary"),
    path("merges/<uuid:merge_id>/undo", record.UndoMerge.as_view(), name="merge-undo"),
]
