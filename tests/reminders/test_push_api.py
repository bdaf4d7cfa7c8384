"""Subscribing and unsubscribing a browser, and what the settings say about it."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients.models import Patient, Relation
from reminders import subscriptions
from reminders.channels.push import vapid
from reminders.models import ChannelOff, PushSubscription, ReminderRule
from reminders.rules import ensure_rule
from tests.conftest import Cast, give_access
from tests.reminders.push_service import Browser
from tests.reminders.test_api import error

Api = Callable[..., APIClient]
pytestmark = pytest.mark.django_db
PUSH = "/api/v1/me/push-subscriptions"
MINE = "/api/v1/me/reminders"


@pytest.fixture(autouse=True)
def _public_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no name service in a test; every name is one public address."""

    def answer(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def body(name: str = "one", **more: Any) -> dict[str, Any]:
    return Browser(f"https://push.example/{name}", "").body(**more)


def state(client: APIClient) -> str:
    found: str = client.get(MINE).json()["channels"][0]["state"]
    return found


def test_a_browser_subscribes_and_is_ready(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    assert state(client) == "no_subscription"
    sent = body(device=str(uuid.uuid4()))
    answer = client.post(PUSH, sent)
    stored = PushSubscription.objects.get()
    assert (answer.status_code, answer.json()) == (201, {"id": str(stored.pk)})
    assert (stored.patient, stored.user, stored.endpoint) == (rosa, cast.patient_user, "https://push.example/one")
    assert (stored.p256dh, stored.auth, str(stored.device)) == (*sent["keys"].values(), sent["device"])
    assert state(client) == "ready"
    assert client.get(MINE).json()["vapid_public_key"] == vapid.public_key()
    logged = AccessRecord.objects.about("patient", rosa.pk).values_list("detail__fields", flat=True)
    assert ["push_subscriptions"] in list(logged)


def test_the_same_browser_again_is_200_and_renews_its_keys(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    first = client.post(PUSH, body())
    fresh = body()
    again = client.post(PUSH, fresh)
    assert (again.status_code, again.json()) == (200, first.json())
    assert PushSubscription.objects.get().p256dh == fresh["keys"]["p256dh"]


def test_padded_keys_are_the_same_keys(cast: Cast, api: Api, rosa: Patient) -> None:
    sent = body()
    keys = {name: text + "=" * (-len(text) % 4) for name, text in sent["keys"].items()}
    assert api(cast.patient_user).post(PUSH, {**sent, "keys": keys}).status_code == 201
    assert PushSubscription.objects.get().auth == sent["keys"]["auth"]


def test_a_phone_that_subscribes_anew_ends_its_earlier_subscription(cast: Cast, api: Api, rosa: Patient) -> None:
    client, device = api(cast.patient_user), str(uuid.uuid4())
    client.post(PUSH, body("old", device=device))
    client.post(PUSH, body("other phone", device=str(uuid.uuid4())))
    client.post(PUSH, body("new", device=device))
    active = subscriptions.active(rosa).values_list("endpoint", flat=True)
    assert sorted(active) == ["https://push.example/new", "https://push.example/other phone"]
    assert PushSubscription.objects.get(endpoint__endswith="old").end_reason == subscriptions.REPLACED


def test_a_browser_that_another_account_uses_now_is_theirs(cast: Cast, api: Api, rosa: Patient) -> None:
    """A shared tablet: its reminders are for whoever is signed in."""
    api(cast.patient_user).post(PUSH, body())
    assert api(cast.other_patient_user).post(PUSH, body()).status_code == 201
    assert not subscriptions.active(rosa).exists()
    assert subscriptions.active(cast.other_patient).get().user == cast.other_patient_user


def test_one_browser_of_a_carer_serves_two_people(cast: Cast, api: Api, rosa: Patient) -> None:
    give_access(cast.carer, cast.other_patient, Relation.CARER)
    client = api(cast.carer)
    assert error(client.post(PUSH, body())) == (400, "invalid", "patient")
    for patient in (rosa, cast.other_patient):
        assert client.post(f"{PUSH}?patient={patient.pk}", body()).status_code == 201
    assert PushSubscription.objects.filter(ended_at=None).count() == 2


def test_the_twenty_first_phone_takes_the_oldest_ones_place(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    for n in range(subscriptions.MOST + 1):
        client.post(PUSH, body(str(n)))
    active = subscriptions.active(rosa).values_list("endpoint", flat=True)
    assert len(active) == subscriptions.MOST
    assert "https://push.example/0" not in active


GOOD = Browser("", "").body()["keys"]


@pytest.mark.parametrize(
    ("change", "attr"),
    [
        ({"endpoint": None}, "endpoint"),
        ({"endpoint": "push"}, "endpoint"),
        ({"endpoint": "http://push.example/1"}, "endpoint"),
        ({"endpoint": "https://push.example/" + "x" * 1000}, "endpoint"),
        ({"keys": None}, "keys"),
        ({"keys": {"auth": GOOD["auth"]}}, "keys.p256dh"),
        ({"keys": {**GOOD, "p256dh": "x"}}, "keys.p256dh"),
        ({"keys": {**GOOD, "p256dh": "B" + "A" * 86}}, "keys.p256dh"),  # 65 bytes that are no point of the curve
        ({"keys": {**GOOD, "p256dh": GOOD["p256dh"][:-3]}}, "keys.p256dh"),
        ({"keys": {**GOOD, "p256dh": "é" * 87}}, "keys.p256dh"),
        ({"keys": {**GOOD, "auth": GOOD["auth"][:-2]}}, "keys.auth"),
        ({"keys": {**GOOD, "auth": "*" * 22}}, "keys.auth"),
        ({"device": "phone"}, "device"),
    ],
)
def test_nonsense_is_400_and_nothing_is_kept(
    cast: Cast, api: Api, rosa: Patient, change: dict[str, Any], attr: str
) -> None:
    answer = api(cast.patient_user).post(PUSH, {**body(), **change})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == attr
    assert not PushSubscription.objects.exists()


def test_an_address_inside_is_refused_with_words(
    cast: Cast, api: Api, rosa: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inside(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("169.254.169.254", port))]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    answer = api(cast.patient_user).post(PUSH, body())
    assert error(answer) == (400, "invalid", "endpoint")
    assert "public internet" in answer.json()["errors"][0]["detail"]


def test_unsubscribing_ends_it_and_twice_is_the_same(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    address = f"{PUSH}/{client.post(PUSH, body()).json()['id']}"
    assert client.delete(address).status_code == 204
    ended = PushSubscription.objects.get()
    assert ended.end_reason == subscriptions.TURNED_OFF
    assert client.delete(address).status_code == 204
    assert PushSubscription.objects.get().ended_at == ended.ended_at
    assert state(client) == "no_subscription"
    assert not ChannelOff.objects.exists()


def test_only_the_accounts_own_browser_can_be_ended(cast: Cast, api: Api, rosa: Patient) -> None:
    address = f"{PUSH}/{api(cast.patient_user).post(PUSH, body()).json()['id']}"
    for user, status in ((cast.carer, 404), (cast.other_patient_user, 404), (cast.therapist, 403), (None, 401)):
        assert api(user).delete(address).status_code == status
    assert PushSubscription.objects.get().ended_at is None


def test_signing_out_ends_the_browsers_subscription_and_no_other(cast: Cast, api: Api, rosa: Patient) -> None:
    phone, tablet = api(cast.patient_user), api(cast.patient_user)
    phone.post(PUSH, body("phone"))
    tablet.post(PUSH, body("tablet"))
    assert phone.delete("/_allauth/browser/v1/auth/session").status_code == 401  # allauth's way to say: signed out
    assert subscriptions.active(rosa).get().endpoint.endswith("tablet")
    assert PushSubscription.objects.get(endpoint__endswith="phone").end_reason == subscriptions.SIGNED_OUT


def test_a_rule_without_channels_gets_push_once_a_phone_is_subscribed(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    rule = ensure_rule(rosa)
    assert rule.channels == ["email"]
    client.post(PUSH, body())
    assert ReminderRule.objects.get().channels == ["push", "email"]
    put = client.put(MINE, {"rules": [{"times": ["09:00"]}]})
    assert put.json()["rules"][0]["channels"] == ["push", "email"]
    put = client.put(MINE, {"rules": [{"times": ["09:00"], "channels": ["email", "push"]}]})
    assert put.json()["rules"][0]["channels"] == ["email", "push"]


def test_the_state_says_when_a_push_service_refused_and_a_phone_puts_it_right(
    cast: Cast, api: Api, rosa: Patient
) -> None:
    client = api(cast.patient_user)
    ChannelOff.objects.create(patient=rosa, channel="push", reason="rejected")
    assert state(client) == "rejected"
    client.post(PUSH, body())
    assert state(client) == "ready"


def test_the_clinic_sees_the_state_but_no_address_of_a_phone(cast: Cast, api: Api, rosa: Patient) -> None:
    api(cast.patient_user).post(PUSH, body())
    answer = api(cast.therapist).get(f"/api/v1/patients/{rosa.pk}/reminders")
    assert answer.json()["channels"][0] == {"name": "push", "state": "ready"}
    assert b"push.example" not in answer.content
