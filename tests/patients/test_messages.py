"""Messages of both sides, and the flag that one waits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import AccessRecord, User
from patients.models import Entry, Flag, Patient, PatientAccess, Plan, PlanDay
from tests.conftest import Cast, give_access
from tests.patients.phones import TestPhone, checkin, local, make_plan, new_id, prescriptions_of, session, void
from tests.racing import at_once

Api = Callable[..., APIClient]
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(cast: Cast, api: Api) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


@pytest.fixture
def clinic(cast: Cast, api: Api) -> Callable[..., Any]:
    """`clinic("messages", {…})` posts as the therapist, without a body it gets."""

    def call(path: str, body: dict[str, Any] | None = None, by: str = "therapist") -> Any:
        client, url = api(getattr(cast, by)), f"/api/v1/patients/{cast.patient.pk}/{path}"
        return client.get(url) if body is None else client.post(url, body, format="json")

    return call


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast.patient, cast.therapist, starts_on=TODAY - dt.timedelta(days=3))


def message(body: str, at: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "id": new_id(), "at": at or local(TODAY, 11), "body": body, "about": None} | fields


def waiting() -> list[str]:
    """The texts in the open flag."""
    flag = Flag.objects.filter(kind="message_waiting", resolved_at=None).first()
    return [] if flag is None else [one["text"] for one in flag.evidence]


def bodies(answer: Any) -> list[str]:
    return [one["body"] for one in answer.json()["results"]]


# ---- Both lists -----------------------------------------------------------------------------------------------------


def test_patient_writes_and_the_clinic_answers(
    phone: TestPhone, clinic: Callable[..., Any], clock: time_machine.Traveller
) -> None:
    asked = message("May I go\nup the stairs?")
    assert phone.statuses(asked) == ["stored"]
    clock.shift(MINUTE)
    answered = clinic("messages", {"body": "Yes, one step at a time."})
    assert answered.status_code == 201
    from_patient = {
        "id": asked["id"],
        "at": "2026-11-24T10:00:00+00:00",
        "body": "May I go\nup the stairs?",
        "about": None,
        "from": {"name": "Rosa Sample", "side": "patient"},
        "mine": False,
        "seen_at": None,
        "seen_by": None,
    }
    from_clinic = {
        "id": answered.json()["id"],
        "at": "2026-11-24T11:01:00+00:00",
        "body": "Yes, one step at a time.",
        "about": None,
        "from": {"name": "Dana Example", "side": "clinic"},
        "mine": True,
        "seen_at": None,
        "seen_by": None,
    }
    assert answered.json() == from_clinic
    assert clinic("messages").json() == {"next": None, "previous": None, "results": [from_clinic, from_patient]}
    assert phone.client.get("/api/v1/me/messages").json()["results"] == [
        from_clinic | {"mine": False},
        from_patient | {"mine": True},
    ]


def test_patient_posts_a_message_while_online(phone: TestPhone, clinic: Callable[..., Any], cast: Cast) -> None:
    id_ = new_id()
    answer = phone.client.post("/api/v1/me/messages", {"id": id_, "body": "It hurts less."}, format="json")
    assert answer.status_code == 201, answer.content
    assert answer.json() == {
        "id": id_,
        "at": "2026-11-24T11:00:00+00:00",
        "body": "It hurts less.",
        "about": None,
        "from": {"name": "Rosa Sample", "side": "patient"},
        "mine": True,
        "seen_at": None,
        "seen_by": None,
    }
    assert waiting() == ["It hurts less."]
    cast.patient.refresh_from_db()
    assert cast.patient.last_active_at == NOW
    assert bodies(phone.client.get("/api/v1/me/log")) == ["It hurts less."]


def test_posted_message_says_nothing_about_what_else_the_phone_holds(phone: TestPhone, cast: Cast) -> None:
    """A sync with an empty outbox makes yesterday known; a single message does not."""
    phone.client.post("/api/v1/me/messages", {"body": "Hello"}, format="json")
    cast.patient.refresh_from_db()
    assert cast.patient.known_until is None
    assert not cast.patient.phones.exists()


def test_message_after_midnight_has_the_patients_date(phone: TestPhone, clock: time_machine.Traveller) -> None:
    clock.move_to(dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC))
    phone.client.post("/api/v1/me/messages", {"body": "Cannot sleep"}, format="json")
    assert Entry.objects.get().local_date == dt.date(2026, 11, 25)


def test_carer_writes_under_the_own_name_and_paper_under_the_patients(
    cast: Cast, api: Api, clinic: Callable[..., Any], clock: time_machine.Traveller
) -> None:
    api(cast.carer).post("/api/v1/me/messages", {"body": "He is asleep"}, format="json")
    clock.shift(MINUTE)
    paper = message("On paper", at=local(TODAY, 12))
    assert clinic("paper", {"items": [paper]}).json()["results"][0]["status"] == "stored"
    shown = [(one["from"], one["mine"]) for one in clinic("messages").json()["results"]]
    assert sorted(shown, key=str) == [
        ({"name": "Carl Carer", "side": "patient"}, False),
        ({"name": "Rosa Sample", "side": "patient"}, False),
    ]


def test_account_that_is_gone_leaves_its_messages(phone: TestPhone, clinic: Callable[..., Any], cast: Cast) -> None:
    phone.send(message("Hello"))
    clinic("messages", {"body": "Hello Rosa"})
    Entry.objects.update(sent_by=None)
    names = [one["from"]["name"] for one in clinic("messages").json()["results"]]
    assert sorted(names) == ["Example Physiotherapy", "Rosa Sample"]


def test_lists_page_newest_first(clinic: Callable[..., Any], phone: TestPhone, clock: time_machine.Traveller) -> None:
    for n in range(5):
        clinic("messages", {"body": f"message {n}"})
        clock.shift(MINUTE)
    first = phone.client.get("/api/v1/me/messages?page_size=2")
    assert bodies(first) == ["message 4", "message 3"]
    assert bodies(phone.client.get(first.json()["next"])) == ["message 2", "message 1"]
    assert phone.client.get("/api/v1/me/messages?unread=true").status_code == 400


def test_withdrawn_message_is_in_neither_list(phone: TestPhone, clinic: Callable[..., Any]) -> None:
    item = message("Wrong person")
    phone.send(item, void(item["id"], local(TODAY, 11)))
    assert bodies(clinic("messages")) == bodies(phone.client.get("/api/v1/me/messages")) == []


def test_list_costs_the_same_for_one_and_for_forty(phone: TestPhone, cast: Cast, api: Api) -> None:
    """1 user · 2 memberships · 3 patient · 4 messages."""
    client, path = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}/messages"

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    client.post(path, {"body": "one"}, format="json")
    cost()  # the first look is written down
    assert cost() <= 4
    phone.send(*(message(f"{n}") for n in range(40)))
    assert cost() <= 4


# ---- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "reads", "writes"),
    [
        ("owner", 200, 201),
        ("therapist", 200, 201),
        ("assistant", 200, 201),
        ("outsider", 404, 404),
        ("patient_user", 403, 403),
        ("stranger", 403, 403),
    ],
)
def test_clinic_messages_by_role(clinic: Callable[..., Any], who: str, reads: int, writes: int) -> None:
    assert clinic("messages", by=who).status_code == reads
    assert clinic("messages", {"body": "Hello"}, by=who).status_code == writes


@pytest.mark.parametrize("who", ["other_patient_user", "outsider", "therapist", "stranger"])
def test_nobody_else_reads_writes_or_marks_a_patients_messages(
    cast: Cast, api: Api, clinic: Callable[..., Any], who: str
) -> None:
    id_ = clinic("messages", {"body": "For Rosa only"}).json()["id"]
    client, query = api(getattr(cast, who)), f"?patient={cast.patient.pk}"
    for answer in (
        client.get(f"/api/v1/me/messages{query}"),
        client.post(f"/api/v1/me/messages{query}", {"body": "x"}, format="json"),
        client.post(f"/api/v1/me/messages/seen{query}", {"ids": [id_]}, format="json"),
    ):
        assert answer.status_code in (403, 404)
    assert Entry.objects.get().seen_at is None


def test_helper_of_two_people_names_one(cast: Cast, api: Api, clinic: Callable[..., Any]) -> None:
    give_access(cast.carer, cast.other_patient)
    client = api(cast.carer)
    assert client.get("/api/v1/me/messages").status_code == 400
    assert client.post("/api/v1/me/messages", {"body": "x"}, format="json").status_code == 400
    path = f"/api/v1/me/messages?patient={cast.other_patient.pk}"
    assert client.post(path, {"body": "For Ada"}, format="json").status_code == 201
    assert bodies(clinic("messages")) == []


def test_clinics_message_is_in_the_access_log(clinic: Callable[..., Any], cast: Cast) -> None:
    id_ = clinic("messages", {"body": "Secret words"}, by="assistant").json()["id"]
    record = AccessRecord.objects.get(action="message")
    assert (record.actor, record.object_id, record.detail) == (cast.assistant, cast.patient.pk, {"message": id_})


# ---- What is wrong with a message -----------------------------------------------------------------------------------
WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "body"),
    ({"body": ""}, "body"),
    ({"body": " \n "}, "body"),
    ({"body": None}, "body"),
    ({"body": ["x"]}, "body"),
    ({"body": "x" * 5001}, "body"),
    ({"body": "a\x00b"}, "None"),  # the JSON reader's own refusal
    ({"body": "x", "id": "no"}, "id"),
    ({"body": "x", "about": "session"}, "about"),
    ({"body": "x", "about": {"type": "session"}}, "about"),
    ({"body": "x", "about": {"type": "message", "id": str(uuid.uuid4())}}, "about"),
    ({"body": "x", "about": {"type": "session", "id": str(uuid.uuid4())}}, "about.id"),
    ({"body": "x", "about": {"type": "prescription", "id": str(uuid.uuid4())}}, "about.id"),
]


@pytest.mark.parametrize(("body", "attr"), WRONG)
@pytest.mark.parametrize("side", ["clinic", "phone"])
def test_what_is_wrong_is_named_and_nothing_is_stored(
    phone: TestPhone, clinic: Callable[..., Any], side: str, body: dict[str, Any], attr: str
) -> None:
    if side == "clinic":
        answer = clinic("messages", body)
    else:
        answer = phone.client.post("/api/v1/me/messages", body, format="json")
    assert answer.status_code == 400, answer.content
    assert str(answer.json()["errors"][0]["attr"]).startswith(attr)
    assert not Entry.objects.exists()
    assert not Flag.objects.exists()


@pytest.mark.parametrize("side", ["clinic", "phone"])
def test_message_is_about_what_is_the_patients_own(
    phone: TestPhone, clinic: Callable[..., Any], cast: Cast, plan: Plan, side: str
) -> None:
    done = session(plan, local(TODAY, 9))
    phone.send(done)
    other = make_plan(cast.other_patient, cast.therapist)

    def post(kind: str, id_: Any) -> Any:
        body = {"body": "About this", "about": {"type": kind, "id": str(id_)}}
        if side == "clinic":
            return clinic("messages", body)
        return phone.client.post("/api/v1/me/messages", body, format="json")

    for kind, id_ in (("session", done["id"]), ("prescription", prescriptions_of(plan)[0].pk)):
        answer = post(kind, id_)
        assert answer.status_code == 201, answer.content
        assert answer.json()["about"] == {"type": kind, "id": str(id_)}
    assert post("prescription", prescriptions_of(other)[0].pk).status_code == 400
    assert post("checkin", done["id"]).status_code == 400  # it is a session


# ---- Replay ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["clinic", "phone"])
def test_replay_is_200_and_another_wording_409(
    phone: TestPhone, clinic: Callable[..., Any], clock: time_machine.Traveller, side: str
) -> None:
    def post(**body: Any) -> Any:
        if side == "clinic":
            return clinic("messages", body)
        return phone.client.post("/api/v1/me/messages", body, format="json")

    id_ = new_id()
    first = post(id=id_, body="Once")
    clock.shift(MINUTE)
    again = post(id=id_, body="Once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = post(id=id_, body="Twice")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (409, "id_taken")
    assert Entry.objects.count() == 1


def test_replay_of_a_message_that_came_by_sync(phone: TestPhone) -> None:
    item = message("Sent both ways")
    phone.send(item)
    answer = phone.client.post("/api/v1/me/messages", {"id": item["id"], "body": item["body"]}, format="json")
    assert answer.status_code == 200
    assert waiting() == ["Sent both ways"]


def test_replayed_answer_does_not_settle_what_came_after_it(
    phone: TestPhone, clinic: Callable[..., Any], clock: time_machine.Traveller
) -> None:
    id_ = new_id()
    clinic("messages", {"id": id_, "body": "Hello"})
    clock.shift(MINUTE)
    phone.send(message("A question"))
    assert clinic("messages", {"id": id_, "body": "Hello"}).status_code == 200
    assert waiting() == ["A question"]


def test_the_two_sides_never_share_an_id(phone: TestPhone, clinic: Callable[..., Any], plan: Plan) -> None:
    item = message("Mine")
    phone.send(item)
    assert clinic("messages", {"id": item["id"], "body": "Mine"}).status_code == 409
    done = session(plan, local(TODAY, 9))
    held = session(plan, local(TODAY, 9)) | {"plan": new_id()}
    gone = new_id()
    assert phone.statuses(done, held, void(gone, local(TODAY, 9))) == ["stored", "held", "stored"]
    for taken in (done["id"], held["id"], gone):
        assert clinic("messages", {"id": taken, "body": "Mine"}).status_code == 409
    theirs = clinic("messages", {"body": "Theirs"}).json()["id"]
    answer = phone.client.post("/api/v1/me/messages", {"id": theirs, "body": "Theirs"}, format="json")
    assert answer.status_code == 409


# ---- A phone cannot touch a clinic's message ------------------------------------------------------------------------


def test_phone_can_neither_amend_nor_withdraw_nor_replace_a_clinics_message(
    phone: TestPhone, clinic: Callable[..., Any], plan: Plan
) -> None:
    written = clinic("messages", {"body": "Two sets only"}).json()
    entry = Entry.objects.values().get()
    attempts = [
        message("Five sets", id=written["id"], edited_at=local(TODAY, 11, 30)),
        message("Two sets only", id=written["id"], at=written["at"]),
        session(plan, local(TODAY, 9), id=written["id"]),
        void(written["id"], local(TODAY, 11)),
    ]
    results = [phone.send(one)[0] for one in attempts]
    assert [one["status"] for one in results] == ["held"] * 4
    assert [one["errors"][0]["code"] for one in results] == ["conflict", "conflict", "conflict", "not_yours"]
    assert Entry.objects.values().get(uid=written["id"]) == entry
    assert bodies(phone.client.get("/api/v1/me/messages")) == ["Two sets only"]


def test_clinics_message_is_nothing_that_happened_at_home(
    phone: TestPhone, clinic: Callable[..., Any], cast: Cast, plan: Plan
) -> None:
    phone.send(session(plan, local(TODAY, 9)))
    days = list(PlanDay.objects.order_by("pk").values())
    patient = Patient.objects.values("last_active_at", "known_until", "plans_stamp").get(pk=cast.patient.pk)
    id_ = clinic("messages", {"body": "Well done"}).json()["id"]
    phone.client.post("/api/v1/me/messages/seen", {"ids": [id_]}, format="json")
    assert list(PlanDay.objects.order_by("pk").values()) == days
    assert Patient.objects.values("last_active_at", "known_until", "plans_stamp").get(pk=cast.patient.pk) == patient
    for listed in (phone.client.get("/api/v1/me/log"), clinic("timeline")):
        assert [one["type"] for one in listed.json()["results"]] == ["session"]
    assert phone.client.get("/api/v1/me/receipts").json()["items"] == []


# ---- Seen -----------------------------------------------------------------------------------------------------------


def test_read_marks_of_both_sides(
    phone: TestPhone, clinic: Callable[..., Any], cast: Cast, clock: time_machine.Traveller
) -> None:
    asked = message("A question")
    phone.send(asked)
    clinic("seen", {"items": [asked["id"]]}, by="assistant")
    answered = clinic("messages", {"body": "An answer"}).json()["id"]
    clock.shift(MINUTE)
    seen = phone.client.post("/api/v1/me/messages/seen", {"ids": [answered, asked["id"], new_id()]}, format="json")
    assert seen.json() == {"seen": [answered]}
    assert phone.client.post("/api/v1/me/messages/seen", {"ids": [answered]}, format="json").json() == {"seen": []}
    marks = {one["body"]: (one["seen_at"], one["seen_by"]) for one in clinic("messages").json()["results"]}
    assert marks == {
        "A question": ("2026-11-24T11:00:00+00:00", "Ash Assistant"),
        "An answer": ("2026-11-24T11:01:00+00:00", "Rosa Sample"),
    }


def test_clinic_cannot_mark_its_own_message_as_read_by_the_patient(clinic: Callable[..., Any]) -> None:
    id_ = clinic("messages", {"body": "Read this"}).json()["id"]
    assert clinic("seen", {"items": [id_]}).json() == {"seen": []}
    assert Entry.objects.get().seen_at is None


def test_receipts_count_what_the_patient_has_not_read(
    phone: TestPhone, clinic: Callable[..., Any], cast: Cast, api: Api
) -> None:
    def unread() -> int:
        answer: int = phone.client.get("/api/v1/me/receipts").json()["messages_unread"]
        return answer

    assert unread() == 0
    phone.send(message("Mine"))
    ids = [clinic("messages", {"body": f"{n}"}).json()["id"] for n in range(3)]
    api(cast.owner).post(f"/api/v1/patients/{cast.other_patient.pk}/messages", {"body": "Ada's"}, format="json")
    assert unread() == 3
    # The carer's phone counts too: somebody has read them.
    api(cast.carer).post("/api/v1/me/messages/seen", {"ids": ids[:2]}, format="json")
    assert unread() == 1


def test_receipts_cost_no_query_more_for_the_count(phone: TestPhone, clinic: Callable[..., Any]) -> None:
    """1 user · 2 patient with the count · 3 seen entries · 4 held · 5 locks."""
    clinic("messages", {"body": "x"})
    phone.client.get("/api/v1/me/receipts")
    with CaptureQueriesContext(connection) as captured:
        phone.client.get("/api/v1/me/receipts")
    assert len(captured) <= 5, "\n".join(one["sql"] for one in captured.captured_queries)


# ---- The flag -------------------------------------------------------------------------------------------------------


def test_message_raises_one_flag_with_what_waits(phone: TestPhone, cast: Cast) -> None:
    first, second = message("x" * 300), message("And another thing")
    phone.send(first)
    phone.send(second, first)  # a replay beside it
    flag = Flag.objects.get()
    assert (flag.kind, flag.urgency) == ("message_waiting", "routine")
    assert flag.next_step.startswith("Read the message")
    assert flag.evidence == [
        {"id": one["id"], "entry": one["id"], "date": "2026-11-24", "text": one["body"][:200]}
        for one in (first, second)
    ]
    cast.patient.refresh_from_db()
    assert cast.patient.attention_rank == 1
    assert cast.patient.attention[0]["evidence"][0]["text"] == "And another thing"


def test_edited_message_is_rewritten_in_place(phone: TestPhone, clock: time_machine.Traveller) -> None:
    first, second = message("Frist"), message("Second")
    phone.send(first, second)
    clock.shift(MINUTE)
    phone.send(first | {"body": "First", "edited_at": local(TODAY, 12, 1)})
    assert waiting() == ["First", "Second"]


def test_answer_closes_the_flag_and_the_next_message_opens_another(
    phone: TestPhone, clinic: Callable[..., Any], cast: Cast, clock: time_machine.Traveller
) -> None:
    phone.send(message("One"), message("Two"))
    clinic("messages", {"body": "Both answered"})
    flag = Flag.objects.get()
    assert (flag.resolved_at, flag.resolve_note) == (NOW, "A message was answered.")
    cast.patient.refresh_from_db()
    assert cast.patient.attention_rank == 0
    clock.shift(MINUTE)
    phone.send(message("Three"))
    assert waiting() == ["Three"]


def test_what_came_while_the_answer_was_typed_goes_on_waiting(
    phone: TestPhone, clinic: Callable[..., Any], clock: time_machine.Traveller
) -> None:
    read, late = message("Read"), message("Late")
    phone.send(read)
    clock.shift(MINUTE)
    phone.send(late)
    clinic("messages", {"body": "To the first", "answers": read["id"]})
    assert waiting() == ["Late"]
    clock.shift(MINUTE)
    clinic("messages", {"body": "To the second", "answers": late["id"]})
    assert waiting() == []


def test_answer_to_a_message_that_was_withdrawn_meanwhile_settles_the_earlier_ones(
    phone: TestPhone, clinic: Callable[..., Any], clock: time_machine.Traveller
) -> None:
    first, second = message("First"), message("Second")
    phone.send(first)
    clock.shift(MINUTE)
    phone.send(second)
    clock.shift(MINUTE)
    phone.send(void(second["id"], local(TODAY, 12)))
    assert clinic("messages", {"body": "Answer", "answers": second["id"]}).status_code == 201
    assert waiting() == []


def test_answer_to_what_is_no_message_of_the_patients(phone: TestPhone, clinic: Callable[..., Any]) -> None:
    phone.send(message("Question"))
    own = clinic("messages", {"body": "Hello", "answers": None}).json()["id"]
    for wrong in (new_id(), own):
        answer = clinic("messages", {"body": "Answer", "answers": wrong})
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "answers")
    assert Entry.objects.count() == 2


def test_withdrawn_message_closes_the_flag_when_nothing_else_waits(phone: TestPhone) -> None:
    first, second = message("First"), message("Second")
    phone.send(first, second)
    phone.send(void(first["id"], local(TODAY, 11)))
    assert waiting() == ["Second"]
    phone.send(void(second["id"], local(TODAY, 11)))
    assert waiting() == []
    assert Flag.objects.get().resolve_note == "The patient took the message back."


@pytest.mark.parametrize("first", ["message", "void"])
def test_message_and_its_withdrawal_in_one_call_raise_nothing(phone: TestPhone, first: str) -> None:
    item = message("Never mind")
    gone = void(item["id"], local(TODAY, 11))
    phone.send(*((item, gone) if first == "message" else (gone, item)))
    assert waiting() == []


def test_flag_can_be_settled_with_a_note_instead(phone: TestPhone, cast: Cast, api: Api) -> None:
    phone.send(message("Thank you"))
    flag = Flag.objects.get()
    answer = api(cast.therapist).post(f"/api/v1/flags/{flag.pk}/resolve", {"note": "No answer needed."}, format="json")
    assert answer.status_code == 200
    item = message("A question")
    phone.send(item)
    assert waiting() == ["A question"]


def test_other_items_touch_no_message_flag(phone: TestPhone, plan: Plan) -> None:
    phone.send(message("Question"))
    done = session(plan, local(TODAY, 9))
    phone.send(done, checkin(local(TODAY, 8), q_morning=2))
    phone.send(void(done["id"], local(TODAY, 10)))
    assert waiting() == ["Question"]


def test_many_messages_in_one_call_cost_as_many_queries_as_one(phone: TestPhone) -> None:
    """But for SQLite, which takes a long insert in two parts."""

    def cost(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            phone.send(*(message(f"{n}") for n in range(count)))
        return len(captured)

    phone.send(message("First"))
    one = cost(1)
    assert cost(60) - one == (connection.vendor == "sqlite")
    assert len(waiting()) == 50


STEP = st.one_of(
    st.tuples(st.just("send"), st.integers(0, 4)),
    st.tuples(st.just("edit"), st.integers(0, 4)),
    st.tuples(st.just("void"), st.integers(0, 4)),
    st.tuples(st.sampled_from(["answer", "resolve"]), st.just(0)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=12))
def test_flag_says_exactly_what_waits_whatever_happens(
    phone: TestPhone,
    clinic: Callable[..., Any],
    cast: Cast,
    clock: time_machine.Traveller,
    steps: list[tuple[str, int]],
) -> None:
    """Against a list of what was sent and neither answered, settled nor withdrawn since."""
    Entry.objects.all().delete()
    Flag.objects.all().delete()
    clock.move_to(NOW)
    items = [message(f"message {n}", at="2026-11-24T08:00:00+01:00") for n in range(5)]
    sent: set[int] = set()
    gone: set[int] = set()
    waits: list[int] = []
    for n, (what, which) in enumerate(steps):
        clock.shift(MINUTE)
        if what == "send":
            phone.send(items[which])
            if which not in sent | gone:
                waits.append(which)
            sent.add(which)
        elif what == "edit":
            edited = items[which] | {"body": f"edit {n}", "edited_at": (NOW + n * MINUTE).isoformat()}
            items[which] = edited
            phone.send(edited)
            if which not in gone and which not in waits:
                waits.append(which)
            sent.add(which)
        elif what == "void":
            phone.send(void(items[which]["id"], "2026-11-24T08:00:00+01:00"))
            gone.add(which)
            waits = [one for one in waits if one != which]
        elif what == "answer":
            clinic("messages", {"body": "Answer"})
            waits = []
        else:
            Flag.objects.filter(resolved_at=None).update(resolved_at=NOW, resolve_note="Settled.")
            waits = []
        assert waiting() == [items[one]["body"] for one in waits]
        assert Flag.objects.filter(resolved_at=None).count() == bool(waits)


# ---- At once --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_answers_and_a_message_at_once(cast: Cast, api: Api, phone: TestPhone) -> None:
    """The same answer from two windows is stored once; nothing fails, and one flag at most is open."""
    phone.send(message("Question"))
    id_ = new_id()
    path = f"/api/v1/patients/{cast.patient.pk}/messages"
    clients = [api(cast.therapist), api(cast.owner)]

    def answer(client: APIClient) -> Callable[[], int]:
        return lambda: client.post(path, {"id": id_, "body": "Answer"}, format="json").status_code

    codes = at_once(*map(answer, clients), lambda: phone.post(message("Another")).status_code)
    assert sorted(codes) == [200, 200, 201]
    assert Entry.objects.filter(from_staff=True).count() == 1
    assert Flag.objects.filter(resolved_at=None).count() <= 1
    assert set(waiting()) <= {"Another"}


def test_access_that_has_ended_reads_and_writes_nothing(phone: TestPhone, cast: Cast) -> None:
    PatientAccess.objects.filter(user=cast.patient_user).update(ended_at=NOW)
    assert phone.client.get("/api/v1/me/messages").status_code == 404
    assert phone.client.post("/api/v1/me/messages", {"body": "x"}, format="json").status_code == 404
    assert User.objects.filter(pk=cast.patient_user.pk).exists()
