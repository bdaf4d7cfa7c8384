"""How long one stays signed in: patients 180 days, staff 12 idle hours (API.md, Sign-in)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.roles import is_staff

DAY_S = 24 * 3600
PATIENT_S = 180 * DAY_S
STAFF_S = 12 * 3600
# A session row is not written with every request: a patient's at most daily, staff's at most every quarter of an hour,
# so an idle colleague is signed out after 11¾ to 12 hours.
PATIENT_ROLL_S = DAY_S
STAFF_ROLL_S = 15 * 60

_ROLLED_AT = "rolled_at"
_ROLL_AFTER = "roll_after"


def rolling_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that renews a session which was used. It stands right inside Django's SessionMiddleware, which then
    stores the session and renews the cookie."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        # An unread session belongs to an answer that needed nobody, such as a static page.
        if session.accessed and SESSION_KEY in session:
            age = time.time() - session.get(_ROLLED_AT, 0)
            if not 0 <= age < session.get(_ROLL_AFTER, 0):
                _roll(request)
        return response

    return middleware


def _roll(request: HttpRequest) -> None:
    if request.user.is_authenticated:  # else the password was changed elsewhere: Django no longer takes this session
        _renew(request.session, request.user)


def _renew(session: SessionBase, user: User) -> None:
    staff = is_staff(user)
    session[_ROLLED_AT] = int(time.time())
    session[_ROLL_AFTER] = STAFF_ROLL_S if staff else PATIENT_ROLL_S
    session.set_expiry(STAFF_S if staff else PATIENT_S)


def start_age(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Signal of a sign-in: whoever signs in starts with a fresh age, whatever the browser's session held before; the
    first request after it has nothing to renew."""
    if request is not None and hasattr(request, "session"):
        _renew(request.session, user)


def end_sessions(user: User, *, keep: str | None = None) -> int:
    """Sign the account out everywhere but in the session with the key `keep`. Answers how many sessions ended."""
    sessions = UserSession.objects.filter(user=user)
    ended = [session for session in sessions if session.session_key != keep]
    for session in ended:
        session.end()
    return len(ended)
