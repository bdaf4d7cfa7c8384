"""A patient who travels: a date that a change of zone jumps over is excused, one that comes twice is due once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from patients import days, plans, rebuilding, travel
from patients.models import Patient, PlanDay
from tests.conftest import Cast
from tests.patients.phones import DAILY, THREE_A_WEEK, TestPhone, make_plan, session

PAGO, KIRITIMATI = "Pacific/Pago_Pago", "Pacific/Kiritimati"  # UTC−11 and UTC+14: 25 hours apart
# 23:30 on the 24th in Pago Pago, 00:30 on the 26th in Kiritimati
NOW = dt.datetime(2026, 11, 25, 10, 30, tzinfo=dt.UTC)
DATE = dt.date(2026, 11, 24)
DAY = dt.timedelta(days=1)

Api = Callable[..., APIClient]


def move(client: APIClient, zone: str) -> None:
    response = client.patch("/api/v1/me", {"timezone": zone}, format="json")
    assert response.status_code == 200, response.content


def patient(cast: Cast) -> Patient:
    return Patient.objects.get(pk=cast.patient.pk)


def at_home(cast: Cast, zone: str) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(timezone=zone)
    cast.patient.refresh_from_db()


def states(phone: TestPhone) -> dict[str, str]:
    [plan] = phone.plans()["plans"]
    return {day["date"]: item["state"] for day in plan["days"] for item in day["items"]}


def sum_of(api: Api, cast: Cast) -> dict[str, Any]:
    document: dict[str, Any] = api(cast.therapist).get(f"/api/v1/patients/{cast.patient.pk}/adherence").json()
    return document


def test_date_that_was_jumped_over_is_excused_everywhere(api: Api, cast: Cast) -> None:
    at_home(cast, PAGO)
    phone = TestPhone(api(cast.patient_user), cast.patient, tz=PAGO)
    with time_machine.travel(NOW, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE - 3 * DAY)
        move(phone.client, KIRITIMATI)
        assert states(phone)["2026-11-25"] == "excused"
        assert (states(phone)["2026-11-24"], states(phone)["2026-11-26"]) == ("due", "due")
        assert rebuilding.rebuild(check=True) == []
    phone.tz = KIRITIMATI
    with time_machine.travel(NOW + 2 * DAY, tick=False):
        phone.send(session(plan, "2026-11-27T09:00:00+14:00"))
        document = sum_of(api, cast)
    rows = {row["date"]: row for row in document["rows"]}
    assert (rows["2026-11-25"]["why"], rows["2026-11-25"]["excused"], rows["2026-11-25"]["due"]) == ("travel", 1, 0)
    assert (rows["2026-11-24"]["why"], rows["2026-11-24"]["missed"]) == (None, 1), "a shorter date stays due"
    assert document["session"] == {
        "done": 1, "due": 6, "unknown": 0, "excused": 1, "value": round(1 / 6, 3), "band": "low",
    }  # fmt: skip


def test_way_back_brings_the_date_after_all(api: Api, cast: Cast) -> None:
    at_home(cast, PAGO)
    phone = TestPhone(api(cast.patient_user), cast.patient, tz=PAGO)
    with time_machine.travel(NOW, tick=False):
        make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE - 3 * DAY)
        move(phone.client, KIRITIMATI)
        move(phone.client, PAGO)
        assert patient(cast).skipped_dates == []
        assert states(phone)["2026-11-25"] == "due"


def test_date_jumped_over_long_ago_stays_excused_on_later_travels(api: Api, cast: Cast) -> None:
    at_home(cast, PAGO)
    client = api(cast.patient_user)
    with time_machine.travel(NOW, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE - 3 * DAY)
        move(client, KIRITIMATI)
    with time_machine.travel(NOW + 5 * DAY, tick=False):
        move(client, "Europe/Madrid")
        assert not PlanDay.objects.get(plan=plan, date=DATE + DAY).open
        assert rebuilding.rebuild(check=True) == []


def test_clinic_that_corrects_the_zone_does_the_same(api: Api, cast: Cast) -> None:
    at_home(cast, PAGO)
    with time_machine.travel(NOW, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE)
        response = api(cast.therapist).patch(
            f"/api/v1/patients/{cast.patient.pk}",
            {"timezone": KIRITIMATI},
            format="json",
            headers={"If-Match": f'"{cast.patient.version}"'},
        )
        assert response.status_code == 200, response.content
    assert not PlanDay.objects.get(plan=plan, date=DATE + DAY).open
    assert patient(cast).skipped_dates == [{"date": "2026-11-25", "from": PAGO, "to": KIRITIMATI}]


def test_date_that_comes_twice_is_due_once_and_not_yet_missed(api: Api, cast: Cast) -> None:
    """Westward over the date line: the 26th has begun, and the 25th goes on."""
    at_home(cast, "Pacific/Auckland")
    phone = TestPhone(api(cast.patient_user), cast.patient, tz="Pacific/Auckland")
    now = dt.datetime(2026, 11, 25, 20, 0, tzinfo=dt.UTC)  # 09:00 on the 26th in Auckland, 12:00 on the 25th in LA
    with time_machine.travel(now, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE)
        phone.send(
            session(plan, "2026-11-25T09:00:00+13:00"),
            session(plan, "2026-11-26T08:00:00+13:00"),
            sent_at="2026-11-26T09:00:00+13:00",
        )
        assert patient(cast).known_until == dt.date(2026, 11, 25)
        move(phone.client, "America/Los_Angeles")
        assert patient(cast).known_until == dt.date(2026, 11, 24)
        assert patient(cast).skipped_dates == []
        phone.tz = "America/Los_Angeles"
        phone.send(session(plan, "2026-11-25T11:30:00-08:00"), pending=1, sent_at="2026-11-25T12:00:00-08:00")
        rows = PlanDay.objects.filter(plan=plan, date__lte=dt.date(2026, 11, 26)).order_by("date")
        assert list(rows.values_list("date", "due", "done", "extra", "sessions_due", "sessions_done")) == [
            (dt.date(2026, 11, 24), 1, 0, 0, 1, 0),
            (dt.date(2026, 11, 25), 1, 1, 1, 1, 1),
            (dt.date(2026, 11, 26), 1, 1, 0, 1, 1),
        ]
        assert rebuilding.rebuild(check=True) == []


def test_week_cut_by_a_stop_is_judged_by_the_date_of_the_patient_wherever_that_is(api: Api, cast: Cast) -> None:
    at_home(cast, "Asia/Kolkata")
    with time_machine.travel(dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC), tick=False):
        plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=DATE - 6 * DAY)
        plans.stop(plan, by=cast.therapist, reason="Done")
        due = PlanDay.objects.filter(plan=plan, due__gt=0)
        assert due.count() == 1, "the week ended with the plan, today"
        move(api(cast.patient_user), PAGO)
        assert due.count() == 0, "there it is still yesterday"
        assert rebuilding.rebuild(check=True) == []
        move(api(cast.patient_user), "Asia/Kolkata")
        assert due.count() == 1


@pytest.mark.parametrize(
    ("before", "after"), [("Europe/Madrid", "America/New_York"), ("America/Los_Angeles", "Asia/Tokyo")]
)
def test_ordinary_travel_excuses_nothing(api: Api, cast: Cast, before: str, after: str) -> None:
    at_home(cast, before)
    with time_machine.travel(dt.datetime(2026, 11, 24, 20, 0, tzinfo=dt.UTC), tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=DATE)
        move(api(cast.patient_user), after)
    assert patient(cast).skipped_dates == []
    assert not PlanDay.objects.filter(plan=plan, open=False).exists()


@settings(max_examples=300)
@example(zones=[KIRITIMATI, PAGO, KIRITIMATI, PAGO], hours=[0, 24, 0, 0, 0, 0, 0, 0])
@given(
    zones=st.lists(
        st.sampled_from([PAGO, KIRITIMATI, "Europe/Madrid", "Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland"]),
        min_size=1,
        max_size=8,
    ),
    hours=st.lists(st.integers(0, 40), min_size=8, max_size=8),
)
def test_dates_that_never_were_a_date_of_the_patient_are_skipped_and_no_others(
    zones: list[str], hours: list[int]
) -> None:
    """Followed by the half hour, whatever way the patient goes. Where a journey turns the calendar back, its dates are
    still to come; one that is then jumped over is excused although it had begun. It ends with three days at home."""
    one = Patient(timezone="Europe/Madrid", skipped_dates=[], known_until=None)
    now = NOW
    lived: set[dt.date] = set()
    for zone, wait in zip([*zones, "Europe/Madrid"], [*hours[: len(zones)], 72], strict=True):
        before, one.timezone = one.timezone, zone
        travel.move(one, before, now)
        lived = {date for date in lived if date < days.local_today(one, now)}
        lived |= {days.local_today(one, now + n * dt.timedelta(minutes=30)) for n in range(2 * wait + 1)}
        now += wait * dt.timedelta(hours=1)
    every = {min(lived) + n * DAY for n in range((max(lived) - min(lived)).days + 1)}
    assert travel.skipped(one) == every - lived
