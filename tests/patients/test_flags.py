"""One open flag a kind and patient."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from patients import alerts, days, flags
from patients.models import Flag, FlagKind, Patient, Urgency
from tests.conftest import Cast
from tests.racing import at_once


def test_new_evidence_is_appended_and_urgency_only_rises(cast: Cast) -> None:
    for urgency in (Urgency.ROUTINE, Urgency.SAME_DAY, Urgency.WEEKS_2):
        flags.raise_flag(cast.patient, FlagKind.SILENT, urgency, {"says": urgency.value}, f"do {urgency.value}")
    flag = Flag.objects.get()
    assert (flag.urgency, flag.next_step) == ("same_day", "do same_day")
    assert [one["says"] for one in flag.evidence] == ["routine", "same_day", "2_weeks"]
    cast.patient.refresh_from_db()
    assert cast.patient.attention_rank == 1000


def test_risen_urgency_takes_the_acknowledgement_back_and_the_same_does_not(cast: Cast) -> None:
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.WEEKS_2, {})
    Flag.objects.update(acknowledged_at=timezone.now(), acknowledged_by=cast.therapist)
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.WEEKS_2, {})
    assert Flag.objects.get().acknowledged_by == cast.therapist
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.EMERGENCY, {})
    assert Flag.objects.get().acknowledged_by is None


def test_closed_flag_opens_anew(cast: Cast) -> None:
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.ROUTINE, {"n": 1})
    assert flags.close_flag(cast.patient, FlagKind.SILENT, "Heard of again.")
    assert not flags.close_flag(cast.patient, FlagKind.SILENT, "Heard of again.")
    assert Patient.objects.get(pk=cast.patient.pk).attention_rank == 0
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.ROUTINE, {"n": 2})
    assert [flag.evidence for flag in Flag.objects.order_by("raised_at", "id")] == [[{"n": 1}], [{"n": 2}]]


def test_evidence_has_an_end(cast: Cast) -> None:
    for n in range(60):
        flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.ROUTINE, {"n": n})
    evidence = Flag.objects.get().evidence
    assert (len(evidence), evidence[-1]) == (50, {"n": 59})


@pytest.mark.django_db(transaction=True)
def test_raising_seeing_and_settling_at_once_wait_for_each_other_and_never_in_a_ring(cast: Cast) -> None:
    """On PostgreSQL one of two that hold what the other wants is ended with an error."""

    def answer(n: int) -> None:
        with transaction.atomic():
            days.locked(cast.patient.pk)
            flags.raise_flag(cast.patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {"n": n})

    def staff(n: int) -> None:
        for flag in Flag.objects.filter(patient=cast.patient, resolved_at=None):
            alerts.acknowledge(flag, by=cast.therapist)
            if n % 3 == 0:
                alerts.resolve(flag, by=cast.therapist, note="Settled.")

    def guess(n: int) -> None:
        flags.raise_flag(cast.patient, FlagKind.JOIN_ATTEMPTS, Urgency.ROUTINE, {"n": n})

    def often(step: Callable[[int], object]) -> Callable[[], object]:
        return lambda: [step(n) for n in range(25)]

    at_once(*map(often, (answer, staff, guess)))
    open_flags = Flag.objects.filter(patient=cast.patient, resolved_at=None)
    assert sorted(open_flags.values_list("kind", flat=True)) == sorted(set(open_flags.values_list("kind", flat=True)))
