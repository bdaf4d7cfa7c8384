"""Sign-in rules on top of allauth: nobody signs up alone; staff come by staff invitation, patients by patient
invitation. Both enter through `enter`, so that allauth knows how one came in and its re-authentication works."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest
from django.utils import translation

from accounts import mail
from accounts.access import Action, record
from accounts.models import User
from accounts.roles import standing


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: allauth would write "signed in as <e-mail>" into a cookie that no page of ours reads."""

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Ours where we have a text, in the reader's language; allauth's own words for the rest."""
        language = self._language_of(email)
        if template_prefix == "account/email/login_code":
            minutes = app_settings.LOGIN_BY_CODE_TIMEOUT // 60
            mail.send("login_code", email, language, code=context["code"], minutes=minutes)
        elif template_prefix == "account/email/password_reset_key":
            mail.send("password_reset", email, language, url=context["password_reset_url"])
        else:
            with translation.override(language):
                super().send_mail(template_prefix, email, context)

    @staticmethod
    def _language_of(email: str) -> str:
        return User.objects.filter(email__iexact=email).values_list("language", flat=True).first() or mail.FALLBACK


def enter(request: HttpRequest, user: User, method: str) -> bool:
    """Sign `user` in through allauth. `method` names what proved who they are: "password" or "invitation".

    Answers whether they are in. With a second factor they are not yet: they sign in as always, and allauth asks for it.
    """
    if not user.is_active or is_mfa_enabled(user):
        return False
    record_authentication(request, user, method=method, email=user.email)
    perform_login(request, Login(user=user, email_verification="none"))
    return request.user.is_authenticated


def log_sign_in(user: User, **_: Any) -> None:
    """Signal of allauth: each clinic sees when its staff signed in. A patient's sign-in is in no clinic's log."""
    for membership in standing(user).memberships:
        record(Action.LOGIN, by=user, clinic=membership.clinic_id, kind="user", object_id=user.pk)
