"""The clinic's nudge and the weekly summary: when they go out, what they say, and what nothing may say."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from patients.models import Condition, Entry, Lock, LockKind, Patient, PatientStatus, PlanDay
from reminders import dispatch, silence
from reminders.channels.push import message
from reminders.models import Delivery, Occurrence, ReminderRule
from tests.conftest import Cast
from tests.reminders.conftest import MADRID_8, TUESDAY, due_day

Api = Callable[..., APIClient]
At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/reminders"
NUDGE = {"kind": "nudge", "after_days": 3, "times": ["08:00"]}


def theirs(patient: Patient) -> str:
    return f"/api/v1/patients/{patient.pk}/reminders"


def due_from(rule: ReminderRule, moment: dt.datetime = MADRID_8) -> ReminderRule:
    """As if it had been made long ago."""
    date = moment.date()
    ReminderRule.objects.filter(pk=rule.pk).update(next_date=date, next_slot=1, next_due_at=moment)
    rule.refresh_from_db()
    return rule


@pytest.fixture
def nudge(cast: Cast, api: Api, rosa: Patient) -> ReminderRule:
    """After three days without a session, at eight; the plan has asked for something every day for two weeks."""
    for n in range(-14, 20):
        due_day(rosa, TUESDAY + dt.timedelta(days=n))
    assert api(cast.therapist).put(theirs(rosa), {"rules": [NUDGE]}).status_code == 200
    return due_from(ReminderRule.objects.get())


def session_on(patient: Patient, date: dt.date) -> Entry:
    moment = dt.datetime.combine(date, dt.time(17), tzinfo=dt.UTC)
    return Entry.objects.create(
        patient=patient,
        uid=uuid.uuid4(),
        kind="session",
        payload={},
        digest="",
        happened_at=moment,
        happened_at_raw=moment,
        utc_offset_min=60,
        timezone="Europe/Madrid",
        local_date=date,
        received_at=moment,
    )


def days_ago(n: int) -> dt.date:
    return TUESDAY - dt.timedelta(days=n)


def outcomes() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("occurrence__date").values_list("status", "outcome"))


def sent_on() -> list[dt.date]:
    return list(Occurrence.objects.filter(deliveries__status="sent").order_by("date").values_list("date", flat=True))


# ---- Nudges: when ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("last", "goes_out"), [(4, True), (3, False), (1, False), (0, False), (None, True)])
def test_a_nudge_goes_out_after_three_whole_days_without_a_session(
    nudge: ReminderRule, rosa: Patient, at: At, last: int | None, goes_out: bool
) -> None:
    if last is not None:
        session_on(rosa, days_ago(last))
    dispatch.tick(at())
    assert [one.subject for one in mail.outbox] == (["A word from Homestretch"] if goes_out else [])
    if not goes_out:
        assert outcomes() == [("skipped", "not silent for long enough")]


def test_one_silence_has_one_nudge_and_the_next_silence_another(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    session_on(rosa, days_ago(4))
    for n in range(6):
        dispatch.tick(at(days=n))
    assert sent_on() == [TUESDAY]
    session_on(rosa, TUESDAY + dt.timedelta(days=6))
    for n in range(6, 15):
        dispatch.tick(at(days=n))
    assert sent_on() == [TUESDAY, TUESDAY + dt.timedelta(days=10)]


def test_a_nudge_that_failed_is_tried_on_the_next_day(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    Patient.objects.update(email=None)
    rosa.access.update(ended_at=MADRID_8)
    dispatch.tick(at())
    Patient.objects.update(email="rosa@patient.example")
    dispatch.tick(at(days=1))
    assert [status for status, _ in outcomes()] == ["failed", "sent"]


def pause(patient: Patient, first: dt.date, last: dt.date) -> None:
    PlanDay.objects.filter(plan__patient=patient, date__range=(first, last)).update(
        open=False, due=0, excused=2, sessions_due=0
    )


def test_days_of_a_pause_are_no_silence(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    session_on(rosa, days_ago(8))
    pause(rosa, days_ago(7), days_ago(3))
    dispatch.tick(at())
    dispatch.tick(at(days=1))
    assert sent_on() == [TUESDAY + dt.timedelta(days=1)]


def test_under_a_pause_a_lock_or_after_discharge_a_nudge_is_silent(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    pause(rosa, TUESDAY, TUESDAY)
    dispatch.tick(at())
    tomorrow = TUESDAY + dt.timedelta(days=1)
    Lock.objects.create(patient=rosa, kind=LockKind.RED_FLAG, since=MADRID_8, from_date=tomorrow)
    dispatch.tick(at(days=1))
    Lock.objects.all().delete()
    Patient.objects.update(status=PatientStatus.DISCHARGED)
    dispatch.tick(at(days=2))
    assert outcomes() == [("skipped", "no plan, or paused"), ("skipped", "exercises are locked")]


def test_where_nothing_was_due_nobody_was_silent(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    PlanDay.objects.update(due=0, sessions_due=0)
    dispatch.tick(at())
    assert outcomes() == [("skipped", "nothing was due")]


@pytest.mark.parametrize(("done", "sent"), [(3, 0), (2, 1)])
def test_three_times_a_week_is_silent_only_while_the_week_wants_more(
    nudge: ReminderRule, rosa: Patient, at: At, done: int, sent: int
) -> None:
    """Done by Friday: the days after it ask for nothing."""
    weekly = [{"prescription": "p", "key": "k", "slot": 1, "both": False, "weekly": 3}]
    PlanDay.objects.update(due=0, sessions_due=0, items=weekly, week=days_ago(8))
    PlanDay.objects.filter(date=days_ago(4)).update(sessions_done=done)
    PlanDay.objects.filter(date__gte=TUESDAY).update(week=TUESDAY)
    session_on(rosa, days_ago(4))
    dispatch.tick(at())
    assert len(mail.outbox) == sent


def test_weeks_that_have_what_they_want_are_asked_together(nudge: ReminderRule, rosa: Patient) -> None:
    """A silence of two weeks costs what one of six days does."""
    weekly = [{"prescription": "p", "key": "k", "slot": 1, "both": False, "weekly": 3}]
    PlanDay.objects.update(due=0, sessions_due=0, items=weekly, week=days_ago(7))
    PlanDay.objects.filter(date__lt=days_ago(7)).update(week=days_ago(14))
    PlanDay.objects.filter(date__in=(days_ago(7), days_ago(14))).update(sessions_done=3)
    nudge.patient = rosa

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert silence.reason_to_skip(nudge, TUESDAY) == "nothing was due"
        return len(queries)

    two_weeks = cost()
    session_on(rosa, days_ago(7))
    assert cost() == two_weeks
    PlanDay.objects.filter(date=days_ago(7)).update(sessions_done=2)
    assert silence.reason_to_skip(nudge, TUESDAY) == ""


def test_a_voided_session_is_none(nudge: ReminderRule, rosa: Patient, at: At) -> None:
    Entry.objects.filter(pk=session_on(rosa, days_ago(1)).pk).update(voided_at=MADRID_8)
    dispatch.tick(at())
    assert sent_on() == [TUESDAY]


# ---- Nudges: whose --------------------------------------------------------------------------------------------------
def test_the_phone_sees_the_clinics_nudge_and_can_neither_edit_nor_remove_it(
    cast: Cast, api: Api, nudge: ReminderRule
) -> None:
    phone = api(cast.patient_user)
    shown = phone.get(MINE).json()["rules"]
    assert [(rule["kind"], rule["after_days"], rule["times"]) for rule in shown] == [("nudge", 3, ["08:00"])]
    mine = {"times": ["19:00"]}
    loud = {**shown[0], "times": ["03:00"], "after_days": 1}
    old_app = {"id": shown[0]["id"], "times": ["03:00"]}
    for others in ([], [loud], [old_app]):
        answer = phone.put(MINE, {"rules": [mine, *others]})
        assert answer.status_code == 200
        rules = answer.json()["rules"]
        assert [rule for rule in rules if rule["kind"] == "nudge"] == shown
        assert [rule["times"] for rule in rules if rule["kind"] == "exercise"] == [["19:00"]]


def test_the_phone_cannot_make_a_nudge(cast: Cast, api: Api, nudge: ReminderRule) -> None:
    nobodys = {"id": str(uuid.uuid4()), "times": ["08:00"]}
    for others in ([], [nobodys]):
        answer = api(cast.patient_user).put(MINE, {"rules": [*others, NUDGE]})
        assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (400, "Only the clinic sets up a nudge.")
    assert ReminderRule.objects.count() == 1


def test_the_clinic_changes_and_removes_its_nudge(cast: Cast, api: Api, nudge: ReminderRule, rosa: Patient) -> None:
    clinic = api(cast.therapist)
    named = {**NUDGE, "id": str(nudge.pk)}
    assert clinic.put(theirs(rosa), {"rules": [{**named, "after_days": 5}]}).json()["rules"][0]["after_days"] == 5
    # An older clinic app knows nothing of kinds.
    kept = clinic.put(theirs(rosa), {"rules": [{"id": str(nudge.pk), "times": ["09:00"]}]}).json()["rules"][0]
    assert (kept["kind"], kept["after_days"], kept["times"]) == ("nudge", 5, ["09:00"])
    assert clinic.put(theirs(rosa), {"rules": []}).json()["rules"] == []


def test_the_join_flows_hour_is_made_beside_a_nudge(cast: Cast, nudge: ReminderRule, rosa: Patient) -> None:
    from reminders.rules import ensure_rule  # noqa: PLC0415

    assert ensure_rule(rosa).pk != nudge.pk


@pytest.mark.parametrize(
    ("rule", "attr"),
    [
        ({"kind": "nudge", "times": ["08:00"]}, "after_days"),
        ({**NUDGE, "after_days": 0}, "after_days"),
        ({**NUDGE, "after_days": 29}, "after_days"),
        ({**NUDGE, "times": ["08:00", "09:00"]}, "times"),
        ({**NUDGE, "repeat_after_min": 30}, "repeat_after_min"),
        ({"kind": "weekly", "weekdays": [1, 2]}, "weekdays"),
        ({"kind": "weekly", "repeat_after_min": 30}, "repeat_after_min"),
        ({"times": ["08:00"], "after_days": 3}, "after_days"),
        ({"kind": "monthly", "times": ["08:00"]}, "kind"),
        ({}, "times"),
    ],
)
def test_what_no_rule_can_be(cast: Cast, api: Api, rosa: Patient, rule: dict[str, Any], attr: str) -> None:
    answer = api(cast.therapist).put(theirs(rosa), {"rules": [rule]})
    assert answer.status_code == 400
    assert attr in answer.json()["errors"][0]["attr"]


def test_a_rule_keeps_its_kind(cast: Cast, api: Api, rosa: Patient) -> None:
    phone = api(cast.patient_user)
    rule = phone.put(MINE, {"rules": [{"times": ["08:00"]}]}).json()["rules"][0]
    assert phone.put(MINE, {"rules": [{"id": rule["id"], "kind": "weekly"}]}).status_code == 400
    assert phone.get(MINE).json()["rules"] == [rule]


# ---- The weekly summary ---------------------------------------------------------------------------------------------
SUNDAY = dt.date(2026, 11, 29)
SIX = dt.datetime(2026, 11, 29, 17, 0, tzinfo=dt.UTC)


@pytest.fixture
def summary(cast: Cast, api: Api, rosa: Patient) -> ReminderRule:
    PlanDay.objects.all().delete()
    answer = api(cast.patient_user).put(MINE, {"rules": [{"kind": "weekly"}]})
    assert answer.status_code == 200
    assert [(one["times"], one["weekdays"]) for one in answer.json()["rules"]] == [(["18:00"], [7])]
    return due_from(ReminderRule.objects.get(), SIX)


def sunday(**after: float) -> Callable[[], dt.datetime]:
    return lambda: SIX + dt.timedelta(**after)


def a_week(patient: Patient, done: int, *, due: int = 7, known_until: dt.date | None = SUNDAY) -> None:
    """`due` sessions on the dates up to Sunday, the first `done` of them done."""
    Patient.objects.filter(pk=patient.pk).update(known_until=known_until)
    for n in range(7):
        date = SUNDAY - dt.timedelta(days=6 - n)
        is_due, is_done = n < due, n < done
        due_day(patient, date, due=2 * is_due, sessions_due=int(is_due), done=2 * is_done, sessions_done=int(is_done))


def said() -> str:
    return str(mail.outbox[-1].body).split("\n--")[0]


def test_a_week_is_summed_up_on_sunday_evening(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 5)
    dispatch.tick(sunday())
    assert mail.outbox[0].subject == "Your week in Homestretch"
    assert "this week you did 5 of 7 sessions." in said()
    assert "Of one session we do not know yet." in said()  # Sunday's own: the day is not over
    summary.refresh_from_db()
    assert summary.next_due_at == SIX + dt.timedelta(days=7)


def test_a_whole_week_leaves_nothing_open(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 7)
    dispatch.tick(sunday())
    assert "you did 7 of 7 sessions." in said()
    assert "do not know" not in said()


def test_days_that_the_phone_has_not_told_of_are_said_to_be_unknown(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 3, known_until=SUNDAY - dt.timedelta(days=4))
    dispatch.tick(sunday())
    assert "you did 3 of 7 sessions." in said()
    assert "Of 4 sessions we do not know yet." in said()


def test_a_week_without_a_word_from_the_phone_counts_nothing_out(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 0, known_until=None)
    dispatch.tick(sunday())
    assert "Of 7 sessions we do not know yet." in said()
    assert "0 of" not in said()
    assert "other plans" not in said()


def test_a_week_in_which_nothing_was_done_is_not_counted_out(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 0, due=6)
    dispatch.tick(sunday())
    assert "this week had other plans. That happens." in said()
    assert "0" not in said().split("http")[0]


def test_one_session_is_one(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 1, due=1)
    dispatch.tick(sunday())
    assert "this week you did your session." in said()


def test_in_spanish(summary: ReminderRule, rosa: Patient) -> None:
    Patient.objects.update(language="es")
    a_week(rosa, 5)
    dispatch.tick(sunday())
    assert mail.outbox[0].subject == "Tu semana en Homestretch"
    assert "esta semana has hecho 5 de 7 sesiones." in said()


@pytest.mark.parametrize("planned", [True, False])
def test_a_week_without_a_plan_or_of_rest_is_not_summed_up(summary: ReminderRule, rosa: Patient, planned: bool) -> None:
    if planned:
        a_week(rosa, 0, due=0)
    dispatch.tick(sunday())
    assert outcomes() == [("skipped", "nothing was due" if planned else "no plan this week")]


def test_a_lock_silences_the_summary(summary: ReminderRule, rosa: Patient) -> None:
    a_week(rosa, 5)
    Lock.objects.create(patient=rosa, kind=LockKind.RED_FLAG, since=MADRID_8, from_date=TUESDAY)
    dispatch.tick(sunday())
    assert outcomes() == [("skipped", "exercises are locked")]


# ---- What nothing may say -------------------------------------------------------------------------------------------
HEALTH = ("pain", "dolor", "hip", "cadera", "ischiofemoral", "surgery", "cirugía", "stretch ", "estiramiento")


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_subject_header_address_or_push_says_anything_of_health(
    cast: Cast, api: Api, nudge: ReminderRule, rosa: Patient, language: str
) -> None:
    """Every kind goes out once, for a patient about whom there is something to say."""
    Patient.objects.update(language=language)
    Patient.objects.update(condition=Condition.IFI_CONFIRMED, affected_side="left")
    clinic = api(cast.therapist)
    rules = [{**NUDGE, "id": str(nudge.pk)}, {"times": ["08:00"], "repeat_after_min": 30}, {"kind": "weekly"}]
    assert clinic.put(theirs(rosa), {"rules": rules}).status_code == 200
    for rule in ReminderRule.objects.all():
        due_from(rule)
    dispatch.tick(lambda: MADRID_8)
    dispatch.tick(lambda: MADRID_8 + dt.timedelta(minutes=30))
    sent = Delivery.objects.filter(status="sent").select_related("occurrence__rule")
    assert sorted((one.occurrence.rule.kind, one.sequence) for one in sent if one.occurrence.rule) == [
        ("exercise", 1),
        ("exercise", 2),
        ("nudge", 1),
        ("weekly", 1),
    ]
    visible = [text for one in mail.outbox for text in _open_to_all(one)]
    for delivery in sent:
        assert set(json.loads(message.payload(delivery))) == {"v", "occurrence", "sequence"}
        visible.append(message.payload(delivery).decode())
        assert re.fullmatch(r"[\w-]{32}", message.topic(delivery.occurrence_id))  # a digest: letters by chance
    secrets = [rosa.name, *rosa.name.split(), cast.clinic.name, "Test program", "ifi_confirmed", "left", *HEALTH]
    for text in visible:
        words = text.lower()
        assert not [secret for secret in secrets if secret.lower() in words.split()], text
        assert not [secret for secret in secrets if len(secret) > 3 and secret.lower() in words], text
    bodies = " ".join(str(one.body) for one in mail.outbox).lower()
    assert not [secret for secret in ("rosa", *HEALTH) if secret in bodies]


def _open_to_all(one: Any) -> list[str]:
    """What a mail server, a lock screen or a browser's history may show."""
    addresses = [word for word in str(one.body).split() if word.startswith("http")]
    headers = [f"{value}" for name, value in one.extra_headers.items() if name != "Content-Language"]
    return [one.subject, *addresses, *headers]
