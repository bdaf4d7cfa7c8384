"""Answers that stop the exercises at once (CLINICAL.md D.2, D.8; RULINGS.md)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients import redflags
from patients.models import Flag, Lock, Plan, PlanDay
from tests.conftest import Cast
from tests.patients.phones import (
    DAILY,
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


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast.patient, cast.therapist, [DAILY, DAILY], starts_on=TODAY - 10 * DAY)


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def closed(plan: Plan) -> list[dt.date]:
    return list(PlanDay.objects.filter(plan=plan, open=False).values_list("date", flat=True).order_by("date"))


@pytest.mark.parametrize(
    ("sign", "urgency", "locks"),
    [
        *[(f"RF1.{one}", "emergency", True) for one in ("urine", "bowel", "saddle", "sexual", "legs")],
        *[(f"RF{n}", "emergency", True) for n in (2, 3, 4, 5, 9, 12, 13)],
        ("RF6", "same_day", True),
        ("RF8", "48h", True),
        ("RF7", "2_weeks", False),
        ("RF10", "2_weeks", False),
        ("RF11", "routine", False),
    ],
)
def test_red_flag_locks_or_only_flags(phone: TestPhone, plan: Plan, sign: str, urgency: str, locks: bool) -> None:
    item = checkin(local(TODAY, 8), q_redflag=[sign])
    assert phone.statuses(item) == ["stored"]
    flag = Flag.objects.get()
    assert (flag.kind, flag.urgency) == ("red_flag", urgency)
    assert ("stay locked" in flag.next_step, "not locked" in flag.next_step) == (locks, not locks)
    assert flag.evidence == [{"id": item["id"], "entry": item["id"], "date": "2026-11-24", "answers": [sign]}]
    assert Lock.objects.filter(kind="red_flag", until=None, from_date=TODAY).exists() is locks
    assert (TODAY in closed(plan)) is locks
    assert AccessRecord.objects.filter(action="lock").exists() is locks


def test_several_signs_take_the_most_urgent_and_one_open_flag_collects_all(phone: TestPhone, plan: Plan) -> None:
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF11"]))
    phone.send(checkin(local(TODAY, 9), q_redflag=["RF8", "RF1.saddle"]))
    phone.send(checkin(local(TODAY, 10), q_redflag=["RF7"]))
    flag = Flag.objects.get()
    assert flag.urgency == "emergency"
    assert [one["answers"] for one in flag.evidence] == [["RF11"], ["RF8", "RF1.saddle"], ["RF7"]]
    assert Lock.objects.count() == 1


@pytest.mark.parametrize("ticked", [[], None, ["RF1.saddle"]])
def test_numb_saddle_is_a_warning_sign_whatever_was_ticked(
    phone: TestPhone, plan: Plan, ticked: list[str] | None
) -> None:
    phone.send(checkin(local(TODAY, 8), q_numb_new="yes", q_numb_where=["saddle", "left_thigh"], q_redflag=ticked))
    flag = Flag.objects.get(kind="red_flag")
    assert (flag.urgency, flag.evidence[0]["answers"]) == ("emergency", ["RF1.saddle"])
    assert Lock.objects.filter(kind="red_flag", until=None).exists()


def test_none_of_these_locks_nothing(phone: TestPhone, plan: Plan) -> None:
    phone.send(checkin(local(TODAY, 8), q_redflag=[], q_morning=7, q_weak="no", q_numb_new="no", q_leg_30min="no"))
    phone.send(checkin(local(TODAY, 9), q_redflag=None))
    assert not Lock.objects.exists()
    assert not Flag.objects.exists()


def test_only_a_yes_to_the_30_minutes_stops_the_day(phone: TestPhone, plan: Plan) -> None:
    """No answer counts as lasting for the colour and the flag (review/test_watching.py); docs/clinical-sources.md."""
    phone.send(checkin(local(TODAY - DAY, 8), q_radiate=1))
    phone.send(checkin(local(TODAY, 8), q_radiate=3, q_leg_30min=None))
    assert not Lock.objects.exists()


def test_lock_excuses_what_is_not_done_and_leaves_what_is(phone: TestPhone, plan: Plan) -> None:
    phone.send(session(plan, local(TODAY, 7), [exercise(prescriptions_of(plan)[0])]))
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF5"]))
    day = PlanDay.objects.get(plan=plan, date=TODAY)
    assert (day.due, day.done, day.excused, day.sessions_due, day.sessions_done) == (1, 1, 1, 1, 1)
    tomorrow = PlanDay.objects.get(plan=plan, date=TODAY + DAY)
    assert (tomorrow.due, tomorrow.excused, tomorrow.sessions_due) == (0, 2, 0)


def test_void_lifts_no_lock_and_a_replay_makes_no_second(phone: TestPhone, plan: Plan) -> None:
    item = checkin(local(TODAY, 8), q_redflag=["RF4"])
    phone.send(item)
    phone.send(item)
    phone.send(void(item["id"], local(TODAY, 9)))
    assert Lock.objects.get().until is None
    assert TODAY in closed(plan)


def test_answer_that_was_voided_before_it_came_locks_nothing(phone: TestPhone, plan: Plan) -> None:
    item = checkin(local(TODAY, 8), q_redflag=["RF4"])
    phone.send(void(item["id"], local(TODAY, 9)))
    assert phone.statuses(item) == ["superseded"]
    assert not Lock.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        {"q_leg_30min": "yes"},
        {"q_numb_new": "yes"},
        {"q_weak": "yes"},
        {"q_morning": 8},
        {"q_pain_worst": 10},
    ],
)
def test_leg_symptoms_and_strong_pain_stop_until_midnight(
    phone: TestPhone, plan: Plan, answer: dict[str, object]
) -> None:
    phone.send(checkin(local(TODAY, 8), **answer))
    lock = Lock.objects.get()
    assert (lock.kind, lock.from_date, lock.to_date) == ("stop", TODAY, TODAY)
    assert lock.until == dt.datetime(2026, 11, 24, 23, 0, tzinfo=dt.UTC)
    assert closed(plan) == [TODAY]


def test_pain_of_eight_from_any_source_makes_one_stop_a_day(phone: TestPhone, plan: Plan) -> None:
    phone.send(pain(local(TODAY, 8), 8))
    phone.send(session(plan, local(TODAY, 9), pain_after=9))
    phone.send(session(plan, local(TODAY, 10), [exercise(prescriptions_of(plan)[0], pain=8)]))
    assert Lock.objects.count() == 1
    phone.send(pain(local(TODAY, 8), 7), pain(local(TODAY - DAY, 8), 10, moment="worst_7d"))
    assert Lock.objects.count() == 1


def test_stop_of_yesterday_that_arrives_today_excuses_yesterday_only(phone: TestPhone, plan: Plan) -> None:
    phone.send(pain(local(TODAY - DAY, 20), 9))
    assert closed(plan) == [TODAY - DAY]
    assert phone.plans()["locks"] == []


def test_amendment_to_strong_pain_stops_as_well(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, local(TODAY, 8))
    phone.send(item)
    assert not Lock.objects.exists()
    phone.send(item | {"edited_at": local(TODAY, 9), "pain_after": 8})
    assert Lock.objects.get().kind == "stop"


# ---- The advice, and the way out of a lock --------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["RF1.saddle", "RF2", "RF8", "RF13"])
def test_locked_phone_has_the_advice_and_whom_to_call(phone: TestPhone, plan: Plan, cast: Cast, sign: str) -> None:
    """That messages are not watched all the time stands in the app's own catalogues, beside these."""
    cast.clinic.hours = "Mon-Fri 8-18"
    cast.clinic.save()
    phone.send(checkin(local(TODAY, 8), q_redflag=[sign]))
    document = phone.plans()
    assert document["clinic"] == {
        "name": "Example Physiotherapy",
        "phone": "+34 910 000 000",
        "hours": "Mon-Fri 8-18",
        "emergency": "112",
    }
    assert [(lock["kind"], lock["until"]) for lock in document["locks"]] == [("red_flag", None)]
    advice = next(one for one in document["red_flags"] if one["id"] == sign)
    assert advice["text"]
    assert document["therapist"] == "Dana Example"


