"""Faults: the server dies in the middle, the database refuses, two devices send at once. Nothing is lost, doubled or
half-written."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, connection, connections
from rest_framework.test import APIClient

from patients import days, rebuilding
from patients.models import Entry, EntryVersion, ExerciseLog, Flag, HeldItem, Lock, Patient, Plan, PlanDay
from tests.conftest import PASSWORD, Cast
from tests.patients.phones import DAILY, TestPhone, checkin, local, make_plan, pain, session, void

ROOT = Path(settings.BASE_DIR)
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def _database(transactional_db: None) -> None:
    """Real commits: what these tests are about."""


@pytest.fixture
def people(_database: None, cast: Cast) -> Cast:
    return cast


@pytest.fixture
def plan(people: Cast) -> Plan:
    with time_machine.travel(NOW, tick=False):
        return make_plan(people.patient, people.therapist, [DAILY] * 6, starts_on=TODAY - 10 * DAY)


@pytest.fixture
def phone(people: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(people.patient_user), people.patient)


def rows() -> dict[str, Any]:
    """Everything a sync may write."""
    tables = (Entry, EntryVersion, ExerciseLog, HeldItem, Flag, Lock)
    counts: dict[str, Any] = {model.__name__: model.objects.count() for model in tables}
    counts["days"] = list(PlanDay.objects.order_by("date").values_list("date", "done", "extra", "open", "pain_max"))
    counts["patient"] = list(Patient.objects.order_by("id").values_list("known_until", "plans_stamp", "last_active_at"))
    return counts


class Failing:
    """A database that fails at the statement number `at`, or at those that `when` picks."""

    def __init__(self, error: Exception, when: Callable[[str, Any], bool] | None = None, at: int = 0) -> None:
        self.error, self.when, self.at, self.statements = error, when, at, list[str]()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append(sql)
        if len(self.statements) == self.at or (self.when is not None and self.when(sql, params)):
            raise self.error
        return execute(sql, params, many, context)


def test_database_lost_at_any_statement_leaves_nothing_and_the_phone_sends_again(phone: TestPhone, plan: Plan) -> None:
    """One call that stores, amends, voids, holds, locks and flags, cut off at each of its statements in turn."""
    first, second = session(plan, local(TODAY, 7)), session(plan, local(TODAY - DAY, 7))
    with time_machine.travel(NOW, tick=False):
        phone.send(first, second)
        items = [
            *(first | {"edited_at": local(TODAY, 9), "effort": 8}, void(second["id"], local(TODAY, 9))),
            *(session(plan, local(TODAY, 10)), {"type": "unheard_of"}, checkin(local(TODAY, 8), q_redflag=["RF4"])),
        ]
        before = rows()
        cut, phone.client.raise_request_exception = 0, False
        while True:
            cut += 1
            broken = Failing(OperationalError("server closed the connection"), at=cut)
            with connection.execute_wrapper(broken):
                response = phone.post(*items)
            if response.status_code == 200:
                break
            assert response.status_code == 500
            assert rows() == before, f"half-written at statement {cut}: {broken.statements[-1]}"
        assert cut > 20
        assert phone.statuses(*items) == ["duplicate", "duplicate", "duplicate", "held", "duplicate"]
        assert (Entry.objects.count(), HeldItem.objects.count(), Lock.objects.count()) == (5, 1, 1)
        assert rebuilding.rebuild(check=True) == []


KILLED = """
    import os, signal, sys
    import django
    django.setup()
    from django.db import connection
    from rest_framework.test import APIClient
    from accounts.models import User

    def die(execute, sql, params, many, context):
        if sql.startswith(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    client = APIClient()
    client.force_login(User.objects.get(pk=sys.argv[2]), backend="django.contrib.auth.backends.ModelBackend")
    with connection.execute_wrapper(die):
        client.post("/api/v1/me/sync", sys.stdin.read(), content_type="application/json")
"""


@pytest.mark.parametrize(
    "statement",
    ['INSERT INTO "patients_entry"', 'INSERT INTO "patients_exerciselog"', 'UPDATE "patients_patient"'],
)
def test_server_process_killed_during_a_sync_stores_nothing(
    people: Cast, phone: TestPhone, plan: Plan, statement: str
) -> None:
    call = phone.call(session(plan, local(days.local_today(phone.patient) - DAY, 7)))
    before = rows()
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        where = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT'] or 5432}"
        url = f"postgres://{where}/{database['NAME']}"
    process = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), statement, str(people.patient_user.pk)],
        input=json.dumps(call).encode(),
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": url},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert process.returncode == -9, process.stderr.decode()
    assert rows() == before
    response = phone.client.post("/api/v1/me/sync", call, format="json")
    assert [one["status"] for one in response.json()["results"]] == ["stored"]
    assert (Entry.objects.count(), ExerciseLog.objects.count()) == (1, 6)


@pytest.mark.parametrize("error", [DataError("value out of range"), IntegrityError("check constraint")])
def test_item_that_the_database_refuses_is_held_and_the_others_are_stored(
    phone: TestPhone, plan: Plan, error: Exception
) -> None:
    poison = pain(local(TODAY, 8), 3)
    items = [session(plan, local(TODAY, 7)), poison, pain(local(TODAY, 9), 4), void(poison["id"], local(TODAY, 9))]

    def refused(sql: str, params: Any) -> bool:
        said = str(params).replace("-", "").lower()
        # The void names the same id; it is no pain.
        of_poison = poison["id"].replace("-", "") in said and "pain" in said
        return sql.startswith('INSERT INTO "patients_entry"') and of_poison

    with time_machine.travel(NOW, tick=False), connection.execute_wrapper(Failing(error, refused)):
        results = phone.send(*items)
    assert [one["status"] for one in results] == ["stored", "held", "stored", "stored"]
    assert results[1]["errors"][0]["code"] == "not_storable"
    assert HeldItem.objects.get().payload == poison
    assert HeldItem.objects.get().closed_at is not None, "the void settles it"
    with time_machine.travel(NOW, tick=False):
        assert phone.statuses(*items) == ["duplicate", "superseded", "duplicate", "duplicate"]
        assert rebuilding.rebuild(check=True) == []


def test_two_devices_at_once_store_each_item_once(people: Cast, plan: Plan) -> None:
    """Both have the same outbox (a restored backup) and each something of its own, and send it at the same moment."""
    with time_machine.travel(NOW, tick=True):
        shared = [session(plan, local(TODAY - n * DAY, 7)) for n in range(1, 4)] + [pain(local(TODAY, 8), 4)]
        own = [[session(plan, local(TODAY, 7 + n)), {"type": "unheard_of", "n": n}] for n in range(4)]
        start, answers = threading.Barrier(4), dict[int, list[str]]()

        def send(n: int) -> None:
            try:
                client = APIClient()
                assert client.login(email=people.patient_user.email, password=PASSWORD)
                phone = TestPhone(client, people.patient)
                start.wait(20)
                answers[n] = phone.statuses(*shared, *own[n])
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert sorted(answers) == [0, 1, 2, 3]
        of_shared = [[answers[n][i] for n in range(4)] for i in range(len(shared))]
        assert [sorted(statuses) for statuses in of_shared] == [["duplicate"] * 3 + ["stored"]] * len(shared)
        assert [answers[n][len(shared) :] for n in range(4)] == [["stored", "held"]] * 4
        assert Entry.objects.count() == len(shared) + 4
        assert ExerciseLog.objects.count() == 6 * (3 + 4)
        assert HeldItem.objects.count() == 4
        assert Flag.objects.get().kind == "held_items"
        assert len(Flag.objects.get().evidence) == 4
        today = PlanDay.objects.get(plan=plan, date=TODAY)
        assert (today.done, today.extra) == (6, 18)
        assert rebuilding.rebuild(check=True) == []
