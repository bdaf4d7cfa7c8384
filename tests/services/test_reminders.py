"""A reminder at the patient's own hour, sent by the real beat and worker; none where today is done."""

from __future__ import annotations

import datetime as dt
import http.cookiejar
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.servers import Live

# So that the test never runs around somebody's midnight: at any instant one of them has broad day.
ZONES = ("Europe/Madrid", "America/Los_Angeles", "Australia/Brisbane")


class Browser:
    """Keeps cookies and sends the CSRF token, as a page does."""

    def __init__(self, live: Live) -> None:
        self.base_url = live.base_url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.opener.open(f"{self.base_url}/", timeout=10).close()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        token = next((cookie.value or "" for cookie in self.jar if cookie.name == "csrftoken"), "")
        request = urllib.request.Request(
            f"{self.base_url}{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json", "X-CSRFToken": token},
            method=method,
        )
        try:
            with self.opener.open(request, timeout=20) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as error:
            pytest.fail(f"{method} {path}: {error.code} {error.read().decode()}")


def wait_for(what: str, found: Callable[[], Any], seconds: float, live: Live) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.3)
    pytest.fail(f"{what} did not come in {seconds} s.\n{live.beat.tail()}\n{live.worker.tail()}")


def daytime_zone() -> ZoneInfo:
    now = dt.datetime.now(dt.UTC)
    return next(zone for zone in map(ZoneInfo, ZONES) if 5 <= now.astimezone(zone).hour < 21)


class Person:
    """A patient with a plan from today on, who joined on a phone of their own."""

    def __init__(self, live: Live, clinic: Browser, template: str, first_name: str, zone: ZoneInfo) -> None:
        self.clinic, self.zone = clinic, zone
        self.email = f"{first_name.lower()}.{uuid.uuid4().hex[:6]}@patient.example"
        record = {"name": f"{first_name} Fixture", "birth_date": "1970-01-02"}
        record |= {"email": self.email, "timezone": str(zone), "affected_side": "left"}
        self.id = clinic.send("POST", "/api/v1/patients", record)["id"]
        today = dt.datetime.now(zone).date().isoformat()
        clinic.send("POST", f"/api/v1/patients/{self.id}/plans", {"program": template, "starts_on": today})
        url = clinic.send("POST", f"/api/v1/patients/{self.id}/invitation", {})["url"]
        self.phone = Browser(live)
        joining = {"token": url.rpartition("/")[2], "birth_date": "1970-01-02", "consent": True}
        self.phone.send("POST", "/api/v1/join", joining)

    def remind_at(self, hour: dt.datetime) -> None:
        local = hour.astimezone(self.zone)
        rules = {"rules": [{"times": [local.strftime("%H:%M")]}]}
        stored = self.phone.send("PUT", "/api/v1/me/reminders", rules)["rules"][0]
        assert dt.datetime.fromisoformat(stored["next_due_at"]) == hour

    def do_today(self) -> None:
        """All that is due, every set, as the phone logs it."""
        found = self.phone.send("GET", "/api/v1/me/plans")
        plan = found["plans"][0]
        asked = {one["id"]: one for phase in plan["phases"] for one in phase.get("prescriptions", [])}
        now = dt.datetime.now(self.zone).isoformat(timespec="seconds")
        exercises = [
            {
                "id": str(uuid.uuid4()),
                "prescription": item["prescription"],
                "slot": item["slot"],
                "side": side if (side := asked[item["prescription"]]["dose"]["side"]) in ("left", "right") else "both",
                "sets_done": asked[item["prescription"]]["dose"]["sets"],
            }
            for item in plan["days"][0]["items"]
        ]
        session = {"type": "session", "id": str(uuid.uuid4()), "plan": plan["id"], "performed_at": now}
        call = {"schema": 1, "patient": self.id, "device": str(uuid.uuid4()), "sent_at": now, "tz": str(self.zone)}
        call |= {"pending": 0, "items": [session | {"exercises": exercises}]}
        assert self.phone.send("POST", "/api/v1/me/sync", call)["results"][0]["status"] == "stored"

    def deliveries(self) -> list[tuple[str, str]]:
        proof = self.clinic.send("GET", f"/api/v1/patients/{self.id}/reminders/proof")
        return [(one["status"], one["outcome"]) for told in proof["occurrences"] for one in told["deliveries"]]


def test_an_email_at_the_patients_own_hour_and_none_when_today_is_done(live: Live) -> None:
    clinic = Browser(live)
    clinic.send("POST", "/_allauth/browser/v1/auth/login", live.demo()["therapist"])
    templates = clinic.send("GET", "/api/v1/programs?template=true")["results"]
    template = next(one["id"] for one in templates if one["name"].startswith("Ischiofemoral impingement, non-surgical"))
    zone = daytime_zone()
    idle, busy = (Person(live, clinic, template, name, zone) for name in ("Ida", "Bea"))
    busy.do_today()
    # The next whole minute that is still far enough away to set it for both.
    hour = (dt.datetime.now(dt.UTC) + dt.timedelta(seconds=64)).replace(second=0, microsecond=0)
    for person in (idle, busy):
        person.remind_at(hour)
        assert person.deliveries() == []

    def mails_to(person: Person) -> list[str]:
        return [mail for mail in live.mails() if f"To: {person.email}" in mail]

    mail = wait_for("The reminder", lambda: mails_to(idle), 120, live)[0]
    assert dt.datetime.now(dt.UTC) >= hour
    assert "Subject: Your exercises for today are waiting" in mail
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail
    wait_for("The outcome", lambda: idle.deliveries() == [("sent", "taken by the mail server")], 30, live)
    wait_for("The skip", lambda: busy.deliveries() == [("skipped", "already done")], 30, live)
    time.sleep(2.5)  # two more ticks
    assert "\n".join(live.mails()).count(f"To: {idle.email}") == 1
    assert mails_to(busy) == []
