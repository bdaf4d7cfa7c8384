"""A clinic's own exercises: written, changed, archived. The shared library is `load_library`'s alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify
from rest_framework.exceptions import ValidationError

from accounts.api.conventions import replayed
from accounts.api.errors import Conflict
from accounts.base import new_id
from accounts.models import Clinic
from exercises import figures
from exercises.catalogue import whole
from exercises.loading import store_svg
from exercises.models import Demand, Equipment, Exercise, ExerciseMuscle, Kind, Laterality, Muscle

Data = Mapping[str, Any]
# Kept in other tables, or made from what was given.
DRAWN_FROM = frozenset({"figure", "name", "steps", "kind", "laterality"})
_LINKED = ("muscles", "equipment", "demands", "easier", "harder", "figure", "video")


def load(exercise_id: uuid.UUID) -> Exercise:
    return whole(Exercise.objects.all()).get(pk=exercise_id)


def create(*, clinic: Clinic, data: Data, id: uuid.UUID | None = None) -> tuple[Exercise, bool]:
    """The new exercise, or the stored one if the same POST came before: (exercise, is new).

    Raises ValidationError naming the field, and Conflict `id_taken`.
    """
    if id is None or (stored := whole(Exercise.objects.filter(pk=id)).first()) is None:
        exercise = Exercise(id=id or new_id(), owner=clinic)
        with transaction.atomic():
            _insert(exercise, data)
        return load(exercise.pk), True
    return replayed(stored, stored.owner_id == clinic.pk and stored.archived_at is None and _says(stored, data)), False


@transaction.atomic
def change(exercise: Exercise, data: Data) -> Exercise:
    """Write what `data` holds. The caller holds the lock and compared versions.

    Raises Conflict `archived`, and ValidationError naming the field.
    """
    refuse_archived(exercise)
    _fill(exercise, data)
    exercise.save()
    _link(exercise, data)
    return load(exercise.pk)


def archive(exercise: Exercise) -> None:
    """Take it out of the library. Programs that use it go on."""
    refuse_archived(exercise)
    exercise.archived_at = timezone.now()
    exercise.save(update_fields=["archived_at"])


def refuse_archived(exercise: Exercise) -> None:
    if exercise.archived_at is not None:
        raise Conflict("This exercise is archived and no longer changes.", "archived")


def _insert(exercise: Exercise, data: Data) -> None:
    _fill(exercise, data)
    exercise.slug = slugify(exercise.name)[:60] or "exercise"
    try:
        with transaction.atomic():
            exercise.save(force_insert=True)
    except IntegrityError:
        # Two exercises of one name: the second one's address gets a piece of its id.
        exercise.slug = f"{exercise.slug}-{exercise.pk.hex[-8:]}"
        exercise._state.adding = True
        exercise.save(force_insert=True)
    _link(exercise, data)


def _fill(exercise: Exercise, data: Data) -> None:
    for name, value in data.items():
        if name not in _LINKED:
            setattr(exercise, name, value)
    for name in ("easier", "harder"):
        if name in data:
            setattr(exercise, name, _neighbour(exercise, name, data[name]))
    if "video" in data:
        exercise.video = ""  # the only thing that can be said about it here; a new one is uploaded
    if "figure" in data:
        exercise.anim = data["figure"]
        if exercise.anim is None:
            exercise.photo = ""
    if DRAWN_FROM & data.keys():
        _draw(exercise)


def _neighbour(exercise: Exercise, name: str, wanted: uuid.UUID | None) -> Exercise | None:
    """Of the shared library or of the same clinic, and not the exercise itself."""
    if wanted is None:
        return None
    found = Exercise.objects.filter(pk=wanted, archived_at=None).first()
    if found is None or found.owner_id not in {None, exercise.owner_id} or found.pk == exercise.pk:
        raise ValidationError({name: ["There is no such exercise to point to."]})
    return found


def _draw(exercise: Exercise) -> None:
    """Raises ValidationError that names joint and range where a body cannot do this."""
    if exercise.anim is None:
        exercise.figure_src = exercise.figure_poster = exercise.figure_thumb = ""
        return
    drawn = drawing(
        exercise.anim,
        name=exercise.name,
        steps=exercise.steps,
        alternates=exercise.laterality == Laterality.ALTERNATING,
        stretches=exercise.kind == Kind.STRETCH,
    )
    exercise.figure_src = store_svg(drawn.animated)
    exercise.figure_poster = store_svg(drawn.poster)
    exercise.figure_thumb = store_svg(drawn.thumb)


def drawing(anim: Data, *, name: str, steps: Iterable[str], alternates: bool, stretches: bool) -> figures.FigureSet:
    """What a clinic's figure looks like; nothing is stored.

    Raises ValidationError at `figure`, or at the very number that no body can do (`figure.end.hip_w.0`).
    """
    try:
        return figures.render(anim, title=name, desc=" ".join(steps), alternating=alternates, stretched=stretches)
    except figures.FigureError as error:
        place = f"figure.{error.place}" if error.place else "figure"
        raise ValidationError({place: [str(error)]}) from error


def _link(exercise: Exercise, data: Data) -> None:
    if "equipment" in data:
        exercise.equipment.set(_terms(Equipment, "equipment", data["equipment"]).values())  # type: ignore[arg-type]
    if "demands" in data:
        exercise.demands.set(_terms(Demand, "demands", data["demands"]).values())  # type: ignore[arg-type]
    if "muscles" in data:
        muscles = _terms(Muscle, "muscles", [one["slug"] for one in data["muscles"]])
        exercise.muscle_roles.all().delete()
        ExerciseMuscle.objects.bulk_create(
            ExerciseMuscle(exercise=exercise, muscle_id=muscles[one["slug"]], role=one["role"])
            for one in data["muscles"]
        )


def _terms(model: type[Muscle | Equipment | Demand], attr: str, slugs: Iterable[str]) -> dict[str, uuid.UUID]:
    wanted = set(slugs)
    found = dict(model.objects.filter(slug__in=wanted).values_list("slug", "pk"))
    if unknown := sorted(wanted - found.keys()):
        raise ValidationError({attr: [f"Not in the vocabulary: {', '.join(unknown)}."]})
    return found


def _says(exercise: Exercise, data: Data) -> bool:
    """Whether a stored exercise (with its links loaded) says everything that was given."""
    linked: dict[str, Any] = {
        "muscles": [{"slug": one.muscle.slug, "role": one.role} for one in exercise.muscle_roles.all()],
        "equipment": {one.slug for one in exercise.equipment.all()},
        "demands": {one.slug for one in exercise.demands.all()},
        "easier": exercise.easier_id,
        "harder": exercise.harder_id,
        "figure": exercise.anim,
        "video": exercise.video or None,
    }
    for name, value in data.items():
        given = set(value) if name in {"equipment", "demands"} else value
        if given != (linked[name] if name in linked else getattr(exercise, name)):
            return False
    return True
