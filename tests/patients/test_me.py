"""GET and PATCH /me."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Membership, Role, User
from tests.conftest import Cast, give_access

URL = "/api/v1/me"
Api = Callable[..., APIClient]

THERAPIST_MAY = [
    "answer", "export", "invite", "library", "override", "paper", "patients", "prescribe", "read", "resolve", "unlock",
]  # fmt: skip


def me(user: User, **changes: Any) -> dict[str, Any]:
    return {
        "user": {"id": str(user.pk), "name": user.name, "email": user.email, "text_size": "normal"},
        "role": "patient",
        "clinics": [],
        "patients": [],
        "locale": "en",
        "timezone": "UTC",
    } | changes


def read(client: APIClient) -> dict[str, Any]:
    response = client.get(URL)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    token = body.pop("csrf_token")
    assert len(token) == 64
    assert response.cookies["csrftoken"].value, "the cookie comes with the answer"
    return body


def clinic(cast: Cast, role: str, abilities: list[str]) -> dict[str, Any]:
    return {"id": str(cast.clinic.pk), "name": "Example Physiotherapy", "role": role, "abilities": abilities}


def test_me_of_staff(cast: Cast, api: Api) -> None:
    assert read(api(cast.therapist)) == me(
        cast.therapist, role="staff", clinics=[clinic(cast, "therapist", THERAPIST_MAY)]
    )
    assert read(api(cast.assistant)) == me(
        cast.assistant, role="staff", clinics=[clinic(cast, "assistant", ["answer", "invite", "paper", "read"])]
    )


def test_me_of_staff_of_two_clinics(cast: Cast, api: Api) -> None:
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.ASSISTANT)
    clinics = read(api(cast.therapist))["clinics"]
    assert [(one["name"], one["role"]) for one in clinics] == [
        ("Elsewhere Physiotherapy", "assistant"),
        ("Example Physiotherapy", "therapist"),
    ]


def test_me_of_a_patient_and_of_a_carer_of_two(cast: Cast, api: Api) -> None:
    rosa = {"id": str(cast.patient.pk), "name": "Rosa Sample"}
    assert read(api(cast.patient_user)) == me(cast.patient_user, patients=[rosa | {"relation": "self"}])
    give_access(cast.carer, cast.foreign_patient, relation="carer")  # type: ignore[arg-type]
    faye = {"id": str(cast.foreign_patient.pk), "name": "Faye Foreign", "relation": "carer"}
    assert read(api(cast.carer)) == me(cast.carer, patients=[rosa | {"relation": "carer"}, faye])


def test_me_of_a_stranger(cast: Cast, api: Api) -> None:
    assert read(api(cast.stranger)) == me(cast.stranger)


def test_me_of_nobody(db: None, api: Api) -> None:
    for response in (api().get(URL), api().patch(URL, {"locale": "es"})):
        assert (response.status_code, response.json()["errors"][0]["code"]) == (401, "not_authenticated")


def test_me_after_access_ended(cast: Cast, api: Api) -> None:
    cast.patient.access.update(ended_at=cast.patient.created_at)
    assert read(api(cast.patient_user)) == me(cast.patient_user)


def test_me_s_token_lets_a_write_through(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    token = client.get(URL).json()["csrf_token"]
    assert client.patch(URL, {"locale": "es"}).status_code == 403
    assert client.patch(URL, {"locale": "es"}, headers={"X-CSRFToken": token}).status_code == 200


def test_me_costs_four_queries_for_many_patients(cast: Cast, api: Api, django_assert_num_queries: Any) -> None:
    client = api(cast.carer)
    client.get(URL)
    for patient in (cast.other_patient, cast.foreign_patient):
        give_access(cast.carer, patient, relation="carer")  # type: ignore[arg-type]
        with django_assert_num_queries(3):  # user, clinics, patients; the session comes from the cache
            client.get(URL)


@pytest.mark.parametrize("name", ["locale", "language"])
def test_me_changes_a_patient_s_own_record_with_it(cast: Cast, api: Api, name: str) -> None:
    response = api(cast.patient_user).patch(URL, {name: "es", "timezone": "Atlantic/Canary", "text_size": "large"})
    body = response.json()
    assert response.status_code == 200
    assert (body["locale"], body["timezone"], body["user"]["text_size"]) == ("es", "Atlantic/Canary", "large")
    for patient, expected in (
        (cast.patient, ("es", "Atlantic/Canary")),
        (cast.other_patient, ("en", "Europe/Madrid")),
    ):
        patient.refresh_from_db()
        assert (patient.language, patient.timezone) == expected
    entry = AccessRecord.objects.get(kind="patient", action="write")
    assert (entry.actor, sorted(entry.detail["fields"])) == (cast.patient_user, ["language", "timezone"])


def test_me_of_a_carer_changes_no_record(cast: Cast, api: Api) -> None:
    assert api(cast.carer).patch(URL, {"locale": "es", "timezone": "Atlantic/Canary"}).status_code == 200
    cast.patient.refresh_from_db()
    assert (cast.patient.language, cast.patient.timezone, cast.patient.version) == ("en", "Europe/Madrid", 1)


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"timezone": "Moon/Base"}, "timezone"),
        ({"timezone": "x" * 65}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"locale": "tlh"}, "locale"),
        ({"language": ["es"]}, "language"),
        ({"text_size": "huge"}, "text_size"),
        ({"name": ""}, "name"),
        ([], "non_field_errors"),
    ],
)
def test_me_refuses_what_makes_no_sense(cast: Cast, api: Api, body: Any, attr: str) -> None:
    response = api(cast.patient_user).patch(URL, body)
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)
    cast.patient_user.refresh_from_db()
    assert (cast.patient_user.language, cast.patient_user.timezone) == ("en", "UTC")


def test_me_ignores_what_is_not_for_oneself_to_change(cast: Cast, api: Api) -> None:
    api(cast.patient_user).patch(URL, {"role": "staff", "email": "other@cast.example", "is_staff": True})
    user = User.objects.get(pk=cast.patient_user.pk)
    assert (user.email, user.is_staff, user.memberships.count()) == (cast.patient_user.email, False, 0)
