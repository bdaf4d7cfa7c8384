"""The precaution check for a patient: gathers what `programs.precautions`, which knows no patient, asks for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from exercises.models import Exercise, ExerciseMuscle, MuscleRole
from patients import days
from patients.findings import current_findings
from patients.models import Patient, Plan, PlanRevision
from programs import precautions as rules
from programs.findings import Findings
from programs.models import Phase, Prescription, Program

# What it speaks of locks the exercises as soon as a check-in says so (`safety`).
STOP_OF_THE_DAY = "R06"


def check_program(patient: Patient, program: Program, starts_on: dt.date | None = None) -> list[dict[str, Any]]:
    """[{phase, conflicts}] for every phase of the program, also those without a conflict."""
    by_phase: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for conflict in conflicts_of(patient, program, starts_on=starts_on):
        by_phase[conflict.phase].append(conflict.as_json())
    return [{"phase": n, "conflicts": by_phase[n]} for n in program.phases.values_list("n", flat=True).order_by("n")]


def unanswered(
    patient: Patient,
    program: Program,
    answered: Collection[tuple[str, str]],
    *,
    starts_on: dt.date,
    phase: int,
) -> list[dict[str, Any]]:
    """Blocks and releases from `phase` on that have no typed reason. `answered`: (rule, key) pairs."""
    found = conflicts_of(patient, program, starts_on=starts_on, start_phase=phase)
    return [one.as_json() for one in rules.unanswered(found, answered) if one.phase >= phase]


def conflicts_of(
    patient: Patient,
    program: Program,
    *,
    starts_on: dt.date | None = None,
    start_phase: int = 1,
    running_phase: int | None = None,
    worst_pain_today: int | None = None,
) -> list[rules.Conflict]:
    """Six queries: phases, prescriptions, check-ins, exercises, their demands, their muscles."""
    today = days.local_today(patient)
    circumstances = rules.Circumstances(
        today=today,
        starts_on=starts_on,
        start_phase=start_phase,
        running_phase=running_phase,
        condition=patient.condition,
        birth_date=patient.birth_date,
        worst_pain_today=worst_pain_today,
    )
    document = _document(program)
    named = {item["exercise"] for phase in document["phases"] for item in phase["prescriptions"]}
    return rules.check(document, current_findings(patient, today), circumstances, library(patient, named))


@dataclass(frozen=True)
class Firing:
    """What rules say about a running phase today: blocks and missing releases that no therapist has answered, and the
    keys that strong pain takes out for the day (R27)."""

    unanswered: tuple[rules.Conflict, ...] = ()
    gentle_day: frozenset[str] = frozenset()


def firing(patient: Patient, plan: Plan, revision: PlanRevision, worst_pain_today: int | None) -> Firing:
    found = conflicts_of(
        patient,
        revision.program,
        starts_on=plan.starts_on,
        running_phase=revision.phase,
        worst_pain_today=worst_pain_today,
    )
    found = without_the_days_stop(patient, found)
    here = [one for one in found if one.phase == revision.phase and one.key is not None]
    answered = {(override.rule, str(override.key)) for override in plan.overrides.all()}
    gentle = frozenset(one.key for one in here if one.rule == rules.GENTLE_DAY and one.key is not None)
    return Firing(tuple(rules.unanswered(here, answered)), gentle)


def without_the_days_stop(patient: Patient, found: list[rules.Conflict]) -> list[rules.Conflict]:
    """R06 told by a check-in is the stop of its day (RULINGS.md): the lock excuses, the flag of leg symptoms speaks. It
    ends at midnight or when a clinician unlocks. Only as a finding of the record is it a rule like others."""
    record = Findings.parse(patient.findings)
    if record.spread_further or record.new_weakness:
        return found
    return [one for one in found if one.rule != STOP_OF_THE_DAY]


def speaks_against(patient: Patient, exercise_id: str, plan: Plan, phase: int) -> bool:
    """Whether a block or a missing release speaks against this exercise for this patient in a running phase."""
    today = days.local_today(patient)
    item = {"id": exercise_id, "key": exercise_id, "exercise": exercise_id, "needs_release": False}
    circumstances = rules.Circumstances(
        today=today,
        starts_on=plan.starts_on,
        running_phase=phase,
        condition=patient.condition,
        birth_date=patient.birth_date,
    )
    program = {"phases": [{"n": phase, "from_day": 0, "prescriptions": [item]}]}
    known = library(patient, [exercise_id])
    return bool(rules.unanswered(rules.check(program, current_findings(patient, today), circumstances, known), ()))


def _document(program: Program) -> dict[str, Any]:
    """As much of API.md's program as the check reads."""
    items: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    rows = Prescription.objects.filter(phase__program=program).order_by("position", "id")
    for row in rows.values("id", "key", "phase_id", "exercise_id", "needs_release"):
        items[row["phase_id"]].append(
            {
                "id": str(row["id"]),
                "key": str(row["key"]),
                "exercise": str(row["exercise_id"]),
                "needs_release": row["needs_release"],
            }
        )
    phases = Phase.objects.filter(program=program).values("id", "n", "from_day")
    return {"phases": [{"n": p["n"], "from_day": p["from_day"], "prescriptions": items[p["id"]]} for p in phases]}


def library(patient: Patient, named: Collection[str]) -> dict[str, rules.Exercise]:
    """The exercises that are named, and those of the shared library and the clinic that could be offered instead."""
    offered = Q(archived_at=None) & (Q(owner=None) | Q(owner=patient.clinic_id))
    rows = list(
        Exercise.objects.filter(offered | Q(pk__in=named)).values(
            "id", "slug", "name", "kind", "level", "owner_id", "archived_at"
        )
    )
    ids = [row["id"] for row in rows]
    demands: dict[Any, set[str]] = defaultdict(set)
    for exercise_id, slug in Exercise.demands.through.objects.filter(exercise__in=ids).values_list(
        "exercise_id", "demand__slug"
    ):
        demands[exercise_id].add(slug)
    muscles: dict[Any, set[str]] = defaultdict(set)
    primary = ExerciseMuscle.objects.filter(exercise__in=ids, role=MuscleRole.PRIMARY)
    for exercise_id, slug in primary.values_list("exercise_id", "muscle__slug"):
        muscles[exercise_id].add(slug)
    return {
        str(row["id"]): rules.Exercise(
            id=str(row["id"]),
            slug=row["slug"],
            name=row["name"],
            kind=row["kind"],
            level=row["level"],
            demands=frozenset(demands[row["id"]]),
            muscles=frozenset(muscles[row["id"]]),
            available=row["archived_at"] is None and row["owner_id"] in (None, patient.clinic_id),
        )
        for row in rows
    }
