"""The operators' admin. Programs are written in the clinic app, templates by `load_templates`; here one looks."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.admin import ReadOnlyAdmin
from programs.models import Phase, Prescription, Program


class _LookInline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PhaseInline(_LookInline):
    model = Phase
    fields = ("n", "name", "from_day", "to_day", "exit")


class PrescriptionInline(_LookInline):
    model = Prescription
    fields = ("position", "exercise", "dose", "frequency", "optional_if", "needs_release", "note")


@admin.register(Program)
class ProgramAdmin(ReadOnlyAdmin):
    list_display = ("name", "clinic", "template", "sealed_at", "archived_at", "created_at")
    list_filter = ("template", ("sealed_at", admin.EmptyFieldListFilter), ("clinic", admin.EmptyFieldListFilter))
    list_select_related = ("clinic",)
    search_fields = ("name", "slug", "clinic__name")
    inlines = (PhaseInline,)


@admin.register(Phase)
class PhaseAdmin(ReadOnlyAdmin):
    list_display = ("program", "n", "name", "from_day", "to_day")
    list_select_related = ("program",)
    search_fields = ("name", "program__name")
    inlines = (PrescriptionInline,)
