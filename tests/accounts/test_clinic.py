"""GET and PATCH /clinic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Membership, Role
from tests.conftest import Cast

URL = "/api/v1/clinic"
Api = Callable[..., APIClient]


def document(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(cast.clinic.pk),
        "name": "Example Physiotherapy",
        "phone": "+34 910 000 000",
        "country": "ES",
        "timezone": "Europe/Madrid",
        "hours": "",
        "escalation_email": "",
        "policies": {},
        "paper": "A4",
    } | changes


def test_clinic_says_which_paper_its_printers_hold(cast: Cast, api: Api) -> None:
    answer = api(cast.owner).patch(URL, {"country": "US", "paper": "A4"})
    assert (answer.status_code, answer.json()["paper"]) == (200, "Letter")


@pytest.mark.parametrize("who", ["owner", "therapist", "assistant"])
def test_clinic_is_read_by_its_staff(cast: Cast, api: Api, who: str) -> None:
    response = api(getattr(cast, who)).get(URL)
    assert (response.status_code, response.json()) == (200, document(cast))
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("who", ["patient_user", "carer", "stranger"])
def test_clinic_is_not_read_by_others(cast: Cast, api: Api, who: str) -> None:
    response = api(getattr(cast, who)).get(URL)
    assert (response.status_code, response.json()) == (
        403,
        {
            "type": "client_error",
            "errors": [
                {"code": "permission_denied", "detail": "Only the staff of a clinic can do this.", "attr": None}
            ],
        },
    )


def test_clinic_is_not_read_by_nobody(db: None, api: Api) -> None:
    response = api().get(URL)
    assert response.status_code == 401
    assert response.json()["errors"][0]["code"] == "not_authenticated"


def test_clinic_is_changed_by_its_owner(cast: Cast, api: Api) -> None:
    changes = {
        "name": "Example Physio",
        "country": "PT",
        "timezone": "Europe/Lisbon",
        "hours": "Mon–Fri 9–18",
        "escalation_email": "duty@clinic.example",
        "policies": {"default_pain_limit": 4},
    }
    response = api(cast.owner).patch(URL, changes)
    assert (response.status_code, response.json()) == (200, document(cast, **changes))
    entry = AccessRecord.objects.get(kind="clinic")
    assert (entry.action, entry.actor, entry.clinic, entry.object_id, entry.detail) == (
        "write",
        cast.owner,
        cast.clinic,
        cast.clinic.pk,
        {"fields": sorted(changes)},
    )
    cast.other_clinic.refresh_from_db()
    assert cast.other_clinic.name == "Elsewhere Physiotherapy"


@pytest.mark.parametrize("who", ["therapist", "assistant", "patient_user"])
def test_clinic_is_not_changed_by_others(cast: Cast, api: Api, who: str) -> None:
    assert api(getattr(cast, who)).patch(URL, {"name": "Mine"}).status_code == 403
    cast.clinic.refresh_from_db()
    assert cast.clinic.name == "Example Physiotherapy"


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": ["x"]}, "name"),
        ({"country": "es"}, "country"),
        ({"country": "ESP"}, "country"),
        ({"timezone": "Moon/Base"}, "timezone"),
        ({"escalation_email": "nobody"}, "escalation_email"),
        ({"policies": {"default_pain_limit": 11}}, "policies.default_pain_limit"),
        ({"policies": {"colour": "red"}}, "policies.colour"),
        ({"policies": []}, "policies.non_field_errors"),
        ({"clinic": "nonsense"}, "clinic"),
        ([], "non_field_errors"),
        ("text", "non_field_errors"),
    ],
)
def test_clinic_refuses_what_makes_no_sense(cast: Cast, api: Api, body: Any, attr: str) -> None:
    response = api(cast.owner).patch(URL, body, format="json")
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)
    cast.clinic.refresh_from_db()
    assert cast.clinic.name == "Example Physiotherapy"


def test_clinic_of_two_must_be_named(cast: Cast, api: Api) -> None:
    Membership.objects.create(user=cast.owner, clinic=cast.other_clinic, role=Role.ASSISTANT)
    client = api(cast.owner)
    assert client.get(URL).json()["errors"][0]["attr"] == "clinic"
    assert client.get(URL, {"clinic": str(cast.other_clinic.pk)}).json()["name"] == "Elsewhere Physiotherapy"
    # An owner here is an assistant there: the role of the named clinic decides.
    assert client.patch(URL, {"clinic": str(cast.other_clinic.pk), "name": "Mine"}).status_code == 403
    assert client.patch(URL, {"clinic": str(cast.clinic.pk), "name": "Ours"}).json()["name"] == "Ours"


def test_clinic_of_others_is_not_there(cast: Cast, api: Api) -> None:
    client = api(cast.owner)
    assert client.get(URL, {"clinic": str(cast.other_clinic.pk)}).status_code == 404
    assert client.patch(URL, {"clinic": str(cast.other_clinic.pk), "name": "Mine"}).status_code == 404


def test_clinic_refuses_unknown_parameters(cast: Cast, api: Api) -> None:
    assert api(cast.owner).get(URL, {"colour": "red"}).json()["errors"][0]["attr"] == "colour"


def test_clinic_costs_three_queries(cast: Cast, api: Api, django_assert_num_queries: Any) -> None:
    client = api(cast.owner)
    client.get(URL)  # the first answer also stamps the session's age
    with django_assert_num_queries(2):  # user, memberships with clinics; the session comes from the cache
        client.get(URL)
