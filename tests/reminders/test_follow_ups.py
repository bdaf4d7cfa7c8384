"""One gentle repeat, and "later today": when they go out, and everything that keeps them from it."""

from __future__ import annotations

import datetime as dt
import smtplib
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db.models import Min
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from patients.models import Lock, LockKind, Patient, PatientStatus
from reminders import dispatch, follow_ups, later
from reminders.models import ChannelOff, Delivery, FollowUp, Occurrence, ReminderRule, occurrence_id
from reminders.rules import schedule_anew
from reminders.waiting import calling
from tests.conftest import Cast
from tests.racing import at_once
from tests.reminders.conftest import MADRID_8, TUESDAY, Killed, Sink, due_day, rule_at
from tests.reminders.test_dispatch import all_at_once
from tests.reminders.test_due import CHANGES, ZONES

Api = Callable[..., APIClient]
At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db

LATER = "/api/v1/me/reminders/later"
SENT = "taken by the mail server"
EVENING_BEFORE = MADRID_8 - dt.timedelta(hours=12)


@pytest.fixture
def repeating(rosa: Patient) -> ReminderRule:
    """08:00, and once more at 08:30 if it is not done by then."""
    return rule_at(rosa, "08:00", now=EVENING_BEFORE, repeat_after_min=30)


def told() -> list[tuple[int, str, str]]:
    return list(Delivery.objects.order_by("sequence").values_list("sequence", "status", "outcome"))


# ---- The repeat -----------------------------------------------------------------------------------------------------
def test_not_done_after_half_an_hour_is_reminded_of_once_more_and_never_again(repeating: ReminderRule, at: At) -> None:
    dispatch.tick(at())
    assert dispatch.tick(at(minutes=29)) == 0
    assert dispatch.tick(at(minutes=30)) == 1
    for minute in range(31, 600, 7):
        dispatch.tick(at(minutes=minute))
    assert told() == [(1, "sent", SENT), (2, "sent", SENT)]
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    occurrence = occurrence_id(repeating.pk, TUESDAY, 1)
    assert [one.split("@")[0] for one in ids] == [f"<{occurrence}.1", f"<{occurrence}.2"]


def test_a_rule_without_a_repeat_makes_none(morning_rule: ReminderRule, at: At) -> None:
    dispatch.tick(at())
    assert FollowUp.objects.count() == 0


def done(patient: Patient) -> None:
    due_day(patient, done=2, sessions_done=1)


def lock(patient: Patient) -> None:
    since = MADRID_8 + dt.timedelta(minutes=5)
    Lock.objects.create(patient=patient, kind=LockKind.RED_FLAG, since=since, from_date=TUESDAY)


def pause(patient: Patient) -> None:
    ReminderRule.objects.update(paused=True)


def unsubscribe(patient: Patient) -> None:
    ChannelOff.objects.create(patient=patient, channel="email", reason="unsubscribed")


def sleep(patient: Patient) -> None:
    ReminderRule.objects.update(quiet_from=dt.time(8, 15), quiet_to=dt.time(9))


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (done, ("skipped", "already done")),
        (lock, ("skipped", "exercises are locked")),
        (pause, ("skipped", "the reminder is paused")),
        (unsubscribe, ("skipped", "no channel is on")),
        (sleep, ("missed", "falls into quiet hours")),
    ],
)
def test_a_repeat_asks_everything_again(
    repeating: ReminderRule, rosa: Patient, at: At, change: Callable[[Patient], None], outcome: tuple[str, str]
) -> None:
    dispatch.tick(at())
    change(rosa)
    dispatch.tick(at(minutes=30))
    dispatch.tick(at(hours=2))
    assert told() == [(1, "sent", SENT), (2, *outcome)]


@pytest.mark.parametrize("status", [PatientStatus.DISCHARGED, PatientStatus.ERASED])
def test_a_patient_who_left_meanwhile_is_not_repeated_to(
    repeating: ReminderRule, rosa: Patient, at: At, status: PatientStatus
) -> None:
    dispatch.tick(at())
    Patient.objects.update(status=status)
    dispatch.tick(at(minutes=30))
    assert told() == [(1, "sent", SENT)]


