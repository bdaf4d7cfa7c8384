"""The e-mail channel against a mail server that refuses, drops and hangs: what is certain, and what is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pytest_django import Settings

from reminders import dispatch
from reminders.models import ChannelOff, Delivery, ReminderRule
from tests.reminders.smtp_server import Mailbox, mail_server

At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        settings.EMAIL_TIMEOUT = 0.4
        yield mailbox


def test_a_mail_is_taken_once(morning_rule: ReminderRule, box: Mailbox, at: At) -> None:
    dispatch.tick(at())
    dispatch.tick(at(minutes=1))
    assert len(box.mails) == 1
    assert "To: rosa@patient.example" in box.mails[0]
    assert Delivery.objects.get().status == "sent"


@dataclass(frozen=True)
class Case:
    moment: str
    answer: str
    status: str
    outcome: str


CERTAINLY_NOT_SENT = (
    Case("GREET", "421 too busy", "failed", "the mail server cannot be reached: 421 too busy"),
    Case("MAIL", "451 try later", "failed", "the mail server refused: 451 try later"),
    Case("RCPT", "451 greylisted", "failed", "451 greylisted"),
    Case("DATA", "452 full", "failed", "the mail server refused: 452 full"),
    Case("END", "554 looks like spam", "failed", "the mail server refused: 554 looks like spam"),
)
FINAL = (
    Case("RCPT", "550 no such user", "failed", "550 no such user"),
    # The whole mail went over, the answer did not come back.
    Case("END", "drop", "unknown", "the connection broke: Connection unexpectedly closed"),
    Case("END", "hang", "unknown", "the connection broke: Connection unexpectedly closed: timed out"),
)


@pytest.mark.parametrize("case", [*CERTAINLY_NOT_SENT, *FINAL], ids=lambda case: f"{case.moment} {case.answer}")
def test_what_the_mail_server_does_is_what_the_delivery_says(
    morning_rule: ReminderRule, box: Mailbox, at: At, case: Case
) -> None:
    again = case in CERTAINLY_NOT_SENT
    box.answers = {case.moment: case.answer}
    dispatch.tick(at())
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.outcome, delivery.retry_at is not None) == (case.status, case.outcome, again)
    assert ChannelOff.objects.exists() is (case.answer == "550 no such user")
    box.answers = {}
    dispatch.tick(at(minutes=30))
    delivery.refresh_from_db()
    assert delivery.status == ("sent" if again else case.status)


def test_a_server_that_is_not_there_is_tried_again(
    morning_rule: ReminderRule, box: Mailbox, at: At, settings: Settings
) -> None:
    settings.EMAIL_PORT = 1  # nobody listens there
    dispatch.tick(at())
    delivery = Delivery.objects.get()
    assert delivery.status == "failed"
    assert delivery.outcome.startswith("the mail server cannot be reached")
    settings.EMAIL_PORT = box.port
    dispatch.tick(at(minutes=2))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, len(box.mails)) == ("sent", 2, 1)
