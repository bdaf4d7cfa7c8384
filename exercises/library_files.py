"""The shared library as it lies in `exercises/library/`: read, checked, and handed out as typed values.

Pure: no database, no Django. `read()` either returns a whole, consistent library or raises one `LibraryError` that
lists everything wrong with it, each problem naming file, slug and field. Content: CLINICAL.md section A.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import jsonschema
import yaml

FOLDER = Path(__file__).parent / "library"
VOCABULARIES = ("muscles", "equipment", "demands", "sources")

# The C loader reads the library in a tenth of the time; it is missing only where PyYAML was built without libyaml.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Role = Literal["primary", "secondary"]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, in words a person who edits YAML can act on."""

    file: str
    slug: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}, {self.slug}, {self.field}: {self.message}"


class LibraryError(ValueError):
    """The library does not hold together; `problems` lists every reason, not just the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


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
        raise LibraryError(sorted(problems, key=str))
    sources = {entry.slug: str(entry.data["text"]) for entry in vocabularies["sources"]}
    return Library(
        exercises=tuple(_exercise(entry, sources) for entry in exercises),
        muscles=tuple(_term(entry.data) for entry in vocabularies["muscles"]),
        equipment=tuple(_term(entry.data) for entry in vocabularies["equipment"]),
        demands=tuple(_term(entry.data) for entry in vocabularies["demands"]),
    )


VOCABULARY_DEFINITIONS = {"muscles": "muscle", "equipment": "equipment", "demands": "demand", "sources": "source"}


def dose_problems(data: object) -> list[tuple[str, str]]:
    """What does not fit the shape of a dose, as (field, sentence) pairs; for exercises that a clinic writes itself."""
    return list(_schema_problems("dose", data))


def frequency_problems(data: object) -> list[tuple[str, str]]:
    """What does not fit the shape of a frequency, as (field, sentence) pairs."""
    return list(_schema_problems("frequency", data))


# Reading and the schema


def _entries(path: Path, definition: str, problems: list[Problem]) -> list[_Entry]:
    """The well-formed entries of one file; what is not well formed is added to `problems`."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 (a safe loader, in C)
    except FileNotFoundError:
        problems.append(Problem(path.name, "(whole file)", "-", "The file is missing."))
        return []
    except yaml.YAMLError as error:
        problems.append(Problem(path.name, "(whole file)", "-", f"The file is not valid YAML: {_one_line(error)}"))
        return []
    if not isinstance(content, list):
        problems.append(Problem(path.name, "(whole file)", "-", "The file must be a list of entries."))
        return []
    entries: list[_Entry] = []
    for number, data in enumerate(content, start=1):
        slug = str(data.get("slug")) if isinstance(data, dict) and data.get("slug") else f"(entry {number})"
        found = [Problem(path.name, slug, field, text) for field, text in _schema_problems(definition, data)]
        problems += found
        if not found:
            entries.append(_Entry(path.name, slug, data))
    return entries


@functools.cache
def _validator(definition: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{definition}", "$defs": schema["$defs"]})


def _schema_problems(definition: str, data: object) -> Iterator[tuple[str, str]]:
    for error in _validator(definition).iter_errors(data):
        yield _field(error), _sentence(error)


def _field(error: Any) -> str:
    """`default_dose.sets`, `muscles[0].role`; a missing or unknown field is named itself, not its parent."""
    path = ""
    for part in error.absolute_path:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else str(part)
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"{path}.{missing}" if path else str(missing)
    return path or "-"


def _sentence(error: Any) -> str:
    """The schema's complaint in plain words; `_one_line` of its own message where that is plain enough."""
    say = _SENTENCES.get(str(error.validator))
    return say(error) if say else f"{_one_line(error.message)}."


# What `iter_errors` yields is a ValidationError whose parts are typed "maybe unset"; here they are always set.
_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "required": lambda e: "This field is missing.",
    "additionalProperties": lambda e: (
        f"{_one_line(e.message)}. Known fields: {', '.join(sorted(e.schema.get('properties', {})))}."
    ),
    "enum": lambda e: f"{_shown(e)} is not one of {', '.join(map(str, e.validator_value))}.",
    "type": lambda e: f"{_shown(e)} must be of type {_types(e.validator_value)}.",
    "minItems": lambda e: f"There must be at least {e.validator_value}, here are {len(e.instance)}.",
    "maxItems": lambda e: f"There must be at most {e.validator_value}, here are {len(e.instance)}.",
    "minimum": lambda e: f"{_shown(e)} is too small, the least is {e.validator_value}.",
    "maximum": lambda e: f"{_shown(e)} is too large, the most is {e.validator_value}.",
    "contains": lambda e: "At least one muscle must have the role primary.",
}


def _shown(error: Any) -> str:
    return json.dumps(error.instance, ensure_ascii=False, default=str)


def _types(wanted: str | list[str]) -> str:
    return wanted if isinstance(wanted, str) else " or ".join(wanted)


def _one_line(error: object) -> str:
    return " ".join(str(error).split()).rstrip(".")


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
