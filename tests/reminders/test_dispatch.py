"""What is promised in `reminders.dispatch`, one test a sentence."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from patients.models import Flag, Lock, LockKind, Patient, PatientStatus
from reminders import batches, dispatch, rules
from reminders.channels.errors import ChannelError
from reminders.models import ChannelOff, Delivery, Heartbeat, Occurrence, ReminderRule, occurrence_id
from reminders.rules import follow_zone
from tests.racing import at_once
from tests.reminders.conftest import MADRID_8, TUESDAY, Killed, Sink, due_day, rule_at

At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db


def outcomes() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("occurrence__date", "occurrence__slot").values_list("status", "outcome"))


# ---- What is due ----------------------------------------------------------------------------------------------------


def test_due_rule_sends_one_mail_and_moves_to_tomorrow(morning_rule: ReminderRule, at: At) -> None:
    assert dispatch.tick(at(seconds=20)) == 1
    assert [message.to for message in mail.outbox] == [["rosa@patient.example"]]
    morning_rule.refresh_from_db()
    assert morning_rule.next_due_at == MADRID_8 + dt.timedelta(days=1)
    assert (morning_rule.claim_token, morning_rule.claimed_until) == (None, None)
    occurrence = Occurrence.objects.get()
    assert occurrence.pk == occurrence_id(morning_rule.pk, TUESDAY, 1)
    delivery = Delivery.objects.get()
    assert (delivery.occurrence, delivery.channel, delivery.sequence, delivery.status, delivery.outcome) == (
        occurrence,
        "email",
        1,
        "sent",
        "taken by the mail server",
    )


def test_nothing_is_sent_before_the_hour_and_nothing_twice(morning_rule: ReminderRule, at: At) -> None:
    assert dispatch.tick(at(seconds=-1)) == 0
    assert mail.outbox == []
    dispatch.tick(at())
    assert dispatch.tick(at(seconds=30)) == 0
    assert len(mail.outbox) == 1


def test_tick_leaves_a_heartbeat(at: At) -> None:
    dispatch.tick(at(seconds=5))
    assert Heartbeat.objects.get().at == MADRID_8 + dt.timedelta(seconds=5)


def test_tick_with_nothing_due_costs_fourteen_statements(
    morning_rule: ReminderRule, at: At, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    dispatch.tick(at(hours=-2))
    # heartbeat: look (1), write (2) within a savepoint (3, 4) · interrupted deliveries (5) · claim: savepoint, look,
    # release (6, 7, 8) · claim of follow-ups: the same (9, 10, 11) · what waits to be sent: the same (12, 13, 14)
    with django_assert_num_queries(14):
        dispatch.tick(at(hours=-1))


# ---- What is not sent, and why --------------------------------------------------------------------------------------


def test_done_today_sends_none(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    due_day(rosa, done=2, sessions_done=1)
    dispatch.tick(at())
    assert mail.outbox == []
    assert outcomes() == [("skipped", "already done")]
    assert ReminderRule.objects.get().next_due_at == MADRID_8 + dt.timedelta(days=1)


def test_done_today_is_still_sent_when_asked_for_always(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), only_if_not_done=False)
    due_day(rosa, done=2, sessions_done=1)
    dispatch.tick(at())
    assert outcomes() == [("sent", "taken by the mail server")]


@pytest.mark.parametrize(
    ("counts", "outcome"),
    [
        ({"due": 0, "sessions_due": 0}, "nothing due"),
        ({"due": 0, "sessions_due": 0, "excused": 2}, "nothing due"),
        ({"skipped": 2}, "already done"),  # each skip has a reason: that is an answer
        ({"partly": 1, "sessions_done": 1}, "already done"),  # half of the items make a session
    ],
)
def test_nothing_left_to_do_sends_none(
    morning_rule: ReminderRule, rosa: Patient, at: At, counts: dict[str, int], outcome: str
) -> None:
    due_day(rosa, TUESDAY, **counts)
    dispatch.tick(at())
    assert outcomes() == [("skipped", outcome)]


def test_a_patient_without_a_plan_day_gets_none(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 + dt.timedelta(hours=20))
    dispatch.tick(at(days=1))
    assert outcomes() == [("skipped", "nothing due")]


def test_morning_and_evening_each_ask_for_their_share(rosa: Patient, at: At) -> None:
    """Two sessions a day: the morning's reminder is quiet once one is done, the evening's asks for both."""
    rule_at(rosa, "08:00", "19:00", now=MADRID_8 - dt.timedelta(hours=1))
    due_day(rosa, due=4, done=2, sessions_due=2, sessions_done=1)
    dispatch.tick(at())
    dispatch.tick(at(hours=11))
    assert outcomes() == [("skipped", "already done"), ("sent", "taken by the mail server")]


@pytest.mark.parametrize(("done_this_week", "sent"), [(2, 1), (3, 0)])
def test_three_times_a_week_reminds_until_the_week_has_three(
    morning_rule: ReminderRule, rosa: Patient, at: At, done_this_week: int, sent: int
) -> None:
    monday = TUESDAY - dt.timedelta(days=1)
    for date, done in ((monday, done_this_week), (TUESDAY, 0)):
        day = due_day(rosa, date, due=done, done=done, sessions_due=done, sessions_done=done)
        day.items = [{"prescription": "p", "key": "k", "slot": 1, "both": False, "weekly": 3}]
        day.week = monday
        day.save()
    dispatch.tick(at())
    assert len(mail.outbox) == sent


def lock(patient: Patient, **fields: Any) -> Lock:
    since = MADRID_8 - dt.timedelta(days=1)
    return Lock.objects.create(patient=patient, since=since, from_date=since.date(), **fields)


def test_a_lock_silences_and_ends(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    lock(rosa, kind=LockKind.STOP, until=MADRID_8 - dt.timedelta(hours=8))
    open_lock = lock(rosa, kind=LockKind.RED_FLAG)
    dispatch.tick(at())
    assert outcomes() == [("skipped", "exercises are locked")]
    open_lock.until = MADRID_8 + dt.timedelta(hours=5)
    open_lock.save()
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    dispatch.tick(at(days=1))
    assert outcomes()[1] == ("sent", "taken by the mail server")


@pytest.mark.parametrize("status", [PatientStatus.INVITED, PatientStatus.DISCHARGED, PatientStatus.ERASED])
def test_a_patient_not_in_treatment_gets_none_and_nothing_is_kept(
    morning_rule: ReminderRule, rosa: Patient, at: At, status: PatientStatus
) -> None:
    Patient.objects.update(status=status)
    dispatch.tick(at())
    assert (mail.outbox, outcomes()) == ([], [])
    assert ReminderRule.objects.get().next_due_at == MADRID_8 + dt.timedelta(days=1)


def test_a_paused_rule_is_never_due(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), paused=True)
    assert dispatch.tick(at(days=3)) == 0
    assert outcomes() == []


def test_an_unsubscribed_patient_gets_none(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    ChannelOff.objects.create(patient=rosa, channel="email", reason="unsubscribed")
    dispatch.tick(at())
    assert outcomes() == [("skipped", "no channel is on")]


def test_a_reminder_that_quiet_hours_swallow_is_missed(rosa: Patient, at: At) -> None:
    quiet = {"quiet_from": dt.time(22), "quiet_to": dt.time(7)}
    rule_at(rosa, "23:00", now=MADRID_8, **quiet)
    dispatch.tick(at(hours=15))
    assert outcomes() == [("missed", "falls into quiet hours that end on the next day")]


# ---- Late -----------------------------------------------------------------------------------------------------------


def test_two_hours_late_is_still_sent(morning_rule: ReminderRule, at: At) -> None:
    dispatch.tick(at(hours=2))
    assert len(mail.outbox) == 1


def test_more_than_two_hours_late_is_missed(morning_rule: ReminderRule, at: At) -> None:
    dispatch.tick(at(hours=2, seconds=1))
    assert mail.outbox == []
    assert outcomes() == [("missed", "120 minutes late")]


def test_after_an_outage_of_days_each_day_is_missed_and_only_today_is_sent(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    for n in range(4):
        due_day(rosa, TUESDAY + dt.timedelta(days=n))
    dispatch.tick(at(days=3, minutes=5))
    assert [status for status, _ in outcomes()] == ["missed", "missed", "missed", "sent"]
    assert len(mail.outbox) == 1


def test_after_an_outage_of_a_year_only_the_last_week_is_written_down(morning_rule: ReminderRule, at: At) -> None:
    dispatch.tick(at(days=365))
    assert Occurrence.objects.count() == 1 + 7
    morning_rule.refresh_from_db()
    assert morning_rule.next_due_at is not None
    assert morning_rule.next_due_at > MADRID_8 + dt.timedelta(days=365)


# ---- Zones ----------------------------------------------------------------------------------------------------------


def travel(patient: Patient, zone: str) -> None:
    patient.timezone = zone
    patient.save(update_fields=["timezone"])


def test_a_traveller_is_reminded_at_eight_where_they_are(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    travel(rosa, "America/New_York")
    morning_rule.refresh_from_db()
    assert morning_rule.next_due_at == dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
    dispatch.tick(at())
    assert mail.outbox == []
    dispatch.tick(at(hours=6))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("zone", "status"),
    [
        ("Europe/Helsinki", "sent"),  # an hour ahead: at 07:30 in Madrid it was eight there half an hour ago
        ("Asia/Tokyo", "missed"),  # eight hours ahead: seven and a half hours ago
    ],
)
def test_a_journey_that_jumps_over_todays_hour(
    morning_rule: ReminderRule, rosa: Patient, at: At, zone: str, status: str
) -> None:
    travel(rosa, zone)
    dispatch.tick(at(minutes=-30))
    assert [found for found, _ in outcomes()] == [status]


def test_a_traveller_going_back_over_the_date_line_is_reminded_once_a_date(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    for n in range(3):
        due_day(rosa, TUESDAY + dt.timedelta(days=n))
    dispatch.tick(at())
    travel(rosa, "Pacific/Honolulu")
    for hour in range(1, 48):
        dispatch.tick(at(hours=hour))
    assert list(Occurrence.objects.order_by("date").values_list("date", flat=True)) == [
        TUESDAY,
        TUESDAY + dt.timedelta(days=1),
    ]
    assert len(mail.outbox) == 2


def test_a_zone_changed_behind_the_models_back_is_noticed_at_the_claim(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    Patient.objects.filter(pk=rosa.pk).update(timezone="America/New_York")
    dispatch.tick(at())
    assert mail.outbox == []
    dispatch.tick(at(hours=6))
    assert len(mail.outbox) == 1


def test_following_an_unchanged_zone_changes_nothing(morning_rule: ReminderRule, rosa: Patient) -> None:
    before = ReminderRule.objects.values().get()
    follow_zone(rosa)
    rosa.save()
    assert ReminderRule.objects.values().get() == before


# ---- Faults ---------------------------------------------------------------------------------------------------------


def test_a_send_that_was_cut_off_is_unknown_and_not_repeated(
    morning_rule: ReminderRule, sink: type[Sink], at: At
) -> None:
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        dispatch.tick(at())
    assert outcomes() == [("sending", "")]
    assert dispatch.tick(at(minutes=4)) == 0
    assert outcomes() == [("sending", "")]  # it may still be under way
    assert dispatch.tick(at(minutes=6)) == 0
    assert outcomes() == [("unknown", "the process that sent it ended before the answer came")]
    assert sink.taken == []


def test_a_connection_that_breaks_in_the_middle_is_unknown(
    morning_rule: ReminderRule, sink: type[Sink], at: At
) -> None:
    sink.plan = [smtplib.SMTPServerDisconnected("Connection unexpectedly closed")]
    dispatch.tick(at())
    assert outcomes() == [("unknown", "the connection broke: Connection unexpectedly closed")]
    dispatch.tick(at(minutes=30))
    assert sink.taken == []


def test_a_refusal_for_now_is_tried_again(morning_rule: ReminderRule, sink: type[Sink], at: At) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later"), smtplib.SMTPDataError(451, b"try later")]
    dispatch.tick(at())
    assert outcomes() == [("failed", "the mail server refused: 451 try later")]
    assert dispatch.tick(at(minutes=1)) == 0
    dispatch.tick(at(minutes=2))
    dispatch.tick(at(minutes=5))
    assert sink.taken == []
    dispatch.tick(at(minutes=6))
    assert outcomes() == [("sent", "taken by the mail server")]
    assert Delivery.objects.get().attempts == 3
    assert len(sink.taken) == 1


def test_retries_end_two_hours_after_the_reminder_was_due(morning_rule: ReminderRule, sink: type[Sink], at: At) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later") for _ in range(100)]
    for minute in range(0, 60 * 12):
        dispatch.tick(at(minutes=minute))
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.retry_at, delivery.attempts) == ("failed", None, 6)
    assert delivery.started_at <= MADRID_8 + dt.timedelta(hours=2)


def test_a_retry_asks_again_whether_it_is_done(
    morning_rule: ReminderRule, rosa: Patient, sink: type[Sink], at: At
) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later")]
    dispatch.tick(at())
    due_day(rosa, done=2, sessions_done=1)
    dispatch.tick(at(minutes=2))
    assert outcomes() == [("skipped", "already done")]
    assert sink.taken == []


def test_an_address_refused_for_good_switches_the_channel_off(
    morning_rule: ReminderRule, rosa: Patient, sink: type[Sink], at: At
) -> None:
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    sink.plan = [smtplib.SMTPRecipientsRefused({"rosa@patient.example": (550, b"no such user")})]
    dispatch.tick(at())
    dispatch.tick(at(days=1))
    assert outcomes() == [("failed", "550 no such user"), ("skipped", "no channel is on")]
    off = ChannelOff.objects.get()
    assert (off.patient, off.channel, off.reason, off.detail) == (rosa, "email", "rejected", "550 no such user")


def test_the_clinic_is_told_of_it_until_the_channel_is_chosen_again(
    morning_rule: ReminderRule, rosa: Patient, sink: type[Sink], at: At
) -> None:
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    sink.plan = [smtplib.SMTPRecipientsRefused({"rosa@patient.example": (550, b"no such user")})]
    dispatch.tick(at())
    flag = Flag.objects.get(patient=rosa, kind="phone_unreachable")
    assert [(one["channel"], flag.resolved_at) for one in flag.evidence] == [("email", None)]
    rules.set_rules(rosa, [rules.Wish((dt.time(8),), id=morning_rule.pk)])
    flag.refresh_from_db()
    assert flag.resolved_at is not None


def test_a_patient_without_an_address_is_a_failure_that_says_so(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    Patient.objects.update(email=None)
    rosa.access.update(ended_at=timezone.now())
    dispatch.tick(at())
    assert [status for status, _ in outcomes()] == ["failed"]
    assert ChannelError("no e-mail address").permanent is False


def test_the_account_s_address_is_used_when_the_record_has_none(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    Patient.objects.update(email=None)
    dispatch.tick(at())
    assert [message.to for message in mail.outbox] == [["rosa.sample@cast.example"]]  # never the carer's


def test_one_bad_row_does_not_stall_the_others(
    morning_rule: ReminderRule, rosa: Patient, cast: Any, at: At, caplog: pytest.LogCaptureFixture
) -> None:
    other = cast.other_patient
    due_day(other)
    bad = rule_at(other, "07:59", now=MADRID_8 - dt.timedelta(hours=1))
    ReminderRule.objects.filter(pk=bad.pk).update(times=["25:99"])
    assert dispatch.tick(at()) == 2
    assert [message.to for message in mail.outbox] == [["rosa@patient.example"]]
    assert f"reminder rule {bad.pk} is put aside" in caplog.text
    assert dispatch.tick(at(minutes=9)) == 0
    ReminderRule.objects.filter(pk=bad.pk).update(times=["07:59"])
    assert dispatch.tick(at(minutes=11)) == 1
    assert len(mail.outbox) == 2


def test_a_database_that_goes_away_puts_no_rule_aside(morning_rule: ReminderRule, sink: type[Sink], at: At) -> None:
    calls = iter(range(100))

    def clock() -> dt.datetime:
        if next(calls) == 2:  # the tick's own look, the claim's, then the rule's
            raise OperationalError("server closed the connection unexpectedly")
        return at()()

    with pytest.raises(OperationalError):
        dispatch.tick(clock)
    assert sink.taken == []
    dispatch.tick(at(seconds=121))  # with the lease, not ten minutes later
    assert len(sink.taken) == 1


# ---- Claims ---------------------------------------------------------------------------------------------------------


def test_a_claim_of_a_dead_dispatcher_is_taken_over_when_its_lease_ends(morning_rule: ReminderRule, at: At) -> None:
    ids, _ = batches.claim(at()())
    assert ids == [morning_rule.pk]
    assert dispatch.tick(at(seconds=119)) == 0
    assert dispatch.tick(at(seconds=121)) == 1
    assert len(mail.outbox) == 1


def test_whoever_lost_the_lease_does_nothing(morning_rule: ReminderRule, at: At) -> None:
    ids, old_token = batches.claim(at()())
    batches.claim(at(minutes=3)())
    dispatch.handle(ids[0], old_token, at(minutes=3))
    assert (mail.outbox, outcomes()) == ([], [])


def test_a_rule_changed_after_the_claim_is_not_acted_on(morning_rule: ReminderRule, rosa: Patient, at: At) -> None:
    ids, token = batches.claim(at()())
    rule_at(rosa, "09:00", now=MADRID_8, id=morning_rule.pk)
    dispatch.handle(ids[0], token, at())
    assert (mail.outbox, outcomes()) == ([], [])
    dispatch.tick(at(hours=1))
    assert len(mail.outbox) == 1


def test_an_hour_moved_after_todays_reminder_does_not_send_a_second(
    morning_rule: ReminderRule, rosa: Patient, at: At
) -> None:
    dispatch.tick(at())
    rule_at(rosa, "18:00", now=MADRID_8, id=morning_rule.pk)
    dispatch.tick(at(hours=10))
    assert len(mail.outbox) == 1
    assert ReminderRule.objects.get().next_due_at == MADRID_8 + dt.timedelta(days=1, hours=10)


def all_at_once(at: Callable[[], dt.datetime], dispatchers: int = 8) -> int:
    """Ticks of as many dispatchers; what they handled together."""
    return sum(at_once(*[lambda: dispatch.tick(at)] * dispatchers))


def many_rules(patient: Patient, count: int, **wish: object) -> None:
    """All due at 08:00."""
    first = rule_at(patient, "08:00", now=MADRID_8 - dt.timedelta(hours=1), **wish)
    columns = ("times", "channels", "timezone", "next_date", "next_slot", "next_due_at")
    facts = {name: getattr(first, name) for name in columns}
    ReminderRule.objects.bulk_create(ReminderRule(patient=patient, **facts) for _ in range(count - 1))


@pytest.mark.django_db(transaction=True)
def test_eight_dispatchers_at_once_send_each_reminder_once(rosa: Patient, at: At, sink: type[Sink]) -> None:
    """More rules than a batch, so that the claims interleave."""
    many_rules(rosa, 120)
    assert all_at_once(at(minutes=1)) == 120
    assert len(sink.taken) == 120
    assert Delivery.objects.filter(status="sent").count() == 120
    assert len({message.extra_headers["Message-ID"] for message in sink.taken}) == 120


@pytest.mark.django_db(transaction=True)
def test_eight_dispatchers_at_once_retry_each_failure_once(rosa: Patient, at: At, sink: type[Sink]) -> None:
    many_rules(rosa, 40)
    sink.plan = [smtplib.SMTPDataError(451, b"try later") for _ in range(40)]
    assert dispatch.tick(at()) == 40
    assert sink.taken == []
    assert all_at_once(at(minutes=2)) == 40
    assert len(sink.taken) == 40
    assert set(Delivery.objects.values_list("status", "attempts")) == {("sent", 2)}
