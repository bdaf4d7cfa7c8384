"""Sign-in through allauth's headless API as the two apps do it: with cookies and the CSRF token, nothing skipped."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AccessRecord, User
from accounts.sessions import end_sessions
from tests.conftest import PASSWORD, Cast

BASE = "/_allauth/browser/v1"


class Browser:
    """A browser tab with its cookie jar, that sends the token as `pwa/src/api/client.ts` does."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        token = self.client.cookies.get("csrftoken")
        return self.client.generic(
            method,
            path,
            "" if body is None else __import__("json").dumps(body),
            content_type="application/json",
            headers={"X-CSRFToken": token.value} if token else {},
        )

    def open(self) -> Browser:
        """The first request of the app: it brings the token."""
        assert self.call("GET", f"{BASE}/config").status_code == 200
        return self

    def login(self, user: User, password: str = PASSWORD) -> Any:
        return self.call("POST", f"{BASE}/auth/login", {"email": user.email, "password": password})

    def status(self) -> int:
        return int(self.call("GET", "/api/v1/clinic").status_code)


@pytest.fixture
def browser() -> Browser:
    return Browser().open()


def test_sign_in_by_password(cast: Cast, browser: Browser) -> None:
    assert browser.call("GET", f"{BASE}/auth/session").status_code == 401
    assert browser.status() == 401
    response = browser.login(cast.therapist)
    assert response.status_code == 200
    assert response.json()["data"]["user"]["email"] == cast.therapist.email
    assert browser.status() == 200
    assert browser.call("GET", f"{BASE}/auth/session").status_code == 200
    entry = AccessRecord.objects.get()
    assert (entry.action, entry.actor, entry.clinic) == ("login", cast.therapist, cast.clinic)
    assert "messages" not in browser.client.cookies, "no cookie says who signed in"
    assert 11 * 3600 < browser.client.session.get_expiry_age() <= 12 * 3600


def test_sign_in_ignores_the_spelling_of_the_address(cast: Cast, browser: Browser) -> None:
    body = {"email": str(cast.therapist.email).upper(), "password": PASSWORD}
    assert browser.call("POST", f"{BASE}/auth/login", body).status_code == 200


def test_sign_in_with_a_wrong_password(cast: Cast, browser: Browser) -> None:
    assert browser.login(cast.therapist, "wrong-wrong-wrong").status_code == 400
    assert browser.status() == 401
    assert not AccessRecord.objects.exists()


def test_sign_in_without_the_csrf_token(cast: Cast) -> None:
    response = Browser().login(cast.therapist)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (403, "csrf_failed")


def test_sign_in_of_a_closed_account(cast: Cast, browser: Browser) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(is_active=False)
    assert browser.login(cast.therapist).status_code in {400, 401}
    assert browser.status() == 401


