"""POST /staff/join: an invitation becomes a colleague, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Clinic, Membership, Role, StaffInvitation, User
from accounts.staff import invite
from tests.conftest import PASSWORD, Cast

URL = "/api/v1/staff/join"
NEW_PASSWORD = "long-enough-for-anyone"
Api = Callable[..., APIClient]


def token_for(cast: Cast, email: str = "new@clinic.example", clinic: Clinic | None = None) -> str:
    return invite(clinic=clinic or cast.clinic, email=email, role=Role.THERAPIST, by=cast.owner).token


def join(client: APIClient, token: str, **body: Any) -> Any:
    return client.post(URL, {"token": token, "name": "Nora Newcomer", "password": NEW_PASSWORD} | body)


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["errors"][0]["code"]


def test_an_invited_stranger_becomes_staff_and_is_signed_in(cast: Cast, api: Api) -> None:
    client = api()
    response = join(client, token_for(cast))
    user = User.objects.get(email="new@clinic.example")
    assert (response.status_code, response.json()) == (
        201,
        {
            "clinic": {
                "id": str(cast.clinic.pk),
                "name": "Example Physiotherapy",
                "role": "therapist",
                "abilities": [
                    "answer", "export", "invite", "library", "override", "paper", "patients", "prescribe", "read",
                    "resolve", "unlock",
                ],
            },
            "signed_in": True,
        },
    )  # fmt: skip
    assert (user.name, user.check_password(NEW_PASSWORD)) == ("Nora Newcomer", True)
    assert client.get("/api/v1/clinic").status_code == 200
    actions = AccessRecord.objects.filter(actor=user).values_list("action", "kind", "clinic")
    assert sorted(actions) == sorted([("write", "staff", cast.clinic.pk), ("login", "user", cast.clinic.pk)])


def test_an_invitation_works_once(cast: Cast, api: Api) -> None:
    token = token_for(cast)
    assert join(api(), token).status_code == 201
    assert code(join(api(), token)) == (404, "not_found")
    assert Membership.objects.filter(user__email="new@clinic.example").count() == 1


@pytest.mark.parametrize(
    "spoil",
    [
        {"expires_at": timezone.now() - dt.timedelta(seconds=1)},
        {"voided_at": timezone.now()},
        {"used_at": timezone.now()},
        {"token_hash": "0" * 64},
    ],
    ids=["expired", "voided", "used", "unknown"],
)
def test_a_dead_invitation_is_not_there(cast: Cast, api: Api, spoil: dict[str, Any]) -> None:
    token = token_for(cast)
    StaffInvitation.objects.update(**spoil)
    assert code(join(api(), token)) == (404, "not_found")
    assert not User.objects.filter(email="new@clinic.example").exists()


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"password": "nora newcomer"}, "password"),
        ({"password": None}, "password"),
        ({"password": ["x"]}, "password"),
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"token": ""}, "token"),
        ({"token": "x" * 201}, "token"),
        ({"token": 5.5}, None),
    ],
)
def test_joining_refuses_what_makes_no_sense(cast: Cast, api: Api, body: dict[str, Any], attr: str | None) -> None:
    response = join(api(), **({"token": token_for(cast)} | body))
    assert response.status_code == (400 if attr else 404)
    assert response.json()["errors"][0]["attr"] == attr
    assert not User.objects.filter(email="new@clinic.example").exists()
    assert StaffInvitation.objects.get().used_at is None, "the invitation is still good"


def test_staff_of_another_clinic_join_with_their_own_password(cast: Cast, api: Api) -> None:
    token = token_for(cast, email=str(cast.outsider.email).upper())
    assert code(join(api(), token, password="wrong-wrong-wrong")) == (403, "password_wrong")
    assert join(api(), token, password=PASSWORD).status_code == 201
    assert set(cast.outsider.memberships.values_list("clinic", "role")) == {
        (cast.other_clinic.pk, "owner"),
        (cast.clinic.pk, "therapist"),
    }
    cast.outsider.refresh_from_db()
    assert cast.outsider.name == "Otto Outsider", "an invitation renames nobody"


def test_a_colleague_who_left_may_come_back(cast: Cast, api: Api) -> None:
    Membership.objects.filter(user=cast.therapist).update(ended_at=timezone.now())
    token = token_for(cast, email=str(cast.therapist.email))
    assert join(api(), token, password=PASSWORD).status_code == 201
    assert Membership.objects.filter(user=cast.therapist, ended_at=None).count() == 1


def test_a_patient_s_account_never_becomes_staff(cast: Cast, api: Api) -> None:
    token = token_for(cast, email=str(cast.patient_user.email))
    assert code(join(api(), token, password=PASSWORD)) == (409, "email_taken")
    assert not cast.patient_user.memberships.exists()


def test_joining_while_signed_in_is_a_conflict(cast: Cast, api: Api) -> None:
    token = token_for(cast)
    assert code(join(api(cast.patient_user), token)) == (409, "signed_in")
    assert join(api(), token).status_code == 201


def test_a_second_factor_is_not_walked_around(cast: Cast, api: Api) -> None:
    Authenticator.objects.create(user=cast.outsider, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client = api()
    response = join(client, token_for(cast, email=str(cast.outsider.email)), password=PASSWORD)
    assert (response.status_code, response.json()["signed_in"]) == (201, False)
    assert client.get("/api/v1/clinic").status_code == 401


def test_guessing_is_limited(db: None, api: Api, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"guess": "2/min"}
    # A forged X-Forwarded-For is not a new address.
    answers = [
        api().post(URL, {"token": "a", "name": "b", "password": "c"}, headers={"X-Forwarded-For": f"10.0.0.{i}"})
        for i in range(3)
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert code(answers[-1]) == (429, "throttled")


def test_joining_wants_the_csrf_token_like_every_write(cast: Cast) -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    response = client.patch("/api/v1/clinic", {"name": "Mine"})
    assert code(response) == (403, "csrf_failed")
