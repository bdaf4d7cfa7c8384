"""Who looked at and changed a record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients.record.merging import merge
from tests.conftest import Cast

Api = Callable[..., APIClient]
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def reads(cast: Cast) -> int:
    return AccessRecord.objects.filter(action="read", object_id=cast.patient.pk).count()


def test_looking_at_a_patient_is_one_line_an_hour_and_person(api: Api, cast: Cast) -> None:
    therapist, assistant = api(cast.therapist), api(cast.assistant)
    path = f"/api/v1/patients/{cast.patient.pk}"
    for route in ("", "/days", "/timeline", "/plans", "/held"):
        assert therapist.get(path + route).status_code == 200
    assert reads(cast) == 1
    assistant.get(f"{path}/timeline")
    assert reads(cast) == 2
    # The cache forgets after an hour (its own clock): as if that hour had gone by.
    cache.delete(f"read:{cast.therapist.pk}:{cast.patient.pk}")
    therapist.get(path)
    assert reads(cast) == 3


def test_second_look_costs_no_query_more_than_none_being_written(api: Api, cast: Cast) -> None:
    client, path = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}"
    with CaptureQueriesContext(connection) as first:
        client.get(path)
    with CaptureQueriesContext(connection) as second:
        client.get(path)
    assert len(first) == len(second) + 1
    assert "accounts_accessrecord" not in str(second.captured_queries)


def test_stranger_who_is_refused_leaves_no_line_of_reading(api: Api, cast: Cast) -> None:
    assert api(cast.outsider).get(f"/api/v1/patients/{cast.patient.pk}").status_code == 404
    assert reads(cast) == 0


def test_access_log_of_a_patient_says_who_did_what_newest_first(api: Api, cast: Cast, clock: Any) -> None:
    client, path = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}"
    api(cast.assistant).get(path)
    clock.shift(60)
    headers = {"If-Match": f'"{cast.patient.version}"'}
    client.patch(path, {"phone": "+34 600 000 000"}, format="json", headers=headers)
    clock.shift(60)
    answer = client.get(f"{path}/access-log").json()
    said = [(one["actor"]["name"], one["action"], one["detail"]) for one in answer["results"]]
    assert said == [
        ("Dana Example", "read", {}),
        ("Dana Example", "write", {"fields": ["phone"]}),
        ("Ash Assistant", "read", {}),
    ]
    assert set(answer["results"][0]) == {"id", "at", "actor", "action", "kind", "object_id", "detail"}
    only = client.get(f"{path}/access-log?action=write").json()["results"]
    assert [one["action"] for one in only] == ["write"]
    first = client.get(f"{path}/access-log?page_size=1").json()
    assert client.get(first["next"]).json()["results"] == answer["results"][1:2]


def test_access_log_is_not_for_assistants(api: Api, cast: Cast) -> None:
    path = f"/api/v1/patients/{cast.patient.pk}/access-log"
    assert api(cast.assistant).get(path).status_code == 403
    assert api(cast.outsider).get(path).status_code == 404


def test_access_log_shows_what_was_done_to_the_record_that_was_merged(api: Api, cast: Cast) -> None:
    api(cast.owner).get(f"/api/v1/patients/{cast.other_patient.pk}")
    merge(cast.patient, cast.other_patient, by=cast.therapist, note="")
    rows = api(cast.owner).get(f"/api/v1/patients/{cast.patient.pk}/access-log").json()["results"]
    assert {(one["object_id"], one["action"]) for one in rows} >= {
        (str(cast.other_patient.pk), "read"),
        (str(cast.other_patient.pk), "merge"),
        (str(cast.patient.pk), "merge"),
    }
