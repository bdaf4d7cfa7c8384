"""Brings the shared library of the database up to the files. Idempotent: what did not change is not touched.

An exercise is compared by a hash over its file data and over the drawing code, so a second run reads 72 hashes and is
done, and a change to the drawing draws the figures again. A clinic's own exercises (`owner` set) are never touched.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from exercises import figures
from exercises.content_files import Problem
from exercises.library_files import Library, LibraryError, LibraryExercise, Term
from exercises.models import Demand, Equipment, Exercise, ExerciseMuscle, FigureFile, Kind, Laterality, Muscle

Vocabulary = Muscle | Equipment | Demand


@dataclass(frozen=True)
class Counts:
    created: int
    updated: int
    unchanged: int
    archived: int

    def __str__(self) -> str:
        return f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged, {self.archived} archived"


def load(library: Library, *, on_drawn: Callable[[str], None] = lambda slug: None) -> Counts:
    """Creates, updates and archives the shared exercises until they are those of `library`.

    `on_drawn` is told each slug whose figure was drawn. Figures are drawn before the transaction opens, so that
    SQLite's one writer is held for the writing only.

    Raises:
        LibraryError: a figure cannot be drawn; nothing has been written then.
    """
    known = {exercise.slug: exercise for exercise in Exercise.objects.filter(owner=None)}
    drawing = _drawing_code()
    hashes = {exercise.slug: _content_hash(exercise, drawing) for exercise in library.exercises}
    changed = [
        exercise for exercise in library.exercises if not _is_current(known.get(exercise.slug), hashes[exercise.slug])
    ]
    drawn = {}
    for exercise in changed:
        drawn[exercise.slug] = draw(exercise)
        on_drawn(exercise.slug)
    gone = [exercise for slug, exercise in known.items() if slug not in hashes and exercise.archived_at is None]
    with transaction.atomic():
        _load_terms(library)
        for exercise in changed:
            row = known.get(exercise.slug) or Exercise(owner=None, slug=exercise.slug)
            _write(row, exercise, drawn[exercise.slug], hashes[exercise.slug])
        _link_neighbours(library.exercises)
        for row in gone:
            row.archived_at = timezone.now()
            row.save(update_fields=["archived_at"])
    created = sum(exercise.slug not in known for exercise in changed)
    return Counts(
        created=created,
        updated=len(changed) - created,
        unchanged=len(library.exercises) - len(changed),
        archived=len(gone),
    )


def draw(exercise: LibraryExercise) -> figures.FigureSet:
    """The figure of one exercise; who cannot see it is read the steps.

    Raises:
        LibraryError: the angles are outside what a body can do; it names file, slug, joint and range.
    """
    try:
        return figures.render(
            exercise.figure,
            title=exercise.name,
            desc=" ".join(exercise.steps),
            alternating=exercise.laterality == Laterality.ALTERNATING,
            stretched=exercise.kind == Kind.STRETCH,
        )
    except figures.FigureError as error:
        raise LibraryError([Problem(exercise.file, exercise.slug, "figure", str(error))]) from error


def _is_current(row: Exercise | None, content_hash: str) -> bool:
    return row is not None and row.archived_at is None and row.source_hash == content_hash


def _content_hash(exercise: LibraryExercise, drawing: str) -> str:
    content = {**asdict(exercise), "file": None, "drawing": drawing}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _drawing_code() -> str:
    """A hash over the source of `exercises.figures`: other drawing code may draw the same data differently."""
    digest = hashlib.sha256()
    for path in sorted(Path(figures.__file__).parent.glob("**/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _load_terms(library: Library) -> None:
    _load_vocabulary(Muscle, library.muscles)
    _load_vocabulary(Equipment, library.equipment)
    _load_vocabulary(Demand, library.demands)


def _load_vocabulary(model: type[Vocabulary], terms: Sequence[Term]) -> None:
    """Words are added and corrected, never removed: a clinic's own exercise may still use one."""
    known = {row.slug: row for row in model.objects.all()}
    for term in terms:
        wanted: dict[str, Any] = {"names": dict(term.names), "synonyms": list(term.synonyms)}
        if model is Demand:
            wanted["definition"] = term.definition
        row = known.get(term.slug) or model(slug=term.slug)
        if row._state.adding or any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()


COPIED = ("name", "kind", "position", "laterality", "level", "cue", "mistake", "caution", "review_status")
LISTS = ("synonyms", "steps", "sources")


def _write(row: Exercise, exercise: LibraryExercise, drawn: figures.FigureSet, content_hash: str) -> None:
    for name in COPIED:
        setattr(row, name, getattr(exercise, name))
    for name in LISTS:
        setattr(row, name, list(getattr(exercise, name)))
    row.default_dose = dict(exercise.default_dose)
    row.default_frequency = dict(exercise.default_frequency)
    row.anim = dict(exercise.figure)
    row.figure_src = store_svg(drawn.animated)
    row.figure_poster = store_svg(drawn.poster)
    row.figure_thumb = store_svg(drawn.thumb)
    row.source_hash = content_hash
    row.archived_at = None
    row.save()
    row.equipment.set(_ids(Equipment, exercise.equipment).values())
    row.demands.set(_ids(Demand, exercise.demands).values())
    ExerciseMuscle.objects.filter(exercise=row).delete()
    muscles = _ids(Muscle, [muscle.slug for muscle in exercise.muscles])
    ExerciseMuscle.objects.bulk_create(
        ExerciseMuscle(exercise=row, muscle_id=muscles[muscle.slug], role=muscle.role) for muscle in exercise.muscles
    )


def store_svg(svg: str) -> str:
    """Stores a finished SVG under its content's name, once. Old ones stay: an offline phone may still name them."""
    data = svg.encode()
    name = hashlib.sha256(data).hexdigest()
    FigureFile.objects.get_or_create(sha256=name, defaults={"svg_gz": gzip.compress(data, mtime=0)})
    return name


def _link_neighbours(exercises: Sequence[LibraryExercise]) -> None:
    """Easier and harder, after every row exists. `update` does not raise the version a second time."""
    rows = {row.slug: row for row in Exercise.objects.filter(owner=None).only("slug", "easier_id", "harder_id")}
    ids: dict[str | None, Any] = {slug: row.pk for slug, row in rows.items()}
    for exercise in exercises:
        row = rows[exercise.slug]
        wanted = ids.get(exercise.easier), ids.get(exercise.harder)
        if (row.easier_id, row.harder_id) != wanted:
            Exercise.objects.filter(pk=row.pk).update(easier=wanted[0], harder=wanted[1])


def _ids(model: type[Vocabulary], slugs: Iterable[str]) -> dict[str, Any]:
    """Primary keys by slug."""
    return dict(model.objects.filter(slug__in=slugs).values_list("slug", "pk"))
