"""What a therapist assembles: programs in phases, each a list of prescriptions.

A program is freely edited while it is a draft or a template. The moment it is prescribed, the plan gets its own
*sealed* copy, which never changes again; a copy keeps each prescription's `key`, so that a log, a chart and a rule
can follow one exercise through every copy and revision.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from accounts.base import Row, Versioned, new_id
from accounts.models import Clinic, User
from exercises.models import Exercise

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, user: User | AnonymousUser) -> ProgramQuerySet:
        """Staff see the programs of their clinics and the shared templates. A patient sees plans, never programs."""
        if not user.is_authenticated:
            return self.none()
        own = Clinic.objects.filter(memberships__user=user.pk, memberships__ended_at=None)
        shared = models.Q(clinic=None, template=True) & models.Exists(own)
        return self.filter(models.Q(clinic__in=own) | shared)


class Program(Versioned):
    """`clinic` null means a template of the shared library, which only `load_templates` writes."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, null=True, blank=True, related_name="programs")
    slug = models.SlugField(max_length=80, blank=True, help_text="shared templates only")
    name = models.CharField(max_length=160)
    template = models.BooleanField(default=False)
    sealed_at = models.DateTimeField(null=True, blank=True)
    pain_limit = models.PositiveSmallIntegerField(default=5)
    evidence = models.TextField(blank=True)
    entry = models.JSONField(default=list, blank=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="copies")
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    source_hash = models.CharField(max_length=64, blank=True, help_text="what load_templates last wrote")
    archived_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Program]] = ProgramQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("slug",), condition=~models.Q(slug=""), name="template_slug_once"),
            models.CheckConstraint(condition=models.Q(pain_limit__lte=10), name="pain_limit_0_to_10"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def sealed(self) -> bool:
        return self.sealed_at is not None


class Phase(Row):
    """Half-open [from_day, to_day) in days from the plan's start: the planned path, which moves nobody by itself."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="phases")
    n = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    from_day = models.PositiveSmallIntegerField()
    to_day = models.PositiveSmallIntegerField()
    entry = models.JSONField(default=list, blank=True)
    exit = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager[Phase]] = models.Manager()

    class Meta:
        ordering = ("program", "n")
        constraints = (
            models.UniqueConstraint(fields=("program", "n"), name="phase_n_once"),
            models.CheckConstraint(condition=models.Q(to_day__gt=models.F("from_day")), name="phase_has_days"),
        )

    def __str__(self) -> str:
        return f"{self.n} {self.name}"


class Prescription(Row):
    """An exercise with its dose and frequency in a phase. `dose` and `frequency` are the shapes of API.md,
    checked by `programs.dose` and `programs.frequency`."""

    phase = models.ForeignKey(Phase, models.CASCADE, related_name="prescriptions")
    position = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=new_id)
    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="prescriptions")
    dose = models.JSONField()
    frequency = models.JSONField()
    optional_if = models.CharField(max_length=40, blank=True, help_text="due only while this finding is true")
    needs_release = models.BooleanField(default=False)
    easier_allowed = models.BooleanField(default=True)
    note = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[Prescription]] = models.Manager()

    class Meta:
        ordering = ("phase", "position", "id")
        constraints = (models.UniqueConstraint(fields=("phase", "key"), name="key_once_a_phase"),)

    def __str__(self) -> str:
        return f"{self.exercise} ({self.phase})"


def stable_key(*parts: str) -> uuid.UUID:
    """The key of a shared template's prescription: the same at every load, on every machine."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "homestretch:" + "/".join(parts))
