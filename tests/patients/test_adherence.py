"""Adherence: session, dose and over-doing, from logs to numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients import adherence, plans
from patients.models import Patient, PlanDay
from tests.conftest import Cast
from tests.patients.phones import (
    DAILY,
    THREE_A_WEEK,
    TestPhone,
    checkin,
    exercise,
    local,
    make_plan,
    pain,
    prescriptions_of,
    session,
    void,
)

TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

Api = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def phone(cast: Cast, api: Api) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def patient(cast: Cast) -> Patient:
    return Patient.objects.get(pk=cast.patient.pk)


# ---- over-doing -----------------------------------------------------------------------------------------------------
def test_overdoing_counts_extra_sessions_and_extra_sets_of_the_week_that_ended_yesterday(
    cast: Cast, phone: TestPhone
) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY - 7 * DAY)
    one, _ = prescriptions_of(plan)
    phone.send(*(session(plan, local(TODAY - n * DAY)) for n in range(1, 8)))
    found = adherence.overdoing(patient(cast), TODAY)
    assert found.as_json() == {
        "done": 7 * 600, "asked": 7 * 600, "ratio": 1.0, "flagged": False, "from": "2026-11-17", "to": "2026-11-23",
    }  # fmt: skip
    assert not found.flagged
    phone.send(*(session(plan, local(TODAY - n * DAY, 18)) for n in (1, 2)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(9 / 7, abs=0.001)
    assert adherence.overdoing(patient(cast), TODAY).flagged
    phone.send(session(plan, local(TODAY), [exercise(one, sets_done=30, reps=[10] * 30)]))
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(9 / 7, abs=0.001), "today is not judged"


def test_overdoing_is_more_than_120_percent_not_120(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - DAY)
    [one] = prescriptions_of(plan)
    item = session(plan, local(TODAY - DAY), [exercise(one, sets_done=3, reps=[12, 12, 12])])
    phone.send(item)
    assert PlanDay.objects.get(plan=plan, date=TODAY - DAY).dose_over == 60
    assert not adherence.overdoing(patient(cast), TODAY).flagged
    item["exercises"] = [exercise(one, sets_done=3, reps=[12, 12, 13])]
    phone.send(item | {"edited_at": local(TODAY, 9)})
    assert adherence.overdoing(patient(cast), TODAY).flagged


def test_overdoing_of_nothing_asked_is_null_and_catching_up_is_none(cast: Cast, phone: TestPhone) -> None:
    assert adherence.overdoing(patient(cast), TODAY).ratio is None
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 2 * DAY)
    phone.send(*(session(plan, local(TODAY - DAY, hour)) for hour in (8, 18)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == 1.0, "yesterday made up for the day before"


def test_overdoing_says_what_is_known_of_the_days_that_were_heard_of(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 7 * DAY)
    phone.send(*(session(plan, local(TODAY - 3 * DAY, hour)) for hour in (8, 18)), pending=3)
    assert adherence.overdoing(patient(cast), TODAY).ratio == 2.0
    phone.send(pending=0)
    assert adherence.overdoing(patient(cast), TODAY).ratio == pytest.approx(2 / 7, abs=0.001)


def test_exercises_of_n_a_week_done_early_are_no_overdoing(cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=TODAY - 3 * DAY)
    phone.send(*(session(plan, local(TODAY - n * DAY)) for n in (1, 2, 3)))
    assert adherence.overdoing(patient(cast), TODAY).ratio == 1.0


# ---- paper ----------------------------------------------------------------------------------------------------------
def on_paper(api: Api, cast: Cast, *items: dict[str, Any]) -> None:
    response = api(cast.assistant).post(
        f"/api/v1/patients/{cast.patient.pk}/paper", {"items": list(items)}, format="json"
    )
    assert [one["status"] for one in response.json()["results"]] == ["stored"] * len(items), response.content


def known(cast: Cast) -> list[dt.date]:
    return list(
        PlanDay.objects.filter(plan__patient=cast.patient, known=True).order_by("date").values_list("date", flat=True)
    )


def test_paper_makes_its_date_known_whichever_comes_first_plan_or_paper(api: Api, cast: Cast) -> None:
    before = make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY - 5 * DAY)
    on_paper(api, cast, session(before, local(TODAY - 2 * DAY), [exercise(prescriptions_of(before)[0])]))
    make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 5 * DAY)
    assert known(cast) == [TODAY - 2 * DAY] * 2
    assert adherence.adherence(PlanDay.objects.all(), None, TODAY, 7) == 0.5


def test_withdrawn_paper_leaves_its_date_unknown_again_and_makes_no_other_known(api: Api, cast: Cast) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 5 * DAY)
    item = session(plan, local(TODAY - 2 * DAY))
    on_paper(api, cast, item)
    on_paper(api, cast, void(item["id"], local(TODAY)))
    assert known(cast) == []


def test_goal_or_outcome_that_staff_enter_is_no_diary(api: Api, cast: Cast) -> None:
    make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 5 * DAY)
    client = api(cast.therapist)
    for path, body in (
        ("goals", {"text": "Cycle to work"}),
        ("outcomes", {"instrument": "groc", "timepoint": "w4", "answers": {"change": 1}}),
    ):
        response = client.post(f"/api/v1/patients/{cast.patient.pk}/{path}", body, format="json")
        assert response.status_code == 201, response.content
    assert known(cast) == []
    on_paper(api, cast, pain(local(TODAY - DAY), 3))
    assert known(cast) == [TODAY - DAY]


# ---- opening a sum --------------------------------------------------------------------------------------------------
def opened(api: Api, cast: Cast, window: int) -> dict[str, Any]:
    response = api(cast.assistant).get(f"/api/v1/patients/{cast.patient.pk}/adherence", {"window": window})
    assert response.status_code == 200, response.content
    document: dict[str, Any] = response.json()
    return document


def test_sum_opens_into_its_rows(api: Api, cast: Cast, phone: TestPhone) -> None:
    plan = make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY - 4 * DAY)
    one, two = prescriptions_of(plan)
    plans.pause(plan, by=cast.therapist, from_date=TODAY - 2 * DAY, to_date=TODAY - 2 * DAY, reason="Holiday")
    skipping = [exercise(one, reps=[10, 10, 5]), exercise(two, sets_done=0, skipped="pain")]
    phone.send(
        session(plan, local(TODAY - 4 * DAY)),
        session(plan, local(TODAY - 3 * DAY), skipping),
        session(plan, local(TODAY - DAY), [exercise(one, sets_done=2, reps=[10, 10])]),
        pending=0,
    )
    document = opened(api, cast, 7)
    nothing = dict.fromkeys(
        ("due", "done", "partly", "skipped", "missed", "unknown", "excused", "extra", "sessions_due", "sessions_done",
         "sessions_unknown", "dose_asked", "dose_done", "dose_over", "dose_unknown"), 0
    )  # fmt: skip

    def row(back: int, why: str | None = None, **numbers: int) -> dict[str, Any]:
        return {"plan": str(plan.pk), "date": f"{TODAY - back * DAY}", **nothing, **numbers, "why": why}

    assert document["rows"] == [
        row(4, due=2, done=2, sessions_due=1, sessions_done=1, dose_asked=600, dose_done=600),
        row(3, due=2, done=1, skipped=1, sessions_due=1, sessions_done=1, dose_asked=600, dose_done=250),
        row(2, why="pause", excused=2),
        row(1, due=2, partly=1, missed=1, sessions_due=1, sessions_done=1, dose_asked=600, dose_done=200),
    ]
    assert document == {
        "from": "2026-11-17",
        "to": "2026-11-23",
        "window": 7,
        "session": {"done": 3, "due": 3, "unknown": 0, "excused": 2, "value": 1.0, "band": "on_track"},
        "dose": {"done": 1050, "asked": 1800, "unknown": 0, "over": 0, "value": 0.583},
        "overdoing": {
            "done": 1050, "asked": 1800, "ratio": 0.583, "flagged": False, "from": "2026-11-17", "to": "2026-11-23",
        },
        "exercises": {
            "due": 6, "done": 3, "partly": 1, "skipped": 1, "missed": 1, "unknown": 0, "excused": 2, "extra": 0,
        },
        "rows": document["rows"],
    }  # fmt: skip


def test_no_plan_and_nothing_due_are_null_not_zero(api: Api, cast: Cast) -> None:
    assert opened(api, cast, 7)["session"] == {
        "done": 0, "due": 0, "unknown": 0, "excused": 0, "value": None, "band": None,
    }  # fmt: skip
    assert opened(api, cast, 28)["rows"] == []
    make_plan(cast.patient, cast.therapist, [THREE_A_WEEK], starts_on=TODAY - 3 * DAY)
    document = opened(api, cast, 7)
    assert (document["session"]["value"], document["dose"]["value"], document["overdoing"]["ratio"]) == (None,) * 3
    assert len(document["rows"]) == 3


def test_silence_is_seen_the_next_day_without_anyone_logging(api: Api, cast: Cast) -> None:
    with time_machine.travel(NOW - 7 * DAY, tick=False):
        make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 7 * DAY)
    found = []
    for back in range(6, -2, -1):
        with time_machine.travel(NOW - back * DAY, tick=False):
            document = opened(api, cast, 7)
            found.append((document["session"]["unknown"], document["session"]["value"], document["session"]["band"]))
    assert found == [(1, None, None), (2, None, None), (3, None, None), (4, None, None), (5, None, None),
                     (6, None, None), (7, None, "lapsed"), (7, None, "lapsed")]  # fmt: skip


@pytest.mark.parametrize("window", ["8", "seven", ""])
def test_other_windows_400(api: Api, cast: Cast, window: str) -> None:
    client = api(cast.therapist)
    assert client.get(f"/api/v1/patients/{cast.patient.pk}/adherence", {"window": window}).status_code == 400
    assert client.get(f"/api/v1/patients/{cast.patient.pk}/adherence", {"days": 7}).status_code == 400


def test_lock_says_why(api: Api, cast: Cast, phone: TestPhone) -> None:
    make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 3 * DAY)
    phone.send(checkin(local(TODAY - DAY, 7), q_redflag=["RF4"]))
    assert [row["why"] for row in opened(api, cast, 7)["rows"]] == [None, None, "lock"]


def test_opening_a_sum_costs_the_same_however_long_the_window(api: Api, cast: Cast, phone: TestPhone) -> None:
    """session or user, memberships, patient with clinic, days, pauses, locks"""
    plan = make_plan(cast.patient, cast.therapist, [DAILY], starts_on=TODAY - 300 * DAY)
    plans.pause(plan, by=cast.therapist, from_date=TODAY - 9 * DAY, to_date=TODAY - 2 * DAY, reason="")
    client = api(cast.therapist)
    for window in (7, 28):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/api/v1/patients/{cast.patient.pk}/adherence", {"window": window})
        assert len(captured) <= 7, "\n".join(query["sql"] for query in captured.captured_queries)


# ---- bands ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("done", "asked", "band"),
    [
        (0, 0, None), (4, 5, "on_track"), (10, 10, "on_track"), (79, 100, "partial"), (7996, 10000, "partial"),
        (1, 2, "partial"), (499, 1000, "low"), (0, 3, "low"),
    ],
)  # fmt: skip
def test_bands_are_judged_on_the_fraction_not_on_its_rounding(done: int, asked: int, band: str | None) -> None:
    assert adherence.band(done, asked, lapsed=False) == band
    assert adherence.band(done, asked, lapsed=True) == "lapsed"


def lapsed(*days: PlanDay) -> bool:
    return adherence.has_lapsed(days, TODAY)


def silent(back: int, **fields: Any) -> PlanDay:
    return PlanDay(date=TODAY - back * DAY, **{"due": 1} | fields)


def test_lapsed_is_seven_dates_of_a_plan_with_nothing_at_all() -> None:
    week = [silent(back) for back in range(1, 8)]
    assert lapsed(*week)
    assert lapsed(*week[:-1], silent(7, due=0)), "not every date need have something due"
    assert not lapsed(*week[:-1]), "the plan is not seven days old"
    assert not lapsed(*week[:-1], silent(7, due=0, excused=1)), "a date that was excused is not counted"
    assert not lapsed(*week[:-1], silent(7, extra=1)), "something was done"
    assert not lapsed(*week[:-1], silent(7, partly=1)), "something was done"
    assert not lapsed(*(silent(back, due=0) for back in range(1, 8))), "nothing was due"
    assert lapsed(*week, *(silent(back, due=0, excused=1) for back in range(1, 8))), "another plan is paused"
