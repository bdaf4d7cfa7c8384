"""The mail and what its links do."""

from __future__ import annotations

import datetime as dt
import html.parser
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from patients.models import Patient
from reminders import dispatch, unsubscribing
from reminders.channels.email.words import CATALOGUE, words_for
from reminders.models import ChannelOff, Occurrence, ReminderRule
from tests.reminders.conftest import TUESDAY, due_day

At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db


def sent(at: At, **after: float) -> EmailMessage:
    """The last mail as a mail program reads it."""
    dispatch.tick(at(**after))
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    parsed = BytesParser(policy=default).parsebytes(message.message().as_bytes())
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_mail_in_english_says_that_exercises_wait_and_no_more(
    morning_rule: ReminderRule, rosa: Patient, at: At, settings: Settings
) -> None:
    settings.BASE_URL = "https://clinic.example"
    message = sent(at)
    stop = f"https://clinic.example/unsubscribe/{unsubscribing.token_for(rosa)}"
    assert message["Subject"] == "Your exercises for today are waiting"
    assert message["To"] == "rosa@patient.example"
    assert text_of(message, "plain") == (
        "Hello,\n\nyour exercises for today are waiting.\n\nOpen Homestretch: https://clinic.example/\n\n"
        f"--\nYou get this because a reminder is set in Homestretch.\nStop these e-mails: {stop}\n"
    )
    links = re.findall(r'href="([^"]+)"', text_of(message, "html"))
    assert links == ["https://clinic.example/", stop]
    assert message["List-Unsubscribe"].strip() == f"<{stop}>"  # a long header begins on a new line
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"] == f"<{Occurrence.objects.get().pk}.1@clinic.example>"


def test_mail_says_nothing_of_the_person_the_clinic_or_their_health(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    message = sent(at)
    everything = (
        f"{message['Subject']} {message['From']} {text_of(message, 'plain')} {text_of(message, 'html')}".lower()
    )
    # The token of the address is random letters and numbers, in which any short word turns up some day.
    said = re.sub(r"/unsubscribe/[^\s\"<]+", "/unsubscribe/", everything.replace("padding", ""))
    for word in ("rosa", "sample", "physio", "pain", "hip", str(rosa.clinic.name).lower(), "1964"):
        assert word not in said, word


def test_mail_in_spanish(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    Patient.objects.update(language="es-MX")
    message = sent(at)
    assert message["Subject"] == "Tus ejercicios de hoy te esperan"
    assert 'lang="es"' in text_of(message, "html")
    assert "Abrir Homestretch" in text_of(message, "plain")


def test_a_language_without_a_catalogue_gets_english() -> None:
    assert words_for("fi") is CATALOGUE["en"]
    assert words_for("") is CATALOGUE["en"]


def test_html_is_well_formed_and_loads_nothing(morning_rule: ReminderRule, at: At) -> None:
    class Balance(html.parser.HTMLParser):
        open: list[str]
        seen: set[str]

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.seen.add(tag)
            if tag not in ("meta", "br"):
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    balance = Balance()
    balance.open, balance.seen = [], set()
    balance.feed(text_of(sent(at), "html"))
    assert balance.open == []
    assert not balance.seen & {"img", "script", "link", "iframe", "style"}


# ---- Unsubscribing --------------------------------------------------------------------------------------------------


def stop_path(message: EmailMessage) -> str:
    return str(message["List-Unsubscribe"]).strip(" <>").removeprefix("http://localhost:8000")


@pytest.fixture
def visitor() -> Client:
    """A mail program: no cookie, and CSRF checks as strict as in production."""
    return Client(enforce_csrf_checks=True)


def test_one_click_ends_the_mails(
    morning_rule: ReminderRule, rosa: Patient, at: At, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORT", raising=False)
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    path = stop_path(sent(at))
    for _ in range(2):  # twice changes nothing
        answer = visitor.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
        assert "Reminder e-mails are off" in answer.content.decode()
    assert [(off.patient, off.channel, off.reason) for off in ChannelOff.objects.all()] == [
        (rosa, "email", "unsubscribed")
    ]
    dispatch.tick(at(days=1))
    assert len(mail.outbox) == 1


def test_a_get_only_asks(morning_rule: ReminderRule, rosa: Patient, visitor: Client) -> None:
    """Mail scanners follow every link."""
    answer = visitor.get(f"/unsubscribe/{unsubscribing.token_for(rosa)}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert '<form method="post">' in page
    assert "Rosa" not in page
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert ChannelOff.objects.count() == 0


@pytest.mark.parametrize("token", ["x", "0" * 32, "0123.abc", "a.b.c", "%F0%9F%98%80", "0" * 4000])
def test_a_token_that_was_not_signed_here_is_404_and_changes_nothing(
    rosa: Patient, visitor: Client, token: str
) -> None:
    for call in (visitor.get, visitor.post):
        assert call(f"/unsubscribe/{token}").status_code == 404
    assert ChannelOff.objects.count() == 0


def test_a_token_moved_to_another_patient_is_404(rosa: Patient, visitor: Client) -> None:
    other = Patient.objects.exclude(pk=rosa.pk).first()
    assert other is not None
    _, _, signature = unsubscribing.token_for(rosa).partition(".")
    assert visitor.post(f"/unsubscribe/{other.pk.hex}.{signature}").status_code == 404
    assert ChannelOff.objects.count() == 0


def test_other_methods_are_405(rosa: Patient, visitor: Client) -> None:
    assert visitor.delete(f"/unsubscribe/{unsubscribing.token_for(rosa)}").status_code == 405
