"""A patient who has exercised for some weeks, told through the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from rest_framework.test import APIClient

from patients import days
from patients.models import Patient, Plan
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, checkin, exercise, local, make_plan, prescriptions_of, session

ONE_DAY = dt.timedelta(days=1)


@dataclass
class Home:
    """What happened at home, day by day: `back` counts the days before today."""

    phone: TestPhone
    patient: Patient
    plan: Plan
    today: dt.date
    staff: APIClient
    items: list[dict[str, Any]] = field(default_factory=list)

    def date(self, back: int) -> dt.date:
        return self.today - back * ONE_DAY

    def did(self, back: int, pains: Iterable[int | None] = (1, 1, 1), hour: int = 18, **fields: Any) -> dict[str, Any]:
        """A session with these pains, one for each exercise of the phase in force."""
        prescriptions = prescriptions_of(self.plan)
        one = session(
            self.plan,
            local(self.date(back), hour),
            [exercise(p, pain=pain) for p, pain in zip(prescriptions, pains, strict=False)],
            **{"pain_before": 2, "pain_after": 2, "effort": 4, **fields},
        )
        self.items.append(one)
        return one

    def woke(self, back: int, pain: int | None = 2, hour: int = 7, **answers: Any) -> dict[str, Any]:
        one = checkin(local(self.date(back), hour), q_morning=pain, **answers)
        self.items.append(one)
        return one

    def send(self) -> None:
        sent, self.items = self.items, []
        for start in range(0, len(sent), 100):
            assert {result["status"] for result in self.phone.send(*sent[start : start + 100])} <= {"stored", "amended"}

    def suggestions(self, **params: Any) -> list[dict[str, Any]]:
        response = self.staff.get("/api/v1/suggestions", {"patient": str(self.patient.pk), **params})
        assert response.status_code == 200, response.content
        rows: list[dict[str, Any]] = response.json()["results"]
        return rows

    def opinions(self, **params: Any) -> list[dict[str, Any]]:
        """What the pain rule says, without the planned path."""
        return [one for one in self.suggestions(**params) if one["kind"] != "next_phase"]

    def flags(self, kind: str | None = None) -> list[dict[str, Any]]:
        params = {"patient": str(self.patient.pk)} | ({"kind": kind} if kind else {})
        response = self.staff.get("/api/v1/flags", params)
        assert response.status_code == 200, response.content
        rows: list[dict[str, Any]] = response.json()["results"]
        return rows

    def readiness(self) -> dict[str, Any]:
        response = self.staff.get(f"/api/v1/plans/{self.plan.pk}/readiness")
        assert response.status_code == 200, response.content
        document: dict[str, Any] = response.json()
        return document


@pytest.fixture
def home(cast: Cast, api: Callable[..., APIClient]) -> Callable[..., Home]:
    """`home(weeks=2)`: a plan of three daily exercises that started so long ago, nothing logged yet."""

    def make(weeks: int = 2, **prescription: Any) -> Home:
        today = days.local_today(cast.patient)
        plan = make_plan(cast.patient, cast.therapist, [DAILY] * 3, today - weeks * 7 * ONE_DAY, **prescription)
        return Home(TestPhone(api(cast.patient_user), cast.patient), cast.patient, plan, today, api(cast.therapist))

    return make