def test_every_sign_that_locks_has_words(phone: TestPhone, plan: Plan) -> None:
    signs = {one["id"]: one for one in phone.plans()["red_flags"]}
    assert {redflags.rule_of(id_) for id_ in signs} >= redflags.LOCKING
    assert all(one["ask"].strip() and one["text"].strip() for one in signs.values())


def test_one_unlock_with_a_note_ends_every_lock_and_the_phone_hears_of_it(
    phone: TestPhone, plan: Plan, cast: Cast, api: Callable[..., APIClient]
) -> None:
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF8"]))
    phone.send(checkin(local(TODAY, 9), q_redflag=["RF1.urine"]))
    phone.send(pain(local(TODAY, 10), 9))
    assert sorted(lock["kind"] for lock in phone.plans()["locks"]) == ["red_flag", "red_flag", "stop"]
    etag = phone.client.get("/api/v1/me/plans").headers["ETag"]
    path = f"/api/v1/patients/{cast.patient.pk}/unlock"
    answer = api(cast.therapist).post(path, {"note": "Ultrasound: no tear."}, format="json")
    assert len(answer.json()["unlocked"]) == 3
    assert {(lock.unlocked_by, lock.unlock_note) for lock in Lock.objects.all()} == {
        (cast.therapist, "Ultrasound: no tear.")
    }
    again = phone.client.get("/api/v1/me/plans", headers={"If-None-Match": etag})
    assert (again.status_code, again.json()["locks"]) == (200, [])
    assert phone.client.get("/api/v1/me/receipts").json()["locks"] == []
    assert closed(plan) == []
    assert api(cast.therapist).post(path, {"note": "Again"}, format="json").json() == {"unlocked": []}
    flag = Flag.objects.get(kind="red_flag")
    assert flag.next_step.startswith("Exercises are unlocked.")
    phone.send(checkin(local(TODAY, 11), q_redflag=["RF8"]))  # less urgent than what the flag says, and locks again
    flag.refresh_from_db()
    assert "stay locked" in flag.next_step


