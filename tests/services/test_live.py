"""The installation as an operator runs it: web server, worker and beat as processes, and what each outlives."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.servers import Live


def get(live: Live, path: str) -> tuple[int, dict[str, str], bytes]:
    try:
        answer = urllib.request.urlopen(f"{live.base_url}{path}", timeout=10)
    except urllib.error.HTTPError as error:
        answer = error  # an answer too: "not yet" is 503
    with answer:
        return answer.status, {key.lower(): value for key, value in answer.headers.items()}, answer.read()


def ticked_after(live: Live, seconds: float) -> dict[str, Any]:
    """The reminders' health once a tick younger than now was seen; fails after `seconds`."""
    started = time.monotonic()
    health: dict[str, Any] = {}
    while time.monotonic() - started < seconds:
        health = json.loads(get(live, "/healthz/reminders")[2])
        age = health.get("last_tick_age_s")
        if age is not None and age < time.monotonic() - started:
            return health
        time.sleep(0.2)
    pytest.fail(f"No tick in {seconds} s: {health}\n{live.beat.tail()}\n{live.worker.tail()}")


def test_web_serves_both_apps_and_the_schema(live: Live) -> None:
    for path, content in (("/", b"<!doctype html>"), ("/clinic", b"<!doctype html>"), ("/readyz", b"ok")):
        status, headers, body = get(live, path)
        assert status == 200
        assert content in body.lower()
        assert "content-security-policy" in headers


def test_library_and_templates_are_there(live: Live) -> None:
    assert live.query("SELECT COUNT(*) FROM exercises_exercise WHERE owner_id IS NULL") == [(72,)]
    assert live.query("SELECT COUNT(*) FROM programs_program WHERE template = %s", True) == [(4,)]


def test_beat_ticks_and_a_worker_killed_in_between_is_replaced(live: Live) -> None:
    ticked_after(live, 30)

    live.worker.kill()
    live.worker.start()

    ticked_after(live, 60)


def test_web_server_killed_comes_back_with_the_same_data(live: Live) -> None:
    before = get(live, "/readyz")[0]

    live.web.kill()
    with pytest.raises(OSError):
        get(live, "/readyz")
    live.start_web()

    assert get(live, "/readyz")[0] == before