def test_wrong_passwords_are_limited(cast: Cast, browser: Browser) -> None:
    answers = [browser.login(cast.therapist, f"wrong-wrong-{i}") for i in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [400] * 5
    # allauth answers its own limit of failed attempts as a form error, and floods with 429.
    assert answers[5].status_code in {400, 429}
    assert browser.login(cast.therapist).status_code in {400, 429}, "not even the right one, for five minutes"
    assert browser.status() == 401


@pytest.mark.parametrize(("language", "words"), [("en", "sign-in code"), ("es", "código de acceso")])
def test_sign_in_by_code(cast: Cast, browser: Browser, language: str, words: str) -> None:
    User.objects.filter(pk=cast.patient_user.pk).update(language=language)
    assert browser.call("POST", f"{BASE}/auth/code/request", {"email": cast.patient_user.email}).status_code == 401
    [message] = mail.outbox
    assert words in message.subject
    assert message.content_subtype == "plain"
    text = f"{message.subject} {message.body}"
    assert "Rosa" not in text
    assert "Example Physiotherapy" not in text
    [code] = re.findall(r"^ {4}(\S+)$", str(message.body), re.MULTILINE)
    assert browser.call("POST", f"{BASE}/auth/code/confirm", {"code": "wrong"}).status_code == 400
    assert browser.call("POST", f"{BASE}/auth/code/confirm", {"code": code}).status_code == 200
    assert browser.status() == 403, "signed in, and no staff"


def test_a_code_dies_after_three_wrong_ones(cast: Cast, browser: Browser) -> None:
    browser.call("POST", f"{BASE}/auth/code/request", {"email": cast.patient_user.email})
    [code] = re.findall(r"^ {4}(\S+)$", str(mail.outbox[0].body), re.MULTILINE)
    for _ in range(3):
        browser.call("POST", f"{BASE}/auth/code/confirm", {"code": "wrong"})
    assert browser.call("POST", f"{BASE}/auth/code/confirm", {"code": code}).status_code != 200
    assert browser.status() == 401


def test_an_unknown_address_gets_the_same_answer_and_no_mail(cast: Cast, browser: Browser) -> None:
    known = browser.call("POST", f"{BASE}/auth/code/request", {"email": cast.patient_user.email})
    unknown = Browser().open().call("POST", f"{BASE}/auth/code/request", {"email": "nobody@clinic.example"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert [message.to for message in mail.outbox] == [[cast.patient_user.email]]


def test_codes_for_one_address_are_limited(cast: Cast, browser: Browser) -> None:
    answers = [browser.call("POST", f"{BASE}/auth/code/request", {"email": cast.patient_user.email}) for _ in range(4)]
    # allauth answers a limit per address as an error of the form.
    assert [answer.status_code for answer in answers] == [401, 401, 401, 400]
    assert len(mail.outbox) == 3


def test_a_flood_of_sign_ins_is_stopped_and_told_when_to_come_back(browser: Browser, cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    answers = [browser.login(cast.therapist, "wrong-wrong-wrong") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [400, 400, 429]
    assert int(answers[-1]["Retry-After"]) > 0


def test_nobody_signs_up_alone(db: None, browser: Browser) -> None:
    body = {"email": "new@clinic.example", "password": "long-enough-for-anyone"}
    assert browser.call("POST", f"{BASE}/auth/signup", body).status_code == 403
    assert not User.objects.exists()


def test_sign_out(cast: Cast, browser: Browser) -> None:
    browser.login(cast.therapist)
    assert browser.call("DELETE", f"{BASE}/auth/session").status_code == 401
    assert browser.status() == 401


def test_sessions_are_listed_and_ended(cast: Cast, browser: Browser) -> None:
    browser.login(cast.therapist)
    other = Browser().open()
    other.login(cast.therapist)
    listed = browser.call("GET", f"{BASE}/auth/sessions").json()["data"]
    assert sorted(session["is_current"] for session in listed) == [False, True]
    [foreign] = [session["id"] for session in listed if not session["is_current"]]
    browser.call("DELETE", f"{BASE}/auth/sessions", {"sessions": [foreign]})
    assert (browser.status(), other.status()) == (200, 401)


def test_sessions_of_others_are_not_ended(cast: Cast, browser: Browser) -> None:
    browser.login(cast.therapist)
    other = Browser().open()
    other.login(cast.owner)
    [theirs] = other.call("GET", f"{BASE}/auth/sessions").json()["data"]
    assert browser.call("DELETE", f"{BASE}/auth/sessions", {"sessions": [theirs["id"]]}).status_code == 400
    assert other.status() == 200


def test_all_sessions_of_an_account_can_be_ended(cast: Cast, browser: Browser) -> None:
    browser.login(cast.therapist)
    other = Browser().open()
    other.login(cast.therapist)
    assert end_sessions(cast.therapist, keep=browser.client.session.session_key) == 1
    assert (browser.status(), other.status()) == (200, 401)


def test_a_new_password_is_set_by_mail(cast: Cast, browser: Browser) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(language="es")
    browser.call("POST", f"{BASE}/auth/password/request", {"email": cast.therapist.email})
    [message] = mail.outbox
    assert message.subject == "Elija una contraseña nueva"
    [key] = re.findall(r"reset=(\S+)", str(message.body))
    body = {"key": key, "password": "another-good-password"}
    assert browser.call("POST", f"{BASE}/auth/password/reset", body).status_code in {200, 401}
    assert Browser().open().login(cast.therapist, "another-good-password").status_code == 200


def test_sign_in_while_the_cache_is_away(cast: Cast, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/valkey.sock"}}
    browser = Browser().open()
    assert browser.login(cast.therapist).status_code == 200
    assert browser.status() == 200
    assert browser.call("DELETE", f"{BASE}/auth/session").status_code == 401
    assert browser.status() == 401


def test_passkeys_and_second_factors_can_be_set_up(cast: Cast, browser: Browser) -> None:
    """Nothing of ours stands in the way of allauth's own: the walls issue builds the screens."""
    browser.login(cast.therapist)
    assert browser.call("GET", f"{BASE}/account/authenticators").status_code == 200
    # It asks who is there once more, and our way in is one it knows.
    wanted = f"{BASE}/account/authenticators/webauthn"
    assert browser.call("GET", wanted).json()["data"]["flows"] == [{"id": "reauthenticate"}]
    assert browser.call("POST", f"{BASE}/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    options = browser.call("GET", wanted)
    assert (options.status_code, "creation_options" in options.json()["data"]) == (200, True)
    assert "secret" in browser.call("GET", f"{BASE}/account/authenticators/totp").json()["meta"], "no TOTP yet: 404"
