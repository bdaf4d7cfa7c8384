"""The calendar feed: what stands in it, read as a calendar reads it, and whom its address lets in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from accounts.models import hash_token
from patients import days, plans
from patients.models import Lock, LockKind, Patient, PatientStatus, Plan, PlanDay
from programs.models import Prescription
from reminders import calendar
from reminders.models import CalendarFeed, ReminderRule, occurrence_id
from tests.conftest import Cast
from tests.programs.builders import make_program
from tests.reminders.conftest import MADRID_8, TUESDAY, due_day, rule_at
from tests.reminders.test_due import CHANGES, ZONES

Api = Callable[..., APIClient]
pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/calendar"
DAY = dt.timedelta(days=1)
WINDOW = [TUESDAY + n * DAY for n in range(28)]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    """Tuesday, 08:00 in Madrid."""
    with time_machine.travel(MADRID_8, tick=False):
        yield


@pytest.fixture
def rosa(cast: Cast) -> Patient:
    return cast.patient


@pytest.fixture
def plan(cast: Cast, rosa: Patient) -> Plan:
    """Something every day, from three weeks ago on."""
    started = TUESDAY - 21 * DAY
    program = make_program(cast.clinic)
    Prescription.objects.filter(phase__program=program).update(
        frequency={"kind": "weekdays", "days": [1, 2, 3, 4, 5, 6, 7], "times_per_day": 1}
    )
    return plans.prescribe(program=program, patient=rosa, starts_on=started, by=cast.therapist)


@pytest.fixture
def rule(rosa: Patient) -> ReminderRule:
    return rule_at(rosa, "08:00")


@pytest.fixture
def path(cast: Cast, api: Api, plan: Plan, rule: ReminderRule) -> str:
    return opened(api, cast.patient_user)


def opened(api: Api, user: Any) -> str:
    answer = api(user).post(MINE)
    assert answer.status_code == 201
    return str(answer.json()["url"]).removeprefix("http://testserver")


def fetched(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def read(text: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def events(path: str) -> list[Any]:
    answer = fetched(path)
    assert answer.status_code == 200
    return read(answer.content)


def starts(path: str) -> list[dt.datetime]:
    return [event["DTSTART"].dt for event in events(path)]


def dates(path: str, zone: str = "Europe/Madrid") -> list[dt.date]:
    return [start.astimezone(ZoneInfo(zone)).date() for start in starts(path)]


# ---- What stands in it ----------------------------------------------------------------------------------------------
def test_the_due_days_of_four_weeks_at_the_rules_hour(path: str, rule: ReminderRule) -> None:
    assert dates(path) == WINDOW
    assert {start.astimezone(ZoneInfo("Europe/Madrid")).time() for start in starts(path)} == {dt.time(8)}
    assert [str(event["UID"]) for event in events(path)] == [str(occurrence_id(rule.pk, one, 1)) for one in WINDOW]


def test_the_text_is_rfc_5545(path: str) -> None:
    """Read without the library that wrote it."""
    answer = fetched(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    raw = answer.content
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    lines = raw.decode().split("\r\n")
    assert sorted(lines[:3]) == ["BEGIN:VCALENDAR", "PRODID:-//Homestretch//EN", "VERSION:2.0"]
    first = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert {line.split(":")[0].split(";")[0] for line in first} == {
        "BEGIN",
        "SUMMARY",
        "DTSTART",
        "DURATION",
        "DTSTAMP",
        "UID",
        "CLASS",
        "TRANSP",
    }
    assert "DTSTART:20261124T070000Z" in first
    assert "SUMMARY:Exercises" in first


def test_nothing_in_it_says_who_or_what(path: str, plan: Plan, rosa: Patient, cast: Cast) -> None:
    text = fetched(path).content.decode()
    named = [rosa.name, *rosa.name.split(), cast.clinic.name, "pain"]
    names = [one.name for one in _exercises(plan)]
    assert names
    assert not [word for word in [*named, *names] if word in text]


def _exercises(plan: Plan) -> list[Any]:
    revision = plan.revisions.get()
    return [
        prescription.exercise
        for phase in revision.program.phases.all()
        for prescription in phase.prescriptions.select_related("exercise")
    ]


def test_titles_are_in_the_patients_language(path: str) -> None:
    Patient.objects.update(language="es")
    assert {str(event["SUMMARY"]) for event in events(path)} == {"Ejercicios"}


def test_moving_the_hour_keeps_the_events(path: str, rosa: Patient, rule: ReminderRule) -> None:
    before = [str(event["UID"]) for event in events(path)]
    rule_at(rosa, "19:30", id=rule.pk)
    assert [str(event["UID"]) for event in events(path)] == before
    assert {start.astimezone(ZoneInfo("Europe/Madrid")).time() for start in starts(path)} == {dt.time(19, 30)}


def test_several_hours_weekdays_and_quiet_hours(path: str, rosa: Patient, rule: ReminderRule) -> None:
    rule_at(rosa, "06:00", "23:00", id=rule.pk, weekdays=(2,), quiet_from=dt.time(22), quiet_to=dt.time(7))
    local = [start.astimezone(ZoneInfo("Europe/Madrid")) for start in starts(path)]
    assert [(one.date(), one.time()) for one in local] == [(TUESDAY + n * 7 * DAY, dt.time(7)) for n in range(4)]


def test_days_of_a_pause_vanish(path: str, plan: Plan, cast: Cast) -> None:
    first, last = TUESDAY + 3 * DAY, TUESDAY + 9 * DAY
    plans.pause(plan, by=cast.therapist, from_date=first, to_date=last, reason="holiday")
    assert dates(path) == [one for one in WINDOW if not first <= one <= last]


def test_locked_days_vanish(path: str, plan: Plan, rosa: Patient) -> None:
    Lock.objects.create(patient=rosa, kind=LockKind.RED_FLAG, since=MADRID_8, from_date=TUESDAY)
    days.lay_out(plan)
    assert dates(path) == []


def test_days_of_a_stopped_plan_vanish(path: str, plan: Plan, cast: Cast) -> None:
    plans.stop(plan, by=cast.therapist, reason="done")
    assert [one for one in dates(path) if one > TUESDAY] == []


def test_a_paused_rule_and_nudges_are_not_in_it(path: str, rosa: Patient, rule: ReminderRule) -> None:
    ReminderRule.objects.create(patient=rosa, kind="nudge", after_days=3, times=["10:00"], timezone="Europe/Madrid")
    assert dates(path) == WINDOW
    rule_at(rosa, "08:00", id=rule.pk, paused=True)
    assert dates(path) == []


@pytest.mark.parametrize("status", [PatientStatus.DISCHARGED, PatientStatus.ERASED, PatientStatus.INVITED])
def test_a_patient_not_in_treatment_has_an_empty_calendar(path: str, status: PatientStatus) -> None:
    Patient.objects.update(status=status)
    assert dates(path) == []


def test_rest_days_are_not_in_it_and_a_week_of_three_until_it_is_met(path: str, rosa: Patient) -> None:
    PlanDay.objects.all().delete()
    weekly = [{"prescription": "p", "key": "k", "slot": 1, "both": False, "weekly": 3}]
    monday = TUESDAY - DAY
    for n in range(14):
        date = monday + n * DAY
        day = due_day(rosa, date, due=0, sessions_due=0)
        day.items, day.week = weekly, monday + (n // 7) * 7 * DAY
        day.sessions_done = 3 if date == monday else 0
        day.save()
    due_day(rosa, monday + 20 * DAY)
    due_day(rosa, monday + 21 * DAY, due=0, sessions_due=0)
    assert dates(path) == [*(monday + n * DAY for n in range(7, 14)), monday + 20 * DAY]


@settings(derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.sampled_from(CHANGES), st.tuples(st.sampled_from(ZONES), st.dates(dt.date(2013, 1, 1)))),
    st.times().map(lambda time: time.replace(second=0, microsecond=0)),
)
def test_in_any_zone_each_date_has_its_own_wall_clock_hour(
    rosa: Patient, zoned: tuple[str, dt.date], time: dt.time
) -> None:
    """Over a clock change too. Where the hour does not exist that day, the wall clock shows it shifted by the gap."""
    name, date = zoned
    zone = ZoneInfo(name)
    PlanDay.objects.all().delete()
    Patient.objects.filter(pk=rosa.pk).update(timezone=name, status=PatientStatus.ACTIVE)
    rosa.refresh_from_db()
    today = date - 3 * DAY
    for n in range(8):
        due_day(rosa, today + n * DAY)
    rule = rule_at(rosa, time.strftime("%H:%M"))
    text = calendar.write(rosa, dt.datetime.combine(today, dt.time(12), tzinfo=zone))
    seen = {}
    for event in read(text):
        start = event["DTSTART"].dt
        assert start.utcoffset() == dt.timedelta(0)
        seen[str(event["UID"])] = start.astimezone(zone)
    for n in range(8):
        day = today + n * DAY
        shown = seen.pop(str(occurrence_id(rule.pk, day, 1)), None)
        wanted = dt.datetime.combine(day, time, tzinfo=zone)
        exists = wanted.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) == wanted.replace(tzinfo=None)
        if shown is None:
            assert (name, day) == ("Pacific/Apia", dt.date(2011, 12, 30))  # a date that did not exist there
        elif exists:
            assert shown.replace(tzinfo=None) == wanted.replace(tzinfo=None)
            assert shown.fold == 0
        else:
            assert shown.replace(tzinfo=None) > wanted.replace(tzinfo=None)
    assert seen == {}


# ---- Its address ----------------------------------------------------------------------------------------------------
def test_the_address_is_shown_once_and_kept_as_a_hash(cast: Cast, api: Api, path: str) -> None:
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    feed = CalendarFeed.objects.get()
    assert len(token) == 32
    assert (feed.token_hash, feed.created_by) == (hash_token(token), cast.patient_user)
    assert token not in str(list(CalendarFeed.objects.values()))


def test_a_second_address_ends_the_first_and_delete_ends_it(cast: Cast, api: Api, path: str) -> None:
    second = opened(api, cast.patient_user)
    assert (fetched(path).status_code, fetched(second).status_code) == (404, 200)
    phone = api(cast.patient_user)
    assert (phone.delete(MINE).status_code, phone.delete(MINE).status_code) == (204, 204)
    assert fetched(second).status_code == 404


def test_an_unknown_and_a_revoked_address_look_the_same(cast: Cast, api: Api, path: str) -> None:
    api(cast.patient_user).delete(MINE)
    revoked, unknown = fetched(path), fetched("/calendar/no-such-token.ics")
    assert revoked.content == unknown.content
    assert dict(revoked.headers) == dict(unknown.headers)
    assert (revoked.status_code, unknown.status_code) == (404, 404)


def test_a_carers_address_is_the_carers_and_ends_with_their_access(cast: Cast, api: Api, path: str) -> None:
    theirs = opened(api, cast.carer)
    assert [fetched(one).status_code for one in (path, theirs)] == [200, 200]
    cast.patient.access.filter(user=cast.carer).update(ended_at=MADRID_8)
    assert [fetched(one).status_code for one in (path, theirs)] == [200, 404]


def test_an_account_that_was_closed_has_no_calendar(cast: Cast, path: str) -> None:
    cast.patient_user.is_active = False
    cast.patient_user.save()
    assert fetched(path).status_code == 404


def test_no_cookie_and_private_headers(cast: Cast, path: str) -> None:
    signed_in = Client()
    signed_in.force_login(cast.patient_user, backend="django.contrib.auth.backends.ModelBackend")
    signed_in.get("/api/v1/me")
    for answer in (fetched(path), signed_in.get(path)):
        assert answer.cookies == {}
        assert answer.headers["Cache-Control"] == "private, no-cache"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_an_unchanged_calendar_is_304_all_day(path: str, rosa: Patient, rule: ReminderRule) -> None:
    tag = fetched(path).headers["ETag"]
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=9), tick=False):
        again = fetched(path, **{"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        rule_at(rosa, "08:05", id=rule.pk)
        assert fetched(path, **{"If-None-Match": tag}).status_code == 200


def test_only_reading_is_allowed(path: str) -> None:
    assert Client().post(path).status_code == 405
    head = Client().head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_when_it_was_read_is_noted_once_an_hour(path: str) -> None:
    fetched(path)
    with time_machine.travel(MADRID_8 + dt.timedelta(minutes=59), tick=False):
        fetched(path)
    assert CalendarFeed.objects.get().last_fetched_at == MADRID_8
    with time_machine.travel(MADRID_8 + dt.timedelta(minutes=60), tick=False):
        fetched(path)
    assert CalendarFeed.objects.get().last_fetched_at == MADRID_8 + dt.timedelta(minutes=60)


def test_a_fetch_costs_four_queries(path: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fetched(path)
    # the feed with its patient (1) · its maker's access (2) · days (3) · rules (4)
    with django_assert_num_queries(4):
        fetched(path)


def test_wrong_addresses_are_limited_and_right_ones_are_not(path: str, settings: Settings) -> None:
    cache.clear()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"guess": "3/min"}
    assert [fetched(path).status_code for _ in range(5)] == [200] * 5
    wrong = [fetched(f"/calendar/wrong{n}.ics") for n in range(5)]
    assert [one.status_code for one in wrong] == [404, 404, 404, 429, 429]
    assert 1 <= int(wrong[-1].headers["Retry-After"]) <= 60
    assert fetched(path).status_code == 200
    cache.clear()
