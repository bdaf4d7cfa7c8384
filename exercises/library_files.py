"""The shared library as it lies in `exercises/library/`: read, checked, and handed out as typed values.

Pure: no database, no Django. `read()` either returns a whole, consistent library or raises one `LibraryError` that
lists everything wrong with it, each problem naming file, slug and field. Content: CLINICAL.md section A.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from exercises.content_files import ContentError, ContentSchema, Problem, UnreadableFileError, read_yaml

FOLDER = Path(__file__).parent / "library"
VOCABULARIES = ("muscles", "equipment", "demands", "sources")

Role = Literal["primary", "secondary"]


class LibraryError(ContentError):
    """The library does not hold together."""


@dataclass(frozen=True)
class Term:
    """A word of a vocabulary. `any_of` (equipment only): slugs of which one is enough. `definition`: demands only."""

    slug: str
    names: Mapping[str, str]
    synonyms: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True)
class WorkedMuscle:
    slug: str
    role: Role
    part: str = ""


@dataclass(frozen=True)
class LibraryExercise:
    """One exercise; field meanings and units as in the API. `sources` are whole sentences, marks included."""

    slug: str
    name: str
    synonyms: tuple[str, ...]
    kind: str
    muscles: tuple[WorkedMuscle, ...]
    position: str
    laterality: str
    level: int
    equipment: tuple[str, ...]
    steps: tuple[str, ...]
    cue: str
    mistake: str
    caution: str
    demands: tuple[str, ...]
    default_dose: Mapping[str, Any]
    default_frequency: Mapping[str, Any]
    easier: str | None
    harder: str | None
    figure: Mapping[str, Any]
    sources: tuple[str, ...]
    review_status: str
    file: str


@dataclass(frozen=True)
class Library:
    exercises: tuple[LibraryExercise, ...]
    muscles: tuple[Term, ...]
    equipment: tuple[Term, ...]
    demands: tuple[Term, ...]

    def exercise(self, slug: str) -> LibraryExercise:
        """Raises KeyError for a slug that is not in the library."""
        return self._by_slug[slug]

    @functools.cached_property
    def _by_slug(self) -> dict[str, LibraryExercise]:
        return {exercise.slug: exercise for exercise in self.exercises}


@dataclass(frozen=True)
class _Entry:
    """A mapping from a file, with what is needed to say where it stands."""

    file: str
    slug: str
    data: Mapping[str, Any]

    def problem(self, field: str, message: str) -> Problem:
        return Problem(self.file, self.slug, field, message)


def read(folder: Path = FOLDER) -> Library:
    """The library in `folder`.

    Raises:
        LibraryError: with every problem found. Cross-checks run only over entries that fit the schema, so that one
            missing field does not drag a tail of misleading problems behind it.
    """
    problems: list[Problem] = []
    vocabularies = {
        name: _entries(folder / f"{name}.yaml", VOCABULARY_DEFINITIONS[name], problems) for name in VOCABULARIES
    }
    exercises: list[_Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in VOCABULARIES:
            exercises += _entries(path, "exercise", problems)
    for entries in (exercises, *vocabularies.values()):
        problems += _doubles(entries)
    known = {name: {entry.slug for entry in entries} for name, entries in vocabularies.items()}
    problems += _unknown_alternatives(vocabularies["equipment"], known["equipment"])
    problems += _unknown_terms(exercises, known)
    problems += _broken_ladders(exercises)
    if problems:
        raise LibraryError(problems)
    sources = {entry.slug: str(entry.data["text"]) for entry in vocabularies["sources"]}
    return Library(
        exercises=tuple(_exercise(entry, sources) for entry in exercises),
        muscles=tuple(_term(entry.data) for entry in vocabularies["muscles"]),
        equipment=tuple(_term(entry.data) for entry in vocabularies["equipment"]),
        demands=tuple(_term(entry.data) for entry in vocabularies["demands"]),
    )


VOCABULARY_DEFINITIONS = {"muscles": "muscle", "equipment": "equipment", "demands": "demand", "sources": "source"}


# Reading and the schema


def _entries(path: Path, definition: str, problems: list[Problem]) -> list[_Entry]:
    """The well-formed entries of one file; what is not well formed is added to `problems`."""
    try:
        content = read_yaml(path)
    except UnreadableFileError as error:
        problems.append(Problem(path.name, "(whole file)", "-", str(error)))
        return []
    if not isinstance(content, list):
        problems.append(Problem(path.name, "(whole file)", "-", "The file must be a list of entries."))
        return []
    entries: list[_Entry] = []
    for number, data in enumerate(content, start=1):
        slug = str(data.get("slug")) if isinstance(data, dict) and data.get("slug") else f"(entry {number})"
        found = [Problem(path.name, slug, field, text) for field, text in _validator(definition).problems(data)]
        problems += found
        if not found:
            entries.append(_Entry(path.name, slug, data))
    return entries


@functools.cache
def _validator(definition: str) -> ContentSchema:
    return ContentSchema(FOLDER / "schema.json", definition)


# Cross-checks


def _doubles(entries: list[_Entry]) -> Iterator[Problem]:
    first: dict[str, _Entry] = {}
    for entry in entries:
        if entry.slug in first:
            yield entry.problem("slug", f"This slug stands in {first[entry.slug].file} already.")
        first.setdefault(entry.slug, entry)


def _unknown_alternatives(equipment: list[_Entry], known: set[str]) -> Iterator[Problem]:
    for entry in equipment:
        for slug in entry.data.get("any_of", ()):
            if slug not in known:
                yield entry.problem("any_of", f'"{slug}" is not in equipment.yaml.')


def _unknown_terms(exercises: list[_Entry], known: Mapping[str, set[str]]) -> Iterator[Problem]:
    for entry in exercises:
        worked = [muscle["slug"] for muscle in entry.data["muscles"]]
        for vocabulary, slugs in (
            ("muscles", worked),
            ("equipment", entry.data["equipment"]),
            ("demands", entry.data["demands"]),
            ("sources", entry.data["sources"]),
        ):
            for slug in slugs:
                if slug not in known[vocabulary]:
                    yield entry.problem(vocabulary, f'"{slug}" is not in {vocabulary}.yaml.')
        for slug in {slug for slug in worked if worked.count(slug) > 1}:
            yield entry.problem("muscles", f'"{slug}" is named twice; one role a muscle.')


def _broken_ladders(exercises: list[_Entry]) -> Iterator[Problem]:
    """Easier may not lead to a higher level, harder not to a lower one, and nothing leads to itself."""
    levels = {entry.slug: int(entry.data["level"]) for entry in exercises}
    for entry in exercises:
        for field, sign in (("easier", -1), ("harder", 1)):
            target = entry.data[field]
            if target is None:
                continue
            if target == entry.slug:
                yield entry.problem(field, "An exercise cannot be its own neighbour.")
            elif target not in levels:
                yield entry.problem(field, f'"{target}" is not an exercise of the library.')
            elif (levels[target] - levels[entry.slug]) * sign < 0:
                yield entry.problem(
                    field, f'"{target}" has level {levels[target]}, this one {levels[entry.slug]}: the wrong way.'
                )


# Values


def _term(data: Mapping[str, Any]) -> Term:
    return Term(
        slug=data["slug"],
        names=data["name"],
        synonyms=tuple(data.get("synonyms", ())),
        any_of=tuple(data.get("any_of", ())),
        definition=data.get("definition", ""),
    )


def _exercise(entry: _Entry, sources: Mapping[str, str]) -> LibraryExercise:
    fields = dict(entry.data)
    for name in ("synonyms", "equipment", "steps", "demands"):
        fields[name] = tuple(fields[name])
    fields["muscles"] = tuple(WorkedMuscle(**muscle) for muscle in fields["muscles"])
    fields["sources"] = tuple(sources[slug] for slug in fields["sources"])
    return LibraryExercise(**fields, file=entry.file)
