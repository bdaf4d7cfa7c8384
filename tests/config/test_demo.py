"""`manage.py demo`: what it prints, that a second run changes nothing, that its rows are what the real code makes."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
import statistics
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from accounts.models import Clinic, Membership
from config.demo.cast import NAMED, NEWCOMER, ROSA, SURNAMES, Persona, personas
from config.demo.history import Asked, Diary, DueDay, Orders
from patients import days, measuring, messages
from patients.models import Entry, ExerciseLog, Flag, HeldItem, Invitation, Lock, Patient, PlanDay
from reminders.models import ReminderRule

SIZE = {"patients": 7, "weeks": 3, "seed": 4}


def run_demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **{**SIZE, **options})
    return out.getvalue()


@dataclass(frozen=True)
class Made:
    document: dict[str, Any]
    errors: str


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Made]:
    """Made once for the whole module, in a transaction that is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_library", stdout=io.StringIO())
        call_command("load_templates", stdout=io.StringIO())
        errors = io.StringIO()
        yield Made(json.loads(run_demo(json=True, stderr=errors)), errors.getvalue())
        transaction.set_rollback(True)


def everything() -> dict[str, list[Any]]:
    """Every row of every table of ours."""
    ours = ("accounts", "exercises", "programs", "patients", "reminders")
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for label in ours
        for model in apps.get_app_config(label).get_models()
    }


# ---- What it prints -------------------------------------------------------------------------------------------------


def test_json_is_one_document_and_nothing_else(made: Made) -> None:
    url = made.document["join"]["url"]
    assert made.document == {
        "base_url": "http://localhost:8000",
        "therapist": {"email": "dana@clinic.example", "password": "look-around-2026"},
        "patient": {"email": "rosa@patient.example", "password": "look-around-2026"},
        "join": {"url": url, "birth_date": "1990-03-14"},
    }
    assert url.startswith("http://localhost:8000/join/")
    assert made.errors == ""


def test_a_second_run_prints_the_same_and_changes_nothing(made: Made) -> None:
    before = everything()
    assert json.loads(run_demo(json=True)) == made.document
    assert everything() == before


def test_words_for_people_name_the_accounts_and_the_link(made: Made) -> None:
    text = run_demo()
    for word in ("7 patients", "dana@clinic.example", "rosa@patient.example", made.document["join"]["url"]):
        assert word in text


def test_without_templates_it_says_what_to_run(db: None) -> None:
    with pytest.raises(CommandError, match="load_templates"):
        run_demo()
    assert Clinic.objects.count() == 0


@pytest.mark.parametrize("options", [{"patients": 1}, {"weeks": 0}])
def test_too_small_a_demo_is_refused(options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="At least two patients"):
        run_demo(**options)


# ---- What can be done with it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["therapist", "patient"])
def test_the_demo_accounts_sign_in(made: Made, who: str) -> None:
    client = APIClient()
    answer = client.post("/_allauth/browser/v1/auth/login", made.document[who], format="json")
    assert answer.status_code == 200
    me = client.get("/api/v1/me").json()
    assert me["user"]["email"] == made.document[who]["email"]
    assert me["role"] == {"therapist": "staff"}.get(who, who)


def test_the_join_link_opens_with_its_birth_date_and_is_replaced_once_used(made: Made) -> None:
    token = made.document["join"]["url"].rpartition("/")[2]
    birth_date = made.document["join"]["birth_date"]
    sid = transaction.savepoint()
    answer = APIClient().post(
        "/api/v1/join", {"token": token, "birth_date": birth_date, "consent": True}, format="json"
    )
    assert answer.status_code == 201
    again = json.loads(run_demo(json=True))["join"]
    assert again["url"] != made.document["join"]["url"]
    check = {"token": again["url"].rpartition("/")[2], "birth_date": again["birth_date"]}
    assert APIClient().post("/api/v1/join/check", check, format="json").status_code == 200
    transaction.savepoint_rollback(sid)


def test_rosa_has_something_to_look_at(made: Made) -> None:
    rosa = Patient.objects.get(name="Rosa Sample")
    plan = rosa.plans.get()
    today = timezone.now().astimezone(dt.timezone(dt.timedelta(hours=1))).date()
    assert 34 <= (today - plan.starts_on).days <= 36
    assert list(plan.revisions.order_by("n").values_list("phase", flat=True)) == [1, 2]
    mornings = [
        entry.payload["answers"]["q_morning"]
        for entry in rosa.entries.filter(kind="checkin", payload__kind="morning").order_by("happened_at")
    ]
    assert mornings[0] in (5, 6, 7)
    assert statistics.mean(mornings[:7]) > statistics.mean(mornings[-7:]) + 1.5
    silent = plan.days.filter(date__lt=today, sessions_due__gt=0, sessions_done=0).order_by("date")
    gap = {(today - day.date).days for day in silent}
    assert {15, 16, 17, 18} <= gap
    bridge = ExerciseLog.objects.filter(entry__patient=rosa, prescription__exercise__slug="sup-bridge")
    assert bridge.filter(pain__gt=5).exists()  # above the limit of her plan
    assert rosa.entries.filter(kind="goal").count() == 1


def test_the_caseload_shows_a_locked_a_silent_and_a_new_patient(made: Made) -> None:
    client = APIClient()
    client.post("/_allauth/browser/v1/auth/login", made.document["therapist"], format="json")
    rows = {row["patient"]["name"]: row for row in client.get("/api/v1/caseload").json()["results"]}
    assert set(rows) == {"Rosa Sample", "Nora Placeholder", *(person.name for person in NAMED[:5])}
    assert rows["Lena Testcase"]["flags"][0]["kind"] == "red_flag"
    assert rows["Lena Testcase"]["attention_rank"] == max(row["attention_rank"] for row in rows.values())
    assert rows["Ines Example"]["adherence_7"] is None
    assert rows["Mira Specimen"]["adherence_7"] >= 0.7
    assert rows["Nora Placeholder"]["patient"]["status"] == "invited"


