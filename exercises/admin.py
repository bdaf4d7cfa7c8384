"""The operators' admin. The shared library is written by `load_library` alone, so it can only be looked at here."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from exercises.models import Demand, Equipment, Exercise, Muscle


@admin.register(Muscle, Equipment, Demand)
class TermAdmin(ReadOnlyAdmin):
    list_display = ("slug", "names")
    search_fields = ("slug", "names")


@admin.register(Exercise)
class ExerciseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "kind", "position", "level", "owner", "review_status", "archived_at")
    list_filter = ("kind", "position", "level", "review_status", ("owner", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("name", "slug")
    readonly_fields = (
        "version",
        "source_hash",
        "figure_src",
        "figure_poster",
        "figure_thumb",
        "photo",
        "video",
        "created_at",
    )
    autocomplete_fields = ("owner", "easier", "harder")
    filter_horizontal = ("equipment", "demands")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the clinic app draws and checks what it stores

    def has_change_permission(self, request: HttpRequest, obj: Exercise | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.owner_id is not None)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False  # archived, never deleted: programs and logs point here