def test_a_repeat_that_was_switched_off_or_whose_rule_was_removed_is_silent(
    repeating: ReminderRule, rosa: Patient, at: At
) -> None:
    dispatch.tick(at())
    ReminderRule.objects.update(repeat_after_min=None)
    dispatch.tick(at(minutes=30))
    assert (told(), FollowUp.objects.filter(done_at=None).count()) == ([(1, "sent", SENT)], 0)
    FollowUp.objects.update(done_at=None)
    ReminderRule.objects.all().delete()
    dispatch.tick(at(minutes=31))
    assert (told(), FollowUp.objects.filter(done_at=None).count()) == ([(1, "sent", SENT)], 0)


def test_always_remind_does_not_mean_twice_when_it_is_done(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=EVENING_BEFORE, repeat_after_min=15, only_if_not_done=False)
    done(rosa)
    dispatch.tick(at())
    dispatch.tick(at(minutes=15))
    assert told() == [(1, "sent", SENT), (2, "skipped", "already done")]


def test_a_reminder_that_was_skipped_or_missed_has_no_repeat(repeating: ReminderRule, rosa: Patient, at: At) -> None:
    done(rosa)
    dispatch.tick(at())
    dispatch.tick(at(days=1, hours=3))
    assert FollowUp.objects.count() == 0


def test_a_reminder_that_failed_has_no_repeat(repeating: ReminderRule, rosa: Patient, at: At) -> None:
    Patient.objects.update(email=None)
    rosa.access.update(ended_at=MADRID_8)
    dispatch.tick(at())
    dispatch.tick(at(minutes=30))
    assert told() == [(1, "failed", "no e-mail address")]
    assert FollowUp.objects.filter(done_at=None).count() == 0


def test_a_repeat_counts_from_when_the_reminder_really_went_out(
    repeating: ReminderRule,
    at: At,
    sink: type[Sink],
) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later") for _ in range(3)]
    for minute in range(31):  # 08:00, 08:02 and 08:06 are refused, 08:14 is taken
        dispatch.tick(at(minutes=minute))
    assert len(sink.taken) == 1
    dispatch.tick(at(minutes=43))
    assert len(sink.taken) == 1
    dispatch.tick(at(minutes=44))
    assert len(sink.taken) == 2


def test_a_repeat_does_not_compete_with_the_next_hour(rosa: Patient, at: At) -> None:
    due_day(rosa, sessions_due=2)
    rule_at(rosa, "08:00", "09:00", now=EVENING_BEFORE, repeat_after_min=60)
    dispatch.tick(at())
    dispatch.tick(at(minutes=60))
    first = Occurrence.objects.get(slot=1)
    assert list(first.deliveries.order_by("sequence").values_list("status", "outcome")) == [
        ("sent", SENT),
        ("skipped", "the next reminder is due"),
    ]


def test_after_an_outage_a_repeat_is_missed(repeating: ReminderRule, at: At) -> None:
    dispatch.tick(at())
    dispatch.tick(at(hours=2, minutes=31))
    assert told()[1] == (2, "missed", "121 minutes late")


def test_quiet_hours_that_began_while_nobody_ticked_keep_the_reminder_itself(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=EVENING_BEFORE, quiet_from=dt.time(8, 30), quiet_to=dt.time(10))
    dispatch.tick(at(minutes=30))
    assert told() == [(1, "missed", "quiet hours began before it could go out")]


# ---- Claims of it ---------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_eight_dispatchers_at_once_repeat_once(
    rosa: Patient,
    at: At,
    sink: type[Sink],
) -> None:
    first = rule_at(rosa, "08:00", now=EVENING_BEFORE, repeat_after_min=30)
    columns = ("times", "channels", "timezone", "next_date", "next_slot", "next_due_at", "repeat_after_min")
    facts = {name: getattr(first, name) for name in columns}
    ReminderRule.objects.bulk_create(ReminderRule(patient=rosa, **facts) for _ in range(69))
    assert dispatch.tick(at()) == 70
    assert all_at_once(at(minutes=30)) == 70
    assert len({message.extra_headers["Message-ID"] for message in sink.taken}) == len(sink.taken) == 140