def red_flags(client: APIClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/api/v1/flags", {"kind": "red_flag"}).json()["results"]
    return rows


def test_a_sign_that_still_locks_stays_listed_whoever_settles_it(
    phone: TestPhone, plan: Plan, cast: Cast, api: Callable[..., APIClient]
) -> None:
    """RULINGS.md: the lock stands until somebody unlocks with a note. With no flag nobody would look."""
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF8"]))
    client, flag = api(cast.therapist), Flag.objects.get(kind="red_flag")

    def settle(flag: str) -> Any:
        return client.post(f"/api/v1/flags/{flag}/resolve", {"note": "No tear"}, format="json")

    def unlock() -> None:
        client.post(f"/api/v1/patients/{cast.patient.pk}/unlock", {"note": "Seen"}, format="json")

    settled = settle(str(flag.pk))
    assert (settled.status_code, settled.json()["resolved_at"] is None) == (200, False)
    [again] = red_flags(client)
    assert again["id"] != str(flag.pk)
    assert (again["evidence"], again["urgency"]) == (settled.json()["evidence"], settled.json()["urgency"])
    assert "stay locked" in again["next_step"]
    assert (again["acknowledged_by"], again["alert"]) == (cast.therapist.name, None)  # seen: nobody is told again
    cast.patient.refresh_from_db()
    assert again["id"] in [one["id"] for one in cast.patient.attention]
    assert settle(str(flag.pk)).status_code == 200  # twice changes nothing
    assert [row["id"] for row in red_flags(client)] == [again["id"]]
    unlock()
    phone.send(checkin(local(TODAY, 9), q_redflag=["RF8", "RF2"]))  # a new sign between the unlock and the settling
    assert settle(again["id"]).status_code == 200
    [newest] = red_flags(client)
    unlock()
    assert settle(newest["id"]).status_code == 200
    assert red_flags(client) == []


@pytest.mark.parametrize("kind", ["red_flag", "pain_above_rule"])
def test_flag_that_locks_nothing_or_only_today_is_settled_as_ever(
    phone: TestPhone, plan: Plan, cast: Cast, api: Callable[..., APIClient], kind: str
) -> None:
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF7"]) if kind == "red_flag" else pain(local(TODAY, 9), 9))
    client = api(cast.therapist)
    (flag,) = client.get("/api/v1/flags", {"kind": kind}).json()["results"]
    answer = client.post(f"/api/v1/flags/{flag['id']}/resolve", {"note": "Talked about it."}, format="json")
    assert answer.status_code == 200


def test_from_the_answer_to_the_unlock_everything_is_in_the_access_log(
    phone: TestPhone, plan: Plan, cast: Cast, api: Callable[..., APIClient]
) -> None:
    AccessRecord.objects.all().delete()
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF8"]))
    flag = Flag.objects.get()
    client = api(cast.therapist)
    client.post(f"/api/v1/flags/{flag.pk}/acknowledge")
    client.post(f"/api/v1/patients/{cast.patient.pk}/unlock", {"note": "Seen"}, format="json")
    client.post(f"/api/v1/flags/{flag.pk}/resolve", {"note": "No tear"}, format="json")
    records = AccessRecord.objects.filter(kind="patient", object_id=cast.patient.pk).exclude(action="read")
    assert list(records.order_by("id").values_list("action", "actor_name")) == [
        ("lock", "Rosa Sample"),
        ("alert", ""),
        ("acknowledge", "Dana Example"),
        ("unlock", "Dana Example"),
        ("resolve", "Dana Example"),
    ]
    # Names of what was done, never what was answered.
    assert "RF8" not in str(list(records.values_list("detail", flat=True)))


def test_carers_answer_locks_as_well(plan: Plan, cast: Cast, api: Callable[..., APIClient]) -> None:
    carer = TestPhone(api(cast.carer), cast.patient)
    carer.send(checkin(local(TODAY, 8), q_redflag=["RF8"]))
    assert Lock.objects.get().kind == "red_flag"


def test_answer_on_paper_locks_as_well(plan: Plan, cast: Cast, api: Callable[..., APIClient]) -> None:
    path = f"/api/v1/patients/{cast.patient.pk}/paper"
    api(cast.assistant).post(path, {"items": [checkin(local(TODAY, 8), q_redflag=["RF8"])]}, format="json")
    assert Lock.objects.get().kind == "red_flag"
