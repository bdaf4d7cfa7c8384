"""A warning sign reaches the mailbox of the therapist through the real beat and worker, until somebody has seen it."""

from __future__ import annotations

import datetime as dt
import uuid

from tests.servers import Live
from tests.services.test_reminders import Browser, Person, daytime_zone, wait_for


def test_a_warning_sign_is_mailed_to_the_therapist_at_once(live: Live) -> None:
    clinic = Browser(live)
    login = live.demo()["therapist"]
    clinic.send("POST", "/_allauth/browser/v1/auth/login", login)
    templates = clinic.send("GET", "/api/v1/programs?template=true")["results"]
    person = Person(live, clinic, templates[0]["id"], "Wanda", zone := daytime_zone())
    now = dt.datetime.now(zone).isoformat(timespec="seconds")
    answer = {"type": "checkin", "id": str(uuid.uuid4()), "at": now, "kind": "morning", "version": 1}
    call = {"schema": 1, "patient": person.id, "device": str(uuid.uuid4()), "sent_at": now, "tz": str(zone)}
    call |= {"pending": 0, "items": [answer | {"answers": {"q_redflag": ["RF8"]}}]}
    assert person.phone.send("POST", "/api/v1/me/sync", call)["results"][0]["status"] == "stored"
    assert person.phone.send("GET", "/api/v1/me/plans")["locks"][0]["kind"] == "red_flag"

    def mails() -> list[str]:
        return [mail for mail in live.mails() if f"/clinic/patients/{person.id}" in mail]

    [mail] = wait_for("The alert", mails, 60, live)
    assert f"To: {login['email']}" in mail
    assert "Wanda" not in mail
    alerting = f"/api/v1/flags?alert=true&patient={person.id}"
    [flag] = clinic.send("GET", alerting)["results"]
    assert [(one["to"], one["outcome"]) for one in flag["alert"]["sent"]] == [(login["email"], "sent")]
    clinic.send("POST", f"/api/v1/flags/{flag['id']}/acknowledge")
    assert clinic.send("GET", alerting)["results"] == []
