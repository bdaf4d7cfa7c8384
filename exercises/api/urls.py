"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import URLPattern, path

from exercises.api import figures, media, views

urlpatterns: list[URLPattern] = [
    path("exercises", views.ExercisesView.as_view(), name="exercises"),
    path("exercises/figure", figures.DrawView.as_view(), name="exercise-figure"),
    path("exercises/<uuid:exercise_id>", views.ExerciseView.as_view(), name="exercise"),
    path("exercises/<uuid:exercise_id>/media", media.MediaView.as_view(), name="exercise-media"),
    path("muscles", views.MusclesView.as_view(), name="muscles"),
    path("equipment", views.EquipmentView.as_view(), name="equipment"),
    path("demands", views.DemandsView.as_view(), name="demands"),
]
