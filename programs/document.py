"""A program as one document: read in three queries, written in one transaction.

Writing replaces the phases and prescriptions as a whole and keeps every id and key that was sent. Only drafts and
templates are ever written, and nothing points at their rows; comparing row by row would have to step around the
unique numbers and keys each time two phases change places.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.api.conventions import replayed
from accounts.api.errors import Conflict
from accounts.base import new_id
from accounts.models import Clinic, User
from exercises.models import Exercise, ExerciseMuscle
from programs import frequency
from programs.burden import WALKING, DayBurden, Item, by_weekday
from programs.copying import copy_program
from programs.dose import Dose
from programs.models import Phase, Prescription, Program

Data = Mapping[str, Any]


def whole(programs: QuerySet[Program]) -> QuerySet[Program]:
    """With phases and prescriptions, in order: three queries however many programs."""
    prescriptions = Prefetch("prescriptions", Prescription.objects.order_by("position", "id"))
    return programs.prefetch_related(Prefetch("phases", Phase.objects.order_by("n").prefetch_related(prescriptions)))


def load(program_id: uuid.UUID) -> Program:
    return whole(Program.objects.all()).get(pk=program_id)


def create(*, clinic: Clinic, by: User, data: Data, id: uuid.UUID | None = None) -> tuple[Program, bool]:
    """A new draft or template of the clinic, or the stored one if the same POST came before: (program, is new).

    Raises ValidationError that names the place in the document, and Conflict `id_taken`.
    """
    facts, phases = _split(data)
    program = Program(id=id or new_id(), clinic=clinic, created_by=by, **facts)
    if id is None or not Program.objects.filter(pk=id).exists():
        try:
            with transaction.atomic():
                program.save(force_insert=True)
                _write_phases(program, phases or [], by)
        except IntegrityError:
            if not Program.objects.filter(pk=program.pk).exists():
                raise
        else:
            return load(program.pk), True
    stored = load(program.pk)
    same = stored.clinic_id == clinic.pk and stored.archived_at is None and _says(stored, data)
    return replayed(stored, same), False


def copied(
    source: Program, *, clinic: Clinic, by: User, name: str | None = None, id: uuid.UUID | None = None
) -> tuple[Program, bool]:
    """A draft copied from `source`, or the stored one if the same POST came before: (program, is new).

    Raises Conflict `id_taken` and `other_clinic`.
    """
    if id is None or (stored := Program.objects.filter(pk=id).first()) is None:
        copy = copy_program(source, clinic=clinic, by=by, sealed=False, name=name, id=id)
        return load(copy.pk), True
    same = stored.clinic_id == clinic.pk and stored.copied_from_id == source.pk and stored.archived_at is None
    return load(replayed(stored, same and name in {None, stored.name}).pk), False


@transaction.atomic
def change(program: Program, data: Data, *, by: User) -> Program:
    """Write what `data` holds; phases, if among it, as a whole. The caller holds the lock and compared versions.

    Raises Conflict `sealed`, and ValidationError that names the place in the document.
    """
    refuse_sealed(program)
    facts, phases = _split(data)
    for name, value in facts.items():
        setattr(program, name, value)
    if phases is not None:
        _write_phases(program, phases, by)
    program.save(update_fields=list(facts))
    return load(program.pk)


def archive(program: Program) -> None:
    """Take it out of the lists. Plans have sealed copies of their own and go on."""
    refuse_sealed(program)
    program.archived_at = timezone.now()
    program.save(update_fields=["archived_at"])


def refuse_sealed(program: Program) -> None:
    if program.sealed:
        raise Conflict("This program is in use and never changes. Copy it and change the copy.", "sealed")


def burden(program: Program) -> list[tuple[Phase, list[DayBurden]]]:
    """Minutes and exercises by weekday for each phase: two queries."""
    walking = ExerciseMuscle.objects.filter(exercise=OuterRef("exercise"), muscle__slug=WALKING)
    prescriptions = Prescription.objects.select_related("exercise").annotate(walking=Exists(walking))
    phases = Phase.objects.filter(program=program).order_by("n")
    return [
        (phase, by_weekday(map(_item, phase.prescriptions.all())))
        for phase in phases.prefetch_related(Prefetch("prescriptions", prescriptions))
    ]


def _item(prescription: Prescription) -> Item:
    return Item(
        dose=Dose.parse(prescription.dose),
        frequency=frequency.parse(prescription.frequency),
        laterality=prescription.exercise.laterality,
        walking=getattr(prescription, "walking", False),
    )


def _split(data: Data) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    facts = dict(data)
    return facts, facts.pop("phases", None)


def _says(row: Any, given: Data) -> bool:
    """Whether a stored row says everything that was given, its children in the same order."""
    for name, value in given.items():
        if name not in {"phases", "prescriptions"}:
            if getattr(row, name) != value:
                return False
        else:
            rows = list(getattr(row, name).all())
            if len(rows) != len(value) or not all(map(_says, rows, value)):
                return False
    return True


def _write_phases(program: Program, phases: list[dict[str, Any]], by: User) -> None:
    """Ten queries whatever the size (SQLite splits an insert beyond about 80 rows)."""
    phases = sorted(phases, key=lambda phase: phase["n"])
    _check(program, phases, by)
    program.phases.all().delete()
    new_phases, new_prescriptions = [], []
    for data in phases:
        facts = dict(data)
        prescriptions = facts.pop("prescriptions")
        phase = Phase(program=program, **facts)
        new_phases.append(phase)
        new_prescriptions += [
            Prescription(phase=phase, position=place, **facts) for place, facts in enumerate(prescriptions)
        ]
    Phase.objects.bulk_create(new_phases)
    Prescription.objects.bulk_create(new_prescriptions)


class _Complaints:
    """Everything that is wrong with a document, each complaint at its place."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}

    def add(self, sentence: str, *place: str | int) -> None:
        branch = self.tree
        for step in place[:-1]:
            branch = branch.setdefault(str(step), {})
        branch.setdefault(str(place[-1]), []).append(sentence)

    def speak(self) -> None:
        if self.tree:
            raise ValidationError(self.tree)


