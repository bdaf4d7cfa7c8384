"""What a clinic does before a phone test begins, through the API: a patient with a short plan and a link to join."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, BrowserContext

from tests.servers import Live

BIRTH_DATE = dt.date(1958, 2, 11)


@dataclass(frozen=True)
class Invited:
    name: str
    id: str
    path: str  # /join/<token>


class ClinicDesk:
    """A therapist's session without a screen."""

    def __init__(self, live: Live, context: BrowserContext, email: str | None = None) -> None:
        self._live = live
        self._context = context
        self._request: APIRequestContext = context.request
        self._request.get("/clinic/sign-in")  # sets the CSRF cookie
        who = live.demo()["therapist"]
        self.post("/_allauth/browser/v1/auth/login", {"email": email or who["email"], "password": who["password"]})

    def get(self, path: str, **params: str) -> Any:
        answer = self._request.get(f"/api/v1{path}", params=dict(params))
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        token = next(c["value"] for c in self._context.cookies() if c.get("name") == "csrftoken")
        url = path if path.startswith("/_allauth") else f"/api/v1{path}"
        answer = self._request.post(url, data=body, headers={"X-CSRFToken": str(token)})
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def patch(self, path: str, body: Any) -> Any:
        """A change of the newest version."""
        token = next(c["value"] for c in self._context.cookies() if c.get("name") == "csrftoken")
        headers = {"X-CSRFToken": str(token), "If-Match": f'"{self.get(path)["version"]}"'}
        answer = self._request.patch(f"/api/v1{path}", data=body, headers=headers)
        assert answer.ok, (path, answer.status, answer.text())
        return answer.json()

    def invite(
        self, first_name: str, *exercises: str, email: str | None = None, days_ago: int = 0, **more: Any
    ) -> Invited:
        """A new patient with these exercises every day from today on, or since so many days. The name is made unique,
        the first name kept."""
        name = f"{first_name} Placeholder {uuid.uuid4().hex[:6]}"
        facts = {"name": name, "birth_date": BIRTH_DATE.isoformat(), "affected_side": "left", "email": email, **more}
        patient = self.post("/patients", facts)
        program = self.post("/programs", self._program(exercises or ("Bridge",)))
        starts_on = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=days_ago)
        self.post(f"/patients/{patient['id']}/plans", {"program": program["id"], "starts_on": starts_on.isoformat()})
        url = self.post(f"/patients/{patient['id']}/invitation", {})["url"]
        return Invited(name, patient["id"], url.removeprefix(self._live.base_url))

    def _program(self, exercises: tuple[str, ...]) -> dict[str, Any]:
        daily = {"kind": "weekdays", "days": [1, 2, 3, 4, 5, 6, 7], "times_per_day": 1}
        prescriptions = []
        for words in exercises:
            found = self.get("/exercises", search=words)["results"][0]
            prescriptions.append({"exercise": found["id"], "dose": found["default_dose"], "frequency": daily})
        phase = {"n": 1, "name": "One", "from_day": 0, "to_day": 28, "prescriptions": prescriptions}
        return {"name": "Short", "pain_limit": 5, "phases": [phase]}
