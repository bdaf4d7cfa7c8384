"""The precaution rules of `precautions.yaml` as values, and the small language of their `when`. Pure.

A condition is true, false or unknown (Kleene's logic): `any` is true as soon as one part is, `all` is false as soon as
one part is, and what is left with unknown parts is unknown. There is no "not": learning less can only make fewer rules
fire. Nothing in the file is ever executed.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from exercises.content_files import ContentError, Problem, UnreadableFileError, read_yaml
from programs.findings import Findings, HipReplacement, Injection, Surgery

FILE = Path(__file__).parent / "precautions.yaml"
EVERY_DEMAND = "*"
CERTAINTIES = ("high", "moderate", "low", "opinion")


class Action(StrEnum):
    """Strongest first: a block needs a typed reason, a release a clinician's word, a warning a look."""

    BLOCK = "block"
    RELEASE = "release"
    WARN = "warn"

    @property
    def rank(self) -> int:
        return _RANK[self]


_RANK = {Action.BLOCK: 3, Action.RELEASE: 2, Action.WARN: 1}


class PrecautionsFileError(ContentError):
    """precautions.yaml does not hold together; every problem names rule and field."""


@dataclass(frozen=True)
class Facts:
    """What the conditions look at. `known` has no entry for what is not known."""

    known: Mapping[str, Any]
    today: dt.date
    phase_start: dt.date


Condition = Callable[[Facts], bool | None]


@dataclass(frozen=True)
class Case:
    """One way in which a rule applies. `demands`: action by demand ("*" is all); `levels`: action from a level on."""

    when: Condition
    demands: Mapping[str, Action] = field(default_factory=dict)
    levels: Mapping[Action, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)  # a rule is itself: it is read once and used as a key
class Rule:
    id: str
    finding: str
    text: str
    source: str
    certainty: str
    cases: tuple[Case, ...]
    cap: str | None = None
    cap_not_for_gait: bool = False
    cap_fact: str | None = None
    cap_fact_text: str = ""
    recommends: tuple[str, ...] = ()

    def fires(self, facts: Facts) -> tuple[Case, ...]:
        """The cases that are known to be true."""
        return tuple(case for case in self.cases if case.when(facts) is True)

    @property
    def blocks_everything(self) -> bool:
        return any(case.demands.get(EVERY_DEMAND) is Action.BLOCK for case in self.cases)


FACTS = frozenset(
    {f.name for f in fields(Findings)}
    | {f"surgery.{f.name}" for f in fields(Surgery)}
    | {f"hip_replacement.{f.name}" for f in fields(HipReplacement)}
    | {f"injection.{f.name}" for f in fields(Injection)}
    | {"condition", "phase", "age", "worst_pain_today"}
)


# Conditions


def condition(data: Any) -> Condition:
    """A `when` as a function. Raises ValueError or TypeError with a sentence for what is not in the language."""
    if not isinstance(data, Mapping):
        raise TypeError(f"A condition must be an object, here is {data!r}.")
    if set(data) == {"all"}:
        return _all([condition(part) for part in data["all"]])
    if set(data) == {"any"}:
        return _any([condition(part) for part in data["any"]])
    return _about_fact(data)


def _all(parts: list[Condition]) -> Condition:
    def holds(facts: Facts) -> bool | None:
        answers = [part(facts) for part in parts]
        return False if False in answers else None if None in answers else True

    return holds


def _any(parts: list[Condition]) -> Condition:
    def holds(facts: Facts) -> bool | None:
        answers = [part(facts) for part in parts]
        return True if True in answers else None if None in answers else False

    return holds


def _about_fact(data: Mapping[str, Any]) -> Condition:
    fact = data.get("fact")
    tests = data.keys() - {"fact"}
    if fact not in FACTS:
        raise ValueError(f'"{fact}" is not a fact; known are {", ".join(sorted(FACTS))}.')
    if len(tests) != 1 or not tests <= _TESTS.keys():
        raise ValueError(f"A condition has one test out of {', '.join(_TESTS)}; here are {sorted(tests)}.")
    (name,) = tests
    test, wanted = _TESTS[name], data[name]

    def holds(facts: Facts) -> bool | None:
        value = facts.known.get(fact)
        return None if value is None else bool(test(value, wanted, facts))

    return holds


