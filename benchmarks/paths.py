"""The costly paths as callables, on the demo clinic. Requests go through Django's client: everything but the socket."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import uuid
from collections.abc import Callable
from itertools import cycle
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.base import new_id
from accounts.models import User
from exercises import library_files
from exercises.loading import draw
from patients.models import Plan, PlanDay

Case = Callable[[], Any]
ONE_DAY = dt.timedelta(days=1)


def client_of(email: str | None) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email=email), backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(client: Client, path: str, **headers: str) -> Case:
    def call() -> Any:
        answer = client.get(f"/api/v1{path}", headers=headers)
        assert answer.status_code in (200, 304), (path, answer.status_code, answer.content[:500])
        return answer

    return call


class Phone:
    """A patient's phone with the plan it was given."""

    def __init__(self, client: Client) -> None:
        self.client = client
        answer = get(client, "/me/plans")()
        self.etag: str = answer["ETag"]
        self.plans_bytes = len(answer.content)
        self.plans_compressed = len(gzip.compress(answer.content, 6))
        document = json.loads(answer.content)
        self.patient = document["patient"]["id"] if isinstance(document["patient"], dict) else document["patient"]
        self.plan = document["plans"][0]
        phase = next(phase for phase in self.plan["phases"] if phase["prescriptions"])
        self.prescriptions = [one["id"] for one in phase["prescriptions"][:6]]

    def session(self) -> dict[str, Any]:
        """A new session of up to six exercises, with ids that nobody has seen."""
        now = timezone.now().isoformat()
        logs = [
            {"id": str(uuid.uuid4()), "prescription": prescription, "slot": 1, "side": "both", "variant": None,
             "sets_done": 3, "reps": [10, 10, 8], "hold_s": None, "load_kg": None, "pain": 2, "difficulty": "right",
             "skipped": None}
            for prescription in self.prescriptions
        ]  # fmt: skip
        return {
            "type": "session", "id": str(uuid.uuid4()), "plan": self.plan["id"], "performed_at": now,
            "logged_at": None, "edited_at": None, "duration_s": 900, "pain_before": 3, "pain_after": 2, "effort": 4,
            "note": "", "exercises": logs,
        }  # fmt: skip

    def send(self, item: dict[str, Any], expected: str) -> None:
        body = {
            "schema": 1, "patient": self.patient, "device": str(uuid.UUID(int=1)), "tz": "Europe/Madrid",
            "sent_at": timezone.now().isoformat(), "pending": 0, "items": [item],
        }  # fmt: skip
        answer = self.client.post("/api/v1/me/sync", json.dumps(body), content_type="application/json")
        assert answer.status_code == 200, answer.content[:500]
        assert answer.json()["results"][0]["status"] == expected, answer.json()

    def sync_new(self) -> None:
        self.send(self.session(), "stored")

    def sync_again(self) -> Case:
        item = self.session()
        self.send(item, "stored")
        return lambda: self.send(item, "duplicate")


def older_days(times: int) -> None:
    """As if every plan had run `times` as long: its days again and again, before its first. What was logged on them is
    not there; neither of the paths looks for it."""
    for plan in Plan.objects.prefetch_related("days"):
        days = list(plan.days.all())
        span = max(day.date for day in days) - min(day.date for day in days) + ONE_DAY
        for n in range(1, times):
            older = [replaced(day, date=day.date - n * span) for day in days]
            PlanDay.objects.bulk_create(older, batch_size=500)


def replaced(day: PlanDay, **changes: Any) -> PlanDay:
    values = {field.attname: getattr(day, field.attname) for field in PlanDay._meta.concrete_fields}
    return PlanDay(**values | {"id": new_id()} | changes)


def draw_one() -> Case:
    """The three files of one exercise, another one each time."""
    drawings = cycle(library_files.read().exercises)
    return lambda: draw(next(drawings))
