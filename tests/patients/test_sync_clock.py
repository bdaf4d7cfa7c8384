"""Times of a log: skew, the date the phone showed, late, and both changes of daylight saving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from patients.models import Entry, Patient, Phone, PlanDay
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, local, make_plan, pain, session

UTC = dt.UTC
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # 12:00 in Madrid
DAY = dt.timedelta(days=1)


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def send(phone: TestPhone, item: dict[str, Any], now: dt.datetime = NOW, **fields: Any) -> dict[str, Any]:
    with time_machine.travel(now, tick=False):
        response = phone.post(item, **fields)
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


def test_right_clock_keeps_the_date_the_phone_showed(phone: TestPhone) -> None:
    send(phone, pain("2026-11-24T00:30:00+01:00", 3))
    entry = Entry.objects.get()
    assert entry.local_date == TODAY
    assert entry.happened_at == entry.happened_at_raw == dt.datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert (entry.utc_offset_min, entry.timezone) == (60, "Europe/Madrid")


def test_slow_network_is_no_wrong_clock(phone: TestPhone) -> None:
    answer = send(phone, pain("2026-11-24T09:00:00+01:00", 3), sent_at="2026-11-24T10:59:15+00:00")
    assert answer["clock_skew_s"] == -45
    assert Entry.objects.get().happened_at == dt.datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("skew", "performed", "happened", "date"),
    [
        # Ten minutes off: corrected instant, but the date that the phone showed.
        (600, "2026-11-24T00:05:00+01:00", dt.datetime(2026, 11, 23, 22, 55, tzinfo=UTC), TODAY),
        # A second more: the date of the corrected instant in the phone's zone.
        (601, "2026-11-24T00:05:00+01:00", dt.datetime(2026, 11, 23, 22, 54, 59, tzinfo=UTC), TODAY - DAY),
        # A day fast: done yesterday, whatever the phone showed.
        (86_400, "2026-11-24T09:00:00+01:00", dt.datetime(2026, 11, 23, 8, 0, tzinfo=UTC), TODAY - DAY),
        # Reset to 2010 by an empty battery.
        (-500_000_000, "2011-01-18T10:06:40+00:00", dt.datetime(2026, 11, 22, 11, 0, tzinfo=UTC), TODAY - 2 * DAY),
    ],
)
def test_wrong_clock_is_corrected_and_the_raw_value_kept(
    phone: TestPhone, skew: int, performed: str, happened: dt.datetime, date: dt.date
) -> None:
    sent = NOW + dt.timedelta(seconds=skew)
    answer = send(phone, pain(performed, 3), sent_at=sent.isoformat())
    assert answer["clock_skew_s"] == skew
    entry = Entry.objects.get()
    assert (entry.happened_at, entry.local_date) == (happened, date)
    assert entry.happened_at_raw == dt.datetime.fromisoformat(performed)
    assert Phone.objects.get().clock_skew_s == skew


@pytest.mark.parametrize(("minutes", "status"), [(10, "stored"), (11, "held")])
def test_future_is_held_after_correction(phone: TestPhone, minutes: int, status: str) -> None:
    """The clock is an hour fast and says so; what counts is the corrected instant."""
    sent = NOW + dt.timedelta(hours=1)
    item = pain((sent + dt.timedelta(minutes=minutes)).isoformat(), 3)
    assert send(phone, item, sent_at=sent.isoformat())["results"][0]["status"] == status


def test_late_is_logged_on_a_later_date_than_done(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 5 * DAY)
    done = local(TODAY - DAY, 21)
    for logged, late in ((None, False), (local(TODAY - DAY, 23), False), (local(TODAY, 0, 10), True)):
        result = send(phone, session(plan, done, logged_at=logged))["results"][0]
        assert (result["status"], result["late"]) == ("stored", late)
    assert list(Entry.objects.order_by("created_at").values_list("late", flat=True)) == [False, False, True]


def test_known_until_is_the_phones_yesterday(cast: Cast, phone: TestPhone) -> None:
    """23:30 UTC on the 23rd is half past midnight of the 24th in Madrid."""
    night = dt.datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    send(phone, pain("2026-11-23T22:00:00+01:00", 3), now=night, sent_at="2026-11-24T00:30:00+01:00")
    assert Patient.objects.get(pk=cast.patient.pk).known_until == dt.date(2026, 11, 23)
    # An earlier date never takes it back.
    phone.tz = "America/Lima"
    send(
        phone,
        pain("2026-11-23T18:31:00-05:00", 3),
        now=night + dt.timedelta(minutes=2),
        sent_at="2026-11-23T18:32:00-05:00",
    )
    assert Patient.objects.get(pk=cast.patient.pk).known_until == dt.date(2026, 11, 23)


def test_phone_in_another_zone_logs_on_the_date_it_shows(cast: Cast, phone: TestPhone) -> None:
    """Twenty past midnight in Tokyo is still the day before in Madrid; what the phone showed counts."""
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 5 * DAY)
    phone.tz = "Asia/Tokyo"
    now = dt.datetime(2026, 11, 24, 15, 25, tzinfo=UTC)
    send(phone, session(plan, "2026-11-25T00:20:00+09:00"), now=now, sent_at="2026-11-25T00:25:00+09:00")
    assert PlanDay.objects.get(plan=plan, date=TODAY + DAY).done == 1
    assert PlanDay.objects.get(plan=plan, date=TODAY).done == 0


@pytest.mark.parametrize(
    ("performed", "date"),
    [
        # Madrid, 29 March 2026: 02:00 becomes 03:00. The hour that does not exist was still shown by a stubborn phone.
        ("2026-03-29T01:59:00+01:00", dt.date(2026, 3, 29)),
        ("2026-03-29T02:30:00+01:00", dt.date(2026, 3, 29)),
        ("2026-03-29T00:10:00+01:00", dt.date(2026, 3, 29)),
        # 25 October 2026: 02:30 comes twice; both belong to the date.
        ("2026-10-25T02:30:00+02:00", dt.date(2026, 10, 25)),
        ("2026-10-25T02:30:00+01:00", dt.date(2026, 10, 25)),
        ("2026-10-25T23:59:59+01:00", dt.date(2026, 10, 25)),
    ],
)
def test_daylight_saving_moves_no_log_to_another_date(
    cast: Cast, phone: TestPhone, performed: str, date: dt.date
) -> None:
    at = dt.datetime.fromisoformat(performed)
    with time_machine.travel(at, tick=False):
        plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=date - 3 * DAY)
        assert phone.statuses(session(plan, performed)) == ["stored"]
    assert set(PlanDay.objects.filter(plan=plan, done=1).values_list("date", flat=True)) == {date}


def test_wrong_clock_in_the_night_of_the_change(phone: TestPhone) -> None:
    """The phone did not change its clock on 25 October: an hour fast. Corrected: 23:40 of the day before."""
    now = dt.datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # 00:30 on the 26th in Madrid
    fast = pain("2026-10-26T00:40:00+02:00", 3)  # in truth 21:40 UTC on the 25th
    send(phone, fast, now=now, sent_at="2026-10-26T02:30:00+02:00")
    entry = Entry.objects.get()
    assert (entry.happened_at, entry.local_date) == (
        dt.datetime(2026, 10, 25, 21, 40, tzinfo=UTC),
        dt.date(2026, 10, 25),
    )