def test_a_repeat_that_a_dead_dispatcher_held_is_taken_over_when_its_lease_ends(
    repeating: ReminderRule, at: At
) -> None:
    dispatch.tick(at())
    ids, token = follow_ups.claim(at(minutes=30)())
    assert len(ids) == 1
    assert dispatch.tick(at(minutes=31)) == 0
    assert dispatch.tick(at(minutes=33)) == 1
    with calling(at(minutes=33)) as calls:
        follow_ups.handle(ids[0], token, at(minutes=33), calls)  # and the dead one wakes up
    assert told() == [(1, "sent", SENT), (2, "sent", SENT)]


def test_killed_while_the_repeat_goes_out_it_is_unknown_and_not_repeated(
    repeating: ReminderRule,
    at: At,
    sink: type[Sink],
) -> None:
    dispatch.tick(at())
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        dispatch.tick(at(minutes=30))
    dispatch.tick(at(minutes=40))
    assert [(sequence, status) for sequence, status, _ in told()] == [(1, "sent"), (2, "unknown")]
    assert len(sink.taken) == 1


def test_killed_between_the_reminder_and_its_outcome_the_repeat_is_not_lost(
    repeating: ReminderRule,
    at: At,
    sink: type[Sink],
) -> None:
    """It may have gone out, and nobody knows: the repeat is then all the more welcome."""
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        dispatch.tick(at())
    dispatch.tick(at(minutes=30))
    assert [(sequence, status) for sequence, status, _ in told()] == [(1, "unknown"), (2, "sent")]


def test_one_bad_follow_up_does_not_stall_the_others(
    repeating: ReminderRule, rosa: Patient, at: At, caplog: pytest.LogCaptureFixture
) -> None:
    bad = rule_at(rosa, "08:00", now=EVENING_BEFORE, repeat_after_min=30)
    good = ReminderRule.objects.create(
        patient=rosa, times=["08:00"], channels=["email"], timezone="Europe/Madrid", repeat_after_min=30
    )
    ReminderRule.objects.filter(pk=good.pk).update(next_date=TUESDAY, next_slot=1, next_due_at=MADRID_8)
    dispatch.tick(at())
    ReminderRule.objects.filter(pk=bad.pk).update(times=["25:99"], next_due_at=None)
    assert dispatch.tick(at(minutes=30)) == 2
    assert Delivery.objects.filter(sequence=2, status="sent").count() == 1
    assert "is put aside" in caplog.text
    assert dispatch.tick(at(minutes=35)) == 0


