"""Whatever is merged, logged and taken back in whatever order: nothing is lost or stands twice, and days are right.

Three records of one clinic, a phone each. Hypothesis sends items, merges, undoes and lets nights pass.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from rest_framework.test import APIClient

from accounts.api.errors import Conflict
from accounts.models import User
from patients import days, rebuilding
from patients.models import Entry, EntryVersion, ExerciseLog, HeldItem, Lock, Merge, Patient, PatientAccess, Plan
from patients.record.merging import merge
from patients.record.undoing import undo
from tests.conftest import Cast, give_access
from tests.patients.phones import DAILY, THREE_A_WEEK, TestPhone, checkin, make_plan, new_id, pain, session, void
from tests.patients.test_merge import everything, without_events

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
COUNTED = (Entry, ExerciseLog, EntryVersion, HeldItem, Lock, Plan, PatientAccess)
which = st.integers(0, 2)


class Records(RuleBasedStateMachine):
    """Set by the test: the clinic's people, made once."""

    cast: Cast
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.stored: set[str] = set()
        self.phones: list[TestPhone] = []
        self.plans: list[Plan] = []

    @contextmanager
    def clock(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=False):
            yield

    @initialize()
    def three_records(self) -> None:
        with self.clock():
            for n, side in enumerate(("left", "right", None)):
                user = User.objects.create_user(f"{uuid.uuid4().hex}@cast.example", name=f"Rosa {n}")
                patient = Patient.objects.create(
                    clinic=self.cast.clinic,
                    name=f"Rosa {n}",
                    birth_date=dt.date(1964, 5, 17),
                    timezone="Europe/Madrid",
                    affected_side=side,
                    record_number=uuid.uuid4().hex if n else None,
                    findings={"knee": bool(n)} if n else {},
                    status="active",
                )
                give_access(user, patient)
                client = APIClient()
                client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
                self.phones.append(TestPhone(client, patient))
                frequencies = [DAILY, THREE_A_WEEK] if n else [DAILY]
                starts_on = days.local_today(patient) - 4 * DAY
                self.plans.append(make_plan(patient, self.cast.therapist, frequencies, starts_on))

    @property
    def records(self) -> list[Patient]:
        return list(Patient.objects.filter(pk__in=[phone.patient.pk for phone in self.phones]).order_by("name"))

    # ---- phones -----------------------------------------------------------------------------------------------------
    @rule(target=sent, phone=which, plan=which, back=st.integers(0, 5))
    def log_session(self, phone: int, plan: int, back: int) -> dict[str, Any]:
        """Under a plan that the phone may or may not know: what is not its record's is held."""
        item = session(self.plans[plan], (self.now - back * DAY).isoformat())
        self._send(phone, item)
        return item

    @rule(phone=which, score=st.integers(0, 7), back=st.integers(0, 3))
    def log_pain(self, phone: int, score: int, back: int) -> None:
        self._send(phone, pain((self.now - back * DAY).isoformat(), score))

    @rule(phone=which, sign=st.sampled_from([[], ["RF4"], ["RF10"]]))
    def check_in(self, phone: int, sign: list[str]) -> None:
        self._send(phone, checkin(self.now.isoformat(), q_redflag=sign, q_morning=3))

    @rule(phone=which)
    def send_nonsense(self, phone: int) -> None:
        self._send(phone, {"type": "nonsense", "id": new_id()})

    @rule(phone=which, item=sent)
    def send_again(self, phone: int, item: dict[str, Any]) -> None:
        """Also from another phone, also into another record: the same id in two records is no obstacle to a merge."""
        self._send(phone, item)

    @rule(phone=which, item=sent, effort=st.integers(0, 9))
    def amend(self, phone: int, item: dict[str, Any], effort: int) -> None:
        self._send(phone, item | {"edited_at": self.now.isoformat(), "effort": effort})

    @rule(phone=which, item=sent)
    def withdraw(self, phone: int, item: dict[str, Any]) -> None:
        self._send(phone, void(item["id"], self.now.isoformat()))

    @rule(phone=which, item=sent)
    def pain_after(self, phone: int, item: dict[str, Any]) -> None:
        self._send(phone, pain(self.now.isoformat(), 4, moment="after_session", session=item["id"]))

    def _send(self, phone: int, *items: dict[str, Any]) -> None:
        with self.clock():
            results = self.phones[phone].send(*items)
        self.stored |= {one["id"] for one in results if one["status"] == "stored"}

    # ---- the clinic -------------------------------------------------------------------------------------------------
    @rule(record=which, score=st.integers(0, 7))
    def paper(self, record: int, score: int) -> None:
        client = APIClient()
        client.force_login(self.cast.therapist, backend="django.contrib.auth.backends.ModelBackend")
        path = f"/api/v1/patients/{self.phones[record].patient.pk}/paper"
        with self.clock():
            answer = client.post(path, {"items": [pain(self.now.isoformat(), score)]}, format="json")
        assert answer.status_code in (200, 409), answer.content
        if answer.status_code == 200:
            self.stored |= {one["id"] for one in answer.json()["results"]}

    @rule(kept=which, other=which)
    def merge_two(self, kept: int, other: int) -> None:
        records, before = self.records, self._counts()
        with self.clock(), suppress(Conflict):
            if kept != other:
                merge(records[kept], records[other], by=self.cast.therapist, note="")
        assert self._counts() == before

    @rule(kept=which, other=which)
    def merge_and_take_back(self, kept: int, other: int) -> None:
        records = self.records
        before = without_events(everything(*records))
        with self.clock(), suppress(Conflict):
            if kept != other:
                made, new = merge(records[kept], records[other], by=self.cast.therapist, note="")
                if not new:
                    return
                undo(made, by=self.cast.therapist)
        assert without_events(everything(*records)) == before

    @rule(n=st.integers(0, 5))
    def take_back(self, n: int) -> None:
        standing = list(Merge.objects.filter(kept__in=self.records, undone_at=None).order_by("made_at", "id"))
        before = self._counts()
        if standing:
            with self.clock(), suppress(Conflict):
                undo(standing[n % len(standing)], by=self.cast.therapist)
        assert self._counts() == before

    def _counts(self) -> dict[str, int]:
        return {model.__name__: model._base_manager.count() for model in COUNTED}

    @rule(nights=st.integers(1, 4))
    def nights_pass(self, nights: int) -> None:
        for _ in range(nights):
            self.now += DAY
            with self.clock():
                days.lay_out_due()

    # ---- what must hold ---------------------------------------------------------------------------------------------
    @invariant()
    def days_equal_a_recomputation(self) -> None:
        with self.clock():
            differences = [one for patient in self.records for one in rebuilding.rebuild(check=True, patient=patient)]
        assert not differences, "\n".join(map(str, differences))

    @invariant()
    def what_was_stored_is_there_and_under_its_plan(self) -> None:
        entries = Entry.objects.filter(patient__in=self.records).select_related("plan")
        for entry in entries:
            assert entry.plan is None or entry.plan.patient_id == entry.patient_id, entry
        ids = Counter(str(entry.payload["id"]) for entry in entries)
        assert self.stored <= set(ids)

    @invariant()
    def record_that_was_set_aside_holds_nothing(self) -> None:
        for patient in self.records:
            if patient.merged_into_id is not None:
                assert not patient.entries.exists()
                assert not patient.plans.exists()
                assert not patient.access.filter(ended_at=None).exists()

    @invariant()
    def every_phone_reaches_one_record_that_is_in_use(self) -> None:
        for phone in self.phones:
            path = f"/api/v1/me/log?patient={phone.patient.pk}"
            with self.clock():
                assert phone.client.get(path).status_code == 200
                assert phone.client.get("/api/v1/me/log").status_code == 200


@pytest.mark.django_db
def test_nothing_is_lost_whatever_is_merged_and_taken_back(cast: Cast) -> None:
    Records.cast = cast
    run_state_machine_as_test(
        Records,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
