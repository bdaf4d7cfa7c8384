"""The shared program templates as they lie in `programs/templates/`: read, checked, and turned into API.md's shapes.

Pure: no database. The files keep the specification's own words (`weeks`, `days_wk`); what they become is decided here,
by API.md "Loading CLINICAL.md's templates":

- days: `from_day` is 7 × the first week, `to_day` the next phase's `from_day`, at the end 7 × the last week.
- frequency: `DAYS` below. Where a day of the phase then exceeds 30 minutes without walking, every other item done on
  two or three days a week takes the B days, so that the load spreads over A and B days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exercises.content_files import ContentError, ContentSchema, Problem, UnreadableFileError, read_yaml
from exercises.library_files import Library, LibraryExercise
from programs.burden import WALKING, WARNING_MINUTES, Item, by_weekday
from programs.dose import Dose
from programs.frequency import WEEK_DAYS, Weekdays

FOLDER = Path(__file__).parent / "templates"
CAPACITY_TESTS = Path(__file__).parent / "capacity_tests.yaml"

DAYS: Mapping[int, tuple[int, ...]] = {
    7: (1, 2, 3, 4, 5, 6, 7),
    6: (1, 2, 3, 4, 5, 6),
    5: (1, 2, 3, 5, 6),
    4: (1, 2, 4, 6),
    3: (1, 3, 5),
    2: (1, 4),
}
B_DAYS: Mapping[int, tuple[int, ...]] = {3: (2, 4, 6), 2: (2, 5)}


class TemplateError(ContentError):
    """A template does not hold together, by itself or with the library."""


@dataclass(frozen=True)
class TemplatePrescription:
    exercise: str
    dose: Dose
    frequency: Weekdays
    optional_if: str
    needs_release: bool


@dataclass(frozen=True)
class TemplatePhase:
    n: int
    name: str
    from_day: int
    to_day: int
    entry: tuple[str, ...]
    exit: tuple[str, ...]
    prescriptions: tuple[TemplatePrescription, ...]


@dataclass(frozen=True)
class Template:
    slug: str
    name: str
    pain_limit: int
    evidence: str
    entry: tuple[str, ...]
    phases: tuple[TemplatePhase, ...]


def read(library: Library, folder: Path = FOLDER, capacity_tests: Path = CAPACITY_TESTS) -> list[Template]:
    """Every template of `folder`, by slug.

    Raises:
        TemplateError: with every problem of every file, each naming file, template and field.
    """
    problems: list[Problem] = []
    tests = _capacity_tests(capacity_tests, problems)
    schema = ContentSchema(FOLDER / "schema.json", "template")
    documents: list[tuple[str, Mapping[str, Any]]] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            data = read_yaml(path)
        except UnreadableFileError as error:
            problems.append(Problem(path.name, path.stem, "-", str(error)))
            continue
        found = [Problem(path.name, path.stem, field, text) for field, text in schema.problems(data)]
        found = found or list(_inconsistencies(path.name, data, library, tests))
        problems += found
        if not found:
            documents.append((path.name, data))
    slugs = [data["slug"] for _, data in documents]
    problems += [
        Problem(file, data["slug"], "slug", "Another file has this slug.")
        for file, data in documents
        if slugs.count(data["slug"]) > 1
    ]
    if problems:
        raise TemplateError(problems)
    return [_template(data, library, tests) for _, data in documents]


def with_capacity_tests(criterion: str, tests: Mapping[str, str]) -> str:
    """A criterion with the tests it names spelled out, so that nobody has to look up what C3 is.

    "C1 and C3" → "C1 and C3 (C1: clam ×20 without pain >3; C3: sit-to-stand ×10)".
    """
    named = _NAMED_TEST.findall(criterion)
    if not named:
        return criterion
    return f"{criterion} ({'; '.join(f'{name}: {tests[name]}' for name in named)})"


_NAMED_TEST = re.compile(r"\bC\d+\b")


# Checks


def _capacity_tests(path: Path, problems: list[Problem]) -> dict[str, str]:
    try:
        data = read_yaml(path)
    except UnreadableFileError as error:
        problems.append(Problem(path.name, "(whole file)", "-", str(error)))
        return {}
    if not isinstance(data, list):
        problems.append(Problem(path.name, "(whole file)", "-", "The file must be a list of tests."))
        return {}
    schema = ContentSchema(FOLDER / "schema.json", "capacity_test")
    found = [
        Problem(path.name, f"(test {number})", field, text)
        for number, test in enumerate(data, start=1)
        for field, text in schema.problems(test)
    ]
    problems += found
    return {} if found else {test["id"]: test["test"] for test in data}


def _inconsistencies(
    file: str, data: Mapping[str, Any], library: Library, tests: Mapping[str, str]
) -> Iterator[Problem]:
    """What the schema cannot say: order of phases, known exercises, each once a phase, named tests."""
    known = {exercise.slug for exercise in library.exercises}
    start = -1
    for number, phase in enumerate(data["phases"]):
        where = f"phases[{number}]"
        if phase["n"] != number + 1:
            yield Problem(file, data["slug"], f"{where}.n", f"Phases count from 1 without gaps, this is {number + 1}.")
        first, last = phase["weeks"]
        if first <= start or last <= first:
            yield Problem(
                file, data["slug"], f"{where}.weeks", "A phase starts after the one before and ends after its start."
            )
        start = first
        slugs = [item["exercise"] for item in phase["items"]]
        for slug in sorted(set(slugs)):
            if slug not in known:
                yield Problem(file, data["slug"], f"{where}.items", f'"{slug}" is not an exercise of the library.')
            if slugs.count(slug) > 1:
                yield Problem(file, data["slug"], f"{where}.items", f'"{slug}" stands twice in the phase.')
        for criterion in (*phase["entry"], *phase["exit"]):
            for name in _NAMED_TEST.findall(criterion):
                if name not in tests:
                    yield Problem(file, data["slug"], f"{where}.exit", f'"{name}" is not in {CAPACITY_TESTS.name}.')


# Values


def _template(data: Mapping[str, Any], library: Library, tests: Mapping[str, str]) -> Template:
    starts = [WEEK_DAYS * phase["weeks"][0] for phase in data["phases"]]
    ends = [*starts[1:], WEEK_DAYS * data["phases"][-1]["weeks"][1]]
    return Template(
        slug=data["slug"],
        name=data["name"],
        pain_limit=data["pain_limit"],
        evidence=data["evidence"],
        entry=tuple(data["entry"]),
        phases=tuple(
            TemplatePhase(
                n=phase["n"],
                name=phase["name"],
                from_day=start,
                to_day=end,
                entry=tuple(with_capacity_tests(criterion, tests) for criterion in phase["entry"]),
                exit=tuple(with_capacity_tests(criterion, tests) for criterion in phase["exit"]),
                prescriptions=spread([_prescription(item, library) for item in phase["items"]], library),
            )
            for phase, start, end in zip(data["phases"], starts, ends, strict=True)
        ),
    )


def _prescription(item: Mapping[str, Any], library: Library) -> TemplatePrescription:
    """The item's own sets, repetitions and hold; rest, load, effort and side are the exercise's defaults."""
    default = Dose.parse(library.exercise(item["exercise"]).default_dose)
    return TemplatePrescription(
        exercise=item["exercise"],
        dose=replace(default, sets=item["sets"], reps=item["reps"], hold_s=item["hold_s"]),
        frequency=Weekdays(DAYS[item["days_wk"]]),
        optional_if=item.get("optional_if", ""),
        needs_release=item.get("needs_release", False),
    )


def spread(items: list[TemplatePrescription], library: Library) -> tuple[TemplatePrescription, ...]:
    """A and B days where a day would exceed 30 minutes without walking; else as it is.

    Walking never moves. What stands on four or more days a week stays: moving it would change how often it is done.
    """
    burden = by_weekday(burden_item(item, library.exercise(item.exercise)) for item in items)
    if all(day.minutes_without_walking <= WARNING_MINUTES for day in burden):
        return tuple(items)
    spread_items: list[TemplatePrescription] = []
    turn = 0
    for item in items:
        days = len(item.frequency.days)
        movable = days in B_DAYS and not _is_walking(library.exercise(item.exercise))
        if movable and turn % 2:
            item = replace(item, frequency=Weekdays(B_DAYS[days]))  # noqa: PLW2901 (the same item on other days)
        turn += movable
        spread_items.append(item)
    return tuple(spread_items)


def burden_item(prescription: TemplatePrescription, exercise: LibraryExercise) -> Item:
    return Item(prescription.dose, prescription.frequency, exercise.laterality, _is_walking(exercise))


def _is_walking(exercise: LibraryExercise) -> bool:
    return any(muscle.slug == WALKING and muscle.role == "primary" for muscle in exercise.muscles)
