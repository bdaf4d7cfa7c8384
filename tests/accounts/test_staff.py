"""The team: GET|POST /clinic/staff, PATCH|DELETE /clinic/staff/{id}."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from rest_framework.test import APIClient

from accounts.api.errors import Conflict
from accounts.models import AccessRecord, Clinic, Membership, Role, StaffInvitation, User, hash_token
from accounts.staff import change_role
from tests.conftest import Cast

URL = "/api/v1/clinic/staff"
Api = Callable[..., APIClient]


def code(response: Any) -> tuple[int, str, str | None]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["attr"]


def invite(api: Api, by: User, **body: Any) -> Any:
    return api(by).post(URL, {"email": "new@clinic.example", "role": "therapist"} | body)


# ---- list ----


def test_staff_list_shows_team_and_open_invitations(cast: Cast, api: Api) -> None:
    invite(api, cast.owner)
    response = api(cast.assistant).get(URL)
    team = Membership.objects.filter(clinic=cast.clinic).select_related("user").order_by("-created_at", "-id")
    invitation = StaffInvitation.objects.get()
    assert (response.status_code, response.json()) == (
        200,
        {
            "next": None,
            "previous": None,
            "results": [
                {
                    "id": str(one.user.pk),
                    "name": one.user.name,
                    "email": one.user.email,
                    "role": one.role,
                    "since": one.created_at.isoformat().replace("+00:00", "Z"),
                }
                for one in team
            ],
            "invitations": [
                {
                    "id": str(invitation.pk),
                    "email": "new@clinic.example",
                    "role": "therapist",
                    "expires_at": invitation.expires_at.isoformat().replace("+00:00", "Z"),
                }
            ],
        },
    )
    assert {one["role"] for one in response.json()["results"]} == {"owner", "therapist", "assistant"}


@pytest.mark.parametrize("who", ["patient_user", "stranger"])
def test_staff_list_is_not_for_patients(cast: Cast, api: Api, who: str) -> None:
    assert code(api(getattr(cast, who)).get(URL)) == (403, "permission_denied", None)


def test_staff_list_costs_the_same_for_a_large_team(cast: Cast, api: Api, django_assert_num_queries: Any) -> None:
    for i in range(20):
        user = User.objects.create_user(f"more{i}@clinic.example", name=f"More {i}")
        Membership.objects.create(user=user, clinic=cast.clinic, role=Role.ASSISTANT)
    client = api(cast.owner)
    client.get(URL)
    with django_assert_num_queries(4):  # user, memberships, team, invitations
        assert len(client.get(URL).json()["results"]) == 23


# ---- invite ----


@pytest.mark.parametrize(
    ("language", "subject", "day"),
    [("en", "invites you", "until Dec. 1, 2026"), ("es", "le invita", "hasta el 1 de diciembre de 2026")],
)
def test_staff_invitation_is_mailed_in_the_reader_s_language(  # noqa: PLR0917
    cast: Cast, api: Api, language: str, subject: str, day: str, time_machine: Any
) -> None:
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False)
    response = invite(api, cast.owner, language=language)
    invitation = StaffInvitation.objects.get()
    body = response.json()
    token = body.pop("url").removeprefix("http://testserver/clinic/join/")
    assert (response.status_code, body) == (
        201,
        {
            "id": str(invitation.pk),
            "email": "new@clinic.example",
            "role": "therapist",
            "expires_at": "2026-12-01T09:00:00Z",
            "sent": True,
        },
    )
    assert invitation.token_hash == hash_token(token)
    [message] = mail.outbox
    assert (message.to, message.content_subtype) == (["new@clinic.example"], "plain")
    assert subject in message.subject
    assert f"http://testserver/clinic/join/{token}" in message.body
    assert "Olive Owner" in message.body
    assert day in message.body


def test_staff_invitation_voids_the_earlier_one(cast: Cast, api: Api) -> None:
    invite(api, cast.owner)
    invite(api, cast.owner, email="NEW@clinic.example", role="assistant")
    assert [one.role for one in StaffInvitation.objects.filter(voided_at=None)] == ["assistant"]
    assert StaffInvitation.objects.count() == 2


def test_staff_invitation_of_a_colleague_is_a_conflict(cast: Cast, api: Api) -> None:
    response = invite(api, cast.owner, email=str(cast.therapist.email).upper())
    assert code(response) == (409, "already_member", None)
    assert not mail.outbox


@pytest.mark.parametrize("who", ["therapist", "assistant", "patient_user"])
def test_staff_invitation_is_for_owners(cast: Cast, api: Api, who: str) -> None:
    assert code(invite(api, getattr(cast, who))) == (403, "permission_denied", None)
    assert not StaffInvitation.objects.exists()


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": None}, "email"),
        ({"email": "a" * 300 + "@x.example"}, "email"),
        ({"role": "king"}, "role"),
        ({"role": ["owner"]}, "role"),
        ({"language": "tlh"}, "language"),
        ({"clinic": "x"}, "clinic"),
    ],
)
def test_staff_invitation_refuses_what_makes_no_sense(cast: Cast, api: Api, body: dict[str, Any], attr: str) -> None:
    response = invite(api, cast.owner, **body)
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)
    assert not StaffInvitation.objects.exists()


def test_staff_invitation_for_another_clinic_is_not_there(cast: Cast, api: Api) -> None:
    assert code(invite(api, cast.owner, clinic=str(cast.other_clinic.pk))) == (404, "not_found", None)


def test_staff_invitation_says_when_no_mail_went_out(cast: Cast, api: Api, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    response = invite(api, cast.owner)
    assert (response.status_code, response.json()["sent"]) == (201, False)
    assert "/clinic/join/" in response.json()["url"]


def test_staff_invitations_are_limited_and_say_when_to_come_back(cast: Cast, api: Api, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mail": "1/hour"}
    assert invite(api, cast.owner).status_code == 201
    response = invite(api, cast.owner, email="next@clinic.example")
    assert code(response) == (429, "throttled", None)
    assert 0 < int(response["Retry-After"]) <= 3600
    assert api(cast.owner).get(URL).status_code == 200, "reading is not limited"


# ---- roles and leaving ----


def test_role_is_changed_by_the_owner(cast: Cast, api: Api) -> None:
    response = api(cast.owner).patch(f"{URL}/{cast.assistant.pk}", {"role": "therapist"})
    membership = Membership.objects.get(user=cast.assistant)
    assert (response.status_code, response.json()) == (
        200,
        {
            "id": str(cast.assistant.pk),
            "name": "Ash Assistant",
            "email": cast.assistant.email,
            "role": "therapist",
            "since": membership.created_at.isoformat().replace("+00:00", "Z"),
        },
    )
    entry = AccessRecord.objects.get(kind="staff")
    assert (entry.actor, entry.object_id, entry.detail) == (cast.owner, cast.assistant.pk, {"role": "therapist"})
    # The new role counts from the next request on.
    assert api(cast.assistant).get("/api/v1/clinic").status_code == 200


@pytest.mark.parametrize("who", ["therapist", "assistant", "patient_user", "stranger"])
def test_role_is_not_changed_by_others(cast: Cast, api: Api, who: str) -> None:
    client = api(getattr(cast, who))
    assert client.patch(f"{URL}/{cast.therapist.pk}", {"role": "owner"}).status_code == 403
    assert client.delete(f"{URL}/{cast.owner.pk}").status_code == 403
    assert Membership.objects.get(user=cast.therapist).role == "therapist"


def test_the_last_owner_stays(cast: Cast, api: Api) -> None:
    client = api(cast.owner)
    assert code(client.patch(f"{URL}/{cast.owner.pk}", {"role": "therapist"})) == (409, "last_owner", None)
    assert code(client.delete(f"{URL}/{cast.owner.pk}")) == (409, "last_owner", None)
    client.patch(f"{URL}/{cast.therapist.pk}", {"role": "owner"})
    assert client.delete(f"{URL}/{cast.owner.pk}").status_code == 204
    assert client.get(URL).status_code == 403, "who left is out at once"


def test_a_removed_colleague_is_out_at_once(cast: Cast, api: Api) -> None:
    theirs = api(cast.therapist)
    assert theirs.get("/api/v1/clinic").status_code == 200
    assert api(cast.owner).delete(f"{URL}/{cast.therapist.pk}").status_code == 204
    assert theirs.get("/api/v1/clinic").status_code == 403
    assert Membership.objects.get(user=cast.therapist).ended_at is not None
    assert api(cast.owner).delete(f"{URL}/{cast.therapist.pk}").status_code == 404


def test_an_open_invitation_can_be_withdrawn(cast: Cast, api: Api) -> None:
    invite(api, cast.owner)
    invitation = StaffInvitation.objects.get()
    assert api(cast.owner).delete(f"{URL}/{invitation.pk}").status_code == 204
    assert api(cast.owner).get(URL).json()["invitations"] == []
    assert api(cast.owner).delete(f"{URL}/{invitation.pk}").status_code == 404


def test_staff_of_another_clinic_are_not_there(cast: Cast, api: Api) -> None:
    client = api(cast.owner)
    for foreign in (cast.outsider.pk, cast.patient_user.pk, uuid.uuid4()):
        assert client.patch(f"{URL}/{foreign}", {"role": "assistant"}).status_code == 404
        assert client.delete(f"{URL}/{foreign}").status_code == 404
    assert client.delete(f"{URL}/nonsense").status_code == 404
    assert Membership.objects.get(user=cast.outsider).ended_at is None


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one() -> None:
    clinic = Clinic.objects.create(name="Example Physiotherapy")
    first, second = (User.objects.create_user(f"{n}@clinic.example", name=n) for n in ("first", "second"))
    for user in (first, second):
        Membership.objects.create(user=user, clinic=clinic, role=Role.OWNER)
    start, outcomes = threading.Barrier(2), []

    def demote(victim: User, by: User) -> None:
        start.wait()
        try:
            change_role(clinic=clinic, user_id=victim.pk, role=Role.ASSISTANT, by=by)
            outcomes.append("done")
        except Conflict as error:
            outcomes.append(str(error.get_codes()))
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "last_owner"]
    assert Membership.objects.filter(clinic=clinic, role=Role.OWNER).count() == 1