# ---- Any zone, any day of change, any quiet hours -------------------------------------------------------------------
TIMES = st.integers(0, 24 * 12 - 1).map(lambda n: dt.time(n // 12, n % 12 * 5))
DATES = st.one_of(st.sampled_from(CHANGES), st.tuples(st.sampled_from(ZONES), st.dates(dt.date(2013, 1, 1))))


def events() -> Iterator[dt.datetime]:
    """The instants at which something is due, one after the other."""
    while True:
        rule = ReminderRule.objects.aggregate(at=Min("next_due_at"))["at"]
        once_more = FollowUp.objects.filter(done_at=None).aggregate(at=Min("due_at"))["at"]
        yield min(moment for moment in (rule, once_more) if moment is not None)


@settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    DATES,
    st.lists(TIMES, min_size=1, max_size=3, unique=True),
    st.one_of(st.none(), st.tuples(TIMES, TIMES)),
    st.integers(15, 240),
)
def test_two_days_in_any_zone_have_no_reminder_in_quiet_hours_and_at_most_one_repeat_on_its_own_date(
    rosa: Patient,
    zoned: tuple[str, dt.date],
    times: list[dt.time],
    quiet: tuple[dt.time, dt.time] | None,
    minutes: int,
) -> None:
    name, date = zoned
    zone = ZoneInfo(name)
    Delivery.objects.all().delete()
    Occurrence.objects.all().delete()
    Patient.objects.filter(pk=rosa.pk).update(timezone=name)
    rosa.refresh_from_db()
    start = dt.datetime.combine(date, dt.time(0), tzinfo=dt.UTC) - dt.timedelta(days=1)
    for n in range(-2, 5):
        due_day(rosa, date + dt.timedelta(days=n), sessions_due=len(times))
    hours: dict[str, Any] = {"quiet_from": quiet[0], "quiet_to": quiet[1]} if quiet else {}
    rule_at(rosa, *(time.strftime("%H:%M") for time in times), now=start, repeat_after_min=minutes, **hours)
    for moment in events():
        if moment > start + dt.timedelta(days=3):
            break
        dispatch.tick(lambda now=moment: now)  # type: ignore[misc]
    for occurrence in Occurrence.objects.prefetch_related("deliveries"):
        sent = [one for one in occurrence.deliveries.all() if one.status == "sent"]
        assert [one.sequence for one in sent] in ([], [1], [1, 2])
        shown = [one.started_at.astimezone(zone) for one in sent]
        for clock in shown:
            if quiet and quiet[0] < quiet[1]:
                assert not quiet[0] <= clock.time() < quiet[1]
            elif quiet and quiet[0] > quiet[1]:
                assert quiet[1] <= clock.time() < quiet[0]
        if len(sent) == 2:
            assert (sent[1].started_at - sent[0].started_at) == dt.timedelta(minutes=minutes)
            assert shown[1].date() == occurrence.date
        missed = occurrence.deliveries.filter(status__in=("failed", "unknown", "sending"))
        assert not missed.exists()


# ---- Later today ----------------------------------------------------------------------------------------------------
@pytest.fixture
def nine() -> Iterator[None]:
    """It is 09:00 in Madrid on that Tuesday."""
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=1), tick=False):
        yield


def wish(occurrence: uuid.UUID, at: str, uid: uuid.UUID | None = None) -> dict[str, str]:
    return {"id": str(uid or uuid.uuid4()), "occurrence": str(occurrence), "at": at}


@pytest.fixture
def todays(morning_rule: ReminderRule) -> uuid.UUID:
    return occurrence_id(morning_rule.pk, TUESDAY, 1)


def test_later_today_goes_out_at_that_hour(cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None) -> None:
    dispatch.tick(at())
    answer = api(cast.patient_user).post(LATER, wish(todays, "2026-11-24T18:00:00+01:00"))
    assert (answer.status_code, answer.json()) == (
        200,
        {"due_at": "2026-11-24T17:00:00Z", "state": "waiting", "reason": None},
    )
    dispatch.tick(at(hours=9, minutes=59))
    assert told() == [(1, "sent", SENT)]
    dispatch.tick(at(hours=10))
    dispatch.tick(at(hours=11))
    assert told() == [(1, "sent", SENT), (2, "sent", SENT)]


def test_the_same_wish_again_is_the_same_answer_whenever_it_comes(
    cast: Cast, api: Api, todays: uuid.UUID, at: At
) -> None:
    dispatch.tick(at())
    good, bad = wish(todays, "2026-11-24T18:00:00+01:00"), wish(todays, "2026-11-24T08:30:00+01:00")
    client = api(cast.patient_user)
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=1), tick=False):
        first = [client.post(LATER, one).json() for one in (good, bad)]
    dispatch.tick(at(hours=10))
    with time_machine.travel(MADRID_8 + dt.timedelta(days=1), tick=False):
        assert [client.post(LATER, one).json() for one in (good, bad)] == first
    assert [(one["state"], one["reason"]) for one in first] == [("waiting", None), ("dropped", "past")]
    assert FollowUp.objects.count() == 2
    assert [sequence for sequence, _, _ in told()] == [1, 2]


def test_it_takes_the_place_of_the_repeat(cast: Cast, api: Api, repeating: ReminderRule, at: At) -> None:
    dispatch.tick(at())
    with time_machine.travel(MADRID_8 + dt.timedelta(minutes=5), tick=False):
        asked = wish(occurrence_id(repeating.pk, TUESDAY, 1), "2026-11-24T12:00:00+01:00")
        api(cast.patient_user).post(LATER, asked)
    dispatch.tick(at(minutes=30))
    assert told() == [(1, "sent", SENT)]
    dispatch.tick(at(hours=4))
    dispatch.tick(at(hours=6))
    assert told() == [(1, "sent", SENT), (3, "sent", SENT)]