# ---- The rows are what the real code would have written -------------------------------------------------------------


def test_rosas_outcomes_have_changed_since_the_start(made: Made) -> None:
    rosa = Patient.objects.get(name=ROSA.name)
    shown = measuring.progress(rosa, days.local_today(rosa))
    assert {(one["instrument"], one["timepoint"], one["meaning"]) for one in shown["outcomes"]["scores"]} == {
        ("nprs", "baseline", None),
        ("psfs", "baseline", None),
        ("nprs", "w4", "much_better"),
        ("psfs", "w4", "much_better"),
        ("groc", "w4", "much_better"),
    }
    assert [goal["text"] for goal in shown["goals"]] == [ROSA.goal]


def test_one_message_is_answered_and_another_waits(made: Made) -> None:
    rosa, tom = (Patient.objects.get(name=name) for name in ("Rosa Sample", "Tom Placeholder"))
    said = list(messages.of(rosa).order_by("happened_at"))
    assert [entry.from_staff for entry in said] == [False, True]
    assert all(entry.seen_at is not None for entry in said)
    assert said[0].happened_at < said[1].happened_at < timezone.now()
    assert not rosa.flags.filter(kind="message_waiting", resolved_at=None).exists()
    waiting = tom.flags.get(kind="message_waiting", resolved_at=None)
    assert [one["text"] for one in waiting.evidence] == ["Is it fine to sit on a cushion?"]


def test_every_day_is_what_its_log_says(made: Made) -> None:
    out = io.StringIO()
    call_command("rebuild_days", "--check", stdout=out)
    assert PlanDay.objects.count() > 200
    assert out.getvalue().strip() == "Every day is what its log says."


def test_nothing_was_held_nothing_lies_in_the_future(made: Made) -> None:
    now = timezone.now()
    assert HeldItem.objects.count() == 0
    assert Entry.objects.count() > 100
    assert not Entry.objects.filter(happened_at__gt=now).exists()
    assert not Entry.objects.filter(received_at__gt=now).exists()
    assert not Flag.objects.filter(raised_at__gt=now).exists()
    assert Lock.objects.filter(kind="red_flag", until=None).count() == 1


def test_reminders_are_set_at_each_persons_own_hour(made: Made) -> None:
    rules = {rule.patient.name: rule for rule in ReminderRule.objects.select_related("patient")}
    joined = [ROSA, *NAMED[:5]]
    assert {name: rule.times for name, rule in rules.items()} == {
        person.name: [person.hour.strftime("%H:%M")] for person in joined
    }
    assert all(rule.next_due_at is not None and rule.next_due_at > timezone.now() for rule in rules.values())


def test_the_clinic_has_an_owner_a_therapist_and_an_assistant(made: Made) -> None:
    roles = Membership.objects.filter(clinic__name="Example Physiotherapy").values_list("user__name", "role")
    assert dict(roles) == {"Dana Example": "owner", "Theo Template": "therapist", "Alex Stencil": "assistant"}
    assert Invitation.objects.filter(patient__name="Nora Placeholder", used_at=None, voided_at=None).count() == 1


# ---- The cast and their diaries are pure ----------------------------------------------------------------------------


def test_the_cast_is_the_same_for_a_seed_and_a_longer_one_begins_with_the_shorter() -> None:
    assert personas(40, 8, 7) == personas(40, 8, 7)
    assert personas(40, 8, 7)[:12] == personas(12, 8, 7)
    assert personas(40, 8, 7) != personas(40, 8, 8)


def test_the_cast_has_distinct_plainly_fictional_names() -> None:
    names = [person.name for person in personas(400, 8, 1)]
    assert len(set(names)) == 400
    stand_ins = {*SURNAMES, "Example", "Mockman"}
    assert all(name.split()[1] in stand_ins or name.startswith("Sample ") for name in names)


def test_histories_are_no_longer_than_asked_but_for_rosas() -> None:
    assert max(person.days for person in personas(60, 2, 1) if person is not ROSA) == 14
    assert personas(60, 2, 1)[0].days == 35


def diary(seed: int, person: Persona = ROSA) -> list[Any]:
    today = dt.date(2026, 11, 24)
    plan, prescription = uuid.UUID(int=1), str(uuid.UUID(int=2))
    orders = Orders(plan, {prescription: Asked("sup-bridge", {"sets": 3, "reps": 10, "hold_s": 3}, "left")}, 5)
    item = {"prescription": prescription, "key": "k", "slot": 1, "both": False, "weekly": None}
    days = [DueDay(today - dt.timedelta(days=back), [item], back != 5) for back in range(35, -4, -1)]
    return Diary(person, orders, today, random.Random(seed)).write(days)


def test_a_diary_is_the_same_for_a_seed_and_ends_yesterday() -> None:
    assert diary(1) == diary(1)
    assert diary(1) != diary(2)
    assert max(sent.at.date() for sent in diary(1)) == dt.date(2026, 11, 23)
    assert len({sent.item["id"] for sent in diary(1)}) == len(diary(1))


def test_a_diary_has_no_session_on_a_paused_day_and_no_word_in_a_gap() -> None:
    dates = {sent.item["performed_at"][:10] for sent in diary(1) if sent.item["type"] == "session"}
    assert "2026-11-19" not in dates
    assert not any("2026-11-06" <= str(sent.at.date()) <= "2026-11-08" for sent in diary(1))


def test_the_newcomer_has_no_history() -> None:
    assert NEWCOMER.days == 0
