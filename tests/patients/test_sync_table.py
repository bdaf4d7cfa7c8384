"""Every row of the decision table (patients/sync/decide.py; API.md, POST /me/sync; RULINGS.md, Sync)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from rest_framework.test import APIClient

from patients import plans
from patients.models import Entry, EntryVersion, ExerciseLog, Flag, HeldItem, Patient, Plan, PlanDay
from tests.conftest import Cast
from tests.patients.phones import (
    TestPhone,
    checkin,
    exercise,
    local,
    make_plan,
    new_id,
    pain,
    prescriptions_of,
    session,
    void,
)
from tests.programs.builders import make_exercise

TODAY = dt.date(2026, 11, 24)
YESTERDAY = TODAY - dt.timedelta(days=1)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
EARLIER = local(TODAY, 8)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast.patient, cast.therapist, starts_on=TODAY - dt.timedelta(days=10))


@pytest.fixture
def phone(cast: Cast, api: Callable[..., APIClient]) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


def day(plan: Plan, date: dt.date = TODAY) -> PlanDay:
    return PlanDay.objects.get(plan=plan, date=date)


def codes(result: dict[str, object]) -> list[tuple[str, str | None]]:
    return [(one["code"], one["attr"]) for one in result["errors"]]  # type: ignore[attr-defined]


def test_new_session_is_stored_once_with_what_was_asked(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    response = phone.post(item)
    assert response.json() == {
        "results": [{"index": 0, "id": item["id"], "status": "stored", "late": False, "errors": []}],
        "server_time": "2026-11-24T11:00:00+00:00",
        "clock_skew_s": 0,
    }
    entry = Entry.objects.get()
    assert (str(entry.uid), entry.payload, entry.local_date, entry.plan_id) == (item["id"], item, TODAY, plan.pk)
    assert (entry.pain_max, entry.pain_last, entry.effort) == (3, 2, 4)
    logs = ExerciseLog.objects.order_by("prescription__position")
    assert [(log.asked_sets, log.asked_reps, log.sets_done, log.reps) for log in logs] == [(3, 10, 3, [10] * 3)] * 6
    assert (day(plan).due, day(plan).done, day(plan).sessions_due, day(plan).sessions_done) == (6, 6, 1, 1)


def test_lost_answer_the_same_call_again_is_duplicate_and_adds_no_row(phone: TestPhone, plan: Plan) -> None:
    gone = session(plan, EARLIER)
    items = [
        *(session(plan, EARLIER), checkin(EARLIER, q_morning=2), pain(EARLIER, 4)),
        *(gone, void(gone["id"], EARLIER), void(new_id(), EARLIER)),
        {"type": "goal", "id": new_id(), "at": EARLIER, "text": "Sit through a film", "done_at": None},
        {"type": "message", "id": new_id(), "at": EARLIER, "body": "Is warmth all right?", "about": None},
        {
            **{"type": "outcome", "id": new_id(), "at": EARLIER, "instrument": "groc", "timepoint": "w4"},
            "answers": {"change": 2},
        },
    ]
    assert phone.statuses(*items) == ["stored"] * 9
    before = (Entry.objects.count(), ExerciseLog.objects.count(), day(plan).done)
    assert phone.statuses(*items) == ["duplicate"] * 9
    assert (Entry.objects.count(), ExerciseLog.objects.count(), day(plan).done) == before
    assert not HeldItem.objects.exists()


def test_absent_and_null_and_another_spelling_mean_the_same(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    item["exercises"] = [{name: value for name, value in one.items() if value is not None} for one in item["exercises"]]
    item["id"] = item["id"].upper()
    del item["logged_at"], item["edited_at"]
    assert phone.statuses(item) == ["duplicate"]


def test_later_edit_within_seven_days_amends_and_keeps_the_earlier_version(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    edit = item | {"edited_at": local(TODAY, 9), "effort": 7, "exercises": item["exercises"][:2]}
    assert phone.statuses(edit) == ["amended"]
    entry = Entry.objects.get()
    assert (entry.payload, entry.effort) == (edit, 7)
    assert EntryVersion.objects.get().payload == item
    assert ExerciseLog.objects.count() == 2
    assert (day(plan).due, day(plan).done) == (6, 2)
    assert phone.statuses(edit) == ["duplicate"]


def test_edit_that_changes_nothing_else_still_counts_as_the_later_one(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    assert phone.statuses(item | {"edited_at": local(TODAY, 10)}) == ["amended"]
    assert phone.statuses(item | {"edited_at": local(TODAY, 9), "effort": 1}) == ["superseded"]
    assert Entry.objects.get().effort == 4


def test_older_edit_arriving_late_is_superseded_and_kept(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    newest = item | {"edited_at": local(TODAY, 10), "effort": 6}
    older = item | {"edited_at": local(TODAY, 9), "effort": 5}
    assert phone.statuses(newest) == ["stored"]
    assert phone.statuses(older) == ["superseded"]
    assert phone.statuses(item) == ["superseded"]
    assert phone.statuses(older, item) == ["superseded", "superseded"]
    assert Entry.objects.get().effort == 6
    assert EntryVersion.objects.count() == 2


def test_original_replayed_after_its_correction_is_superseded(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    phone.send(item | {"edited_at": local(TODAY, 9), "effort": 6})
    assert phone.statuses(item) == ["superseded"]
    assert Entry.objects.get().effort == 6


@pytest.mark.parametrize(("days", "status"), [(7, "amended"), (8, "held")])
def test_edit_is_taken_until_seven_days_after_the_exercise(
    phone: TestPhone, plan: Plan, days: int, status: str
) -> None:
    done = TODAY - dt.timedelta(days=9)
    item = session(plan, local(done, 8))
    phone.send(item)
    result = phone.send(item | {"edited_at": local(done + dt.timedelta(days=days), 8), "effort": 9})[0]
    assert result["status"] == status
    assert codes(result) == ([] if status == "amended" else [("edit_too_late", "edited_at")])
    assert Entry.objects.get().effort == (9 if status == "amended" else 4)


def test_same_id_other_content_without_a_later_edit_is_held_as_conflict(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    result = phone.send(item | {"effort": 9})[0]
    assert (result["status"], codes(result)) == ("held", [("conflict", "id")])
    assert Entry.objects.get().effort == 4
    assert HeldItem.objects.get().payload["effort"] == 9


def test_ids_are_unique_over_all_types(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    other = pain(EARLIER, 3, id=item["id"], edited_at=local(TODAY, 9))
    assert phone.statuses(item, other) == ["stored", "held"]


def test_two_patients_may_use_the_same_id(cast: Cast, phone: TestPhone, api: Callable[..., APIClient]) -> None:
    other = TestPhone(api(cast.other_patient_user), cast.other_patient)
    item = pain(EARLIER, 3)
    assert phone.statuses(item) == ["stored"]
    assert other.statuses(item) == ["stored"]
    assert set(Entry.objects.values_list("patient", flat=True)) == {cast.patient.pk, cast.other_patient.pk}


# ---- void -----------------------------------------------------------------------------------------------------------
def test_void_takes_the_session_out_of_the_day_and_keeps_the_entry(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    phone.send(item)
    assert phone.statuses(void(item["id"], local(TODAY, 9))) == ["stored"]
    entry = Entry.objects.get(kind="session")
    assert entry.voided_at == NOW
    assert entry.payload == item
    assert (day(plan).done, day(plan).sessions_done, day(plan).pain_max, day(plan).effort) == (0, 0, None, None)
    assert phone.statuses(item | {"edited_at": local(TODAY, 10), "effort": 9}) == ["superseded"]
    assert day(plan).done == 0


def test_void_before_its_item_is_stored_and_the_item_superseded(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    withdrawal = void(item["id"], local(TODAY, 9))
    assert phone.statuses(withdrawal) == ["stored"]
    assert phone.statuses(item) == ["superseded"]
    assert Entry.objects.get(kind="session").voided_at is not None
    assert day(plan).done == 0
    assert phone.statuses(withdrawal, item) == ["duplicate", "duplicate"]


def test_void_before_its_item_in_one_call(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    assert phone.statuses(void(item["id"], EARLIER), item) == ["stored", "superseded"]
    assert day(plan).done == 0


def test_void_of_a_void_is_held(phone: TestPhone, plan: Plan) -> None:
    item = session(plan, EARLIER)
    withdrawal = void(item["id"], EARLIER)
    phone.send(item, withdrawal)
    result = phone.send(void(withdrawal["id"], EARLIER))[0]
    assert (result["status"], codes(result)) == ("held", [("void_of_void", "of")])
    own = new_id()
    assert phone.statuses(void(own, EARLIER, id=own)) == ["held"]
    assert Entry.objects.get(kind="session").voided_at is not None


# ---- held -----------------------------------------------------------------------------------------------------------
def test_held_item_is_kept_shown_flagged_and_closed_by_its_correction(cast: Cast, phone: TestPhone, plan: Plan) -> None:
    bad = session(plan, EARLIER, effort=11)
    result = phone.send(bad)[0]
    assert (result["status"], codes(result)) == ("held", [("out_of_range", "effort")])
    held = HeldItem.objects.get()
    assert (held.payload, held.closed_at, str(held.uid)) == (bad, None, bad["id"])
    assert Flag.objects.get(kind="held_items").resolved_at is None
    assert phone.statuses(bad) == ["held"]
    assert HeldItem.objects.count() == 1
    assert not Entry.objects.exists()

    assert phone.statuses(bad | {"effort": 10}) == ["stored"]
    assert HeldItem.objects.get().closed_at == NOW
    assert Flag.objects.get(kind="held_items").resolved_at == NOW
    # The wrong one again, from a tab that slept: it was settled.
    assert phone.statuses(bad) == ["superseded"]
    assert HeldItem.objects.filter(closed_at=None).count() == 0
    cast.patient.refresh_from_db()
    assert cast.patient.attention_rank == 0


def test_held_item_is_closed_by_a_void(phone: TestPhone, plan: Plan) -> None:
    bad = session(plan, EARLIER, effort=11)
    phone.send(bad)
    assert phone.statuses(void(bad["id"], EARLIER)) == ["stored"]
    assert HeldItem.objects.get().closed_at == NOW
    assert Flag.objects.get(kind="held_items").resolved_at == NOW
    assert phone.statuses(bad) == ["superseded"]
    assert phone.statuses(bad | {"effort": 5}) == ["superseded"]
    assert day(plan).done == 0


def test_held_and_voided_in_one_call_raises_no_flag(phone: TestPhone, plan: Plan) -> None:
    bad = session(plan, EARLIER, effort=11)
    assert phone.statuses(bad, void(bad["id"], EARLIER)) == ["held", "stored"]
    assert not HeldItem.objects.filter(closed_at=None).exists()
    assert not Flag.objects.filter(resolved_at=None).exists()


def test_one_bad_item_never_blocks_the_others(phone: TestPhone, plan: Plan) -> None:
    good, other = session(plan, EARLIER), pain(EARLIER, 4)
    bad: list[object] = [{"type": "session"}, "text", None, 7, [], {}, {"type": "unheard_of", "id": new_id()}]
    assert phone.statuses(good, *bad, other) == ["stored", *["held"] * 7, "stored"]
    assert Entry.objects.count() == 2
    assert HeldItem.objects.count() == 7


def test_unreadable_id_answers_null_and_is_kept_once(phone: TestPhone) -> None:
    bad = pain(EARLIER, 4, id="not an id")
    first, second = phone.send(bad)[0], phone.send(bad)[0]
    assert first == second
    assert (first["id"], first["status"], codes(first)) == (None, "held", [("invalid", "id")])
    assert HeldItem.objects.count() == 1


def test_unknown_type_is_kept_with_its_id(phone: TestPhone) -> None:
    item = {"type": "photo", "id": new_id(), "pixels": [1, 2]}
    result = phone.send(item)[0]
    assert (result["id"], result["status"], codes(result)) == (item["id"], "held", [("unknown_type", "type")])
    assert HeldItem.objects.get().payload == item


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"plan": new_id()}, ("unknown_plan", "plan")),
        ({"performed_at": "2026-11-24T08:00:00"}, ("invalid", "performed_at")),
        ({"performed_at": "2026-11-25T08:00:00+01:00"}, ("in_future", "performed_at")),
        ({"logged_at": "2026-11-25T08:00:00+01:00"}, ("in_future", "logged_at")),
        ({"edited_at": "2026-11-25T08:00:00+01:00"}, ("in_future", "edited_at")),
        ({"pain_before": "3"}, ("invalid", "pain_before")),
        ({"pain_before": True}, ("invalid", "pain_before")),
        ({"pain_after": -1}, ("out_of_range", "pain_after")),
        ({"exercises": None}, ("required", "exercises")),
        ({"exercises": [7]}, ("invalid", "exercises.0")),
        ({"exercises": [exercise(new_id())]}, ("unknown_prescription", "exercises.0.prescription")),
        ({"exercises": [exercise(new_id(), side="up")]}, ("invalid_choice", "exercises.0.side")),
        ({"exercises": [exercise(new_id(), reps=[1, "2"])]}, ("invalid", "exercises.0.reps")),
        ({"exercises": [exercise(new_id(), load_kg=501)]}, ("out_of_range", "exercises.0.load_kg")),
        ({"exercises": [exercise(new_id(), sets_done=None)]}, ("required", "exercises.0.sets_done")),
    ],
)
def test_session_that_cannot_be_is_held_with_the_reason(
    phone: TestPhone, plan: Plan, change: dict[str, object], expected: tuple[str, str]
) -> None:
    result = phone.send(session(plan, EARLIER) | change)[0]
    assert (result["status"], codes(result)) == ("held", [expected])


def test_same_exercise_slot_and_side_twice_in_a_session_is_held(phone: TestPhone, plan: Plan) -> None:
    one = prescriptions_of(plan)[0]
    same_id = exercise(one, side="right")
    item = session(plan, EARLIER, [exercise(one), exercise(one), same_id, same_id | {"slot": 2}])
    result = phone.send(item)[0]
    assert codes(result) == [("repeated", "exercises.1.prescription"), ("repeated", "exercises.3.id")]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"q_morning": 11}, ("invalid_answer", "answers.q_morning")),
        ({"q_morning": 2.5}, ("invalid_answer", "answers.q_morning")),
        ({"q_radiate": 6}, ("invalid_answer", "answers.q_radiate")),
        ({"q_extend": "tried"}, ("invalid_answer", "answers.q_extend")),
        ({"q_numb_where": ["left_ear"]}, ("invalid_answer", "answers.q_numb_where")),
        ({"q_redflag": ["RF14"]}, ("invalid_answer", "answers.q_redflag")),
        ({"q_redflag": "RF1.urine"}, ("invalid_answer", "answers.q_redflag")),
        ({"q_mood": 3}, ("unknown_question", "answers.q_mood")),
    ],
)
def test_checkin_with_an_answer_that_does_not_fit_is_held(
    phone: TestPhone, answers: dict[str, object], expected: tuple[str, str]
) -> None:
    result = phone.send(checkin(EARLIER, **answers))[0]
    assert (result["status"], codes(result)) == ("held", [expected])


def test_checkin_takes_every_answer_of_the_table(phone: TestPhone, plan: Plan) -> None:
    answers = {
        **{"q_pain_now": 3, "q_pain_avg": 2, "q_pain_worst": 5, "q_morning": 2, "q_sit_pain": 0, "q_lbp": 10},
        **{"q_follow": 7, "q_morning_vs": "same", "q_sit_time": "15_30", "q_extend": "not_tried", "q_cross": 4},
        **{"q_radiate": 5, "q_tingle": 3, "q_leg_30min": "no", "q_numb_new": "no", "q_night_settles": "yes"},
        **{"q_numb_where": ["left_foot", "saddle"], "q_weak": "not_sure", "q_snap": "painless", "q_snap_times": 12},
        **{"q_night": "once", "q_meds": "usual", "q_redflag": [], "q_side": None},
    }
    assert phone.statuses(checkin(EARLIER, **answers)) == ["stored"]
    assert (day(plan).pain_max, day(plan).pain_last) == (5, 3)


# ---- ownership ------------------------------------------------------------------------------------------------------
def test_ids_of_another_patient_inside_an_item_are_held(
    cast: Cast, phone: TestPhone, plan: Plan, api: Callable[..., APIClient]
) -> None:
    theirs = make_plan(cast.other_patient, cast.therapist, starts_on=TODAY)
    their_session = session(theirs, EARLIER)
    TestPhone(api(cast.other_patient_user), cast.other_patient).send(their_session)
    mine = prescriptions_of(plan)[0]
    about = {"type": "message", "id": new_id(), "at": EARLIER, "body": "This one?"}
    results = phone.send(
        session(theirs, EARLIER),
        session(plan, EARLIER, [exercise(prescriptions_of(theirs)[0])]),
        session(plan, EARLIER, [exercise(mine, variant=new_id())]),
        pain(EARLIER, 4, session=their_session["id"]),
        about | {"about": {"type": "session", "id": their_session["id"]}},
        about | {"id": new_id(), "about": {"type": "prescription", "id": str(prescriptions_of(theirs)[0].pk)}},
    )
    assert [codes(result) for result in results] == [
        [("unknown_plan", "plan")],
        [("unknown_prescription", "exercises.0.prescription")],
        [("unknown_exercise", "exercises.0.variant")],
        [("unknown_session", "session")],
        [("unknown_session", "about.id")],
        [("unknown_prescription", "about.id")],
    ]
    assert Entry.objects.count() == 1


def test_own_ids_are_taken_in_any_order_within_a_call(phone: TestPhone, plan: Plan) -> None:
    mine = session(plan, EARLIER)
    about = {"type": "message", "id": new_id(), "at": EARLIER, "body": "Too heavy"}
    items = [
        pain(EARLIER, 4, session=mine["id"], moment="after_session"),
        about | {"about": {"type": "prescription", "id": mine["exercises"][0]["prescription"]}},
        about | {"id": new_id(), "about": {"type": "session", "id": mine["id"]}},
        mine,
    ]
    assert phone.statuses(*items) == ["stored"] * 4


def test_variant_from_the_library_is_taken_and_another_clinics_is_not(cast: Cast, phone: TestPhone, plan: Plan) -> None:
    shared = make_exercise("easier-clam")
    foreign = make_exercise("their-clam", owner=cast.other_clinic)
    one = prescriptions_of(plan)[0]
    assert phone.statuses(
        session(plan, EARLIER, [exercise(one, variant=str(shared.pk))]),
        session(plan, EARLIER, [exercise(one, variant=str(foreign.pk))]),
    ) == ["stored", "held"]


# ---- what the patient saw -------------------------------------------------------------------------------------------
def test_session_under_an_earlier_revision_is_stored_and_counted_by_key(
    cast: Cast, phone: TestPhone, plan: Plan
) -> None:
    saw = session(plan, EARLIER)
    plans.revise(plan, by=cast.therapist, program=plan.revisions.get().program, effective_from=TODAY)
    assert not {one["prescription"] for one in saw["exercises"]} & {str(p.pk) for p in prescriptions_of(plan)}
    assert phone.statuses(saw) == ["stored"]
    assert (day(plan).due, day(plan).done) == (6, 6)


def test_session_for_a_plan_that_has_ended_since_is_stored(cast: Cast, phone: TestPhone, plan: Plan) -> None:
    done_before = session(plan, local(YESTERDAY, 8))
    plans.stop(plan, by=cast.therapist, reason="surgery")
    assert phone.statuses(done_before) == ["stored"]
    assert day(plan, YESTERDAY).done == 6
    with time_machine.travel(NOW + dt.timedelta(days=3), tick=False):
        result = phone.send(session(plan, local(TODAY + dt.timedelta(days=2), 8)))[0]
    assert (result["status"], codes(result)) == ("held", [("plan_ended", "plan")])


# ---- the call -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "status", "code", "attr"),
    [
        ({"schema": 2}, 400, "schema_unsupported", "schema"),
        ({"schema": None}, 400, "schema_unsupported", "schema"),
        ({"schema": True}, 400, "schema_unsupported", "schema"),
        ({"patient": "x"}, 400, "invalid", "patient"),
        ({"device": None}, 400, "required", "device"),
        ({"sent_at": "now"}, 400, "invalid", "sent_at"),
        ({"tz": "Mars/Olympus"}, 400, "zone", "tz"),
        ({"tz": ["Europe/Madrid"]}, 400, "zone", "tz"),
        ({"pending": -1}, 400, "out_of_range", "pending"),
        ({"items": {}}, 400, "invalid", "items"),
        ({"items": [{}] * 201}, 413, "too_large", None),
    ],
)
def test_malformed_call_is_refused_and_nothing_stored(
    phone: TestPhone, change: dict[str, object], status: int, code: str, attr: str | None
) -> None:
    response = phone.post(pain(EARLIER, 3), **change)
    assert response.status_code == status
    error = response.json()["errors"][0]
    assert (error["code"], error["attr"]) == (code, attr)
    assert not Entry.objects.exists()
    assert not HeldItem.objects.exists()


def test_call_over_one_mebibyte_is_413(phone: TestPhone) -> None:
    response = phone.post(pain(EARLIER, 3, note="x" * 1024 * 1024))
    assert (response.status_code, response.json()["errors"][0]["code"]) == (413, "too_large")


def test_two_hundred_items_are_taken(phone: TestPhone) -> None:
    assert phone.statuses(*(pain(EARLIER, n % 8) for n in range(200))) == ["stored"] * 200


def test_two_people_on_one_phone_nothing_is_filed_under_the_other(
    cast: Cast, phone: TestPhone, api: Callable[..., APIClient]
) -> None:
    """Ada signs in on Rosa's phone while Rosa's outbox still holds an item."""
    ada = TestPhone(api(cast.other_patient_user), cast.other_patient, device=phone.device)
    rosas = pain(EARLIER, 5)
    response = ada.post(rosas, patient=str(cast.patient.pk))
    assert (response.status_code, response.json()["errors"][0]["code"]) == (409, "wrong_patient")
    assert not Entry.objects.exists()
    assert not HeldItem.objects.exists()
    assert phone.statuses(rosas) == ["stored"]
    assert Entry.objects.get().patient == cast.patient


@pytest.mark.parametrize(("who", "status"), [("stranger", 409), ("outsider", 403), ("therapist", 403), ("carer", 200)])
def test_sync_by_role(cast: Cast, api: Callable[..., APIClient], who: str, status: int) -> None:
    assert TestPhone(api(getattr(cast, who)), cast.patient).post(pain(EARLIER, 3)).status_code == status


def test_sync_without_a_session_is_401(cast: Cast, api: Callable[..., APIClient]) -> None:
    assert TestPhone(api(), cast.patient).post(pain(EARLIER, 3)).status_code == 401


def test_empty_call_makes_yesterday_known(cast: Cast, phone: TestPhone, plan: Plan) -> None:
    assert phone.statuses(pending=3) == []
    assert Patient.objects.get(pk=cast.patient.pk).known_until is None
    assert phone.statuses() == []
    assert Patient.objects.get(pk=cast.patient.pk).known_until == YESTERDAY
