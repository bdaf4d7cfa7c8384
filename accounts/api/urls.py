"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from accounts.api import views

urlpatterns: list[URLPattern] = [
    path("clinic", views.ClinicView.as_view(), name="clinic"),
    path("clinic/staff", views.StaffView.as_view(), name="staff"),
    path("clinic/staff/<uuid:staff_id>", views.StaffMemberView.as_view(), name="staff-member"),
    path("clinic/access-log", views.AccessLogView.as_view(), name="clinic-access-log"),
    path("staff/join", views.JoinStaffView.as_view(), name="join-staff"),
]
