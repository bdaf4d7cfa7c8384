"""What a copy keeps, what it does not, and what it costs."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.api.errors import Conflict
from programs.copying import copy_program
from programs.models import Prescription, Program
from tests.conftest import Cast
from tests.programs.builders import make_program


def rows(program: Program) -> list[tuple[object, ...]]:
    return [
        (
            row.phase.n, row.phase.name, row.phase.from_day, row.phase.to_day, row.phase.entry, row.phase.exit,
            row.position, row.key, row.exercise_id, row.dose, row.frequency, row.optional_if, row.needs_release,
            row.easier_allowed, row.note,
        )
        for row in Prescription.objects.filter(phase__program=program)
        .select_related("phase")
        .order_by("phase__n", "position")
    ]  # fmt: skip


@pytest.mark.parametrize("sealed", [True, False])
def test_a_copy_has_new_ids_and_the_same_keys(cast: Cast, sealed: bool) -> None:
    template = make_program(None, template=True, name="Template", pain_limit=3, evidence="none", entry=["a"])
    copy = copy_program(template, clinic=cast.clinic, by=cast.therapist, sealed=sealed)
    copy.refresh_from_db()
    assert rows(copy) == rows(template)
    assert len(rows(copy)) == 4
    assert not {p.pk for p in copy.phases.all()} & {p.pk for p in template.phases.all()}
    assert (copy.clinic, copy.template, copy.sealed, copy.version) == (cast.clinic, False, sealed, 1)
    assert (copy.name, copy.pain_limit, copy.evidence, copy.entry) == ("Template", 3, "none", ["a"])
    assert (copy.copied_from, copy.created_by, copy.slug) == (template, cast.therapist, "")


def test_a_copy_leaves_its_source_alone(cast: Cast) -> None:
    source = make_program(cast.clinic)
    before, ids = rows(source), set(source.phases.values_list("pk", flat=True))
    copy_program(source, clinic=cast.clinic, by=cast.therapist, sealed=True)
    source.refresh_from_db()
    assert (rows(source), set(source.phases.values_list("pk", flat=True))) == (before, ids)
    assert source.version == 1


def test_a_copy_costs_the_same_for_two_exercises_and_for_forty(cast: Cast, django_assert_num_queries: object) -> None:
    for each in (1, 20):
        source = make_program(cast.clinic, prescriptions=each)
        # savepoint, lock, phases, prescriptions, three inserts, release
        with django_assert_num_queries(8):  # type: ignore[operator]
            copy_program(source, clinic=cast.clinic, by=cast.therapist, sealed=True)


def test_a_sealed_source_needs_no_lock(cast: Cast, django_assert_num_queries: object) -> None:
    source = make_program(cast.clinic, sealed_at=timezone.now())
    with django_assert_num_queries(7):  # type: ignore[operator]
        copy_program(source, clinic=cast.clinic, by=cast.therapist, sealed=False)


def test_a_copy_does_not_climb_over_the_wall(cast: Cast) -> None:
    source = make_program(cast.other_clinic)
    with pytest.raises(Conflict):
        copy_program(source, clinic=cast.clinic, by=cast.therapist, sealed=False)
    assert not Program.objects.filter(clinic=cast.clinic).exists()