def _within_days(value: Any, most: int, facts: Facts) -> bool:
    """True as ticked, or a date at most `most` days ago, that day included. A date to come is not recent."""
    if isinstance(value, bool):
        return value
    days: int = (facts.today - value).days
    return 0 <= days <= most


def _days_at_phase_start(value: dt.date, bounds: tuple[int, int], facts: Facts) -> bool:
    first, last = bounds
    days: int = (facts.phase_start - value).days
    return first <= days < last


_TESTS: Mapping[str, Callable[[Any, Any, Facts], Any]] = {
    # True equals 1 in Python; a stage 1 is not a yes.
    "is": lambda value, wanted, facts: type(value) is type(wanted) and value == wanted,
    "in": lambda value, wanted, facts: value in wanted,
    "at_least": lambda value, wanted, facts: value >= wanted,
    "under": lambda value, wanted, facts: value < wanted,
    "contains": lambda value, wanted, facts: wanted in value,
    "within_days": _within_days,
    "days_at_phase_start": _days_at_phase_start,
}


# The file


@functools.cache
def rules() -> tuple[Rule, ...]:
    """The rules of the product, read once."""
    return read(FILE)


def read(path: Path) -> tuple[Rule, ...]:
    """Raises PrecautionsFileError."""
    try:
        data = read_yaml(path)
    except UnreadableFileError as error:
        raise PrecautionsFileError([Problem(path.name, "(whole file)", "-", str(error))]) from error
    if not isinstance(data, Mapping) or not {"rules", "sources"} <= data.keys():
        raise PrecautionsFileError([Problem(path.name, "(whole file)", "-", "The file needs rules and sources.")])
    problems: list[Problem] = []
    read_rules: list[Rule] = []
    for entry in data["rules"]:
        found = [Problem(path.name, str(entry.get("id")), at, text) for at, text in _problems(entry, data["sources"])]
        problems += found
        if not found:
            read_rules.append(_rule(entry, data["sources"]))
    ids = [rule.id for rule in read_rules]
    problems += [Problem(path.name, id, "id", "This id stands twice.") for id in sorted(set(ids)) if ids.count(id) > 1]
    if problems:
        raise PrecautionsFileError(problems)
    return tuple(read_rules)


_REQUIRED = {"id", "finding", "text", "sources", "certainty"}
_CASE = {"when", *(action.value for action in Action), "from_level"}
_OPTIONAL = {*_CASE, "cases", "cap", "cap_not_for", "cap_adds", "recommends"}


def _problems(entry: Mapping[str, Any], sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted(_REQUIRED - entry.keys()):
        yield name, "This field is missing."
    for name in sorted(entry.keys() - _REQUIRED - _OPTIONAL):
        yield name, "There is no such field."
    if entry.get("certainty") not in CERTAINTIES:
        yield "certainty", f"Choose one of {', '.join(CERTAINTIES)}."
    for key in entry.get("sources", ()):
        if key not in sources:
            yield "sources", f'"{key}" is not in the list of sources.'
    for case in _case_data(entry):
        try:
            condition(case.get("when"))
        except (ValueError, TypeError) as error:
            yield "when", str(error)


def _case_data(entry: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return entry.get("cases") or [{name: value for name, value in entry.items() if name in _CASE}]


def _rule(entry: Mapping[str, Any], sources: Mapping[str, str]) -> Rule:
    adds = entry.get("cap_adds", {})
    return Rule(
        id=entry["id"],
        finding=entry["finding"],
        text=entry["text"],
        source="; ".join(sources[key] for key in entry["sources"]),
        certainty=entry["certainty"],
        cases=tuple(_case(case) for case in _case_data(entry)),
        cap=entry.get("cap"),
        cap_not_for_gait=entry.get("cap_not_for") == "gait",
        cap_fact=adds.get("fact"),
        cap_fact_text=adds.get("text", ""),
        recommends=tuple(entry.get("recommends", ())),
    )


def _case(data: Mapping[str, Any]) -> Case:
    return Case(
        when=condition(data["when"]),
        # Weakest first: a demand that stands under two actions of one rule keeps the stronger.
        demands={demand: action for action in reversed(Action) for demand in data.get(action.value, ())},
        levels={Action(name): level for name, level in data.get("from_level", {}).items()},
    )
