"""Whatever happens in whatever order, days equal a recomputation from plans and logs.

Hypothesis plays a patient with two phones who travels, staff who enter paper, a therapist, the rules and the calendar;
after every step each stored day is compared with what laying out and counting from scratch gives, and the sums that
caseload, phone and the opened number show are compared with each other and with a count of the log.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

from accounts.api.errors import Conflict
from accounts.models import User
from patients import adherence, adherence_sum, caseload, days, people, plans, rebuilding, safety
from patients.api.phone import progress_document
from patients.models import Patient, Plan, PlanDay
from patients.review import due
from patients.sync import store
from patients.sync.envelope import by_our_clock
from tests.conftest import Cast, give_access
from tests.patients.phones import (
    DAILY,
    THREE_A_WEEK,
    TWICE_DAILY,
    TestPhone,
    checkin,
    exercise,
    make_daily_program,
    make_plan,
    new_id,
    pain,
    prescriptions_of,
    session,
    void,
)

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 10, 20, 10, 0, tzinfo=dt.UTC)  # a change of daylight saving lies five days ahead
EVERY_OTHER = {"kind": "interval", "every_days": 2, "times_per_day": 1}
FREQUENCIES = [DAILY, TWICE_DAILY, THREE_A_WEEK, EVERY_OTHER, {"kind": "per_week", "count": 5}]

frequency_lists = st.lists(st.sampled_from(FREQUENCIES), min_size=1, max_size=3)


class Course(RuleBasedStateMachine):
    """Set by the test: the clinic's people, made once."""

    cast: Cast
    sent: Bundle[dict[str, Any]] = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        user = User.objects.create_user(f"{uuid.uuid4().hex}@cast.example", name="Rosa Sample")
        self.patient = Patient.objects.create(
            clinic=self.cast.clinic,
            name="Rosa Sample",
            birth_date=dt.date(1964, 5, 17),
            timezone="Europe/Madrid",
            affected_side="left",
            status="active",
        )
        give_access(user, self.patient)
        client = APIClient()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.phones = [TestPhone(client, self.patient), TestPhone(client, self.patient)]
        self.plans: list[Plan] = []

    @contextmanager
    def clock(self) -> Iterator[None]:
        with time_machine.travel(self.now, tick=False):
            yield

    @property
    def today(self) -> dt.date:
        return days.local_today(self.patient, self.now)

    @initialize(frequencies=frequency_lists, back=st.integers(0, 12))
    def first_plan(self, frequencies: list[dict[str, Any]], back: int) -> None:
        self._prescribe(frequencies, -back)

    def _prescribe(self, frequencies: list[dict[str, Any]], start: int) -> None:
        with self.clock():
            starts_on = self.today + start * DAY
            self.plans.append(make_plan(self.patient, self.cast.therapist, frequencies, starts_on))

    # ---- the patient ------------------------------------------------------------------------------------------------
    @rule(
        target=sent,
        which=st.integers(0, 1),
        plan=st.integers(0, 2),
        back=st.integers(0, 12),
        sets=st.lists(st.integers(0, 3), min_size=1, max_size=3),
        slot=st.integers(1, 2),
        side=st.sampled_from(["left", "right", "both"]),
        edited=st.booleans(),
    )
    def log_session(
        self, *, which: int, plan: int, back: int, sets: list[int], slot: int, side: str, edited: bool
    ) -> dict[str, Any]:
        """Of today or of a day gone by, under whatever revision the phone has."""
        one = self.plans[plan % len(self.plans)]
        at = self.now - back * DAY
        exercises = [
            exercise(
                prescription, sets_done=n, reps=[10] * n, slot=slot, side=side, skipped=None if n else "time", pain=n
            )
            for prescription, n in zip(self._seen(one, back), sets, strict=False)
        ]
        item = session(one, at.isoformat(), exercises, edited_at=at.isoformat() if edited else None)
        self._send(which, item)
        return item

    def _seen(self, plan: Plan, back: int) -> list[Any]:
        if back % 2:
            return prescriptions_of(plan)
        first = plan.revisions.earliest("n")
        return [p for phase in first.program.phases.filter(n=first.phase) for p in phase.prescriptions.all()]

    @rule(which=st.integers(0, 1), item=sent, sets=st.integers(0, 3), minutes=st.integers(-60, 60))
    def amend(self, which: int, item: dict[str, Any], sets: int, minutes: int) -> None:
        edit = item | {"edited_at": (self.now + dt.timedelta(minutes=min(minutes, 0))).isoformat(), "effort": sets}
        edit["exercises"] = [one | {"sets_done": sets, "reps": [8] * sets} for one in item["exercises"]]
        self._send(which, edit)

    @rule(which=st.integers(0, 1), item=sent)
    def move_to_the_day_before(self, which: int, item: dict[str, Any]) -> None:
        at = dt.datetime.fromisoformat(item["performed_at"]) - DAY
        self._send(which, item | {"performed_at": at.isoformat(), "edited_at": self.now.isoformat()})

    @rule(which=st.integers(0, 1), item=sent)
    def withdraw(self, which: int, item: dict[str, Any]) -> None:
        self._send(which, void(item["id"], self.now.isoformat()))

    @rule(which=st.integers(0, 1), item=sent)
    def replay(self, which: int, item: dict[str, Any]) -> None:
        self._send(which, item)

    @rule(item=sent, again=st.booleans())
    def enter_on_paper(self, item: dict[str, Any], again: bool) -> None:
        """What the phone sent already, or the same on a sheet of its own."""
        self._paper(item if again else item | {"id": new_id()})

    @rule(item=sent)
    def withdraw_on_paper(self, item: dict[str, Any]) -> None:
        self._paper(void(item["id"], self.now.isoformat()))

    def _paper(self, item: dict[str, Any]) -> None:
        with self.clock():
            call = by_our_clock(self.patient, [item], self.now)
            assert len(store.receive(call, store.Sender(self.cast.assistant, paper=True))) == 1

    @rule(zone=st.sampled_from(["Europe/Madrid", "Pacific/Pago_Pago", "Pacific/Kiritimati", "Asia/Kolkata"]))
    def travel(self, zone: str) -> None:
        with self.clock(), transaction.atomic():
            people.change(days.locked(self.patient.pk), by=self.cast.therapist, timezone=zone)
        self.patient.refresh_from_db()
        for phone in self.phones:
            phone.tz = zone

    @rule(which=st.integers(0, 1), pending=st.integers(0, 1))
    def open_the_app(self, which: int, pending: int) -> None:
        with self.clock():
            self.phones[which].send(pending=pending)

    @rule(which=st.integers(0, 1), score=st.integers(5, 9), back=st.integers(0, 3))
    def log_pain(self, which: int, score: int, back: int) -> None:
        self._send(which, pain((self.now - back * DAY).isoformat(), score))

    @rule(which=st.integers(0, 1))
    def red_flag(self, which: int) -> None:
        self._send(which, checkin(self.now.isoformat(), q_redflag=["RF4"], q_morning=3))

    def _send(self, which: int, *items: dict[str, Any]) -> None:
        with self.clock():
            assert len(self.phones[which].send(*items)) == len(items)

    # ---- the clinic -------------------------------------------------------------------------------------------------
    @rule(frequencies=frequency_lists, start=st.integers(-5, 5))
    def prescribe_another(self, frequencies: list[dict[str, Any]], start: int) -> None:
        if len(self.plans) < 3:
            self._prescribe(frequencies, start)

    @rule(plan=st.integers(0, 2), frequencies=st.none() | frequency_lists, ahead=st.integers(-3, 5))
    def revise(self, plan: int, frequencies: list[dict[str, Any]] | None, ahead: int) -> None:
        one = self.plans[plan % len(self.plans)]
        with self.clock():
            program = None if frequencies is None else make_daily_program(self.patient, frequencies)
            self._try(plans.revise, one, program=program, phase=1 + ahead % 2, effective_from=self.today + ahead * DAY)

    @rule(plan=st.integers(0, 2), ahead=st.integers(-3, 5), length=st.none() | st.integers(0, 6))
    def pause(self, plan: int, ahead: int, length: int | None) -> None:
        first = self.today + ahead * DAY
        last = None if length is None else first + length * DAY
        with self.clock():
            self._try(plans.pause, self.plans[plan % len(self.plans)], from_date=first, to_date=last, reason="")

    @rule(plan=st.integers(0, 2))
    def resume(self, plan: int) -> None:
        with self.clock():
            self._try(plans.resume, self.plans[plan % len(self.plans)], on=self.today)

    @rule(plan=st.integers(0, 2))
    def stop(self, plan: int) -> None:
        with self.clock():
            self._try(plans.stop, self.plans[plan % len(self.plans)], reason="")

    @rule()
    def unlock(self) -> None:
        with self.clock():
            safety.unlock(self.patient, by=self.cast.therapist, note="Seen")

    @rule()
    def review(self) -> None:
        with self.clock():
            due.run(self.now)

    def _try(self, change: Any, plan: Plan, **arguments: Any) -> None:
        """What a therapist may not do now is refused, and must leave no trace."""
        with suppress(Conflict, ValidationError):
            change(Plan.objects.get(pk=plan.pk), by=self.cast.therapist, **arguments)

    # ---- the calendar -----------------------------------------------------------------------------------------------
    @rule(nights=st.integers(1, 9))
    def nights_pass(self, nights: int) -> None:
        for _ in range(nights):
            self.now += DAY
            with self.clock():
                days.lay_out_due()

    @invariant()
    def days_equal_a_recomputation(self) -> None:
        with self.clock():
            differences = rebuilding.rebuild(check=True, patient=self.patient)
        assert not differences, "\n".join(map(str, differences))

    @invariant()
    def every_date_of_a_plan_has_one_day(self) -> None:
        for plan in Plan.objects.filter(patient=self.patient):
            last = self.today + days.HORIZON
            if plan.ended_on is not None:
                last = min(last, plan.ended_on - DAY)
            expected = [plan.starts_on + n * DAY for n in range((last - plan.starts_on).days + 1)]
            found = list(PlanDay.objects.filter(plan=plan).order_by("date").values_list("date", flat=True))
            # Where the calendar was turned back by a journey, the dates laid out already stay.
            assert found[: len(expected)] == expected
            assert plan.ended_on is None or len(found) == len(expected)
            assert found == [plan.starts_on + n * DAY for n in range(len(found))]

    @invariant()
    def every_sum_is_its_rows_and_the_log(self) -> None:
        with self.clock():
            patient, today = Patient.objects.get(pk=self.patient.pk), self.today
            [row] = caseload.rows([patient])
            progress = progress_document(patient)
            counted = [
                (day.row.date, result.counts, day.heard.paper)
                for day, result in days.counted(days.read(days.of_patient(patient)), today)
            ]
            opened = {window: adherence_sum.document(patient, today, window) for window in adherence.WINDOWS}
        for window, document in opened.items():
            of_log = [
                (counts, paper or (patient.known_until is not None and date <= patient.known_until))
                for date, counts, paper in counted
                if today - window * DAY <= date < today
            ]
            done = sum(counts.sessions_done for counts, _ in of_log)
            asked = sum(counts.sessions_due if known else counts.sessions_done for counts, known in of_log)
            value = round(done / asked, 3) if asked else None
            assert row[f"adherence_{window}"] == value  # type: ignore[literal-required]
            assert progress[f"adherence_{window}"] == value
            assert document["session"]["value"] == value
            rows, dose, over = document["rows"], document["dose"], document["overdoing"]
            assert len(rows) == len(of_log)
            assert done == document["session"]["done"] == sum(one["sessions_done"] for one in rows)
            assert document["session"]["due"] == sum(one["sessions_due"] for one in rows)
            assert document["exercises"] == {name: sum(one[name] for one in rows) for name in adherence_sum.EXERCISES}
            assert dose["done"] == sum(counts.dose_done for counts, _ in of_log)
            assert dose["asked"] - dose["unknown"] == over["asked"]
            assert over["asked"] == sum(c.dose_asked - (0 if known else c.dose_undone) for c, known in of_log)
            assert over["done"] == dose["done"] + dose["over"] == sum(c.dose_done + c.dose_over for c, _ in of_log)
            assert 0 <= dose["done"] <= over["asked"] or over["asked"] == 0 == dose["done"]
            for one in rows:
                parts = ("done", "partly", "skipped", "missed", "unknown")
                assert one["due"] == sum(one[part] for part in parts)
                assert (one["why"] is not None) or one["excused"] == 0


@pytest.mark.django_db
def test_days_equal_a_recomputation_after_anything(cast: Cast) -> None:
    Course.cast = cast
    run_state_machine_as_test(
        Course,
        settings=settings(
            max_examples=10,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
