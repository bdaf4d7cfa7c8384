"""A small library for tests: vocabularies and exercises with everything a filter can ask for."""

from __future__ import annotations

from typing import Any

from accounts.models import Clinic
from exercises.models import Demand, Equipment, Exercise, ExerciseMuscle, Muscle

DOSE: dict[str, Any] = {
    "sets": 3, "reps": 10, "hold_s": None, "rest_s": 30, "load": "band", "load_kg": None, "effort": 5,
    "side": "affected", "tempo": None,
}  # fmt: skip
FREQUENCY: dict[str, Any] = {"kind": "weekdays", "days": [1, 3, 5], "times_per_day": 1}


def make_words() -> None:
    for slug, es in (("piriformis", "Piriforme"), ("hamstrings", "Isquiotibiales"), ("gluteus-medius", "Glúteo medio")):
        name = slug.replace("-", " ").capitalize()
        Muscle.objects.create(slug=slug, names={"en": name, "es": es}, synonyms=[f"{slug} group"])
    for slug in ("band", "chair"):
        Equipment.objects.create(slug=slug, names={"en": slug.capitalize()})
    for slug in ("hip_adduction", "sciatic_tension"):
        Demand.objects.create(slug=slug, names={"en": slug.replace("_", " ").capitalize()}, definition=f"When {slug}.")


def make_exercise(
    slug: str,
    *,
    owner: Clinic | None = None,
    muscles: tuple[str, ...] = ("piriformis",),
    equipment: tuple[str, ...] = (),
    demands: tuple[str, ...] = (),
    **fields: Any,
) -> Exercise:
    """The first muscle is primary, the others secondary."""
    exercise = Exercise.objects.create(
        **{
            "slug": slug,
            "owner": owner,
            "name": slug.replace("-", " ").capitalize(),
            "kind": "strengthen",
            "position": "side_lying",
            "laterality": "unilateral",
            "level": 2,
            "steps": ["Lie on your side.", "Lift the knee."],
            "default_dose": DOSE,
            "default_frequency": FREQUENCY,
        }
        | fields
    )
    for place, muscle in enumerate(muscles):
        ExerciseMuscle.objects.create(
            exercise=exercise, muscle=Muscle.objects.get(slug=muscle), role="secondary" if place else "primary"
        )
    exercise.equipment.set(Equipment.objects.filter(slug__in=equipment))
    exercise.demands.set(Demand.objects.filter(slug__in=demands))
    return exercise


def document(exercise: Exercise) -> dict[str, Any]:
    """What API.md says an exercise looks like in a list, built from the rows without the code under test."""
    figure = None
    if exercise.figure_src:
        figure = {
            "src": f"/figures/{exercise.figure_src}.svg",
            "poster": f"/figures/{exercise.figure_poster}.svg",
            "thumb": f"/figures/{exercise.figure_thumb}.svg",
        }
    elif exercise.photo:
        figure = dict.fromkeys(("src", "poster", "thumb"), f"/media/{exercise.photo}")
    return {
        "id": str(exercise.pk),
        "version": exercise.version,
        "slug": exercise.slug,
        "name": exercise.name,
        "synonyms": exercise.synonyms,
        "kind": exercise.kind,
        "muscles": [
            {"slug": one.muscle.slug, "role": one.role}
            for one in exercise.muscle_roles.select_related("muscle").order_by("pk")
        ],
        "position": exercise.position,
        "laterality": exercise.laterality,
        "level": exercise.level,
        "steps": exercise.steps,
        "cue": exercise.cue,
        "mistake": exercise.mistake,
        "caution": exercise.caution,
        "demands": sorted(exercise.demands.values_list("slug", flat=True)),
        "equipment": sorted(exercise.equipment.values_list("slug", flat=True)),
        "default_dose": exercise.default_dose,
        "default_frequency": exercise.default_frequency,
        "easier": exercise.easier_id and str(exercise.easier_id),
        "harder": exercise.harder_id and str(exercise.harder_id),
        "figure": figure,
        "video": f"/media/{exercise.video}" if exercise.video else None,
        "sources": exercise.sources,
        "review_status": exercise.review_status,
        "owner": exercise.owner_id and str(exercise.owner_id),
        "archived": exercise.archived_at is not None,
    }
