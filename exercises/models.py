"""What can be prescribed: muscles, equipment, movement demands, exercises and their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from accounts.base import Row, Versioned
from accounts.models import Clinic

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


class Term(Row):
    """A word of a controlled vocabulary. `names` maps a language to the word: {"en": "Piriformis", "es": …}."""

    slug = models.SlugField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    synonyms = models.JSONField(default=list, blank=True)

    class Meta:
        abstract = True
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug


class Muscle(Term):
    objects: ClassVar[models.Manager[Muscle]] = models.Manager()


class Equipment(Term):
    objects: ClassVar[models.Manager[Equipment]] = models.Manager()


class Demand(Term):
    """A movement demand: what an exercise asks of the tissues (CLINICAL.md A.2). `definition` says when it is set."""

    definition = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Demand]] = models.Manager()


class FigureFile(models.Model):
    """One finished SVG, named by its content: its address never changes meaning, so browsers keep it for a year."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    svg_gz = models.BinaryField()

    objects: ClassVar[models.Manager[FigureFile]] = models.Manager()


class MediaFile(models.Model):
    """A photo or video that a clinic uploaded, named by its content like a figure; the bytes are in the storage."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="bytes")
    stored_as = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[MediaFile]] = models.Manager()


class Kind(models.TextChoices):
    STRETCH = "stretch"
    STRENGTHEN = "strengthen"
    NEURAL = "neural"
    MOTOR_CONTROL = "motor_control"


class Position(models.TextChoices):
    SUPINE = "supine"
    PRONE = "prone"
    SIDE_LYING = "side_lying"
    SEATED = "seated"
    STANDING = "standing"
    QUADRUPED = "quadruped"
    HALF_KNEELING = "half_kneeling"


class Laterality(models.TextChoices):
    UNILATERAL = "unilateral"
    BILATERAL = "bilateral"
    ALTERNATING = "alternating"


class ReviewStatus(models.TextChoices):
    DRAFT = "draft"
    REVIEWED = "reviewed"


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def visible_to(self, user: User | AnonymousUser) -> ExerciseQuerySet:
        """The shared library for everyone who is signed in, and the own exercises of the clinics one works for."""
        if not user.is_authenticated:
            return self.none()
        own = Clinic.objects.filter(memberships__user=user.pk, memberships__ended_at=None)
        return self.filter(models.Q(owner=None) | models.Q(owner__in=own))


class Exercise(Versioned):
    """One exercise. `owner` null means the shared library, which only `load_library` writes."""

    owner = models.ForeignKey(Clinic, models.CASCADE, null=True, blank=True, related_name="exercises")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    synonyms = models.JSONField(default=list, blank=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    position = models.CharField(max_length=15, choices=Position.choices)
    laterality = models.CharField(max_length=15, choices=Laterality.choices)
    level = models.PositiveSmallIntegerField()
    steps = models.JSONField(default=list)
    cue = models.CharField(max_length=300, blank=True)
    mistake = models.CharField(max_length=300, blank=True)
    caution = models.CharField(max_length=500, blank=True)
    default_dose = models.JSONField(default=dict)
    default_frequency = models.JSONField(default=dict)
    easier = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    harder = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    sources = models.JSONField(default=list, blank=True)
    review_status = models.CharField(max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.DRAFT)
    anim = models.JSONField(null=True, blank=True, help_text="joint angles, CLINICAL.md A.3")
    figure_src = models.CharField(max_length=64, blank=True, help_text="sha256 of the moving figure")
    figure_poster = models.CharField(max_length=64, blank=True)
    figure_thumb = models.CharField(max_length=64, blank=True)
    photo = models.CharField(max_length=64, blank=True, help_text="sha256 of a MediaFile; stands in for a figure")
    video = models.CharField(max_length=64, blank=True, help_text="sha256 of a MediaFile")
    source_hash = models.CharField(max_length=64, blank=True, help_text="what load_library last wrote")
    archived_at = models.DateTimeField(null=True, blank=True)
    equipment = models.ManyToManyField(Equipment, blank=True, related_name="exercises")
    demands = models.ManyToManyField(Demand, blank=True, related_name="exercises")
    muscles = models.ManyToManyField(Muscle, through="ExerciseMuscle", related_name="exercises")

    objects: ClassVar[models.Manager[Exercise]] = ExerciseQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=("slug",), condition=models.Q(owner=None), name="library_slug_once"),
            models.UniqueConstraint(fields=("owner", "slug"), name="clinic_slug_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="exercise_level_1_to_5"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def figure(self) -> dict[str, str] | None:
        """Addresses of the pictures: the moving one, the still one, the small one. A photo stands in for all three
        where there are no joint angles to draw."""
        if self.figure_src:
            names = {"src": self.figure_src, "poster": self.figure_poster, "thumb": self.figure_thumb}
            return {size: f"/figures/{name}.svg" for size, name in names.items()}
        if self.photo:
            return dict.fromkeys(("src", "poster", "thumb"), f"/media/{self.photo}")
        return None

    @property
    def video_url(self) -> str | None:
        return f"/media/{self.video}" if self.video else None


class MuscleRole(models.TextChoices):
    PRIMARY = "primary"
    SECONDARY = "secondary"


class ExerciseMuscle(models.Model):
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="muscle_roles")
    muscle = models.ForeignKey(Muscle, models.PROTECT, related_name="exercise_roles")
    role = models.CharField(max_length=10, choices=MuscleRole.choices)

    objects: ClassVar[models.Manager[ExerciseMuscle]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("exercise", "muscle"), name="one_role_a_muscle"),)