def test_a_repeat_claimed_at_that_moment_finds_its_token_gone(
    cast: Cast, api: Api, repeating: ReminderRule, at: At
) -> None:
    dispatch.tick(at())
    ids, token = follow_ups.claim(at(minutes=30)())
    with time_machine.travel(MADRID_8 + dt.timedelta(minutes=30), tick=False):
        asked = wish(occurrence_id(repeating.pk, TUESDAY, 1), "2026-11-24T12:00:00+01:00")
        api(cast.patient_user).post(LATER, asked)
    with calling(at(minutes=30)) as calls:
        follow_ups.handle(ids[0], token, at(minutes=30), calls)
    assert told() == [(1, "sent", SENT)]


def test_a_second_wish_replaces_the_first(cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None) -> None:
    dispatch.tick(at())
    client = api(cast.patient_user)
    for hour in ("12", "18"):
        client.post(LATER, wish(todays, f"2026-11-24T{hour}:00:00+01:00"))
    dispatch.tick(at(hours=4))
    dispatch.tick(at(hours=10))
    assert [(sequence, status) for sequence, status, _ in told()] == [(1, "sent"), (3, "sent")]


def test_before_the_hour_it_takes_the_place_of_the_reminder_itself(
    cast: Cast, api: Api, rosa: Patient, at: At, nine: None
) -> None:
    """The phone knows the id by itself: nothing has gone out, so no row is there yet."""
    rule = rule_at(rosa, "11:00", now=MADRID_8, repeat_after_min=15)
    answer = api(cast.patient_user).post(LATER, wish(occurrence_id(rule.pk, TUESDAY, 1), "2026-11-24T18:00:00+01:00"))
    assert answer.json()["state"] == "waiting"
    dispatch.tick(at(hours=3))
    dispatch.tick(at(hours=4))
    assert told() == []
    dispatch.tick(at(hours=10))
    dispatch.tick(at(hours=11))
    assert told() == [(2, "sent", SENT)]


@pytest.mark.django_db(transaction=True)
def test_wishes_and_dispatchers_at_once_leave_one_reminder_at_most_and_one_wish(rosa: Patient, at: At) -> None:
    """Whoever comes first: a reminder that has gone out stays told, one that was put off does not go out as well."""
    occurrences = []
    for _ in range(12):
        rule = ReminderRule.objects.create(patient=rosa, times=["08:00"], channels=["email"], timezone="Europe/Madrid")
        ReminderRule.objects.filter(pk=rule.pk).update(next_date=TUESDAY, next_slot=1, next_due_at=MADRID_8)
        occurrences.append(occurrence_id(rule.pk, TUESDAY, 1))
    six = MADRID_8 + dt.timedelta(hours=10)

    def wishes() -> list[str]:
        return [later.later(rosa, uid=uuid.uuid4(), occurrence=one, at=six).state for one in occurrences]

    def dispatcher() -> list[str]:
        dispatch.tick(at())
        return []

    with time_machine.travel(MADRID_8, tick=False):
        answers = at_once(wishes, *[dispatcher] * 3)
    assert answers == [["waiting"] * 12, [], [], []]
    assert FollowUp.objects.filter(done_at=None, reason="later").count() == 12
    assert Occurrence.objects.count() == 12
    dispatch.tick(at(seconds=30))  # what one had queued and none had time for
    first = list(Delivery.objects.filter(sequence=1).values_list("status", "outcome"))
    assert set(first) <= {("sent", SENT), ("skipped", "put off to later today")}
    dispatch.tick(at(hours=10))
    assert Delivery.objects.filter(sequence=2, status="sent").count() == 12
    assert len(mail.outbox) == 12 + first.count(("sent", SENT))


