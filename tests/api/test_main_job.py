"""The main job through the API alone, as the two apps do it: sign in, adapt a template, prescribe, invite, join, do a
session, lose the answer, send again, and look at it from the clinic."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from rest_framework.test import APIClient

from patients.models import Entry, ExerciseLog
from tests.conftest import PASSWORD, Cast

NOW = dt.datetime(2026, 11, 24, 9, 30, tzinfo=dt.UTC)  # Tuesday, 10:30 in Madrid


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def library(db: None) -> None:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)


class Browser:
    """A client that keeps cookies and sends the CSRF token, as a page does."""

    def __init__(self) -> None:
        self.client = APIClient(enforce_csrf_checks=True)
        self.client.get("/_allauth/browser/v1/config")
        self.client.get("/")  # sets the CSRF cookie, built app or not

    def _headers(self, headers: dict[str, str] | None) -> dict[str, str]:
        token = self.client.cookies.get("csrftoken")
        return {"X-CSRFToken": token.value if token else "", **(headers or {})}

    def get(self, path: str, **params: str) -> Any:
        answer = self.client.get(f"/api/v1{path}", params)
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def send(self, method: str, path: str, body: Any, expect: int = 200, headers: dict[str, str] | None = None) -> Any:
        url = path if path.startswith("/_allauth") else f"/api/v1{path}"
        answer = getattr(self.client, method)(url, body, headers=self._headers(headers))
        assert answer.status_code == expect, (path, answer.status_code, answer.content)
        return answer.json()


def session_item(plan: dict[str, Any], day: dict[str, Any]) -> dict[str, Any]:
    [phase] = [one for one in plan["phases"] if one["current"]]
    sides = {one["id"]: one["dose"]["side"] for one in phase["prescriptions"]}
    sets = {one["id"]: one["dose"]["sets"] for one in phase["prescriptions"]}
    return {
        "type": "session",
        "id": str(uuid.uuid4()),
        "plan": plan["id"],
        "performed_at": "2026-11-24T10:00:00+01:00",
        "logged_at": None,
        "edited_at": None,
        "duration_s": 1200,
        "pain_before": 3,
        "pain_after": 2,
        "effort": 4,
        "note": "Went well.",
        "exercises": [
            {
                "id": str(uuid.uuid4()),
                "prescription": item["prescription"],
                "slot": item["slot"],
                "side": side if (side := sides[item["prescription"]]) in ("left", "right") else "both",
                "variant": None,
                "sets_done": sets[item["prescription"]],
                "reps": [],
                "hold_s": None,
                "load_kg": None,
                "pain": 2,
                "difficulty": "right",
                "skipped": None,
            }
            for item in day["items"]
        ],
    }


def test_the_main_job_end_to_end(cast: Cast, library: None) -> None:
    # The therapist signs in with a password.
    clinic = Browser()
    clinic.send("post", "/_allauth/browser/v1/auth/login", {"email": cast.therapist.email, "password": PASSWORD})
    assert clinic.get("/me")["role"] == "staff"

    # Finds exercises by a synonym with a typo.
    found = clinic.get("/exercises", search="clamshel")
    assert "qf-clam" in [one["slug"] for one in found["results"]][:3]

    # Copies the template and changes a dose.
    templates = clinic.get("/programs", template="true")["results"]
    [ifi] = [one for one in templates if "impingement" in one["name"]]
    draft = clinic.send("post", f"/programs/{ifi['id']}/copy", {}, expect=201)
    assert draft["template"] is False
    item = draft["phases"][0]["prescriptions"][1]
    item["dose"] = {**item["dose"], "sets": 4}
    saved = clinic.send("put", f"/programs/{draft['id']}", draft, headers={"If-Match": f'"{draft["version"]}"'})
    assert saved["phases"][0]["prescriptions"][1]["dose"]["sets"] == 4
    assert saved["phases"][0]["prescriptions"][1]["id"] == item["id"]

    # Registers a new patient, prescribes, invites.
    patient = clinic.send(
        "post",
        "/patients",
        {
            "name": "Nell Placeholder",
            "birth_date": "1958-02-11",
            "affected_side": "left",
            "condition": "ifi_suspected",
            "findings": {"radiating": True},
        },
        expect=201,
    )
    check = clinic.send("post", f"/patients/{patient['id']}/check", {"program": draft["id"]})
    assert [phase["phase"] for phase in check["phases"]] == [1, 2, 3, 4]
    plan = clinic.send(
        "post", f"/patients/{patient['id']}/plans", {"program": draft["id"], "starts_on": "2026-11-24"}, expect=201
    )
    assert plan["status"] == "active"
    assert (
        clinic.client.put(
            f"/api/v1/programs/{plan['program']}", draft, headers=clinic._headers({"If-Match": '"1"'})
        ).json()["errors"][0]["code"]
        == "sealed"
    )
    invitation = clinic.send("post", f"/patients/{patient['id']}/invitation", {}, expect=201)
    token = invitation["url"].rsplit("/join/", 1)[1]

    # The patient joins on a phone and reads the plan.
    phone = Browser()
    greeting = phone.send("post", "/join/check", {"token": token, "birth_date": "1958-02-11"})
    assert greeting["first_name"] == "Nell"
    phone.send("post", "/join", {"token": token, "birth_date": "1958-02-11", "consent": True}, expect=201)
    me = phone.get("/me")
    assert (me["role"], me["patients"][0]["id"]) == ("patient", patient["id"])
    mine = phone.get("/me/plans")
    [my_plan] = mine["plans"]
    today = next(day for day in my_plan["days"] if day["date"] == "2026-11-24")
    assert {one["state"] for one in today["items"]} == {"due"}
    clams = [one for one in mine["exercises"].values() if one["slug"] == "qf-hooklying-knee-drop-in"]
    assert clams
    assert clams[0]["figure"]["thumb"].startswith("/figures/")

    # Does the session; the answer gets lost, so the phone sends it again: stored once.
    item = session_item(my_plan, today)
    body = {
        "schema": 1,
        "patient": patient["id"],
        "device": str(uuid.uuid4()),
        "sent_at": "2026-11-24T10:30:00+01:00",
        "tz": "Europe/Madrid",
        "pending": 0,
        "items": [item],
    }
    first = phone.send("post", "/me/sync", body)
    assert [one["status"] for one in first["results"]] == ["stored"]
    second = phone.send("post", "/me/sync", body)
    assert [one["status"] for one in second["results"]] == ["duplicate"]
    assert Entry.objects.count() == 1
    assert ExerciseLog.objects.count() == len(item["exercises"])
    after = phone.get("/me/plans")["plans"][0]
    today = next(day for day in after["days"] if day["date"] == "2026-11-24")
    assert {one["state"] for one in today["items"]} == {"done"}

    # The therapist sees the session with its pain scores, and the phone learns that it was seen.
    [seen] = clinic.get(f"/patients/{patient['id']}/sessions")["results"]
    assert (seen["id"], seen["pain_before"], seen["pain_after"]) == (item["id"], 3, 2)
    assert {one["pain"] for one in seen["exercises"]} == {2}
    assert seen["local_date"] == "2026-11-24"
    clinic.send("post", f"/patients/{patient['id']}/seen", {"items": [item["id"]]})
    receipts = phone.get("/me/receipts")
    assert [(one["id"], one["seen_by"]) for one in receipts["items"] if one["seen_at"]] == [(item["id"], "Dana")]
    row = next(r for r in clinic.get("/caseload")["results"] if r["patient"]["id"] == patient["id"])
    assert (row["last_pain"], row["plan"]["phase"]) == (2, 1)
