"""What exercises and vocabularies look like in JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from exercises.api.shapes import DoseField, FrequencyField
from exercises.models import Exercise, ExerciseMuscle, Kind, Laterality, MuscleRole, Position, ReviewStatus

MAX_ANIM_KEYS = 40


class MuscleUseSerializer(serializers.Serializer[ExerciseMuscle]):
    slug = serializers.CharField(source="muscle.slug")
    role = serializers.ChoiceField(choices=MuscleRole.choices)


class FigureSerializer(serializers.Serializer[Any]):
    """Addresses named by content: they never change meaning. `src` moves; `poster` and `thumb` stand still."""

    src = serializers.CharField()
    poster = serializers.CharField()
    thumb = serializers.CharField()


class ExerciseSerializer(serializers.ModelSerializer[Exercise]):
    muscles = MuscleUseSerializer(source="muscle_roles", many=True)
    equipment: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    demands: Any = serializers.SlugRelatedField("slug", many=True, read_only=True)
    synonyms = serializers.ListField(child=serializers.CharField())
    steps = serializers.ListField(child=serializers.CharField())
    sources = serializers.ListField(child=serializers.CharField())
    default_dose = DoseField()
    default_frequency = FrequencyField()
    easier = serializers.UUIDField(source="easier_id", allow_null=True)
    harder = serializers.UUIDField(source="harder_id", allow_null=True)
    figure = FigureSerializer(allow_null=True, help_text="drawn, or the clinic's photo")
    video = serializers.CharField(source="video_url", allow_null=True)
    owner = serializers.UUIDField(source="owner_id", allow_null=True, help_text="null: the shared library")
    archived = serializers.SerializerMethodField()

    class Meta:
        model = Exercise
        fields = (
            "id",
            "version",
            "slug",
            "name",
            "synonyms",
            "kind",
            "muscles",
            "position",
            "laterality",
            "level",
            "steps",
            "cue",
            "mistake",
            "caution",
            "demands",
            "equipment",
            "default_dose",
            "default_frequency",
            "easier",
            "harder",
            "figure",
            "video",
            "sources",
            "review_status",
            "owner",
            "archived",
        )

    def get_archived(self, exercise: Exercise) -> bool:
        return exercise.archived_at is not None


class ExerciseDetailSerializer(ExerciseSerializer):
    """One exercise also brings the joint angles that its figure is drawn from, to be changed and sent back."""

    anim = serializers.DictField(allow_null=True)

    class Meta(ExerciseSerializer.Meta):
        fields = (*ExerciseSerializer.Meta.fields, "anim")  # type: ignore[assignment]


class WordCountSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField()


class LevelCountSerializer(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    count = serializers.IntegerField()


class FacetsSerializer(serializers.Serializer[Any]):
    """For each filter, its values with the number of exercises that remain if one is chosen."""

    muscle = WordCountSerializer(many=True)
    kind = WordCountSerializer(many=True)
    position = WordCountSerializer(many=True)
    equipment = WordCountSerializer(many=True)
    level = LevelCountSerializer(many=True)
    demand = WordCountSerializer(many=True)


class ExercisePageSerializer(serializers.Serializer[Any]):
    """For the schema: a page with facets."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ExerciseSerializer(many=True)
    facets = FacetsSerializer()


class MuscleUseRequest(serializers.Serializer[Any]):
    slug = serializers.CharField(max_length=60)
    role = serializers.ChoiceField(choices=MuscleRole.choices)


class AnimField(serializers.DictField):
    """Joint angles (CLINICAL.md A.3). What they mean is checked by `exercises.figures`."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value: dict[str, Any] = super().to_internal_value(data)
        if len(value) > MAX_ANIM_KEYS:
            raise serializers.ValidationError("These are more parts than a figure has.")
        return value


class FigureField(AnimField):
    """What GET calls `figure` (addresses of drawings) may be sent back: it says "as it is"."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value = super().to_internal_value(data)
        if value and set(value) <= {"src", "poster", "thumb"}:
            raise serializers.SkipField
        return value


class VideoField(serializers.CharField):
    """Only null says anything: the address that GET gives may be sent back and stays as it is."""

    def to_internal_value(self, data: Any) -> str:
        raise serializers.SkipField


class ExerciseRequest(serializers.Serializer[Any]):
    """A clinic's own exercise. Text is the patient's; `demands` decide what precautions screen it by."""

    name = serializers.CharField(max_length=120)
    synonyms = serializers.ListField(child=serializers.CharField(max_length=80), max_length=30, default=list)
    kind = serializers.ChoiceField(choices=Kind.choices)
    muscles = MuscleUseRequest(many=True, allow_empty=False, max_length=20)  # type: ignore[call-arg]
    position = serializers.ChoiceField(choices=Position.choices)
    laterality = serializers.ChoiceField(choices=Laterality.choices)
    level = serializers.IntegerField(min_value=1, max_value=5)
    steps = serializers.ListField(child=serializers.CharField(max_length=300), min_length=1, max_length=12)
    cue = serializers.CharField(max_length=300, allow_blank=True, default="")
    mistake = serializers.CharField(max_length=300, allow_blank=True, default="")
    caution = serializers.CharField(max_length=500, allow_blank=True, default="")
    demands = serializers.ListField(child=serializers.CharField(max_length=60), max_length=40, default=list)
    equipment = serializers.ListField(child=serializers.CharField(max_length=60), max_length=20, default=list)
    default_dose = DoseField()
    default_frequency = FrequencyField()
    easier = serializers.UUIDField(allow_null=True, required=False)
    harder = serializers.UUIDField(allow_null=True, required=False)
    figure = FigureField(allow_null=True, required=False, help_text="joint angles; null: none, and no photo either")
    video = VideoField(allow_null=True, required=False, help_text="null takes it away; upload a new one at …/media")
    sources = serializers.ListField(child=serializers.CharField(max_length=300), max_length=30, default=list)
    review_status = serializers.ChoiceField(choices=ReviewStatus.choices, default=ReviewStatus.DRAFT)

    @classmethod
    def of_changes(cls, data: Any) -> ExerciseRequest:
        """For PATCH: asks only for what was sent, and for that as strictly as POST."""
        request = cls(data=data)
        if isinstance(data, dict):
            for name in set(request.fields) - set(data):
                request.fields.pop(name)
        return request

    def validate_muscles(self, value: list[dict[str, Any]]) -> list[dict[str, Any]]:
        value = [dict(one) for one in value]
        if len({one["slug"] for one in value}) < len(value):
            raise serializers.ValidationError("Name each muscle once.")
        return value


class NewExerciseRequest(ExerciseRequest):
    id = serializers.UUIDField(required=False, help_text="the client's own, so that a repeated POST makes one exercise")
    clinic = serializers.UUIDField(required=False, help_text="needed by staff of several clinics")


class TermSerializer(serializers.Serializer[Any]):
    """A word of a vocabulary. `name` is in the reader's language where it exists, else English."""

    slug = serializers.CharField()
    name = serializers.SerializerMethodField()
    names = serializers.DictField(child=serializers.CharField())
    synonyms = serializers.ListField(child=serializers.CharField())

    def get_name(self, term: Any) -> str:
        names: dict[str, str] = term.names
        return names.get(self.context["language"]) or names.get("en") or str(term.slug)


class DemandSerializer(TermSerializer):
    definition = serializers.CharField(help_text="when an exercise has this demand")