def test_a_dropped_wish_before_the_hour_takes_nothing_away(
    cast: Cast, api: Api, rosa: Patient, at: At, nine: None
) -> None:
    rule = rule_at(rosa, "11:00", now=MADRID_8)
    answer = api(cast.patient_user).post(LATER, wish(occurrence_id(rule.pk, TUESDAY, 1), "2026-11-24T08:30:00+01:00"))
    assert answer.json()["state"] == "dropped"
    dispatch.tick(at(hours=3))
    assert told() == [(1, "sent", SENT)]


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2026-11-24T09:00:00+01:00", "past"),  # now is not later
        ("2026-11-23T18:00:00+01:00", "past"),
        ("2026-11-25T00:00:00+01:00", "not_today"),
        ("2026-11-25T08:00:00+01:00", "not_today"),
        ("2026-11-24T22:00:00+01:00", "quiet_hours"),
        ("2026-11-24T21:59:00+01:00", None),
        ("2026-11-24T23:59:00+01:00", "quiet_hours"),
        ("2026-11-24T08:00:01Z", None),  # another way to write 09:00:01
    ],
)
@pytest.mark.usefixtures("nine", "rosa")
def test_which_hours_are_dropped(cast: Cast, api: Api, moment: str, reason: str | None) -> None:
    rule = rule_at(cast.patient, "08:00", now=EVENING_BEFORE, quiet_from=dt.time(22), quiet_to=dt.time(7))
    answer = api(cast.patient_user).post(LATER, wish(occurrence_id(rule.pk, TUESDAY, 1), moment))
    assert (answer.status_code, answer.json()["reason"]) == (200, reason)
    assert answer.json()["state"] == ("dropped" if reason else "waiting")


def test_what_a_phone_queued_days_ago_is_dropped(cast: Cast, api: Api, morning_rule: ReminderRule) -> None:
    asked = wish(occurrence_id(morning_rule.pk, TUESDAY, 1), "2026-11-24T18:00:00+01:00")
    with time_machine.travel(MADRID_8 + dt.timedelta(days=5), tick=False):
        answer = api(cast.patient_user).post(LATER, asked)
    assert (answer.status_code, answer.json()["reason"]) == (200, "past")


def test_a_paused_or_removed_reminder_is_dropped(cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None) -> None:
    dispatch.tick(at())
    client = api(cast.patient_user)
    ReminderRule.objects.update(paused=True)
    assert client.post(LATER, wish(todays, "2026-11-24T18:00:00+01:00")).json()["reason"] == "removed"
    ReminderRule.objects.all().delete()
    assert client.post(LATER, wish(todays, "2026-11-24T18:00:00+01:00")).json()["reason"] == "removed"


def test_a_day_takes_ten_wishes(cast: Cast, api: Api, todays: uuid.UUID, nine: None) -> None:
    client = api(cast.patient_user)
    answers = [client.post(LATER, wish(todays, "2026-11-24T18:00:00+01:00")).json() for _ in range(12)]
    assert [one["reason"] for one in answers] == [None] * 10 + ["too_many"] * 2
    assert FollowUp.objects.filter(done_at=None).count() == 1


def test_done_before_the_hour_it_stays_silent(cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None) -> None:
    dispatch.tick(at())
    api(cast.patient_user).post(LATER, wish(todays, "2026-11-24T18:00:00+01:00"))
    done(cast.patient)
    dispatch.tick(at(hours=10))
    assert told() == [(1, "sent", SENT), (2, "skipped", "already done")]


def test_an_occurrence_of_somebody_else_is_not_found(
    cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None
) -> None:
    body = wish(todays, "2026-11-24T18:00:00+01:00")
    assert api(cast.other_patient_user).post(LATER, body).status_code == 404  # no row yet
    dispatch.tick(at())
    assert api(cast.other_patient_user).post(LATER, body).status_code == 404
    assert api(cast.patient_user).post(LATER, wish(uuid.uuid4(), "2026-11-24T18:00:00Z")).status_code == 404
    assert FollowUp.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"at": "tonight"},
        {"at": None},
        {"at": "9999-12-31T23:59:59Z"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"occurrence": "that one"},
        {"id": "seven"},
        {"id": None},
    ],
)
def test_what_no_phone_could_mean_is_400(
    cast: Cast, api: Api, todays: uuid.UUID, nine: None, change: dict[str, Any]
) -> None:
    body = {**wish(todays, "2026-11-24T18:00:00+01:00"), **change}
    assert api(cast.patient_user).post(LATER, body).status_code == 400


