"""GET /me/plans: everything a phone needs for 14 days without a network, in one small document.

Each exercise stands once; only phases in force within the window carry prescriptions. The window begins a week before
today, since a missed day can be filled in and an entry corrected for seven days, also offline.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.utils import timezone

from accounts.countries import emergency_number
from accounts.models import Clinic
from exercises.models import Exercise, ExerciseMuscle, MuscleRole
from exercises.wording import LIBRARY, SOURCE, Said, say_exercise
from patients import days, redflags
from patients.findings import current_findings
from patients.models import Lock, Patient, PatientStatus, PlanRevision
from patients.precautions import without_the_days_stop
from patients.safety import in_force
from programs import precautions
from programs.models import Prescription
from programs.wording import PROGRAMS

if TYPE_CHECKING:
    from django.db.models import QuerySet

BEFORE = dt.timedelta(days=7)
AHEAD = dt.timedelta(days=13)  # today and 13 more: 14 days
# Raise it when the shape of the document changes: phones then load it anew although nothing they show has changed.
DOCUMENT = 3


# ---- Has anything changed? ------------------------------------------------------------------------------------------
def stamped(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Patients with all that `etag` and the document look at first, in one query."""
    shown = Exercise.objects.filter(prescriptions__phase__program__revisions__plan__patient=OuterRef("pk")).order_by()
    versions = shown.annotate(all=Value(1)).values("all").annotate(sum=Sum("version")).values("sum")
    return patients.select_related("clinic", "responsible").annotate(
        exercises=Subquery(versions, output_field=IntegerField()),
        locked=Exists(Lock.objects.filter(in_force(), patient=OuterRef("pk"))),
    )


def etag(patient: Patient, now: dt.datetime | None = None) -> str:
    """Changes whenever the document may have: the patient's record, plans, days, locks (all behind `plans_stamp`), the
    clinic's address, an exercise's text, and the date."""
    clinic = patient.clinic
    seen = (
        *(
            DOCUMENT,
            redflags.stamp(),
            PROGRAMS.stamp,
            LIBRARY.stamp,
            patient.pk,
            patient.version,
            patient.plans_stamp,
            patient.status,
        ),
        *(clinic.name, clinic.phone, clinic.hours, clinic.country, _therapist(patient)),
        getattr(patient, "exercises", None),
        days.local_today(patient, now),
    )
    return '"' + hashlib.sha256(repr(tuple(map(str, seen))).encode()).hexdigest()[:32] + '"'


# ---- The document ---------------------------------------------------------------------------------------------------
def plans_document(patient: Patient, now: dt.datetime | None = None) -> dict[str, Any]:
    """Five queries: revisions with phases, prescriptions with exercises, their terms, days with their log, check-ins;
    and the locks if there are any. `patient` comes out of `stamped`."""
    now = now or timezone.now()
    today = days.local_today(patient, now)
    locks = locks_document(patient, now) if getattr(patient, "locked", True) else []
    plans = _plans(patient, today)
    carried = _carry(patient, [phase for plan in plans for phase in plan.phases if phase.carries])
    states, worst_pain_today = _days(patient, today)
    return {
        "patient": str(patient.pk),
        "until": (today + AHEAD).isoformat(),
        "clinic": clinic_document(patient.clinic),
        "therapist": _therapist(patient),
        "side": patient.affected_side,
        "locks": locks,
        "cautions": [
            caution_document(one, patient.language)
            for one in _cautions(patient, plans, carried, today, worst_pain_today, stopped=bool(locks))
        ],
        "red_flags": redflags.document(),
        "plans": [_plan_document(plan, carried, states.get(plan.id, []), patient) for plan in plans],
        "exercises": {str(id_): one.document for id_, one in carried.exercises.items()},
    }


def lasting_cautions(patient: Patient, plan: uuid.UUID, today: dt.date, language: str) -> list[Said]:
    """What the phone says to this person about the plan's exercises, less what is only of today: for paper, which may
    be in another language than the phone."""
    plans = [one for one in _plans(patient, today) if one.id == plan]
    carried = _carry(patient, [phase for one in plans for phase in one.phases if phase.carries])
    found = _cautions(patient, plans, carried, today, worst_pain_today=None, stopped=False)
    said = [caution_document(one, language) for one in found]
    return [Said(caution["text"], caution["lang"]) for caution in said if caution["text"]]


def _therapist(patient: Patient) -> str | None:
    """Who reads what the phone sends, by name: a log for somebody is kept better than a log for a clinic."""
    return patient.responsible.name if patient.responsible else None


def clinic_document(clinic: Clinic) -> dict[str, str]:
    return {
        "name": clinic.name,
        "phone": clinic.phone,
        "hours": clinic.hours,
        "emergency": emergency_number(clinic.country),
    }


def locks_document(patient: Patient, now: dt.datetime) -> list[dict[str, Any]]:
    return [lock_document(lock) for lock in Lock.objects.filter(in_force(now), patient=patient).order_by("since")]


def lock_document(lock: Lock) -> dict[str, Any]:
    return {
        "id": str(lock.pk),
        "kind": lock.kind,
        "since": lock.since.isoformat(),
        "until": None if lock.until is None else lock.until.isoformat(),
    }


