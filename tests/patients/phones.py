"""A phone for tests: builds items as API.md has them and sends them, and a plan to log against."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from patients import days, plans
from patients.models import Patient, Plan
from programs.models import Phase, Prescription, Program
from tests.programs.builders import DOSE, make_exercise

DAILY = {"kind": "weekdays", "days": [1, 2, 3, 4, 5, 6, 7], "times_per_day": 1}
TWICE_DAILY = {**DAILY, "times_per_day": 2}
THREE_A_WEEK = {"kind": "per_week", "count": 3}


def make_daily_program(patient: Patient, frequencies: list[dict[str, Any]], **prescription: Any) -> Program:
    """One phase with one exercise for each frequency."""
    number = uuid.uuid4().hex[:6]
    program = Program.objects.create(clinic=patient.clinic, name="Home program")
    for n in (1, 2):
        phase = Phase.objects.create(program=program, n=n, name=f"Phase {n}", from_day=21 * (n - 1), to_day=21 * n)
        for position, frequency in enumerate(frequencies):
            Prescription.objects.create(
                phase=phase,
                position=position,
                exercise=make_exercise(f"exercise-{number}-{n}-{position}"),
                dose=DOSE,
                frequency=frequency,
                **prescription,
            )
    return program


def make_plan(
    patient: Patient,
    by: User,
    frequencies: list[dict[str, Any]] | None = None,
    starts_on: dt.date | None = None,
    **prescription: Any,
) -> Plan:
    program = make_daily_program(patient, frequencies or [DAILY] * 6, **prescription)
    starts_on = starts_on or days.local_today(patient)
    return plans.prescribe(program=program, patient=patient, starts_on=starts_on, by=by)


def prescriptions_of(plan: Plan) -> list[Prescription]:
    revision = plan.revisions.latest("n")
    return list(
        Prescription.objects.filter(phase__program=revision.program, phase__n=revision.phase).order_by("position")
    )


def new_id() -> str:
    return str(uuid.uuid4())


def local(date: dt.date, hour: int = 9, minute: int = 0) -> str:
    """An instant on the wall clock in Madrid's winter."""
    return f"{date.isoformat()}T{hour:02}:{minute:02}:00+01:00"


def exercise(prescription: Prescription | uuid.UUID | str, **fields: Any) -> dict[str, Any]:
    return {
        "id": new_id(),
        "prescription": str(getattr(prescription, "pk", prescription)),
        "slot": 1,
        "side": "left",
        "variant": None,
        "sets_done": 3,
        "reps": [10, 10, 10],
        "hold_s": None,
        "load_kg": None,
        "pain": 2,
        "difficulty": "right",
        "skipped": None,
    } | fields


def session(plan: Plan, at: str, exercises: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """All exercises of the plan, done."""
    return {
        "type": "session",
        "id": new_id(),
        "plan": str(plan.pk),
        "performed_at": at,
        "logged_at": None,
        "edited_at": None,
        "duration_s": 900,
        "pain_before": 3,
        "pain_after": 2,
        "effort": 4,
        "note": "",
        "exercises": [exercise(one) for one in prescriptions_of(plan)] if exercises is None else exercises,
    } | fields


def void(of: str, at: str, **fields: Any) -> dict[str, Any]:
    return {"type": "void", "id": new_id(), "of": of, "at": at} | fields


def pain(at: str, score: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "pain", "id": new_id(), "at": at, "score": score, "moment": "now", "session": None, "place": None,
    } | fields  # fmt: skip


def checkin(at: str, **answers: Any) -> dict[str, Any]:
    return {"type": "checkin", "id": new_id(), "at": at, "kind": "morning", "version": 1, "answers": answers}


@dataclass
class TestPhone:
    """One device of one account."""

    client: APIClient
    patient: Patient
    tz: str = "Europe/Madrid"
    device: str = field(default_factory=new_id)
    __test__ = False

    def call(self, *items: Any, **fields: Any) -> dict[str, Any]:
        return {
            "schema": 1,
            "patient": str(self.patient.pk),
            "device": self.device,
            "sent_at": timezone.now().isoformat(),
            "tz": self.tz,
            "pending": 0,
            "items": list(items),
        } | fields

    def post(self, *items: Any, **fields: Any) -> Any:
        return self.client.post("/api/v1/me/sync", self.call(*items, **fields), format="json")

    def send(self, *items: Any, **fields: Any) -> list[dict[str, Any]]:
        response = self.post(*items, **fields)
        assert response.status_code == 200, response.content
        results: list[dict[str, Any]] = response.json()["results"]
        assert [result["index"] for result in results] == list(range(len(items)))
        return results

    def statuses(self, *items: Any, **fields: Any) -> list[str]:
        return [result["status"] for result in self.send(*items, **fields)]

    def plans(self) -> dict[str, Any]:
        response = self.client.get("/api/v1/me/plans")
        assert response.status_code == 200, response.content
        document: dict[str, Any] = response.json()
        return document
