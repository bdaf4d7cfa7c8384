"""How long one stays signed in, and how seldom that is written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import Cast

START = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def signed_in(client: Client) -> bool:
    return client.get("/api/v1/clinic").status_code != 401


def writes(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get("/api/v1/clinic")
    return sum("django_session" in query["sql"] and query["sql"].startswith(("UPDATE", "INSERT")) for query in queries)


@pytest.mark.parametrize(
    ("who", "alive", "dead"),
    [("therapist", 12 * HOUR - dt.timedelta(minutes=1), 12 * HOUR), ("patient_user", 180 * DAY - HOUR, 180 * DAY)],
)
def test_an_idle_session_ends(cast: Cast, time_machine: Any, who: str, alive: dt.timedelta, dead: dt.timedelta) -> None:
    time_machine.move_to(START, tick=False)
    first, second = client_of(getattr(cast, who)), client_of(getattr(cast, who))
    assert signed_in(first)
    assert signed_in(second)
    time_machine.move_to(START + alive, tick=False)
    cache.clear()  # the real Valkey's clock was not moved
    assert signed_in(first)
    time_machine.move_to(START + dead + dt.timedelta(seconds=1), tick=False)
    cache.clear()
    assert not signed_in(second)
    assert signed_in(first), "who was here in between is still in"


def test_staff_s_cookie_lasts_as_long_as_the_session(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(START, tick=False)
    client = client_of(cast.therapist)
    time_machine.move_to(START + dt.timedelta(minutes=15), tick=False)
    response = client.get("/api/v1/clinic")
    assert response.cookies["sessionid"]["max-age"] == 12 * 3600


def test_a_patient_s_session_is_written_at_most_daily(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(START, tick=False)
    client = client_of(cast.patient_user)
    seen = []
    for hours in (0, 1, 23, 24, 25, 47, 48):
        time_machine.move_to(START + hours * HOUR, tick=False)
        seen.append(writes(client))
    assert seen == [0, 0, 0, 1, 0, 0, 1]


def test_a_staff_session_is_written_at_most_every_quarter_of_an_hour(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(START, tick=False)
    client = client_of(cast.therapist)
    seen = []
    for minutes in (0, 1, 14, 15, 16, 29, 30):
        time_machine.move_to(START + dt.timedelta(minutes=minutes), tick=False)
        seen.append(writes(client))
    assert seen == [0, 0, 0, 1, 0, 0, 1]


def test_a_session_survives_a_lost_cache(cast: Cast) -> None:
    client = client_of(cast.patient_user)
    assert signed_in(client)
    cache.clear()
    assert signed_in(client)
    assert Session.objects.count() == 1
