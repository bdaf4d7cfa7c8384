"""Invitations, joining and the transfer code."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core import mail
from rest_framework.test import APIClient

from accounts.models import AccessRecord, User, hash_token
from patients.models import Flag, Invitation, Patient, PatientAccess, TransferCode
from tests.conftest import Cast

Api = Callable[..., APIClient]
BIRTH_DATE = "1964-05-17"


@pytest.fixture
def newcomer(cast: Cast) -> Patient:
    return Patient.objects.create(
        clinic=cast.clinic, name="Nell Placeholder", birth_date=dt.date(1964, 5, 17), timezone="Europe/Madrid"
    )


def invite(api: Api, cast: Cast, patient: Patient, **wanted: Any) -> str:
    answer = api(cast.therapist).post(f"/api/v1/patients/{patient.id}/invitation", wanted)
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["url"].rsplit("/join/", 1)[1])


def join(client: APIClient, token: str, **more: Any) -> Any:
    return client.post("/api/v1/join", {"token": token, "birth_date": BIRTH_DATE, "consent": True, **more})


def test_invitation_therapist_gets_url_and_qr(api: Api, cast: Cast, newcomer: Patient) -> None:
    answer = api(cast.therapist).post(f"/api/v1/patients/{newcomer.id}/invitation", {})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"url", "qr_svg", "expires_at", "sent"}
    assert body["url"].startswith("http://testserver/join/")
    assert body["qr_svg"].startswith("<svg")
    assert body["sent"] is False
    stored = Invitation.objects.get(patient=newcomer)
    token = body["url"].rsplit("/", 1)[1]
    assert stored.token_hash == hash_token(token)
    assert token not in str(Invitation.objects.values().get(pk=stored.pk))


def test_invitation_assistant_may(api: Api, cast: Cast, newcomer: Patient) -> None:
    assert api(cast.assistant).post(f"/api/v1/patients/{newcomer.id}/invitation", {}).status_code == 201


def test_invitation_outsider_404(api: Api, cast: Cast, newcomer: Patient) -> None:
    assert api(cast.outsider).post(f"/api/v1/patients/{newcomer.id}/invitation", {}).status_code == 404


def test_new_invitation_voids_only_the_unused_one_of_its_kind(api: Api, cast: Cast, newcomer: Patient) -> None:
    link, handout = invite(api, cast, newcomer), invite(api, cast, newcomer, purpose="handout")
    carer = invite(api, cast, newcomer, relation="carer")
    newer = invite(api, cast, newcomer)
    check = {"birth_date": BIRTH_DATE}
    codes = [api().post("/api/v1/join/check", {"token": t, **check}).status_code for t in (link, handout, carer, newer)]
    assert codes == [404, 200, 200, 200]


def test_send_mails_the_link_without_health_details(api: Api, cast: Cast, newcomer: Patient) -> None:
    newcomer.email = "nell@placeholder.example"
    newcomer.language = "es"
    newcomer.save()
    answer = api(cast.therapist).post(f"/api/v1/patients/{newcomer.id}/invitation", {"send": True})
    assert answer.json()["sent"] is True
    [letter] = mail.outbox
    assert letter.to == ["nell@placeholder.example"]
    assert answer.json()["url"] in letter.body
    assert "Nell" not in letter.subject
    assert "fecha de nacimiento" in letter.body


def test_send_without_address_400(api: Api, cast: Cast, newcomer: Patient) -> None:
    answer = api(cast.therapist).post(f"/api/v1/patients/{newcomer.id}/invitation", {"send": True})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "send"
    assert not Invitation.objects.exists()


def test_check_greets_by_first_name_only_after_the_birth_date(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer)
    wrong = api().post("/api/v1/join/check", {"token": token, "birth_date": "1964-05-18"})
    assert wrong.status_code == 403
    assert wrong.json()["errors"][0]["code"] == "birth_date_wrong"
    assert "Nell" not in wrong.content.decode()
    right = api().post("/api/v1/join/check", {"token": token, "birth_date": BIRTH_DATE})
    assert right.json()["first_name"] == "Nell"
    assert right.json()["clinic"] == cast.clinic.name
    assert right.json()["relation"] == "self"
    assert cast.clinic.name in right.json()["consent"]["text"]


def test_five_wrong_dates_kill_the_token_and_tell_the_clinic(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer)
    for attempt in range(5):
        path = "/api/v1/join/check" if attempt % 2 else "/api/v1/join"  # the tries are shared
        answer = api().post(path, {"token": token, "birth_date": "1970-01-01", "consent": True})
        assert answer.status_code == 403, attempt
    assert api().post("/api/v1/join/check", {"token": token, "birth_date": BIRTH_DATE}).status_code == 404
    assert join(api(), token).status_code == 404
    flag = Flag.objects.get(patient=newcomer)
    assert (flag.kind, flag.resolved_at) == ("join_attempts", None)
    newcomer.refresh_from_db()
    assert newcomer.attention_rank > 0


def test_join_signs_in_records_consent_and_uses_the_token_up(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer)
    phone = api()
    answer = join(phone, token, device=str(uuid.uuid4()))
    assert answer.status_code == 201
    assert set(answer.json()) == {"patient", "transfer_code"}
    assert answer.json()["patient"] == str(newcomer.id)
    access = PatientAccess.objects.get(patient=newcomer)
    assert (access.relation, access.consent_version) == ("self", "2026-11-24")
    me = phone.get("/api/v1/me")
    assert me.status_code == 200, me.json()
    assert me.json()["patients"] == [{"id": str(newcomer.id), "name": "Nell Placeholder", "relation": "self"}]
    newcomer.refresh_from_db()
    assert newcomer.status == "active"
    assert join(api(), token).status_code == 404
    assert AccessRecord.objects.filter(action="join", object_id=newcomer.id).count() == 1


def test_join_without_consent_400_and_nothing_happens(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer)
    assert join(api(), token, consent=False).status_code == 400
    assert not PatientAccess.objects.filter(patient=newcomer).exists()
    assert join(api(), token).status_code == 201


def test_join_with_an_outdated_consent_text_409(api: Api, cast: Cast, newcomer: Patient) -> None:
    answer = join(api(), invite(api, cast, newcomer), consent_version="2020-01-01")
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "consent_changed"


def test_join_again_from_the_same_device_within_ten_minutes_same_answer(
    api: Api, cast: Cast, newcomer: Patient
) -> None:
    token, device = invite(api, cast, newcomer), str(uuid.uuid4())
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        Invitation.objects.update(expires_at=dt.datetime(2026, 12, 24, tzinfo=dt.UTC))
        assert join(api(), token, device=device).status_code == 201
        clock.shift(dt.timedelta(minutes=10))
        again = join(api(), token, device=device)
        assert (again.status_code, again.json()["patient"]) == (201, str(newcomer.id))
        assert join(api(), token, device=str(uuid.uuid4())).status_code == 404
        clock.shift(dt.timedelta(seconds=1))
        assert join(api(), token, device=device).status_code == 404
    assert PatientAccess.objects.filter(patient=newcomer).count() == 1


def test_second_self_invitation_reuses_the_account(api: Api, cast: Cast, newcomer: Patient) -> None:
    join(api(), invite(api, cast, newcomer))
    users = User.objects.count()
    join(api(), invite(api, cast, newcomer))
    assert User.objects.count() == users
    assert PatientAccess.objects.filter(patient=newcomer).count() == 1


def test_replace_ends_the_lost_phones_session(api: Api, cast: Cast, newcomer: Patient) -> None:
    lost = api()
    join(lost, invite(api, cast, newcomer))
    assert lost.get("/api/v1/me").status_code == 200
    fresh = api()
    assert join(fresh, invite(api, cast, newcomer, replace=True)).status_code == 201
    assert lost.get("/api/v1/me").status_code == 401
    assert fresh.get("/api/v1/me").status_code == 200
    assert UserSession.objects.count() == 1


def test_replace_is_for_the_patients_own_phone_only(api: Api, cast: Cast, newcomer: Patient) -> None:
    answer = api(cast.therapist).post(
        f"/api/v1/patients/{newcomer.id}/invitation", {"replace": True, "relation": "carer"}
    )
    assert answer.status_code == 400


def test_join_while_signed_in_409(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer)
    for user in (cast.patient_user, cast.therapist):
        answer = join(api(user), token)
        assert answer.status_code == 409
        assert answer.json()["errors"][0]["code"] == "signed_in"
    assert join(api(), token).status_code == 201


def test_carer_may_add_a_second_person_staff_never(api: Api, cast: Cast, newcomer: Patient) -> None:
    token = invite(api, cast, newcomer, relation="carer")
    assert join(api(cast.therapist), token, add=True).status_code == 409
    carer = api(cast.carer)
    assert join(carer, token, add=True).status_code == 201
    reached = {one["id"] for one in carer.get("/api/v1/me").json()["patients"]}
    assert reached == {str(cast.patient.id), str(newcomer.id)}


def test_transfer_code_signs_in_once(api: Api, cast: Cast, newcomer: Patient) -> None:
    code = join(api(), invite(api, cast, newcomer)).json()["transfer_code"]
    assert len(code) == 8
    installed = api()
    answer = installed.post("/api/v1/join/transfer", {"code": f" {code[:4].lower()} {code[4:]} "})
    assert answer.status_code == 200
    assert answer.json() == {"patients": [str(newcomer.id)]}
    assert installed.get("/api/v1/me").status_code == 200
    assert api().post("/api/v1/join/transfer", {"code": code}).status_code == 404


def test_transfer_code_lasts_fifteen_minutes_and_a_new_one_replaces_it(api: Api, cast: Cast) -> None:
    phone = api(cast.patient_user)
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        first = phone.post("/api/v1/me/transfer-code").json()["code"]
        second = phone.post("/api/v1/me/transfer-code").json()["code"]
        assert api().post("/api/v1/join/transfer", {"code": first}).status_code == 404
        clock.shift(dt.timedelta(minutes=15))
        assert api().post("/api/v1/join/transfer", {"code": second}).status_code == 404
    assert TransferCode.objects.filter(used_at=None).count() == 1


@pytest.mark.parametrize(
    "payload",
    [
        [],
        "text",
        {},
        {"token": "x"},
        {"token": 1, "birth_date": 5, "consent": "perhaps"},
        {"token": "x" * 100_000, "birth_date": BIRTH_DATE, "consent": True},
        {"token": {"a": 1}, "birth_date": "31-31-31", "consent": True},
        {"token": "x", "birth_date": BIRTH_DATE, "consent": True, "device": "no-uuid"},
    ],
)
def test_join_malformed_400(api: Api, db: None, payload: Any) -> None:
    for path in ("/api/v1/join", "/api/v1/join/check"):
        answer = api().post(path, payload)
        if path.endswith("check") and isinstance(payload, dict) and payload.get("device"):
            continue  # the check does not look at the device
        assert answer.status_code == 400, (path, answer.content)
        assert answer.json()["type"] == "validation_error"
