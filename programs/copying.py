"""Copies of programs: a draft to change, or the sealed one that a plan is done under."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts.api.errors import Conflict
from accounts.base import new_id
from accounts.models import Clinic, User
from programs.models import Phase, Prescription, Program

_Row = TypeVar("_Row", bound=models.Model)


def copy_program(
    program: Program,
    *,
    clinic: Clinic,
    by: User | None,
    sealed: bool,
    name: str | None = None,
    id: uuid.UUID | None = None,
) -> Program:
    """A copy owned by `clinic`: new ids, the same keys, so that a log, a chart and a rule can follow one exercise.

    Seven queries whatever the program's size (SQLite splits an insert beyond about 80 rows): transaction, lock, phases,
    prescriptions, three inserts. The lock keeps a concurrent PUT from being seen half; a sealed program needs none.

    Raises Conflict `other_clinic` for a program of another clinic: its own exercises would climb over the wall.
    """
    if program.clinic_id not in (None, clinic.pk):
        raise Conflict("A program stays in its clinic. Copy it within that clinic.", "other_clinic")
    with transaction.atomic():
        source = program if program.sealed else Program.objects.select_for_update().get(pk=program.pk)
        phases = list(Phase.objects.filter(program=source).order_by("n"))
        prescriptions = list(Prescription.objects.filter(phase__program=source).order_by("phase__n", "position", "id"))
        copy = Program.objects.create(
            id=id or new_id(),
            clinic=clinic,
            name=source.name if name is None else name,
            pain_limit=source.pain_limit,
            evidence=source.evidence,
            entry=source.entry,
            copied_from=source,
            created_by=by,
            sealed_at=timezone.now() if sealed else None,
        )
        new_phase_ids = {phase.pk: new_id() for phase in phases}
        for phase in phases:
            phase.pk, phase.program = new_phase_ids[phase.pk], copy
        for prescription in prescriptions:
            prescription.pk, prescription.phase_id = new_id(), new_phase_ids[prescription.phase_id]
        Phase.objects.bulk_create(_as_new(phases))
        Prescription.objects.bulk_create(_as_new(prescriptions))
    return copy


def _as_new(rows: Iterable[_Row]) -> Iterable[_Row]:
    for row in rows:
        row._state.adding = True
        yield row