def test_a_traveller_is_reminded_later_by_the_clock_they_see(
    cast: Cast, api: Api, todays: uuid.UUID, at: At, nine: None
) -> None:
    """18:00 in Madrid is Wednesday already for whoever has flown to Auckland by then: the day is over."""
    dispatch.tick(at())
    api(cast.patient_user).post(LATER, wish(todays, "2026-11-24T18:00:00+01:00"))
    cast.patient.timezone = "Pacific/Auckland"
    cast.patient.save(update_fields=["timezone"])
    dispatch.tick(at(hours=10))
    assert Delivery.objects.get(sequence=2).outcome == "the day is over"


def as_of(moment: dt.datetime) -> None:
    """The next occasions from `moment` on: the database has its own clock, which a test cannot set."""
    for rule in ReminderRule.objects.all():
        schedule_anew(rule, moment)
        rule.save()


# ---- The hour is moved ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("times", [["18:00"], ["07:00", "18:00"], ["08:00", "18:00"]])
def test_moving_the_hour_after_todays_reminder_sends_no_second_for_the_same_slot(
    cast: Cast, api: Api, morning_rule: ReminderRule, at: At, times: list[str]
) -> None:
    """Slot 1 went out. One hour moved is slot 1 again and silent; a second hour is slot 2, which the person has just
    asked for."""
    dispatch.tick(at())
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=1), tick=False):
        body = {"rules": [{"id": str(morning_rule.pk), "times": times}]}
        assert api(cast.patient_user).put("/api/v1/me/reminders", body).status_code == 200
        as_of(MADRID_8 + dt.timedelta(hours=1))
        due_day(cast.patient, sessions_due=2, due=4)
    for hour in range(2, 16):
        dispatch.tick(at(hours=hour))
    assert list(Occurrence.objects.order_by("slot").values_list("slot", flat=True)) == list(range(1, len(times) + 1))
    assert len(mail.outbox) == len(times)


def test_fewer_hours_than_before_send_no_second(cast: Cast, api: Api, rosa: Patient, at: At) -> None:
    due_day(rosa, sessions_due=2, due=4)
    rule = rule_at(rosa, "08:00", "12:00", now=EVENING_BEFORE)
    dispatch.tick(at())
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=1), tick=False):
        api(cast.patient_user).put("/api/v1/me/reminders", {"rules": [{"id": str(rule.pk), "times": ["12:00"]}]})
        as_of(MADRID_8 + dt.timedelta(hours=1))
    dispatch.tick(at(hours=4))
    assert len(mail.outbox) == 1
    with time_machine.travel(MADRID_8 + dt.timedelta(hours=4, minutes=5), tick=False):
        api(cast.patient_user).put(
            "/api/v1/me/reminders", {"rules": [{"id": str(rule.pk), "times": ["08:00", "20:00"]}]}
        )
        as_of(MADRID_8 + dt.timedelta(hours=4, minutes=5))
    dispatch.tick(at(hours=12))
    assert list(Occurrence.objects.order_by("slot").values_list("slot", flat=True)) == [1, 2]
    assert len(mail.outbox) == 2


def test_the_repeat_is_a_setting_of_the_rule(cast: Cast, api: Api, rosa: Patient) -> None:
    client = api(cast.patient_user)

    def put(minutes: object) -> Any:
        return client.put("/api/v1/me/reminders", {"rules": [{"times": ["08:00"], "repeat_after_min": minutes}]})

    assert put(45).json()["rules"][0]["repeat_after_min"] == 45
    assert put(None).json()["rules"][0]["repeat_after_min"] is None
    assert [put(minutes).status_code for minutes in (14, 15, 240, 241, "soon")] == [400, 200, 200, 400, 400]
