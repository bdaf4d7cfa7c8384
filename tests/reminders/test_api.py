"""Reminder settings from the phone and from the clinic, and the proof of a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from patients.models import Entry, Patient, Relation
from reminders import dispatch
from reminders.channels.push import vapid
from reminders.models import CalendarFeed, ChannelOff, Occurrence, ReminderRule, occurrence_id
from reminders.rules import ensure_rule
from tests.conftest import Cast, give_access
from tests.reminders.conftest import MADRID_8, TUESDAY

Api = Callable[..., APIClient]
At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db
MINE = "/api/v1/me/reminders"


def theirs(patient: Patient) -> str:
    return f"/api/v1/patients/{patient.pk}/reminders"


def error(answer: Any) -> tuple[int, str, str | None]:
    first = answer.json()["errors"][0]
    return answer.status_code, first["code"], first["attr"]


# ---- The phone ------------------------------------------------------------------------------------------------------


def test_my_reminders_before_any_was_set(cast: Cast, api: Api, rosa: Patient) -> None:
    answer = api(cast.patient_user).get(MINE)
    assert answer.status_code == 200
    assert answer.json() == {
        "patient": str(rosa.pk),
        "vapid_public_key": vapid.public_key(),
        "channels": [{"name": "push", "state": "no_subscription"}, {"name": "email", "state": "ready"}],
        "rules": [],
        "calendar": False,
    }


def test_a_calendar_that_is_connected_shows(cast: Cast, api: Api, rosa: Patient) -> None:
    """To its own account and to the clinic, until it is ended; another's on the same record is not one's own."""
    CalendarFeed.objects.create(patient=rosa, token_hash="0" * 64, created_by=cast.therapist)
    assert api(cast.patient_user).get(MINE).json()["calendar"] is False
    api(cast.patient_user).post("/api/v1/me/calendar")
    assert api(cast.patient_user).get(MINE).json()["calendar"] is True
    assert api(cast.therapist).get(f"/api/v1/patients/{rosa.pk}/reminders").json()["calendar"] is True
    api(cast.patient_user).delete("/api/v1/me/calendar")
    assert api(cast.patient_user).get(MINE).json()["calendar"] is False


def test_the_join_flow_puts_an_hour(cast: Cast, api: Api, rosa: Patient) -> None:
    answer = api(cast.patient_user).put(MINE, {"rules": [{"times": ["08:00"]}]})
    assert answer.status_code == 200
    rule = ReminderRule.objects.get()
    assert answer.json()["rules"] == [
        {
            "id": str(rule.pk),
            "kind": "exercise",
            "after_days": None,
            "times": ["08:00"],
            "weekdays": [1, 2, 3, 4, 5, 6, 7],
            "quiet": None,
            "channels": ["email"],
            "only_if_not_done": True,
            "repeat_after_min": None,
            "paused": False,
            "timezone": "Europe/Madrid",
            "next_due_at": answer.json()["rules"][0]["next_due_at"],
        }
    ]
    assert rule.next_due_at is not None
    assert dt.datetime.fromisoformat(answer.json()["rules"][0]["next_due_at"]) == rule.next_due_at
    assert api(cast.patient_user).get(MINE).json() == answer.json()


def test_put_replaces_all_and_keeps_the_ids_it_is_sent(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    first = client.put(MINE, {"rules": [{"times": ["08:00"]}, {"times": ["20:00"]}]}).json()["rules"]
    wanted = {
        "id": first[0]["id"],
        "times": ["19:30", "07:00"],
        "weekdays": [5, 1],
        "quiet": {"from": "22:00", "to": "06:30"},
        "channels": ["email"],
        "only_if_not_done": False,
        "repeat_after_min": 60,
        "paused": False,
    }
    after = client.put(MINE, {"rules": [wanted]}).json()["rules"]
    assert len(after) == 1
    due = dt.datetime.fromisoformat(after[0]["next_due_at"])
    assert due.isoweekday() in (1, 5)
    assert {name: after[0][name] for name in wanted} == {**wanted, "times": ["07:00", "19:30"], "weekdays": [1, 5]}


def test_put_of_the_same_hours_keeps_an_occasion_that_is_just_due(cast: Cast, api: Api, rosa: Patient) -> None:
    rule = ensure_rule(rosa, local_time=dt.time(8))
    ReminderRule.objects.update(next_date=TUESDAY, next_due_at=MADRID_8)
    api(cast.patient_user).put(MINE, {"rules": [{"id": str(rule.pk), "times": ["08:00"], "only_if_not_done": False}]})
    rule.refresh_from_db()
    assert (rule.next_due_at, rule.only_if_not_done) == (MADRID_8, False)


def test_a_paused_rule_is_due_never_and_resumes(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    rule = client.put(MINE, {"rules": [{"times": ["08:00"], "paused": True}]}).json()["rules"][0]
    assert rule["next_due_at"] is None
    again = client.put(MINE, {"rules": [{"id": rule["id"], "times": ["08:00"], "paused": False}]}).json()["rules"][0]
    assert again["next_due_at"] is not None


def test_choosing_e_mail_again_ends_the_unsubscription(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)
    ChannelOff.objects.create(patient=rosa, channel="email", reason="unsubscribed")
    assert client.get(MINE).json()["channels"][1:] == [{"name": "email", "state": "unsubscribed"}]
    client.put(MINE, {"rules": [{"times": ["08:00"], "channels": []}]})
    assert client.get(MINE).json()["channels"][1:] == [{"name": "email", "state": "unsubscribed"}]
    client.put(MINE, {"rules": [{"times": ["08:00"], "channels": ["email"]}]})
    assert client.get(MINE).json()["channels"][1:] == [{"name": "email", "state": "ready"}]


def test_a_patient_without_any_address_is_told(cast: Cast, api: Api, rosa: Patient) -> None:
    Patient.objects.update(email=None)
    User.objects.filter(pk=cast.patient_user.pk).update(email=None)
    assert api(cast.patient_user).get(MINE).json()["channels"][1:] == [{"name": "email", "state": "no_address"}]


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({}, "rules"),
        ([], "non_field_errors"),
        ({"rules": "08:00"}, "rules.non_field_errors"),
        ({"rules": [3]}, "rules.0.non_field_errors"),
        ({"rules": [{}]}, "rules.0.times"),
        ({"rules": [{"times": []}]}, "rules.0.times"),
        ({"rules": [{"times": ["8 o'clock"]}]}, "rules.0.times.0"),
        ({"rules": [{"times": ["24:00"]}]}, "rules.0.times.0"),
        ({"rules": [{"times": [8]}]}, "rules.0.times.0"),
        ({"rules": [{"times": ["08:00"] * 5}]}, "rules.0.times"),
        ({"rules": [{"times": ["08:00"], "weekdays": []}]}, "rules.0.weekdays"),
        ({"rules": [{"times": ["08:00"], "weekdays": [0]}]}, "rules.0.weekdays.0"),
        ({"rules": [{"times": ["08:00"], "weekdays": [None]}]}, "rules.0.weekdays.0"),
        ({"rules": [{"times": ["08:00"], "quiet": {"from": "22:00"}}]}, "rules.0.quiet.to"),
        ({"rules": [{"times": ["08:00"], "quiet": "night"}]}, "rules.0.quiet.non_field_errors"),
        ({"rules": [{"times": ["08:00"], "channels": ["pigeon"]}]}, "rules.0.channels.0"),
        ({"rules": [{"times": ["08:00"], "paused": "perhaps"}]}, "rules.0.paused"),
        ({"rules": [{"times": ["08:00"], "id": "x"}]}, "rules.0.id"),
        ({"rules": [{"times": ["08:00"]}] * 7}, "rules"),
    ],
)
def test_put_of_nonsense_is_400_and_changes_nothing(cast: Cast, api: Api, rosa: Patient, body: Any, attr: str) -> None:
    kept = ensure_rule(rosa)
    answer = api(cast.patient_user).put(MINE, body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == attr
    assert list(ReminderRule.objects.values_list("pk", flat=True)) == [kept.pk]


def test_put_with_the_id_of_another_patients_rule_is_400_and_changes_nothing(
    cast: Cast, api: Api, rosa: Patient
) -> None:
    foreign = ensure_rule(cast.other_patient, local_time=dt.time(6))
    for id in (foreign.pk, uuid.uuid4()):
        answer = api(cast.patient_user).put(MINE, {"rules": [{"id": str(id), "times": ["09:00"]}]})
        assert error(answer) == (400, "invalid", "rules")
    assert list(ReminderRule.objects.values_list("pk", "times")) == [(foreign.pk, ["06:00"])]


def test_two_rules_with_one_id_are_400(cast: Cast, api: Api, rosa: Patient) -> None:
    rule = {"id": str(ensure_rule(rosa).pk), "times": ["09:00"]}
    assert error(api(cast.patient_user).put(MINE, {"rules": [rule, rule]})) == (400, "invalid", "rules")


def test_an_account_that_reaches_two_people_names_one(cast: Cast, api: Api, rosa: Patient) -> None:
    give_access(cast.carer, cast.other_patient, Relation.CARER)
    client = api(cast.carer)
    assert error(client.get(MINE)) == (400, "invalid", "patient")
    assert client.get(f"{MINE}?patient={cast.other_patient.pk}").json()["patient"] == str(cast.other_patient.pk)
    assert client.get(f"{MINE}?patient={cast.foreign_patient.pk}").status_code == 404
    assert client.get(f"{MINE}?patient=x").status_code == 400
    assert client.get(f"{MINE}?patiant={rosa.pk}").status_code == 400


def test_my_reminders_by_role(cast: Cast, api: Api) -> None:
    assert api().get(MINE).status_code == 401
    assert api(cast.therapist).get(MINE).status_code == 403
    assert api(cast.stranger).get(MINE).status_code == 404
    assert api(cast.carer).get(MINE).status_code == 200


# ---- The clinic -----------------------------------------------------------------------------------------------------


def test_the_clinic_sees_and_sets_the_same_document(cast: Cast, api: Api, rosa: Patient) -> None:
    put = api(cast.therapist).put(theirs(rosa), {"rules": [{"times": ["18:15"]}]})
    assert put.status_code == 200
    assert put.json()["rules"][0]["times"] == ["18:15"]
    for user in (cast.assistant, cast.owner):
        assert api(user).get(theirs(rosa)).json() == put.json()
    assert api(cast.patient_user).get(MINE).json() == put.json()


def test_the_clinics_side_by_role(cast: Cast, api: Api, rosa: Patient) -> None:
    body = {"rules": [{"times": ["18:15"]}]}
    proof = f"{theirs(rosa)}/proof"
    assert api(cast.assistant).put(theirs(rosa), body).status_code == 403
    for path in (theirs(rosa), proof):
        assert api(cast.outsider).get(path).status_code == 404
        assert api(cast.patient_user).get(path).status_code == 403
        assert api().get(path).status_code == 401
    assert api(cast.outsider).put(theirs(rosa), body).status_code == 404
    assert api(cast.assistant).get(proof).status_code == 200
    assert ReminderRule.objects.count() == 0


# ---- Proof ----------------------------------------------------------------------------------------------------------


def session_at(patient: Patient, moment: dt.datetime, **fields: Any) -> Entry:
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
        local_date=TUESDAY,
        received_at=moment,
        **fields,
    )


def test_proof_of_a_reminder_that_a_session_followed(
    cast: Cast, api: Api, rosa: Patient, morning_rule: ReminderRule, at: At
) -> None:
    dispatch.tick(at(seconds=20))
    session_at(rosa, MADRID_8 + dt.timedelta(minutes=3), voided_at=MADRID_8)
    session_at(rosa, MADRID_8 + dt.timedelta(minutes=40))
    answer = api(cast.therapist).get(f"{theirs(rosa)}/proof?date=2026-11-24")
    assert answer.json() == {
        "date": "2026-11-24",
        "timezone": "Europe/Madrid",
        "day": {"due": 2, "open": 2, "sessions_due": 1, "sessions_done": 0},
        "sessions": ["2026-11-24T07:40:00Z"],
        "occurrences": [
            {
                "id": str(occurrence_id(morning_rule.pk, TUESDAY, 1)),
                "rule": str(morning_rule.pk),
                "kind": "exercise",
                "slot": 1,
                "due_at": "2026-11-24T07:00:00Z",
                "deliveries": [
                    {
                        "channel": "email",
                        "sequence": 1,
                        "status": "sent",
                        "outcome": "taken by the mail server",
                        "attempts": 1,
                        "started_at": "2026-11-24T07:00:20Z",
                        "finished_at": "2026-11-24T07:00:20Z",
                    }
                ],
                "follow_ups": [],
                "followed_at": "2026-11-24T07:40:00Z",
            }
        ],
    }


def test_proof_outlives_the_rule_and_a_session_before_the_reminder_did_not_follow_it(
    cast: Cast, api: Api, rosa: Patient, morning_rule: ReminderRule, at: At
) -> None:
    session_at(rosa, MADRID_8 - dt.timedelta(minutes=30))
    dispatch.tick(at())
    api(cast.patient_user).put(MINE, {"rules": []})
    assert ReminderRule.objects.count() == 0
    told = api(cast.therapist).get(f"{theirs(rosa)}/proof?date=2026-11-24").json()["occurrences"]
    assert [(one["id"], one["rule"], one["followed_at"]) for one in told] == [
        (str(Occurrence.objects.get().pk), None, None)
    ]


def test_proof_of_a_silent_day_and_of_a_date_that_is_none(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.therapist)
    today = client.get(f"{theirs(rosa)}/proof")
    assert (today.status_code, today.json()["occurrences"]) == (200, [])
    for nonsense in ("2026-02-30", "yesterday", "", "2026-11-24T08:00"):
        assert error(client.get(f"{theirs(rosa)}/proof?date={nonsense}")) == (400, "invalid", "date")
    assert error(client.get(f"{theirs(rosa)}/proof?day=2026-11-24"))[0] == 400
