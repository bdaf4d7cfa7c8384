"""What a long history costs: nothing. A caseload of a thousand patients and a phone's session, with a history and with
ten times as much: the same number of queries, and the same number of buffers read.

Only PostgreSQL tells how many buffers a query touched, so this runs in `make test-services`. A thousand patients with
ten years of days are 3.6 million rows, a minute of loading; here the history is 90 and 900 dates, longer than what
the caseload looks at, and the ratio is the same ten.
"""

# ruff: noqa: S608 (what is put together here are names of our own tables)

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients import days
from patients.models import Entry, ExerciseLog, Patient, Plan, PlanDay, PlanRevision
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, local, make_plan, session

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PATIENTS = 1000
ROWS = 10
SHORT, LONG = 90, 900
SESSION_QUERIES = 12

pytestmark = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL counts the buffers of a query (make test-services)"
)

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def table(model: Any) -> str:
    return str(model._meta.db_table)


def execute(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def copies(model: Any, source: str, /, **changes: str) -> None:
    """Rows of `model` like its only row, once for each row of `source`, with these columns changed."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = {"id": "gen_random_uuid()", **changes}
    select = ", ".join(values.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    execute(
        f"INSERT INTO {table(model)} ({names}) SELECT {select} FROM (SELECT * FROM {table(model)} LIMIT 1) t, {source}"
    )


def make_clinic(cast: Cast) -> Plan:
    """A thousand patients in treatment, each with a plan of its own."""
    Patient.objects.exclude(pk=cast.patient.pk).delete()
    plan = make_plan(cast.patient, cast.therapist, [DAILY] * 6, starts_on=TODAY - (LONG - 1) * DAY)
    PlanDay.objects.exclude(date=TODAY).delete()
    Patient.objects.update(review_due_at=None)
    copies(Patient, f"generate_series(2, {PATIENTS}) n", name="'Sample ' || n")
    copies(Plan, f"(SELECT id AS of FROM {table(Patient)} WHERE id <> '{cast.patient.pk}') p", patient_id="p.of")
    copies(PlanRevision, f"(SELECT id AS of FROM {table(Plan)} WHERE id <> '{plan.pk}') p", plan_id="p.of")
    return plan


def make_days(back: int) -> None:
    """`back` dates of every plan up to today and 28 ahead, in the order in which a year writes them: by date."""
    day = PlanDay.objects.filter(date=TODAY).first()
    assert day is not None
    name = table(PlanDay)
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"TRUNCATE {name}")
    # A million rows are in within seconds where nothing watches each of them; the end of the test undoes it.
    for constraint in asked("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"):
        execute(f"ALTER TABLE {name} DROP CONSTRAINT {constraint}")
    for index in asked("SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = %s::regclass"):
        execute(f"DROP INDEX {index}")
    day.save(force_insert=True)
    first, last = TODAY - (back - 1) * DAY, TODAY + 28 * DAY
    dates = f"generate_series('{first}'::date, '{last}'::date, '1 day') d"
    revisions = f"(SELECT id AS of, plan_id AS plan FROM {table(PlanRevision)}) r"
    copies(
        *(PlanDay, f"{dates}, {revisions} ORDER BY d"),
        # What was asked is not read for a list, and would be nine tenths of what is loaded here.
        **{"date": "d", "plan_id": "r.plan", "revision_id": "r.of", "items": "'[]'::jsonb"},
        **{"sessions_done": "1", "pain_last": "3"},
    )
    PlanDay.objects.filter(pk=day.pk).delete()
    execute(f"ALTER TABLE {name} ADD CONSTRAINT day_once_a_plan UNIQUE (plan_id, date)")
    execute(f"ANALYZE {name}")


def asked(sql: str) -> list[str]:
    """One column about the table of days."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [table(PlanDay)])
        return [value for (value,) in cursor.fetchall()]


def make_sessions(plan: Plan, phone: TestPhone, back: int) -> None:
    """A session of six exercises on each of `back` dates, of the one patient whose phone is going to send."""
    if not Entry.objects.exists():
        phone.send(session(plan, local(TODAY - DAY)))
    entry, *others = Entry.objects.order_by("-local_date")
    Entry.objects.exclude(pk=entry.pk).delete() if others else None
    dates = f"generate_series(2, {back}) n"
    copies(Entry, dates, uid="gen_random_uuid()", local_date=f"'{TODAY}'::date - n")
    source = f"(SELECT id AS of FROM {table(Entry)} WHERE id <> '{entry.pk}') e, generate_series(1, 6) n"
    copies(ExerciseLog, source, entry_id="e.of", uid="gen_random_uuid()", slot="n")
    for model in (Entry, ExerciseLog):
        execute(f"ANALYZE {table(model)}")


def cost(call: Callable[[], object]) -> tuple[int, int]:
    """(queries, buffers that its reading queries touch)."""
    with CaptureQueriesContext(connection) as captured:
        call()
    queries = [query["sql"] for query in captured.captured_queries]
    return len(queries), sum(map(buffers_of, queries))


def buffers_of(sql: str) -> int:
    if not sql.startswith(("SELECT", "(SELECT")):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}".replace("%", "%%"))
        [found] = cursor.fetchone()
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def test_caseload_of_a_thousand_costs_the_same_with_ten_times_the_history(api: Api, cast: Cast) -> None:
    make_clinic(cast)
    client = api(cast.therapist)

    def caseload() -> None:
        response = client.get("/api/v1/caseload", {"page_size": ROWS})
        assert response.status_code == 200, response.content
        rows = response.json()["results"]
        assert len(rows) == ROWS
        assert all(row["adherence_28"] == 1.0 and len(row["trend"]) == 56 for row in rows)

    found = []
    for back in (SHORT, LONG):
        make_days(back)
        caseload()
        found.append(cost(caseload))
    (queries_before, buffers_before), (queries_after, buffers_after) = found
    assert queries_after == queries_before <= 6
    assert buffers_after <= 1.05 * buffers_before, found


def test_session_of_a_phone_costs_the_same_with_ten_times_the_history(api: Api, cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY] * 6, starts_on=TODAY - (LONG - 1) * DAY)
    phone = TestPhone(api(cast.patient_user), cast.patient)
    found = []
    for back in (SHORT, LONG):
        make_sessions(plan, phone, back)
        phone.send()
        item = session(plan, local(TODAY))
        found.append(cost(lambda item=item: phone.send(item)))  # type: ignore[misc]
        Entry.objects.filter(local_date=TODAY).delete()
        days.recompute(cast.patient, [TODAY])
    (queries_before, buffers_before), (queries_after, buffers_after) = found
    assert queries_after == queries_before <= SESSION_QUERIES
    assert buffers_after <= 1.05 * buffers_before, found
