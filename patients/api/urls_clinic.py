"""Addresses under /api/v1/: the clinic's side of patients, and joining."""

from __future__ import annotations

from django.urls import URLPattern, path

from patients.api import caseload, handout, joining, patients, plans

urlpatterns: list[URLPattern] = [
    path("patients", patients.Patients.as_view(), name="patients"),
    path("patients/<uuid:patient_id>", patients.OnePatient.as_view(), name="patient"),
    path("patients/<uuid:patient_id>/check", patients.Check.as_view(), name="patient-check"),
    path("patients/<uuid:patient_id>/invitation", joining.Invitations.as_view(), name="patient-invitation"),
    path("patients/<uuid:patient_id>/plans", plans.PatientPlans.as_view(), name="patient-plans"),
    path("plans/<uuid:plan_id>", plans.OnePlan.as_view(), name="plan"),
    path("plans/<uuid:plan_id>/revisions", plans.Revisions.as_view(), name="plan-revisions"),
    path("plans/<uuid:plan_id>/pause", plans.Pause.as_view(), name="plan-pause"),
    path("plans/<uuid:plan_id>/resume", plans.Resume.as_view(), name="plan-resume"),
    path("plans/<uuid:plan_id>/stop", plans.Stop.as_view(), name="plan-stop"),
    path("plans/<uuid:plan_id>/handout", handout.PlanHandout.as_view(), name="plan-handout"),
    path("caseload", caseload.Caseload.as_view(), name="caseload"),
    path("caseload.csv", caseload.CaseloadCsv.as_view(), name="caseload-csv"),
    path("flags", caseload.Flags.as_view(), name="flags"),
    path("flags/<uuid:flag_id>/acknowledge", caseload.Acknowledge.as_view(), name="flag-acknowledge"),
    path("flags/<uuid:flag_id>/resolve", caseload.Resolve.as_view(), name="flag-resolve"),
    path("join/check", joining.JoinCheck.as_view(), name="join-check"),
    path("join", joining.Join.as_view(), name="join"),
    path("join/transfer", joining.Transfer.as_view(), name="join-transfer"),
    path("me/transfer-code", joining.TransferCodes.as_view(), name="me-transfer-code"),
]
