"""The clinic's patients: register, read, change, find."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients.models import Patient
from tests.conftest import Cast

Api = Callable[..., APIClient]
NEW = {"name": "Nell Placeholder", "birth_date": "1971-03-02"}


def test_register_needs_name_and_birth_date_only(api: Api, cast: Cast) -> None:
    answer = api(cast.therapist).post("/api/v1/patients", NEW)
    assert answer.status_code == 201
    body = answer.json()
    assert body == {
        "id": body["id"],
        "version": 1,
        "clinic": str(cast.clinic.id),
        "name": "Nell Placeholder",
        "birth_date": "1971-03-02",
        "record_number": None,
        "email": None,
        "phone": None,
        "timezone": "Europe/Madrid",
        "language": "en",
        "affected_side": None,
        "condition": None,
        "findings": {},
        "responsible": str(cast.therapist.id),
        "responsible_name": "Dana Example",
        "cover": None,
        "status": "invited",
        "known_until": None,
        "last_active_at": None,
        "discharged_at": None,
        "discharge_reason": "",
        "merged_into": None,
    }
    assert uuid.UUID(body["id"]).version == 7


def test_register_replay_200_other_meaning_409(api: Api, cast: Cast) -> None:
    client, new = api(cast.therapist), {**NEW, "id": str(uuid.uuid4())}
    assert client.post("/api/v1/patients", new).status_code == 201
    assert client.post("/api/v1/patients", new).status_code == 200
    assert client.post("/api/v1/patients", {**new, "name": "Someone Else"}).status_code == 409
    assert api(cast.outsider).post("/api/v1/patients", new).status_code == 409
    assert Patient.objects.filter(name="Nell Placeholder").count() == 1


@pytest.mark.parametrize(("who", "code"), [("assistant", 403), ("patient_user", 403), ("stranger", 403)])
def test_register_others_may_not(api: Api, cast: Cast, who: str, code: int) -> None:
    assert api(getattr(cast, who)).post("/api/v1/patients", NEW).status_code == code


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "tomorrow"),
        ("name", ""),
        ("name", "x" * 121),
        ("timezone", "Mars/Olympus"),
        ("language", "tlh"),
        ("affected_side", "middle"),
        ("condition", "sorrow"),
        ("email", "nobody"),
        ("findings", []),
        ("findings", {"snapping": "loud"}),
        ("findings", {"no_such_finding": True}),
        ("responsible", str(uuid.UUID(int=7))),
        ("cover", {"staff": "x"}),
        ("id", "seventeen"),
    ],
)
def test_register_malformed_400_names_the_field(api: Api, cast: Cast, field: str, value: Any) -> None:
    answer = api(cast.therapist).post("/api/v1/patients", {**NEW, field: value})
    assert answer.status_code == 400, answer.content
    assert answer.json()["errors"][0]["attr"].split(".")[0] == field
    assert not Patient.objects.filter(name="Nell Placeholder").exists()


def test_responsible_must_work_for_the_clinic(api: Api, cast: Cast) -> None:
    answer = api(cast.therapist).post("/api/v1/patients", {**NEW, "responsible": str(cast.outsider.id)})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "responsible"


def test_record_number_is_unique_in_the_clinic_only(api: Api, cast: Cast) -> None:
    numbered = {**NEW, "record_number": "A-17"}
    assert api(cast.therapist).post("/api/v1/patients", numbered).status_code == 201
    again = api(cast.owner).post("/api/v1/patients", numbered)
    assert (again.status_code, again.json()["errors"][0]["attr"]) == (400, "record_number")
    assert api(cast.outsider).post("/api/v1/patients", numbered).status_code == 201


def test_change_needs_the_version(api: Api, cast: Cast) -> None:
    client, url = api(cast.therapist), f"/api/v1/patients/{cast.patient.id}"
    assert client.patch(url, {"phone": "1"}).status_code == 428
    changed = client.patch(url, {"findings": {"snapping": True}}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    stale = client.patch(url, {"phone": "1"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["findings"] == {"snapping": True}
    record = AccessRecord.objects.filter(action="write", object_id=cast.patient.id).get()
    assert record.detail == {"fields": ["findings"]}


def test_reading_leaves_a_line_in_the_access_log(api: Api, cast: Cast) -> None:
    api(cast.assistant).get(f"/api/v1/patients/{cast.patient.id}")
    assert AccessRecord.objects.filter(action="read", object_id=cast.patient.id, actor=cast.assistant).count() == 1


def test_list_shows_the_own_clinic_and_finds_by_each_word(api: Api, cast: Cast) -> None:
    client = api(cast.assistant)
    names = {row["name"] for row in client.get("/api/v1/patients").json()["results"]}
    assert names == {"Rosa Sample", "Ada Stencil"}
    found = client.get("/api/v1/patients", {"search": "sam rosa"}).json()["results"]
    assert [row["name"] for row in found] == ["Rosa Sample"]


@pytest.mark.parametrize("query", ["?nonsense=1", "?status=happy", "?page_size=0", "?page_size=1e3"])
def test_list_unknown_filters_400(api: Api, cast: Cast, query: str) -> None:
    answer = api(cast.therapist).get(f"/api/v1/patients{query}")
    assert answer.status_code in (400, 404), answer.content
    assert set(answer.json()) == {"type", "errors"}


@pytest.mark.django_db(transaction=True)
def test_two_changes_of_one_version_one_wins(api: Api, cast: Cast) -> None:
    url, codes = f"/api/v1/patients/{cast.patient.id}", []
    barrier = threading.Barrier(2)

    def change(phone: str) -> None:
        client = api(cast.therapist)
        barrier.wait()
        codes.append(client.patch(url, {"phone": phone}, headers={"If-Match": '"1"'}).status_code)
        connection.close()

    threads = [threading.Thread(target=change, args=(phone,)) for phone in ("111", "222")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [200, 412]


def test_birth_dates_and_nul_bytes_never_500(api: Api, cast: Cast) -> None:
    client = api(cast.therapist)
    for name in ("a\x00b", "\ud800"):
        raw = client.generic("POST", "/api/v1/patients", f'{{"name": "{name!a}"}}', content_type="application/json")
        assert raw.status_code == 400
    nul = client.generic(
        "POST",
        "/api/v1/patients",
        '{"name": "a\\u0000b", "birth_date": "1971-03-02"}',
        content_type="application/json",
    )
    assert nul.status_code == 400
    far = client.post("/api/v1/patients", {**NEW, "birth_date": "9999-12-31"})
    assert far.status_code == 400
    assert dt.date.max.year == 9999
