"""Whether a program suits what is known about a patient: CLINICAL.md B with RULINGS.md "Precautions". Pure.

`check` takes a program as API.md writes it, findings and circumstances, all values, so that `programs` needs to know no
patient. What it cannot know it never holds against an exercise: unknown fires no rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from programs.findings import Findings
from programs.precaution_rules import EVERY_DEMAND, Action, Case, Facts, Rule, rules

__all__ = [
    "NEEDS_RELEASE",
    "Action",
    "Alternative",
    "Circumstances",
    "Conflict",
    "Exercise",
    "Findings",
    "cautions",
    "check",
    "excused",
    "unanswered",
]

# The "rule" under which a prescription's own `needs_release` is reported and answered.
NEEDS_RELEASE = "release"
# "Worst pain today ≥ 6": the patient does the level-1 items or rests.
GENTLE_DAY = "R27"
MOST_ALTERNATIVES = 5
GAIT = "gait-pattern"


@dataclass(frozen=True)
class Exercise:
    """What precautions need to know of an exercise. `muscles`: slugs of its primary muscles.

    `available` false (archived, another clinic's): it may stand in a program but is never offered as an alternative.
    """

    id: str
    slug: str
    name: str
    kind: str
    level: int
    demands: frozenset[str]
    muscles: frozenset[str]
    available: bool = True


@dataclass(frozen=True)
class Circumstances:
    """What is not a finding: the day, the plan, and the patient's condition, age and pain.

    `starts_on`: the plan's start (today if none), from which the surgery rules count to each phase's planned start.
    `start_phase`: the phase the plan begins with. `running_phase`: set for a plan that runs; then only that phase is
    judged, and the surgery rules too as of today.
    """

    today: dt.date
    starts_on: dt.date | None = None
    start_phase: int = 1
    running_phase: int | None = None
    condition: str | None = None
    birth_date: dt.date | None = None
    worst_pain_today: int | None = None


@dataclass(frozen=True)
class Alternative:
    id: str
    slug: str
    name: str


@dataclass(frozen=True)
class Conflict:
    """A rule that speaks against a prescription, or (prescription and key null) about the phase as a whole."""

    phase: int
    rule: str
    action: Action
    prescription: str | None
    key: str | None
    sentence: str
    cap: str | None
    source: str
    certainty: str
    alternatives: tuple[Alternative, ...] = ()
    # The rule's own words for the patient; None where they would recommend what another rule blocks.
    text: str | None = None
    # What of the patient makes the rule fire, and what the exercise asks of the tissues that it speaks of.
    finding: str = ""
    demands: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "action": self.action.value,
            "prescription": self.prescription,
            "key": self.key,
            "finding": self.finding,
            "demands": list(self.demands),
            "sentence": self.sentence,
            "cap": self.cap,
            "source": self.source,
            "certainty": self.certainty,
            "alternatives": [vars(alternative) for alternative in self.alternatives],
        }


def check(
    program: Mapping[str, Any],
    findings: Findings,
    circumstances: Circumstances,
    library: Mapping[str, Exercise],
) -> list[Conflict]:
    """Every conflict of a program (API.md's document), phase by phase in the order of its prescriptions.

    `library` holds, by id, every exercise the program names and those that may be offered instead.

    Raises:
        KeyError: the program names an exercise that is not in `library`.
    """
    phases = sorted(program["phases"], key=lambda phase: phase["n"])
    if circumstances.running_phase is not None:
        phases = [phase for phase in phases if phase["n"] == circumstances.running_phase]
    first_day = next((_from_day(phase) for phase in phases if phase["n"] == circumstances.start_phase), 0)
    conflicts: list[Conflict] = []
    for phase in phases:
        facts = _facts(phase, first_day, findings, circumstances)
        conflicts += _Phase(phase, facts, library).conflicts()
    return conflicts


def unanswered(conflicts: Iterable[Conflict], answered: Collection[tuple[str, str]]) -> list[Conflict]:
    """The blocks and releases that still need a typed reason. `answered`: (rule, key) pairs."""
    return [
        conflict
        for conflict in conflicts
        if conflict.action is not Action.WARN and (conflict.rule, conflict.key) not in answered
    ]


def excused(conflicts: Iterable[Conflict], answered: Collection[tuple[str, str]]) -> set[str]:
    """The keys of a running phase that a rule takes out today.

    That is: blocked or unreleased without an answer, or above level 1 on a day of strong pain (R27 only warns;
    RULINGS.md: "what is above level 1 that day is excused when not done").
    """
    conflicts = list(conflicts)
    gentle_day = {conflict.key for conflict in conflicts if conflict.rule == GENTLE_DAY}
    return {key for key in {c.key for c in unanswered(conflicts, answered)} | gentle_day if key is not None}


def cautions(conflicts: Iterable[Conflict]) -> list[dict[str, str | None]]:
    """What the patient reads, once a rule: [{rule, text, cap}]. Nothing where both would mislead."""
    by_rule: dict[str, dict[str, str | None]] = {}
    for conflict in conflicts:
        if conflict.text is None and conflict.cap is None:
            continue
        caution = by_rule.setdefault(conflict.rule, {"rule": conflict.rule, "text": conflict.text, "cap": None})
        caution["cap"] = caution["cap"] or conflict.cap
    return list(by_rule.values())


# What is known


def _facts(phase: Mapping[str, Any], first_day: int, findings: Findings, circumstances: Circumstances) -> Facts:
    known = findings.facts()
    known["phase"] = phase["n"]
    if circumstances.condition is not None:
        known["condition"] = circumstances.condition
    if circumstances.birth_date is not None:
        known["age"] = age_on(circumstances.birth_date, circumstances.today)
    if circumstances.worst_pain_today is not None:
        known["worst_pain_today"] = circumstances.worst_pain_today
    starts_on = circumstances.starts_on or circumstances.today
    if circumstances.running_phase is not None:
        phase_start = circumstances.today
    else:
        phase_start = starts_on + dt.timedelta(days=max(0, _from_day(phase) - first_day))
    return Facts(known=known, today=circumstances.today, phase_start=phase_start)


def _from_day(phase: Mapping[str, Any]) -> int:
    return int(phase.get("from_day") or 0)


def age_on(birth_date: dt.date, day: dt.date) -> int:
    """Whole years. Born on 29 February: a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


# One phase


@dataclass(frozen=True)
class _Fired:
    rule: Rule
    cases: tuple[Case, ...]

    def claims(self, exercise: Exercise) -> list[tuple[str, Action]]:
        """What the rule asks for on this exercise: (demand, action) pairs.

        A level is not a demand, so two rules about levels do not outdo each other: each is known by its rule.
        """
        asked: list[tuple[str, Action]] = []
        for case in self.cases:
            asked += [(d, action) for d, action in case.demands.items() if d == EVERY_DEMAND or d in exercise.demands]
            asked += [(self.rule.id, action) for action, level in case.levels.items() if exercise.level >= level]
        return asked

    def actions(self) -> list[tuple[str, Action]]:
        return [pair for case in self.cases for pair in case.demands.items()]

    @property
    def about_the_phase(self) -> bool:
        return not any(case.demands or case.levels for case in self.cases)


def _rank(action: Action) -> int:
    return action.rank


class _Phase:
    """The judgement of one phase: which rules fire, and what they say about each prescription."""

    def __init__(self, phase: Mapping[str, Any], facts: Facts, library: Mapping[str, Exercise]) -> None:
        self.n = int(phase["n"])
        self.prescriptions = phase["prescriptions"]
        self.facts = facts
        self.library = library
        self.fired = [_Fired(rule, cases) for rule in rules() if (cases := rule.fires(facts))]
        self.all_blocked = any(one.rule.blocks_everything for one in self.fired)
        self.blocked_by: dict[str, set[str]] = {}
        for one in self.fired:
            for demand, action in one.actions():
                if action is Action.BLOCK:
                    self.blocked_by.setdefault(demand, set()).add(one.rule.id)
        self.suitable = [
            exercise for exercise in library.values() if exercise.available and not self._rules_against(exercise)
        ]

    def conflicts(self) -> list[Conflict]:
        conflicts: list[Conflict] = []
        if not self.all_blocked:
            conflicts += [self._conflict(one.rule, Action.WARN) for one in self.fired if one.about_the_phase]
        for item in self.prescriptions:
            conflicts += self._conflicts_of(item)
        return conflicts

    def _conflicts_of(self, item: Mapping[str, Any]) -> list[Conflict]:
        exercise = self.library[str(item["exercise"])]
        conflicts = [
            replace(self._conflict(rule, action, item, exercise), demands=self._demands_of(rule, exercise))
            for rule, action in self._rules_against(exercise).items()
        ]
        if item.get("needs_release") and all(conflict.action is Action.WARN for conflict in conflicts):
            conflicts.append(self._needs_release(item, exercise))
        return conflicts

    def _rules_against(self, exercise: Exercise) -> dict[Rule, Action]:
        """The strongest action per demand wins; a rule keeps the strongest of the demands it won.

        "*" blocks every demand, so beside it only other blocks stand.
        """
        claims = [(one.rule, demand, action) for one in self.fired for demand, action in one.claims(exercise)]
        strongest: dict[str, int] = {}
        for _, demand, action in claims:
            strongest[demand] = max(strongest.get(demand, 0), action.rank)
        least = Action.BLOCK.rank if self.all_blocked else 0
        won: dict[Rule, Action] = {}
        for rule, demand, action in claims:
            if action.rank >= max(strongest[demand], least):
                won[rule] = max(action, won.get(rule, action), key=_rank)
        return won

    def _demands_of(self, rule: Rule, exercise: Exercise) -> tuple[str, ...]:
        """The exercise's demands that a rule speaks of; none where it speaks of everything or of a level."""
        cases = (case for one in self.fired if one.rule is rule for case in one.cases)
        return tuple(sorted({demand for case in cases for demand in case.demands} & exercise.demands))

    def _conflict(
        self, rule: Rule, action: Action, item: Mapping[str, Any] | None = None, exercise: Exercise | None = None
    ) -> Conflict:
        cap, text = self._cap(rule, exercise), rule.text if self._may_say(rule) else None
        return Conflict(
            phase=self.n,
            rule=rule.id,
            action=action,
            prescription=None if item is None else _text(item.get("id")),
            key=None if item is None else _text(item.get("key")),
            sentence=text or cap or f"Applies here: {rule.finding}.",
            cap=cap,
            source=rule.source,
            certainty=rule.certainty,
            alternatives=() if exercise is None else self._alternatives(exercise),
            text=text,
            finding=rule.finding,
        )

    def _needs_release(self, item: Mapping[str, Any], exercise: Exercise) -> Conflict:
        return Conflict(
            phase=self.n,
            rule=NEEDS_RELEASE,
            action=Action.RELEASE,
            prescription=_text(item.get("id")),
            key=_text(item.get("key")),
            sentence=f"{exercise.name} needs an explicit clinician release before it is done.",
            cap=None,
            source="The program asks for a release [D]",
            certainty="opinion",
            alternatives=self._alternatives(exercise),
        )

    def _cap(self, rule: Rule, exercise: Exercise | None) -> str | None:
        if (
            self.all_blocked
            or rule.cap is None
            or (rule.cap_not_for_gait and exercise is not None and GAIT in exercise.muscles)
        ):
            return None
        value = self.facts.known.get(rule.cap_fact) if rule.cap_fact else None
        if value is None:
            return rule.cap
        return f"{rule.cap}: {rule.cap_fact_text.format(value=f'{value:g}')}"

    def _may_say(self, rule: Rule) -> bool:
        """A rule's text never recommends what another rule blocks for this patient.

        Where everything is blocked only that is said: every other text speaks of how to exercise.
        """
        if self.all_blocked:
            return rule.blocks_everything
        return not any(self.blocked_by.get(demand, set()) - {rule.id} for demand in rule.recommends)

    def _alternatives(self, exercise: Exercise) -> tuple[Alternative, ...]:
        """Same kind, a primary muscle in common, no conflict, not in the phase already; the nearest level first."""
        present = {str(item["exercise"]) for item in self.prescriptions}
        fitting = [
            other
            for other in self.suitable
            if other.id not in present and other.kind == exercise.kind and other.muscles & exercise.muscles
        ]
        fitting.sort(key=lambda other: (abs(other.level - exercise.level), other.level, other.name))
        return tuple(Alternative(other.id, other.slug, other.name) for other in fitting[:MOST_ALTERNATIVES])


def _text(value: object) -> str | None:
    return None if value is None else str(value)