@dataclass
class _Phase:
    id: uuid.UUID
    program: uuid.UUID
    n: int
    name: str
    from_day: int
    to_day: int
    current: bool = False
    carries: bool = False  # in force within the window


@dataclass
class _Revision:
    id: uuid.UUID
    n: int
    effective_from: dt.date
    phase: int
    pain_rule: dict[str, Any]
    phases: list[_Phase] = field(default_factory=list)


@dataclass
class _Plan:
    """A plan with the revision in force today (before its start: the first) and the phases the phone is told of."""

    id: uuid.UUID
    starts_on: dt.date
    ended_on: dt.date | None
    revisions: list[_Revision] = field(default_factory=list)
    revision: _Revision = field(init=False)
    phases: list[_Phase] = field(init=False, default_factory=list)

    def on(self, date: dt.date) -> _Revision:
        in_force = [revision for revision in self.revisions if revision.effective_from <= date]
        return max(in_force, key=lambda one: one.n) if in_force else self.revisions[0]

    def settle(self, today: dt.date) -> None:
        self.revision = self.on(today)
        window = [today + n * dt.timedelta(days=1) for n in range(-BEFORE.days, AHEAD.days + 1)]
        shown = {phase.id: phase for phase in self.revision.phases}
        for revision in {id(one): one for one in map(self.on, window)}.values():
            for phase in revision.phases:
                if phase.n == revision.phase:
                    shown.setdefault(phase.id, phase).carries = True
        for phase in self.revision.phases:
            phase.current = phase.n == self.revision.phase
        self.phases = sorted(shown.values(), key=lambda one: (one.program != self.revision.phases[0].program, one.n))


def _plans(patient: Patient, today: dt.date) -> list[_Plan]:
    """None after a discharge, although a plan that has a log of today ends tomorrow only."""
    if patient.status == PatientStatus.DISCHARGED:
        return []
    ends_later = Q(plan__ended_on__gt=today) & ~Q(plan__ended_on=F("plan__starts_on"))  # and was not called off
    rows = (
        PlanRevision.objects.filter(Q(plan__ended_on=None) | ends_later, plan__patient=patient)
        .order_by("plan__starts_on", "plan_id", "n", "program__phases__n")
        .values_list(
            *("plan_id", "plan__starts_on", "plan__ended_on"),
            *("id", "n", "effective_from", "phase", "pain_rule", "program_id"),
            *("program__phases__id", "program__phases__n", "program__phases__name"),
            *("program__phases__from_day", "program__phases__to_day"),
        )
    )
    plans: dict[uuid.UUID, _Plan] = {}
    phases: dict[uuid.UUID, _Phase] = {}
    for plan_id, starts_on, ended_on, id_, n, effective_from, phase, pain_rule, program, *of_phase in rows:
        plan = plans.setdefault(plan_id, _Plan(plan_id, starts_on, ended_on))
        if not plan.revisions or plan.revisions[-1].id != id_:
            plan.revisions.append(_Revision(id_, n, effective_from, phase, pain_rule))
        if of_phase[0] is not None:
            phases.setdefault(of_phase[0], _Phase(of_phase[0], program, *of_phase[1:]))
            plan.revisions[-1].phases.append(phases[of_phase[0]])
    for plan in plans.values():
        plan.settle(today)
    return list(plans.values())


@dataclass
class _CarriedExercise:
    document: dict[str, Any]
    rule_view: precautions.Exercise


@dataclass
class _Carried:
    prescriptions: dict[uuid.UUID, list[Prescription]] = field(default_factory=lambda: defaultdict(list))  # by phase
    exercises: dict[uuid.UUID, _CarriedExercise] = field(default_factory=dict)


def _carry(patient: Patient, phases: Sequence[_Phase]) -> _Carried:
    """Prescriptions of the phases in force, and each of their exercises once."""
    carried = _Carried()
    if not phases:
        return carried
    found: dict[uuid.UUID, Exercise] = {}
    rows = Prescription.objects.filter(phase__in=[phase.id for phase in phases]).select_related("exercise")
    for prescription in rows.order_by("position", "id"):
        carried.prescriptions[prescription.phase_id].append(prescription)
        found.setdefault(prescription.exercise_id, prescription.exercise)
    terms = _terms(found)
    for id_, exercise in found.items():
        of_one = terms[id_]
        carried.exercises[id_] = _CarriedExercise(
            exercise_document(exercise, sorted(of_one["equipment"]), patient.language),
            precautions.Exercise(
                id=str(id_),
                slug=exercise.slug,
                name=exercise.name,
                kind=exercise.kind,
                level=exercise.level,
                demands=frozenset(of_one["demand"]),
                muscles=frozenset(of_one["muscle"]),
            ),
        )
    return carried


