"""The figures under test: all of the library, solved at every frame once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from exercises import library_files
from exercises.figures.model import Animation
from exercises.figures.placement import Stage
from exercises.figures.skeleton import Body
from exercises.figures.validate import parse
from exercises.library_files import LibraryExercise

#: t = 0, 0.025 … 1
FRAMES = [index / 40 for index in range(41)]


@cache
def library() -> dict[str, LibraryExercise]:
    return {exercise.slug: exercise for exercise in library_files.read().exercises}


SLUGS = sorted(library())


@cache
def animation(slug: str) -> Animation:
    return parse(library()[slug].figure)


def stretched(slug: str) -> bool:
    return library()[slug].kind == "stretch"


@cache
def stage(slug: str) -> Stage:
    return Stage(animation(slug))


def bodies(slug: str) -> Iterator[tuple[float, Body]]:
    for share in FRAMES:
        yield share, stage(slug).body_at(share)
