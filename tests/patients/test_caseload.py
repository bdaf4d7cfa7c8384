"""The caseload: who needs someone first, at a cost that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients import flags, plans
from patients.models import Flag, FlagKind, Patient, PlanDay, Urgency
from tests.conftest import Cast
from tests.programs.builders import make_program

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


def _with_plan(cast: Cast, patient: Patient) -> Patient:
    program = make_program(cast.clinic)
    plans.prescribe(program=program, patient=patient, starts_on=dt.date(2026, 11, 9), by=cast.therapist)
    return patient


def test_row_says_what_a_therapist_asks(api: Api, cast: Cast) -> None:
    patient = _with_plan(cast, cast.patient)
    # Due Mon 9, Wed 11, Fri 13, Mon 16, Wed 18, Fri 20, Mon 23; two sessions done of the three in the last seven days.
    done = PlanDay.objects.filter(plan__patient=patient, date__in=[dt.date(2026, 11, 18), dt.date(2026, 11, 20)])
    done.update(sessions_done=1, pain_last=4, pain_max=6)
    Patient.objects.filter(pk=patient.pk).update(known_until=dt.date(2026, 11, 20))
    body = api(cast.assistant).get("/api/v1/caseload").json()
    row = next(one for one in body["results"] if one["patient"]["name"] == "Rosa Sample")
    assert row["plan"]["phase"] == 1
    assert row["plan"]["phase_name"] == "Phase 1"
    # The 23rd is after the phone's last word: unknown, so not asked. 2 of 2; of 28 days 2 of 6.
    assert row["adherence_7"] == 1.0
    assert row["adherence_28"] == 0.333
    assert (row["last_pain"], row["last_pain_on"]) == (4, "2026-11-20")
    assert [point["pain"] for point in row["trend"]] == [4, 4]


def test_no_plan_is_null_not_zero(api: Api, cast: Cast) -> None:
    row = api(cast.therapist).get("/api/v1/caseload").json()["results"][0]
    assert (row["plan"], row["adherence_7"], row["adherence_28"], row["last_pain"]) == (None, None, None, None)


def test_flagged_patients_come_first_with_their_reason(api: Api, cast: Cast) -> None:
    flags.raise_flag(cast.patient, FlagKind.JOIN_ATTEMPTS, Urgency.ROUTINE, evidence={"wrong_dates": 5}, next_step="")
    rows = api(cast.therapist).get("/api/v1/caseload").json()["results"]
    assert [row["patient"]["name"] for row in rows] == ["Rosa Sample", "Ada Stencil"]
    assert [flag["kind"] for flag in rows[0]["flags"]] == ["join_attempts"]
    only = api(cast.therapist).get("/api/v1/caseload", {"attention": "any"}).json()["results"]
    assert [row["patient"]["name"] for row in only] == ["Rosa Sample"]


def test_caseload_of_one_condition(api: Api, cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(condition="lt_resection")
    only = api(cast.therapist).get("/api/v1/caseload", {"condition": "lt_resection"}).json()["results"]
    assert [row["patient"]["name"] for row in only] == ["Rosa Sample"]


def test_flag_acknowledge_and_resolve(api: Api, cast: Cast) -> None:
    flags.raise_flag(cast.patient, FlagKind.JOIN_ATTEMPTS, Urgency.ROUTINE, evidence={"wrong_dates": 5}, next_step="")
    flag = Flag.objects.get()
    client = api(cast.therapist)
    assert client.post(f"/api/v1/flags/{flag.id}/acknowledge").json()["acknowledged_by"] == "Dana Example"
    assert client.post(f"/api/v1/flags/{flag.id}/resolve", {}).status_code == 400
    assert api(cast.assistant).post(f"/api/v1/flags/{flag.id}/resolve", {"note": "x"}).status_code == 403
    assert api(cast.outsider).post(f"/api/v1/flags/{flag.id}/resolve", {"note": "x"}).status_code == 404
    assert client.post(f"/api/v1/flags/{flag.id}/resolve", {"note": "Date corrected."}).status_code == 200
    assert client.get("/api/v1/flags").json()["results"] == []
    cast.patient.refresh_from_db()
    assert cast.patient.attention_rank == 0


def _queries(client: APIClient) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/api/v1/caseload", {"page_size": 200}).status_code == 200
    return len(captured)


def test_queries_at_most_six_whatever_the_number_of_patients(api: Api, cast: Cast) -> None:
    """user · memberships · patients · days (with plan and phase); the session comes from the cache, or is the fifth.
    A quarter of an hour after the last roll the session is written anew; that is not counted here."""
    _with_plan(cast, cast.patient)
    client = api(cast.therapist)
    client.get("/api/v1/caseload")
    few = _queries(client)
    for number in range(30):
        patient = Patient.objects.create(
            clinic=cast.clinic, name=f"Sample {number}", birth_date=dt.date(1970, 1, 1), timezone="Europe/Madrid"
        )
        _with_plan(cast, patient)
    assert _queries(client) == few <= 6


def test_pages_follow_each_other_without_loss(api: Api, cast: Cast) -> None:
    for number in range(7):
        Patient.objects.create(
            clinic=cast.clinic, name=f"Sample {number}", birth_date=dt.date(1970, 1, 1), timezone="UTC"
        )
    client, url, seen = api(cast.therapist), "/api/v1/caseload?page_size=2&order=name", []
    while url:
        body = client.get(url).json()
        seen += [row["patient"]["name"] for row in body["results"]]
        url = body["next"]
    assert seen == sorted(seen)
    assert len(seen) == 9


@pytest.mark.parametrize(
    "query", ["?order=height", "?attention=gossip", "?responsible=me", "?condition=sad", "?page_size=201"]
)
def test_unknown_values_400(api: Api, cast: Cast, query: str) -> None:
    assert api(cast.therapist).get(f"/api/v1/caseload{query}").status_code == 400


def test_csv_is_for_those_who_may_export_and_holds_no_formula(api: Api, cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(name='=HYPERLINK("x")')
    assert api(cast.assistant).get("/api/v1/caseload.csv").status_code == 403
    answer = api(cast.therapist).get("/api/v1/caseload.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.splitlines()[0].startswith("name,record_number")
    assert "'=HYPERLINK" in text
    assert "Faye Foreign" not in text
