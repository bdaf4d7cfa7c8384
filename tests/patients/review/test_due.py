"""When a patient is reviewed: soon after every write, by any number of workers, at the latest when somebody looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients.models import Flag, Patient, Suggestion
from patients.review import due
from programs.models import Prescription
from tests.conftest import Cast
from tests.patients.phones import prescriptions_of
from tests.patients.review.conftest import Home
from tests.racing import at_once

Homes = Callable[..., Home]


def is_due(patient: Patient) -> bool:
    return Patient.objects.filter(pk=patient.pk, review_due_at__isnull=False).exists()


@pytest.mark.django_db
def test_a_write_leaves_a_row_and_the_tick_takes_it_up(home: Homes) -> None:
    h = home()
    due.run()
    assert not is_due(h.patient)
    h.did(1, (7, 1, 1))
    h.send()
    assert is_due(h.patient)
    flags = Flag.objects.filter(kind="pain_above_rule")
    assert not flags.exists()
    assert due.run() == 1
    assert not is_due(h.patient)
    assert flags.exists()
    assert due.run() == 0


@pytest.mark.django_db
def test_a_tick_with_nothing_due_is_one_query(home: Homes) -> None:
    home()
    due.run()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert due.run() == 0
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not connection.features.has_select_for_update_skip_locked, reason="SQLite writes one by one")
def test_who_looks_while_a_worker_reviews_sees_what_it_finds(home: Homes) -> None:
    h = home()
    h.did(1, (7, 1, 1))
    h.send()
    reviewing = threading.Event()
    seen: dict[str, list[dict[str, Any]]] = {}

    def work() -> None:
        with transaction.atomic():
            assert due.review_one(h.patient.pk)
            reviewing.set()
            time.sleep(0.3)

    def look() -> None:
        assert reviewing.wait(10)
        seen["flags"], seen["suggestions"] = h.flags("pain_above_rule"), h.suggestions()

    at_once(work, look)
    assert len(seen["flags"]) == 1
    assert [one["reason"] for one in seen["suggestions"] if one["kind"] == "regress"] == ["red_session"]


@pytest.mark.django_db
def test_a_review_changes_nothing_the_second_time(home: Homes) -> None:
    h = home(weeks=4)
    for back in range(20, 0, -1):
        h.woke(back, 2 + back % 3, q_radiate=back % 4, q_leg_30min="yes")
        h.did(back, (back % 8, 1, 2))
    h.send()
    due.run()

    def stored() -> Any:
        return (
            list(Flag.objects.order_by("id").values("kind", "urgency", "evidence", "resolved_at")),
            list(Suggestion.objects.order_by("id").values("kind", "status", "basis", "evidence", "change")),
            Patient.objects.get(pk=h.patient.pk).attention,
            list(h.plan.days.order_by("date").values("date", "items", "due", "excused")),
        )

    before = stored()
    due.review(h.patient)
    assert stored() == before


@pytest.mark.django_db
def test_what_a_review_costs_does_not_grow_with_the_history(home: Homes) -> None:
    def cost(h: Home) -> int:
        with CaptureQueriesContext(connection) as asked:
            due.review(h.patient)
        return len(asked)

    h = home(weeks=20)
    for back in range(10, 0, -1):
        h.woke(back)
        h.did(back)
    h.send()
    due.review(h.patient)
    few = cost(h)
    for back in range(130, 10, -1):
        h.woke(back)
        h.did(back)
    h.send()
    due.review(h.patient)
    assert cost(h) <= few


@pytest.mark.django_db
@pytest.mark.parametrize(("on_record", "after"), [(None, "right"), ("left", "left")])
def test_the_side_that_the_patient_names_is_taken_where_the_record_names_none(
    home: Homes, on_record: str | None, after: str
) -> None:
    h = home()
    Patient.objects.filter(pk=h.patient.pk).update(affected_side=on_record)
    rows = prescriptions_of(h.plan)
    for row in rows:
        Prescription.objects.filter(pk=row.pk).update(dose={**row.dose, "side": "affected"})
    h.woke(0, hour=0, q_side="right")
    h.send()
    due.run()
    record = h.staff.get(f"/api/v1/patients/{h.patient.pk}").json()
    assert record["affected_side"] == after
    [plan] = h.phone.plans()["plans"]
    asked = {one["dose"]["side"] for phase in plan["phases"] for one in phase["prescriptions"]}
    assert asked == {after}


@pytest.mark.django_db(transaction=True)
def test_workers_phones_and_therapists_at_once(home: Homes, cast: Cast, api: Callable[..., APIClient]) -> None:
    """Four workers tick, a phone sends and a therapist looks: nothing twice, nobody waits for ever."""
    h = home()
    for back in range(6, 0, -1):
        h.did(back, (7 if back == 3 else 1, 1, 1))
    items, h.items = h.items, []

    def send() -> None:
        if items:
            h.phone.send(items.pop(0))

    def often(work: Callable[[], Any]) -> Callable[[], Any]:
        return lambda: [work() for _ in range(6)]

    works: list[Callable[[], Any]] = [*[due.run] * 4, send, h.flags, h.suggestions]
    at_once(*map(often, works))
    due.run()
    [flag] = Flag.objects.filter(kind="pain_above_rule")
    ids = [row["id"] for row in flag.evidence]
    assert len(ids) == len(set(ids)) == 1
    assert Suggestion.objects.filter(status="open").exclude(kind="next_phase").count() == 1
