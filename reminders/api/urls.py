"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from reminders.api import calendar, later, phones, push, views

urlpatterns: list[URLPattern] = [
    path("clinic/phones", phones.ClinicPhones.as_view(), name="clinic-phones"),
    path("me/reminders", views.MyReminders.as_view(), name="my-reminders"),
    path("me/reminders/later", later.MyLater.as_view(), name="my-reminders-later"),
    path("me/calendar", calendar.MyCalendar.as_view(), name="my-calendar"),
    path("me/push-subscriptions", push.MyPushSubscriptions.as_view(), name="my-push-subscriptions"),
    path(
        "me/push-subscriptions/<uuid:subscription_id>", push.MyPushSubscription.as_view(), name="my-push-subscription"
    ),
    path("patients/<uuid:patient_id>/reminders", views.PatientReminders.as_view(), name="patient-reminders"),
    path("patients/<uuid:patient_id>/reminders/proof", views.RemindersProof.as_view(), name="patient-reminders-proof"),
]
