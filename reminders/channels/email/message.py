"""The mail itself. Nothing about health: whoever sees the screen learns that exercises are waiting, or how many
sessions a week had, no more."""

from __future__ import annotations

from pathlib import Path

from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine

from reminders import unsubscribing
from reminders.addresses import base_url, host
from reminders.channels.email.letters import letter
from reminders.channels.email.words import words_for
from reminders.models import Delivery, ReminderRule

_engine = Engine(dirs=[str(Path(__file__).parent / "templates")], autoescape=True)


def compose(delivery: Delivery, rule: ReminderRule, address: str) -> EmailMultiAlternatives:
    """Plain text and HTML in the patient's language, with the headers of RFC 2369 and RFC 8058 (one click)."""
    words = words_for(rule.patient.language)
    said = letter(rule, delivery.occurrence, words)
    stop_url = unsubscribing.url_for(rule.patient)
    context = {"words": words, "letter": said, "app_url": f"{base_url()}/", "stop_url": stop_url}
    mail = EmailMultiAlternatives(
        subject=said.subject,
        body=_engine.get_template("reminder.txt").render(Context(context, autoescape=False)),
        to=[address],
        headers={
            # The same for every attempt at one delivery: a mail server that got it twice after all shows it once.
            "Message-ID": f"<{delivery.occurrence_id}.{delivery.sequence}@{host()}>",
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
            "Content-Language": words.language,
        },
    )
    mail.attach_alternative(_engine.get_template("reminder.html").render(Context(context)), "text/html")
    return mail
