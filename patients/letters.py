"""E-mails to patients about getting in. No health details: a mailbox is often shared, a subject line always seen."""

from __future__ import annotations

from django.core.mail import EmailMessage

from accounts.models import User
from patients.models import Patient

_SUBJECT = {"en": "{clinic}: your invitation", "es": "{clinic}: tu invitación"}
_BODY = {
    "en": (
        "Hello,\n\n{sender} of {clinic} has prepared something for you. Open this link on your phone:\n\n{url}\n\n"
        "You will be asked for your birth date. The link works once. If you did not expect this, ignore it.\n"
    ),
    "es": (
        "Hola:\n\n{sender}, de {clinic}, ha preparado algo para ti. Abre este enlace en tu teléfono:\n\n{url}\n\n"
        "Te pediremos tu fecha de nacimiento. El enlace funciona una vez. Si no lo esperabas, no hagas nada.\n"
    ),
}


def send_invitation(patient: Patient, url: str, *, by: User) -> None:
    """Raises OSError or SMTPException when the mail server does not take it."""
    language = patient.language if patient.language in _SUBJECT else "en"
    words = {"clinic": patient.clinic.name, "sender": by.name, "url": url}
    EmailMessage(
        subject=_SUBJECT[language].format(**words), body=_BODY[language].format(**words), to=[str(patient.email)]
    ).send()
