"""Data that were there before a column was: filled by its migration, the same as a recomputation would."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from patients import rebuilding
from patients.models import PlanDay
from tests.conftest import Cast
from tests.patients.phones import DAILY, THREE_A_WEEK, TestPhone, exercise, local, make_plan, prescriptions_of, session

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def migrate(name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([("patients", name)])


@pytest.mark.django_db(transaction=True)
def test_days_of_before_get_their_dose(cast: Cast, api: Callable[..., APIClient]) -> None:
    with time_machine.travel(NOW, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY, THREE_A_WEEK], starts_on=TODAY - 9 * DAY)
        one, two = prescriptions_of(plan)
        phone = TestPhone(api(cast.patient_user), cast.patient)
        phone.send(
            session(plan, local(TODAY - 2 * DAY), [exercise(one, reps=[10, 10, 5]), exercise(two)]),
            session(plan, local(TODAY - DAY), [exercise(one, sets_done=5, reps=[10] * 5)]),
        )
        names = ("date", "items", "dose_asked", "dose_done", "dose_over", "dose_undone")
        right = list(PlanDay.objects.order_by("date").values_list(*names))
        assert any(over for *_, over, _ in right)
        last = max(name for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes() if app == "patients")
        try:
            migrate("0002_what_happened_at_home")
            forget_sets()
        finally:
            migrate(last)
        assert list(PlanDay.objects.order_by("date").values_list(*names)) == right
        assert rebuilding.rebuild(check=True) == []
        call_command("migrate", verbosity=0)


def forget_sets() -> None:
    """What was laid out before did not say how many sets were asked."""
    state = MigrationExecutor(connection).loader.project_state(("patients", "0002_what_happened_at_home"))
    old = state.apps.get_model("patients", "PlanDay")
    for day in old.objects.all():
        day.items = [{name: value for name, value in item.items() if name != "sets"} for item in day.items]
        day.save(update_fields=["items"])
