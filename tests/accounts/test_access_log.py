"""GET /clinic/access-log, and what `record` keeps."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.access import Action, record
from accounts.models import AccessRecord, User
from tests.conftest import Cast

URL = "/api/v1/clinic/access-log"
Api = Callable[..., APIClient]


def test_access_log_of_the_clinic_is_read_by_its_owner(cast: Cast, api: Api) -> None:
    thing = uuid.uuid4()
    first = record(Action.READ, by=cast.therapist, clinic=cast.clinic, kind="patient", object_id=thing)
    second = record(
        Action.WRITE, by=cast.patient_user, clinic=cast.clinic.pk, kind="patient", object_id=thing, fields=["name"]
    )
    record(Action.READ, by=cast.outsider, clinic=cast.other_clinic, kind="patient", object_id=thing)
    response = api(cast.owner).get(URL)
    assert (response.status_code, response.json()) == (
        200,
        {
            "next": None,
            "previous": None,
            "results": [
                {
                    "id": str(entry.pk),
                    "at": entry.created_at.isoformat().replace("+00:00", "Z"),
                    "actor": {"id": str(actor.pk), "name": actor.name},
                    "action": action,
                    "kind": "patient",
                    "object_id": str(thing),
                    "detail": detail,
                }
                for entry, actor, action, detail in (
                    (second, cast.patient_user, "write", {"fields": ["name"]}),
                    (first, cast.therapist, "read", {}),
                )
            ],
        },
    )


@pytest.mark.parametrize("who", ["therapist", "assistant", "patient_user", "stranger"])
def test_access_log_is_for_owners(cast: Cast, api: Api, who: str) -> None:
    assert api(getattr(cast, who)).get(URL).status_code == 403


def test_access_log_can_be_narrowed(cast: Cast, api: Api) -> None:
    for action, kind in ((Action.READ, "patient"), (Action.WRITE, "patient"), (Action.WRITE, "clinic")):
        record(action, by=cast.owner, clinic=cast.clinic, kind=kind, object_id=uuid.uuid4())
    client = api(cast.owner)
    found = client.get(URL, {"action": "write", "kind": "patient"}).json()["results"]
    assert [(one["action"], one["kind"]) for one in found] == [("write", "patient")]
    assert client.get(URL, {"actor": "me"}).status_code == 400


def test_access_log_pages_without_gaps_and_at_the_same_cost(
    cast: Cast, api: Api, django_assert_num_queries: Any
) -> None:
    made = [record(Action.READ, by=cast.owner, clinic=cast.clinic, kind="x", object_id=uuid.uuid4()) for _ in range(25)]
    client = api(cast.owner)
    client.get(URL)
    seen, url = [], f"{URL}?page_size=10"
    while url:
        with django_assert_num_queries(3):  # user, memberships, records
            page = client.get(url).json()
        seen += [one["id"] for one in page["results"]]
        url = page["next"]
    assert seen == [str(one.pk) for one in reversed(made)]


@pytest.mark.parametrize("size", ["0", "201", "-1", "ten", "1e3", "٣"])
def test_access_log_refuses_a_page_size_out_of_range(cast: Cast, api: Api, size: str) -> None:
    response = api(cast.owner).get(URL, {"page_size": size})
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, "page_size")


@pytest.mark.parametrize("cursor", ["cD0xJnA9MQ==", "//79", "bz1oZWxsbw=="])
def test_access_log_refuses_a_made_up_cursor(cast: Cast, api: Api, cursor: str) -> None:
    record(Action.READ, by=cast.owner, clinic=cast.clinic, kind="x", object_id=uuid.uuid4())
    assert api(cast.owner).get(URL, {"cursor": cursor}).status_code == 404


def test_a_record_outlives_its_actor(cast: Cast, api: Api) -> None:
    gone = User.objects.create_user("gone@clinic.example", name="Gone Sample")
    record(Action.READ, by=gone, clinic=cast.clinic, kind="patient", object_id=uuid.uuid4())
    gone.delete()
    [entry] = api(cast.owner).get(URL).json()["results"]
    assert entry["actor"] == {"id": None, "name": "Gone Sample"}
    assert AccessRecord.objects.count() == 1
