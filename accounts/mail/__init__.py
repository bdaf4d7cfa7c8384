"""Plain-text e-mails in the reader's language. Each is a file `<language>/<name>.txt`: the subject on the first line,
an empty line, the text; `$name` marks what is filled in. No e-mail carries anything about a patient's health."""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from string import Template

from django.core.mail import EmailMessage

FOLDER = Path(__file__).parent
FALLBACK = "en"
log = logging.getLogger(__name__)


@cache
def _text(name: str, language: str) -> Template:
    file = FOLDER / language / f"{name}.txt"
    if language != FALLBACK and not file.is_file():
        return _text(name, FALLBACK)
    return Template(file.read_text(encoding="utf-8"))


def languages(name: str) -> list[str]:
    """The languages in which this e-mail exists."""
    return sorted(folder.parent.name for folder in FOLDER.glob(f"*/{name}.txt"))


def compose(name: str, to: str, language: str, **values: object) -> EmailMessage:
    """A finished message. A language that has no such text gets English.

    Raises KeyError when a value of the text is missing.
    """
    # A name with a line break in it must not become a header.
    clean = {key: " ".join(str(value).split()) for key, value in values.items()}
    subject, _, body = _text(name, language[:2].lower()).substitute(clean).partition("\n\n")
    return EmailMessage(subject=subject, body=body.strip() + "\n", to=[to])


def send(name: str, to: str, language: str, **values: object) -> bool:
    """Compose and send; whether the mail server took it. Call it outside any transaction: the network may be slow."""
    message = compose(name, to, language, **values)
    try:
        return bool(message.send())
    except OSError:  # smtplib's errors are OSErrors
        log.exception("the e-mail “%s” could not be sent", name)
        return False
