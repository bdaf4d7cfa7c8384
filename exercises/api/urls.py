"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from exercises.api import views

urlpatterns: list[URLPattern] = [
    path("exercises", views.ExercisesView.as_view(), name="exercises"),
    path("exercises/<uuid:exercise_id>", views.ExerciseView.as_view(), name="exercise"),
    path("muscles", views.MusclesView.as_view(), name="muscles"),
    path("equipment", views.EquipmentView.as_view(), name="equipment"),
    path("demands", views.DemandsView.as_view(), name="demands"),
]
