"""Whoever signs out of a browser wants no more reminders on it. The session remembers what it subscribed.

A session that merely runs out keeps its phone's reminders: they name nobody and say nothing about health.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User
from reminders import subscriptions
from reminders.models import PushSubscription

KEY = "push_subscriptions"


def connect() -> None:
    user_logged_out.connect(_left, dispatch_uid="reminders.signing_out")


def remember(session: SessionBase, subscription: PushSubscription) -> None:
    known: list[str] = session.get(KEY, [])
    if str(subscription.pk) not in known:
        session[KEY] = [*known, str(subscription.pk)][-subscriptions.MOST :]


def _left(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    session: SessionBase | None = getattr(request, "session", None)
    if session is None or user is None:
        return
    ids = [uuid.UUID(one) for one in session.get(KEY, [])]
    subscriptions.end(PushSubscription.objects.filter(pk__in=ids, user=user), subscriptions.SIGNED_OUT)
