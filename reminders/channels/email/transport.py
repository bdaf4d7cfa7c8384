"""E-mail, at most once: what the server certainly did not take may be tried again, all else never."""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Collection
from typing import ClassVar

from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet

from patients.models import Patient, PatientAccess, Relation
from reminders.channels.email.message import compose
from reminders.channels.errors import ChannelError, Interrupted
from reminders.models import Delivery, ReminderRule


def address_of(patient: Patient) -> str | None:
    """The e-mail of the record, else that of the patient's own account. A carer's is never used."""
    if patient.email:
        return patient.email
    return _own_accounts([patient]).values_list("user__email", flat=True).first()


def with_address(patients: Collection[Patient]) -> set[uuid.UUID]:
    """The ids of those for whom `address_of` finds one. One query."""
    own = set(_own_accounts(patients).values_list("patient", flat=True))
    return own | {patient.pk for patient in patients if patient.email}


def _own_accounts(patients: Collection[Patient]) -> QuerySet[PatientAccess]:
    """Patients' access to their own records, by accounts that have an e-mail address."""
    own = PatientAccess.objects.filter(patient__in=[patient.pk for patient in patients], relation=Relation.SELF)
    return own.filter(ended_at=None, user__is_active=True).exclude(user__email=None)


class EmailChannel:
    repeatable: ClassVar[bool] = False

    def prepare(self, delivery: Delivery, rule: ReminderRule) -> EmailCall:
        address = address_of(rule.patient)
        if address is None:
            raise ChannelError("no e-mail address", again=False)
        return EmailCall(compose(delivery, rule, address))


class EmailCall:
    def __init__(self, mail: EmailMessage) -> None:
        self._mail = mail
        self._answer = ""

    def make(self) -> None:
        self._answer = hand_over(self._mail)

    def told(self) -> str:
        return self._answer


def hand_over(mail: EmailMessage) -> str:
    """Give one mail to the mail server and say what became of it. A connection a mail: one that breaks costs one mail,
    not a batch.

    Raises ChannelError when it certainly did not go out, Interrupted when nobody can know.
    """
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelError(f"the mail server cannot be reached: {_words(error)}") from error
    try:
        mail.connection = connection
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise ChannelError(_refusals(error), permanent=all(code >= 500 for code in codes)) from error
    except smtplib.SMTPResponseException as error:
        raise ChannelError(f"the mail server refused: {_words(error)}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Interrupted(f"the connection broke: {_words(error)}") from error
    finally:
        connection.close()
    return "taken by the mail server"


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _refusals(error: smtplib.SMTPRecipientsRefused) -> str:
    """What the server said, without the dictionary around it."""
    return "; ".join(f"{code} {answer.decode(errors='replace')}" for code, answer in error.recipients.values())
