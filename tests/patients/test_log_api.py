"""The clinic's lists of what happened at home, and what staff do with them; the phone's own lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients.models import Entry, HeldItem, Lock, Patient, Plan, PlanDay
from tests.conftest import Cast
from tests.patients.phones import DAILY, TestPhone, checkin, exercise, local, make_plan, new_id, pain, session, void

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


@pytest.fixture
def clinic(cast: Cast, api: Callable[..., APIClient]) -> Callable[..., Any]:
    """`clinic("sessions")` is the therapist's GET of the patient's list."""

    def call(path: str, body: Any = None, by: str = "therapist") -> Any:
        client, url = api(getattr(cast, by)), f"/api/v1/patients/{cast.patient.pk}/{path}"
        return client.get(url) if body is None else client.post(url, body, format="json")

    return call


def test_lists_give_items_back_as_they_were_sent(phone: TestPhone, plan: Plan, clinic: Callable[..., Any]) -> None:
    items: dict[str, Any] = {
        "sessions": session(plan, local(TODAY - DAY, 8), logged_at=local(TODAY, 7)) | {"from_a_newer_app": 1},
        "checkins": checkin(local(TODAY, 7), q_morning=3, q_tingle=None),
        "pain": pain(local(TODAY, 8), 4, place="left_buttock"),
    }
    gone = session(plan, local(TODAY, 6))
    phone.send(*items.values(), gone, void(gone["id"], local(TODAY, 7)))
    for path, item in items.items():
        late = path == "sessions"
        added = {
            "local_date": (TODAY - DAY if late else TODAY).isoformat(),
            "received_at": NOW.isoformat(),
            "late": late,
            "seen_at": None,
            "entered_by": None,
        }
        assert clinic(path).json() == {"next": None, "previous": None, "results": [item | added]}
    assert [one["type"] for one in clinic("timeline").json()["results"]] == ["pain", "checkin", "session"]
    assert clinic(f"timeline?from={TODAY - DAY}&to={TODAY - DAY}").json()["results"][0]["id"] == items["sessions"]["id"]


def test_lists_page_through_everything_once(phone: TestPhone, plan: Plan, clinic: Callable[..., Any]) -> None:
    sent = [pain(local(TODAY - n // 3 * DAY, n % 3 + 1), n % 7) for n in range(23)]
    phone.send(*sent)
    seen, path = [], "pain?page_size=5"
    while path:
        page = clinic(path).json()
        seen += [one["id"] for one in page["results"]]
        path = page["next"] and "pain?" + page["next"].split("?")[1]
    assert len(seen) == 23
    assert set(seen) == {one["id"] for one in sent}


@pytest.mark.parametrize(
    "path",
    [
        *("sessions?since=1", "sessions?from=yesterday", "pain?page_size=0"),
        *("days?from=2026-11-24&to=2026-11-01", "days?to=0001-01-05"),
    ],
)
def test_lists_refuse_what_they_do_not_know(clinic: Callable[..., Any], path: str) -> None:
    assert clinic(path).status_code == 400


def test_days_have_exactly_the_shape_of_the_contract(phone: TestPhone, plan: Plan, clinic: Callable[..., Any]) -> None:
    item = session(plan, local(TODAY - DAY, 8))
    phone.send(item | {"exercises": item["exercises"][:1]})
    response = clinic(f"days?from={TODAY - DAY}&to={TODAY}")
    common = {"plan": str(plan.pk), "skipped": 0, "excused": 0, "extra": 0, "partly": 0, "sessions_due": 1}
    assert response.json() == {
        "results": [
            common
            | {"date": "2026-11-23", "due": 2, "done": 1, "missed": 1, "unknown": 0}
            | {"sessions_done": 1, "sessions_unknown": 0, "pain_max": 3, "pain_last": 2, "effort": 4},
            common
            | {"date": "2026-11-24", "due": 2, "done": 0, "missed": 0, "unknown": 2}
            | {"sessions_done": 0, "sessions_unknown": 1, "pain_max": None, "pain_last": None, "effort": None},
        ]
    }


def test_days_are_unknown_until_an_empty_outbox_was_heard_of(
    phone: TestPhone, plan: Plan, clinic: Callable[..., Any]
) -> None:
    def of_yesterday() -> tuple[int, int]:
        [day] = clinic(f"days?from={TODAY - DAY}&to={TODAY - DAY}").json()["results"]
        return day["unknown"], day["missed"]

    assert of_yesterday() == (2, 0)
    phone.send(pending=1)
    assert of_yesterday() == (2, 0)
    phone.send(pending=0)
    assert of_yesterday() == (0, 2)


def test_days_without_a_plan_have_no_row_and_four_hundred_are_the_most(plan: Plan, clinic: Callable[..., Any]) -> None:
    assert clinic("days?from=2026-10-01&to=2026-11-13").json() == {"results": []}
    assert clinic("days?from=2025-01-01&to=2026-02-04").status_code == 200
    assert clinic("days?from=2025-01-01&to=2026-02-05").status_code == 400


def test_seen_shows_in_the_list_and_in_the_phones_receipts(
    phone: TestPhone, plan: Plan, clinic: Callable[..., Any]
) -> None:
    one, two = session(plan, local(TODAY, 8)), pain(local(TODAY, 9), 2)
    phone.send(one, two)
    first = phone.client.get("/api/v1/me/receipts").json()
    assert first["items"] == []
    foreign = new_id()
    assert clinic("seen", {"items": [one["id"], foreign]}).json() == {"seen": [one["id"]]}
    assert clinic("sessions").json()["results"][0]["seen_at"] == NOW.isoformat()
    told = phone.client.get(f"/api/v1/me/receipts?since={first['cursor']}").json()
    assert told["items"] == [{"id": one["id"], "seen_at": NOW.isoformat(), "seen_by": "Dana"}]
    # Told again until the moment has settled, then no more.
    with time_machine.travel(NOW + dt.timedelta(minutes=1), tick=False):
        again = phone.client.get(f"/api/v1/me/receipts?since={told['cursor']}").json()
        assert again["items"] == told["items"]
        clinic("seen", {"items": [one["id"], two["id"]]})
        rest = phone.client.get(f"/api/v1/me/receipts?since={again['cursor']}").json()
        assert [item["id"] for item in rest["items"]] == [two["id"]]


def test_correction_after_seen_wants_to_be_seen_again(phone: TestPhone, plan: Plan, clinic: Callable[..., Any]) -> None:
    one = session(plan, local(TODAY, 8))
    phone.send(one)
    clinic("seen", {"items": [one["id"]]})
    phone.send(one | {"edited_at": local(TODAY, 9), "effort": 9})
    assert clinic("sessions").json()["results"][0]["seen_at"] is None


@pytest.mark.parametrize("cursor", ["x", "eHg=", "MjAyNi0wMS0wMQ==", "\u00e9"])
def test_receipts_refuse_a_cursor_that_is_none(phone: TestPhone, cursor: str) -> None:
    assert phone.client.get("/api/v1/me/receipts", {"since": cursor}).status_code == 400


def test_held_items_are_shown_to_both_sides(phone: TestPhone, plan: Plan, clinic: Callable[..., Any]) -> None:
    bad = session(plan, local(TODAY, 8), effort=11)
    phone.send(bad)
    error = {"code": "out_of_range", "detail": "“effort” is a whole number from 0 to 10.", "attr": "effort"}
    held = {"id": bad["id"], "item": bad, "errors": [error], "received_at": NOW.isoformat()}
    assert clinic("held").json()["results"] == [held]
    assert phone.client.get("/api/v1/me/receipts").json()["held"] == [held]
    phone.send(bad | {"effort": 1})
    assert clinic("held").json()["results"] == []


def test_paper_is_entered_by_staff_and_makes_its_dates_known(
    cast: Cast, plan: Plan, clinic: Callable[..., Any]
) -> None:
    item = session(plan, local(TODAY - 3 * DAY, 8))
    item["exercises"] = item["exercises"][:1]
    response = clinic("paper", {"items": [item, {"type": "pain"}]}, by="assistant")
    assert [one["status"] for one in response.json()["results"]] == ["stored", "held"]
    [shown] = clinic("sessions").json()["results"]
    assert shown["entered_by"] == "Ash Assistant"
    day = PlanDay.objects.get(plan=plan, date=TODAY - 3 * DAY)
    assert (day.known, day.done) == (True, 1)
    [row] = clinic(f"days?from={TODAY - 3 * DAY}&to={TODAY - 3 * DAY}").json()["results"]
    assert (row["missed"], row["unknown"]) == (1, 0)
    # Paper says nothing about the phone.
    assert Patient.objects.get(pk=cast.patient.pk).known_until is None


def test_paper_needs_a_list(clinic: Callable[..., Any]) -> None:
    assert clinic("paper", {"items": {}}).status_code == 400
    assert clinic("paper", {"items": [{}] * 201}).status_code == 413
    assert clinic("paper", [1]).status_code == 400


def test_goal_by_staff_is_created_replayed_and_refused(plan: Plan, clinic: Callable[..., Any]) -> None:
    goal = {"id": new_id(), "text": "Walk to the market", "at": local(TODAY, 8)}
    created = clinic("goals", goal)
    assert (created.status_code, created.json()["text"]) == (201, "Walk to the market")
    assert clinic("goals", goal).status_code == 200
    assert clinic("goals", goal | {"text": "Fly"}).status_code == 409
    assert clinic("goals", {"text": " "}).status_code == 400
    assert clinic("outcomes", {"instrument": "vas"}).status_code == 400
    assert not HeldItem.objects.exists()
    assert len(clinic("goals").json()["results"]) == 1


def test_unlock_needs_a_clinician_and_a_note_and_makes_today_due_again(
    cast: Cast, phone: TestPhone, plan: Plan, clinic: Callable[..., Any]
) -> None:
    with time_machine.travel(NOW - 2 * DAY, tick=False):
        phone.send(checkin(local(TODAY - 2 * DAY, 8), q_redflag=["RF4"]))
    assert list(PlanDay.objects.filter(plan=plan, open=False).values_list("date", flat=True).order_by("date")[:3]) == [
        TODAY - 2 * DAY,
        TODAY - DAY,
        TODAY,
    ]
    assert clinic("unlock", {"note": "Seen"}, by="assistant").status_code == 403
    assert clinic("unlock", {}).status_code == 400
    response = clinic("unlock", {"note": "Doppler clear"})
    assert [lock["until"] for lock in response.json()["unlocked"]] == [NOW.isoformat()]
    assert list(PlanDay.objects.filter(plan=plan, open=False).values_list("date", flat=True).order_by("date")) == [
        *(TODAY - 2 * DAY, TODAY - DAY)
    ]
    lock = Lock.objects.get()
    assert (lock.unlocked_by, lock.unlock_note) == (cast.therapist, "Doppler clear")
    assert AccessRecord.objects.filter(action="unlock", object_id=cast.patient.pk, actor=cast.therapist).exists()
    assert phone.client.get("/api/v1/me/receipts").json()["locks"] == []


def test_own_log_and_progress_on_the_phone(phone: TestPhone, plan: Plan) -> None:
    done = [session(plan, local(TODAY - n * DAY, 8)) for n in range(1, 5)]
    phone.send(*done)
    log = phone.client.get(f"/api/v1/me/log?from={TODAY - 2 * DAY}").json()
    assert [one["id"] for one in log["results"]] == [done[0]["id"], done[1]["id"]]
    progress = phone.client.get("/api/v1/me/progress").json()
    assert progress["adherence_7"] == pytest.approx(4 / 7, abs=0.001)
    assert progress["adherence_28"] == pytest.approx(4 / 10, abs=0.001)
    assert progress["pain"][-1] == {"date": "2026-11-23", "pain_max": 3, "pain_last": 2}
    assert progress["days"][-1]["date"] == "2026-11-24"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        *[("owner", 200), ("therapist", 200), ("assistant", 200), ("outsider", 404), ("patient_user", 403)],
        *[("carer", 403), ("stranger", 403)],
    ],
)
@pytest.mark.parametrize("path", ["days", "sessions", "pain", "checkins", "timeline", "goals", "outcomes", "held"])
def test_lists_by_role(clinic: Callable[..., Any], who: str, status: int, path: str) -> None:
    assert clinic(path, by=who).status_code == status


@pytest.mark.parametrize("path", ["me/log", "me/receipts", "me/progress"])
def test_phone_lists_by_role(cast: Cast, api: Callable[..., APIClient], path: str) -> None:
    assert api().get(f"/api/v1/{path}").status_code == 401
    assert api(cast.therapist).get(f"/api/v1/{path}").status_code == 403
    assert api(cast.carer).get(f"/api/v1/{path}").status_code == 200
    other = f"/api/v1/{path}?patient={cast.other_patient.pk}"
    assert api(cast.patient_user).get(other).status_code == 404


def test_nothing_of_another_patient_is_in_the_lists(
    cast: Cast, phone: TestPhone, api: Callable[..., APIClient], clinic: Callable[..., Any]
) -> None:
    theirs = make_plan(cast.other_patient, cast.therapist, [DAILY], starts_on=TODAY)
    other = TestPhone(api(cast.other_patient_user), cast.other_patient)
    other.send(session(theirs, local(TODAY, 8), [exercise(new_id())]), session(theirs, local(TODAY, 8)))
    assert Entry.objects.count() == 1
    for path in ("days", "sessions", "held", "timeline"):
        assert clinic(path).json()["results"] == []
    own = Entry.objects.get()
    assert clinic("seen", {"items": [str(own.uid)]}).json() == {"seen": []}