def _check(program: Program, phases: list[dict[str, Any]], by: User) -> None:
    """What one field alone cannot tell. Places are those of the phases by number."""
    complaints = _Complaints()
    _check_path(phases, complaints)
    _check_keys(phases, complaints)
    _check_ids(program, phases, complaints)
    _check_exercises(program, phases, by, complaints)
    complaints.speak()


def _check_path(phases: list[dict[str, Any]], complaints: _Complaints) -> None:
    end = 0
    for place, phase in enumerate(phases):
        if phase["n"] != place + 1:
            complaints.add("Number the phases 1, 2, 3 and so on, each once.", "phases", place, "n")
        if phase["to_day"] <= phase["from_day"]:
            complaints.add("A phase must end after it starts.", "phases", place, "to_day")
        if phase["from_day"] < end:
            complaints.add("A phase cannot start before the one before it ends.", "phases", place, "from_day")
        end = max(end, phase["to_day"])


def _check_keys(phases: list[dict[str, Any]], complaints: _Complaints) -> None:
    for place, phase in enumerate(phases):
        seen: set[uuid.UUID] = set()
        for row, prescription in enumerate(phase["prescriptions"]):
            key = prescription.setdefault("key", new_id())
            if key in seen:
                complaints.add(
                    "A key stands once in a phase. Leave it out for a new one.",
                    "phases", place, "prescriptions", row, "key",
                )  # fmt: skip
            seen.add(key)


def _places(phases: list[dict[str, Any]]) -> Iterable[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for place, phase in enumerate(phases):
        for row, prescription in enumerate(phase["prescriptions"]):
            yield ("phases", place, "prescriptions", row), prescription


def _check_ids(program: Program, phases: list[dict[str, Any]], complaints: _Complaints) -> None:
    """An id is new or this program's own: a row of another program must not be taken over."""
    own = [(("phases", place), phase) for place, phase in enumerate(phases)]
    _check_ids_of(own, _foreign(Phase.objects.exclude(program=program), own), complaints)
    rows = list(_places(phases))
    _check_ids_of(rows, _foreign(Prescription.objects.exclude(phase__program=program), rows), complaints)


def _foreign(others: QuerySet[Any], rows: list[tuple[Any, dict[str, Any]]]) -> set[uuid.UUID]:
    ids = [row["id"] for _, row in rows if "id" in row]
    return set(others.filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def _check_ids_of(rows: list[tuple[Any, dict[str, Any]]], foreign: set[uuid.UUID], complaints: _Complaints) -> None:
    seen: set[uuid.UUID] = set()
    for place, row in rows:
        given = row.setdefault("id", new_id())
        if given in foreign:
            complaints.add("This id belongs to another program. Leave it out for a new one.", *place, "id")
        if given in seen:
            complaints.add("This id stands twice.", *place, "id")
        seen.add(given)


def _check_exercises(program: Program, phases: list[dict[str, Any]], by: User, complaints: _Complaints) -> None:
    """Of the shared library or of the program's own clinic; an archived one only where it already stood."""
    wanted = {prescription["exercise_id"] for _, prescription in _places(phases)}
    if not wanted:
        return
    visible = Exercise.objects.visible_to(by).filter(pk__in=wanted)
    found = {
        pk: archived_at
        for pk, owner, archived_at in visible.values_list("pk", "owner", "archived_at")
        if owner in {None, program.clinic_id}
    }
    archived = {pk for pk, archived_at in found.items() if archived_at is not None}
    if archived:
        kept = Prescription.objects.filter(phase__program=program, exercise__in=archived)
        archived -= set(kept.values_list("exercise", flat=True))
    for place, prescription in _places(phases):
        exercise = prescription["exercise_id"]
        if exercise not in found:
            complaints.add("There is no such exercise.", *place, "exercise")
        elif exercise in archived:
            complaints.add("This exercise is archived. Choose another.", *place, "exercise")