def _terms(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, set[str]]]:
    """Equipment, demands and primary muscles of exercises: one query for the three."""
    ids = list(ids)
    equipment = Exercise.equipment.through.objects.filter(exercise__in=ids)
    demands = Exercise.demands.through.objects.filter(exercise__in=ids)
    muscles = ExerciseMuscle.objects.filter(exercise__in=ids, role=MuscleRole.PRIMARY)
    found: dict[uuid.UUID, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = equipment.values_list(Value("equipment"), "exercise_id", "equipment__slug")
    rows = rows.union(
        demands.values_list(Value("demand"), "exercise_id", "demand__slug"),
        muscles.values_list(Value("muscle"), "exercise_id", "muscle__slug"),
        all=True,
    )
    for of, exercise, slug in rows:
        found[exercise][of].add(slug)
    return found


def exercise_document(exercise: Exercise, equipment: list[str], language: str) -> dict[str, Any]:
    """The words in the patient's language where all of them are translated. What a clinic has typed is said as it was
    typed, and called English as ever: its language is not known."""
    said = say_exercise(exercise, language)
    return {
        "slug": exercise.slug,
        "name": said.name,
        "kind": exercise.kind,
        "steps": said.steps,
        "cue": said.cue,
        "mistake": said.mistake,
        "caution": said.caution,
        "equipment": equipment,
        "figure": exercise.figure,
        "lang": said.language or SOURCE,
    }


def caution_document(caution: dict[str, str | None], language: str) -> dict[str, Any]:
    (text, cap), spoken = PROGRAMS.say_all([caution["text"] or "", caution["cap"] or ""], language)
    return {"rule": caution["rule"], "text": text or None, "cap": cap or None, "lang": spoken}


def phase_name(name: str, language: str) -> dict[str, str]:
    said = PROGRAMS.say(name, language)
    return {"name": said.text, "lang": said.language}


def _plan_document(plan: _Plan, carried: _Carried, states: list[dict[str, Any]], patient: Patient) -> dict[str, Any]:
    return {
        "id": str(plan.id),
        "revision": str(plan.revision.id),
        "starts_on": plan.starts_on.isoformat(),
        "pain_rule": plan.revision.pain_rule,
        "phases": [
            {
                "id": str(phase.id),
                "n": phase.n,
                **phase_name(phase.name, patient.language),
                "from_day": phase.from_day,
                "to_day": phase.to_day,
                "current": phase.current,
                "prescriptions": [
                    _prescription_document(one, patient) for one in carried.prescriptions.get(phase.id, [])
                ],
            }
            for phase in plan.phases
        ],
        "days": states,
    }


def _prescription_document(one: Prescription, patient: Patient) -> dict[str, Any]:
    return {
        "id": str(one.pk),
        "key": str(one.key),
        "exercise": str(one.exercise_id),
        "dose": {**one.dose, "side": days.side_of(one.dose, patient)},
        "frequency": one.frequency,
        "optional_if": one.optional_if or None,
        "needs_release": one.needs_release,
        "easier_allowed": one.easier_allowed,
        "note": one.note,
    }


def _days(patient: Patient, today: dt.date) -> tuple[dict[uuid.UUID, list[dict[str, Any]]], int | None]:
    """By plan: the window's dates with the state of each (prescription, slot); and the worst pain of today."""
    worst_pain_today: int | None = None
    first, last = today - BEFORE, today + AHEAD
    window = [first + n * dt.timedelta(days=1) for n in range((last - first).days + 1)]
    found: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for day, result in days.counted(days.read(days.of_patient(patient) & days.whole_weeks(window)), today):
        if first <= day.row.date <= last:
            items = [
                {"prescription": prescription, "slot": slot, "state": state}
                for (prescription, slot), state in result.states.items()
            ]
            found[day.row.plan_id].append({"date": day.row.date.isoformat(), "items": items})
        if day.row.date == today:
            worst_pain_today = day.row.pain_max
    return found, worst_pain_today


def _cautions(
    patient: Patient,
    plans: Iterable[_Plan],
    carried: _Carried,
    today: dt.date,
    worst_pain_today: int | None,
    *,
    stopped: bool,
) -> list[dict[str, str | None]]:
    """What the precaution rules say to the patient about the phases that are running, once a rule. `stopped`: a lock is
    in force; where a clinician has lifted it, the rule that it stood for has nothing to say any more."""
    library = {str(id_): one.rule_view for id_, one in carried.exercises.items()}
    running = [(plan, phase) for plan in plans for phase in plan.phases if phase.current and phase.carries]
    if not running:
        return []
    findings = current_findings(patient, today)
    conflicts = []
    for plan, phase in running:
        items = [
            {"id": str(p.pk), "key": str(p.key), "exercise": str(p.exercise_id), "needs_release": p.needs_release}
            for p in carried.prescriptions[phase.id]
        ]
        program = {"phases": [{"n": phase.n, "from_day": phase.from_day, "prescriptions": items}]}
        circumstances = precautions.Circumstances(
            today=today,
            starts_on=plan.starts_on,
            running_phase=phase.n,
            condition=patient.condition,
            birth_date=patient.birth_date,
            worst_pain_today=worst_pain_today,
        )
        conflicts += precautions.check(program, findings, circumstances, library)
    return precautions.cautions(conflicts if stopped else without_the_days_stop(patient, conflicts))
