"""The push channel against a push service that takes, refuses, delays, hangs, cuts and sends elsewhere: over HTTP(S) as
it goes on the wire."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core import mail
from pytest_django import Settings

from config import certificate
from patients.models import Flag, Patient, PatientAccess
from patients.record.merging import merge
from reminders import dispatch, subscriptions
from reminders.channels.push import client, message, resting
from reminders.models import ChannelOff, Delivery, FollowUp, FollowUpReason, Occurrence, PushSubscription, ReminderRule
from tests.conftest import Cast
from tests.reminders.conftest import MADRID_8, TUESDAY, Killed, due_day, rule_at
from tests.reminders.push_service import (
    CUT,
    CUT_AFTER,
    HANG,
    HANG_AFTER,
    SLOW,
    Browser,
    PushService,
    Reply,
    push_service,
)
from tests.reminders.test_dispatch import all_at_once, many_rules

At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    settings.PUSH_LOOPBACK = True
    monkeypatch.setattr(client, "CONNECT_S", 0.3)
    monkeypatch.setattr(client, "ANSWER_S", 0.7)
    client.forget()
    with push_service() as running:
        yield running
    client.forget()


@pytest.fixture
def secure(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[PushService]:
    """The same with HTTPS, under a name and an authority of its own."""
    settings.PUSH_LOOPBACK = True
    made = certificate.make(tmp_path, ["localhost"], dt.datetime.now(dt.UTC))
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    monkeypatch.setattr(client, "CONNECT_S", 0.3)
    monkeypatch.setattr(client, "ANSWER_S", 0.7)
    client.forget()
    with push_service(made, "localhost") as running:
        yield running
    client.forget()


def subscribe(patient: Patient, browser: Browser) -> PushSubscription:
    facts = browser.body()
    access = PatientAccess.objects.filter(patient=patient, relation="self").get()
    return subscriptions.subscribe(patient, access.user, endpoint=facts["endpoint"], **facts["keys"])[0]


@pytest.fixture
def push_only(rosa: Patient) -> ReminderRule:
    return rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=12), channels=("push",))


@pytest.fixture
def phone(rosa: Patient, service: PushService) -> Browser:
    browser = service.browser()
    subscribe(rosa, browser)
    return browser


def told() -> list[tuple[str, str, str]]:
    rows = Delivery.objects.order_by("started_at", "id").values_list("channel", "status", "outcome")
    return list(rows)


# ---- What goes out --------------------------------------------------------------------------------------------------


def test_a_push_carries_the_occurrence_and_nothing_else(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At
) -> None:
    dispatch.tick(at(minutes=1))
    (got,) = service.messages
    occurrence = Occurrence.objects.get()
    assert got.content == {"v": 1, "occurrence": str(occurrence.pk), "sequence": 1}
    assert (got.topic, got.urgency) == (message.topic(occurrence.pk), "high")
    assert got.ttl == 16 * 3600 - 60  # until midnight in Madrid
    assert told() == [("push", "sent", "127.0.0.1: 201")]
    assert PushSubscription.objects.get().last_success_at is not None
    assert service.refused == []


def test_a_push_lives_until_the_rules_next_hour(rosa: Patient, service: PushService, phone: Browser, at: At) -> None:
    rule_at(rosa, "08:00", "19:30", now=MADRID_8 - dt.timedelta(hours=1), channels=("push",))
    dispatch.tick(at())
    assert service.messages[0].ttl == 11.5 * 3600


def test_a_push_after_its_day_has_ended_lives_a_minute_at_least(
    rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    rule_at(rosa, "23:59", now=MADRID_8, channels=("push",))
    dispatch.tick(at(hours=15, minutes=59, seconds=30))
    assert service.messages[0].ttl == message.SHORTEST_TTL_S


def test_messages_share_connections_and_the_signed_word_but_never_a_key(
    push_only: ReminderRule, rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    for n in range(5):
        due_day(rosa, TUESDAY + dt.timedelta(days=n))
        dispatch.tick(at(days=n))
    assert (len(service.messages), service.connections) == (5, 1)
    assert len({got.authorization for got in service.messages}) == 1
    assert len({got.sender_key for got in service.messages}) == 5
    assert len(service.by_topic) == 5


def test_a_connection_that_the_service_closed_meanwhile_costs_nothing(
    push_only: ReminderRule, rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    phone.plan = [Reply(201, {"Connection": "close"}, taken=True)]
    dispatch.tick(at())
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    dispatch.tick(at(days=1))
    assert [status for _, status, _ in told()] == ["sent", "sent"]


def test_https_is_checked_against_the_name_and_the_authority(
    push_only: ReminderRule, rosa: Patient, secure: PushService, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribe(rosa, secure.browser())
    dispatch.tick(at())
    assert told() == [("push", "sent", "localhost: 201")]
    monkeypatch.delenv("SSL_CERT_FILE")
    client.forget()
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    dispatch.tick(at(days=1))
    assert told()[1][1] == "failed"
    assert told()[1][2].startswith("localhost: no safe connection: ")
    assert len(secure.messages) == 1


def test_a_certificate_of_another_name_is_none(
    push_only: ReminderRule, rosa: Patient, secure: PushService, at: At
) -> None:
    browser = secure.browser()
    browser.endpoint = browser.endpoint.replace("localhost", "127.0.0.1")
    subscribe(rosa, browser)
    dispatch.tick(at())
    assert told()[0][1] == "failed"
    assert "no safe connection" in told()[0][2]
    assert secure.requests == 0


# ---- What the push service answers ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("push_only")
@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_ends_and_the_clinic_is_told(
    rosa: Patient, service: PushService, phone: Browser, at: At, status: int
) -> None:
    phone.plan = [Reply(status)]
    dispatch.tick(at())
    ended = PushSubscription.objects.get()
    assert ended.ended_at is not None
    assert str(status) in ended.end_reason
    assert [row[:2] for row in told()] == [("push", "failed")]
    assert (Delivery.objects.get().retry_at, service.messages) == (None, [])
    assert ChannelOff.objects.get().reason == "rejected"
    assert Flag.objects.get(kind="phone_unreachable").evidence[0]["channel"] == "push"


def test_a_new_subscription_switches_push_on_again_and_settles_the_flag(
    push_only: ReminderRule, rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    phone.plan = [Reply(410)]
    dispatch.tick(at())
    subscribe(rosa, service.browser())
    assert not ChannelOff.objects.exists()
    assert Flag.objects.get(kind="phone_unreachable").resolved_at is not None
    due_day(rosa, TUESDAY + dt.timedelta(days=1))
    dispatch.tick(at(days=1))
    assert [row[1] for row in told()] == ["failed", "sent"]


def test_gone_falls_back_to_the_next_channel(rosa: Patient, service: PushService, phone: Browser, at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), channels=("push", "email"))
    phone.plan = [Reply(410)]
    dispatch.tick(at())
    assert told() == [
        ("push", "failed", "127.0.0.1: 410 subscription ended"),
        ("email", "sent", "taken by the mail server"),
    ]


def test_no_phone_falls_back_to_the_next_channel_and_is_not_tried_again(rosa: Patient, at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), channels=("push", "email"))
    dispatch.tick(at())
    assert told() == [("push", "failed", "no phone is subscribed"), ("email", "sent", "taken by the mail server")]
    assert not ChannelOff.objects.exists()
    assert Delivery.objects.exclude(retry_at=None).count() == 0


@pytest.mark.usefixtures("push_only")
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(400, body=b"bad payload\x00\n"), "127.0.0.1: 400 message refused (bad payload)"),
        (Reply(413), "127.0.0.1: 413 message too large"),
        (Reply(302, {"Location": "http://127.0.0.1/"}), "127.0.0.1: 302 sends elsewhere, which is not followed"),
    ],
)
def test_a_message_refused_for_good_ends_no_subscription_but_is_told(
    service: PushService, phone: Browser, at: At, reply: Reply, words: str
) -> None:
    phone.plan = [reply]
    dispatch.tick(at())
    assert told() == [("push", "failed", words)]
    assert PushSubscription.objects.get().ended_at is None
    assert ChannelOff.objects.get().detail == words
    assert service.requests == 1


@dataclass(frozen=True)
class Later:
    """`minutes`: when it is tried again; None for not today."""

    reply: Reply
    words: str
    minutes: int | None


@pytest.mark.parametrize(
    "case",
    [
        Later(Reply(429), "429 too many messages", 2),
        Later(Reply(429, {"Retry-After": "600"}), "429 too many messages", 10),
        Later(Reply(429, {"Retry-After": "1"}), "429 too many messages", 2),
        Later(Reply(429, {"Retry-After": "soon"}), "429 too many messages", 2),
        Later(Reply(429, {"Retry-After": "9" * 40}), "429 too many messages", None),
        Later(Reply(503, {"Retry-After": "7201"}), "503", None),
        Later(Reply(500), "500", 2),
        Later(HANG, "no answer in time", 2),
        Later(CUT, "the connection broke: ", 2),
        Later(Reply(403), "403 refuses this server's VAPID key: the phone subscribed with another one", 2),
    ],
    ids=lambda case: f"{case.words} {case.minutes}",
)
def test_a_refusal_for_now_is_tried_again_when_the_service_asks(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At, case: Later
) -> None:
    phone.plan = [case.reply] * (2 if case.reply is CUT else 1)  # a fresh connection is tried at once
    dispatch.tick(at())
    (delivery,) = Delivery.objects.all()
    assert delivery.status == "failed"
    assert delivery.outcome.startswith(f"127.0.0.1: {case.words}")
    assert (PushSubscription.objects.get().ended_at, ChannelOff.objects.count()) == (None, 0)
    if case.minutes is None:
        assert delivery.retry_at is None
        return
    assert delivery.retry_at == MADRID_8 + dt.timedelta(minutes=case.minutes)
    dispatch.tick(at(minutes=case.minutes))
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, len(service.messages)) == ("sent", 2, 1)


def test_retry_after_may_be_a_date(push_only: ReminderRule, service: PushService, phone: Browser, at: At) -> None:
    then = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=30)
    phone.plan = [Reply(503, {"Retry-After": then.strftime("%a, %d %b %Y %H:%M:%S GMT")})]
    dispatch.tick(at())
    wait = (Delivery.objects.get().retry_at or MADRID_8) - MADRID_8
    assert dt.timedelta(minutes=29, seconds=50) < wait <= dt.timedelta(minutes=30)


def test_a_key_that_is_not_the_subscriptions_says_so_and_ends_nothing(
    push_only: ReminderRule, rosa: Patient, service: PushService, at: At, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(rosa, service.browser(vapid_key="another"))
    dispatch.tick(at())
    assert told() == [
        (
            "push",
            "failed",
            "127.0.0.1: 403 refuses this server's VAPID key: the phone subscribed with another one "
            "(the subscription is another sender's)",
        )
    ]
    assert PushSubscription.objects.get().ended_at is None
    assert not ChannelOff.objects.exists()
    assert "refuses this installation's VAPID key" in caplog.text


def test_a_slow_answer_is_waited_for(push_only: ReminderRule, service: PushService, phone: Browser, at: At) -> None:
    phone.plan = [SLOW]
    dispatch.tick(at())
    assert told() == [("push", "sent", "127.0.0.1: 201")]


@pytest.mark.parametrize("body", [b"x" * 100_000, b"x" * 4097])
def test_an_endless_answer_is_not_read(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At, body: bytes
) -> None:
    phone.plan = [Reply(201, body=body, taken=True)]
    dispatch.tick(at())
    assert told() == [("push", "sent", "127.0.0.1: 201")]


@pytest.mark.usefixtures("push_only")
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", ("push", "failed", "localhost: no answer in time")),
        (b"x" * 100, ("push", "sent", "localhost: 201")),  # the status came, and says enough
    ],
)
def test_an_answer_that_drips_ends_with_its_time(
    rosa: Patient, secure: PushService, at: At, body: bytes, expected: tuple[str, str, str]
) -> None:
    browser = secure.browser()
    subscribe(rosa, browser)
    browser.plan = [Reply(201, body=body, drip_s=0.2)]  # faster than any timeout that each byte sets back
    started = time.monotonic()
    dispatch.tick(at())
    assert time.monotonic() - started < 3
    assert told() == [expected]


def test_nobody_listening_is_tried_again(push_only: ReminderRule, service: PushService, phone: Browser, at: At) -> None:
    PushSubscription.objects.update(endpoint="http://127.0.0.1:1/push")
    dispatch.tick(at())
    assert told() == [("push", "failed", "127.0.0.1: cannot be reached")]
    assert Delivery.objects.get().retry_at is not None


def test_a_push_service_that_is_silent_rests_and_keeps_nobody_else_waiting(
    rosa: Patient, service: PushService, phone: Browser, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resting, "REST_S", 2.0)
    monkeypatch.setattr("django.conf.settings.REMINDER_SENDS_AT_ONCE", 1)  # else more are under way when it is noticed
    many_rules(rosa, 6, channels=("push",))
    phone.plan = [CUT_AFTER] * 6
    dispatch.tick(at())
    assert service.requests == 2 * resting.IN_A_ROW  # a fresh connection is tried at once
    assert sum("not tried" in outcome for _, _, outcome in told()) == 3
    time.sleep(2)
    dispatch.tick(at(minutes=2))
    assert {status for _, status, _ in told()} == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_eight_dispatchers_at_once_push_each_occurrence_once(
    rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    many_rules(rosa, 60, channels=("push",))
    assert all_at_once(at(minutes=1)) == 60
    assert (len(service.messages), len(service.by_topic), service.refused) == (60, 60, [])
    assert {status for _, status, _ in told()} == {"sent"}


# ---- Several phones -------------------------------------------------------------------------------------------------


def test_sent_when_one_phone_took_it_and_the_outcome_says_what_each_answered(
    push_only: ReminderRule, rosa: Patient, service: PushService, at: At
) -> None:
    gone, well, busy = (service.browser() for _ in range(3))
    for browser in (gone, well, busy):
        subscribe(rosa, browser)
    gone.plan, busy.plan = [Reply(410)], [Reply(429)]
    dispatch.tick(at())
    assert told() == [
        (
            "push",
            "sent",
            "127.0.0.1: 410 subscription ended; 127.0.0.1: 201; 127.0.0.1: 429 too many messages",
        )
    ]
    assert list(PushSubscription.objects.exclude(ended_at=None).values_list("endpoint", flat=True)) == [gone.endpoint]
    assert (ChannelOff.objects.count(), Flag.objects.count()) == (0, 0)


def test_one_phone_gone_and_one_busy_is_tried_again_for_the_busy_one(
    push_only: ReminderRule, rosa: Patient, service: PushService, at: At
) -> None:
    gone, busy = service.browser(), service.browser()
    subscribe(rosa, gone)
    subscribe(rosa, busy)
    gone.plan, busy.plan = [Reply(410)], [Reply(503, {"Retry-After": "300"})]
    dispatch.tick(at())
    assert not ChannelOff.objects.exists()
    dispatch.tick(at(minutes=5))
    assert [got.browser for got in service.messages] == [busy]
    assert service.requests == 3  # the one that is gone is left in peace


def test_a_phone_whose_account_lost_its_access_gets_nothing(
    push_only: ReminderRule, rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    PatientAccess.objects.filter(patient=rosa).update(ended_at=MADRID_8)
    dispatch.tick(at())
    assert (service.requests, told()[0][2]) == (0, "no phone is subscribed")


@pytest.mark.usefixtures("push_only")
def test_a_carers_phone_is_told_too(rosa: Patient, cast: Cast, service: PushService, phone: Browser, at: At) -> None:
    carers = service.browser()
    facts = carers.body()
    subscriptions.subscribe(rosa, cast.carer, endpoint=facts["endpoint"], **facts["keys"])
    dispatch.tick(at())
    assert {got.browser for got in service.messages} == {phone, carers}


def test_when_all_channels_fail_the_one_that_may_pass_is_tried_again(
    rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), channels=("push", "email"))
    Patient.objects.update(email=None)
    for access in rosa.access.select_related("user"):
        access.user.email = None
        access.user.save(update_fields=["email"])
    phone.plan = [Reply(503), Reply(503)]
    dispatch.tick(at())
    assert [row[:2] for row in told()] == [("push", "failed"), ("email", "failed")]
    dispatch.tick(at(minutes=2))
    dispatch.tick(at(minutes=6))
    assert sorted(Delivery.objects.values_list("channel", "status", "attempts")) == [
        ("email", "failed", 1),
        ("push", "sent", 3),
    ]


# ---- Interrupted ----------------------------------------------------------------------------------------------------


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Kill the sender once, after its message went out and before it knew."""

    def arm() -> None:
        whole = client.post

        def once(*arguments: object) -> client.Answer:
            whole(*arguments)  # type: ignore[arg-type]
            monkeypatch.setattr(client, "post", whole)
            raise Killed

        monkeypatch.setattr(client, "post", once)

    return arm


def test_an_interrupted_push_goes_out_again_under_its_topic(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At, killed: Callable[[], None]
) -> None:
    killed()
    with pytest.raises(Killed):
        dispatch.tick(at())
    assert told() == [("push", "sending", "")]
    dispatch.tick(at(minutes=4))
    assert len(service.messages) == 1  # it may still be under way
    dispatch.tick(at(minutes=6))
    first, second = service.messages
    assert first.topic == second.topic
    assert first.content == second.content
    assert len(service.visible(phone)) == 1
    assert told() == [("push", "sent", "127.0.0.1: 201")]
    dispatch.tick(at(minutes=30))
    assert len(service.messages) == 2


@pytest.mark.usefixtures("push_only")
def test_an_interrupted_push_that_was_answered_by_a_session_is_not_repeated(
    rosa: Patient, service: PushService, phone: Browser, at: At, killed: Callable[[], None]
) -> None:
    killed()
    with pytest.raises(Killed):
        dispatch.tick(at())
    due_day(rosa, done=2, sessions_done=1)
    dispatch.tick(at(minutes=6))
    assert (len(service.messages), told()) == (1, [("push", "skipped", "already done")])


def test_an_interrupted_push_is_unknown_once_it_is_too_late(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At, killed: Callable[[], None]
) -> None:
    killed()
    with pytest.raises(Killed):
        dispatch.tick(at())
    dispatch.tick(at(hours=2, seconds=1))
    assert told() == [("push", "unknown", "the process that sent it ended before the answer came")]
    assert len(service.messages) == 1


def test_an_interrupted_repeat_counts_its_lateness_from_its_own_hour(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At
) -> None:
    dispatch.tick(at())
    occurrence = Occurrence.objects.get()
    evening = MADRID_8 + dt.timedelta(hours=10)
    FollowUp.objects.create(
        occurrence=occurrence,
        sequence=2,
        reason=FollowUpReason.LATER,
        due_at=evening,
        done_at=evening,
    )
    Delivery.objects.create(
        occurrence=occurrence, channel="push", sequence=2, status="sending", attempts=1, started_at=evening
    )
    dispatch.tick(at(hours=10, minutes=6))
    assert [got.content["sequence"] for got in service.messages] == [1, 2]
    assert len(service.by_topic) == 1  # the repeat replaces the first


@pytest.mark.parametrize("reply", [CUT_AFTER, HANG_AFTER])
def test_a_push_whose_answer_was_lost_is_repeated_under_its_topic(
    push_only: ReminderRule, service: PushService, phone: Browser, at: At, reply: Reply
) -> None:
    phone.plan = [reply] * (2 if reply is CUT_AFTER else 1)
    dispatch.tick(at())
    assert told()[0][1] == "failed"
    dispatch.tick(at(minutes=2))
    assert told()[0][1] == "sent"
    assert len(service.messages) > 1
    assert len(service.visible(phone)) == 1


def test_an_interrupted_e_mail_that_stood_in_for_a_push_is_never_repeated(
    rosa: Patient, service: PushService, phone: Browser, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), channels=("push", "email"))
    phone.plan = [Reply(503)]

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMessage.send", die)
        with pytest.raises(Killed):
            dispatch.tick(at())
    # Written together: the push's failure never stands there without what made it good.
    assert [row[:2] for row in told()] == [("push", "failed"), ("email", "sending")]
    for minute in (6, 8, 20, 60):
        dispatch.tick(at(minutes=minute))
    assert [row[:2] for row in told()] == [("push", "failed"), ("email", "unknown")]
    assert (mail.outbox, service.messages) == ([], [])


def test_unsubscribing_between_two_attempts_is_heard(
    push_only: ReminderRule, rosa: Patient, service: PushService, phone: Browser, at: At
) -> None:
    phone.plan = [Reply(503)]
    dispatch.tick(at())
    subscriptions.end(subscriptions.active(rosa), subscriptions.TURNED_OFF)
    dispatch.tick(at(minutes=2))
    assert (service.requests, told()[0][2]) == (1, "no phone is subscribed")


# ---- Rules ----------------------------------------------------------------------------------------------------------


def test_the_first_phone_puts_push_before_e_mail_where_nobody_chose(
    rosa: Patient, cast: Cast, service: PushService
) -> None:
    usual = rule_at(rosa, "08:00")
    ReminderRule.objects.create(patient=rosa, times=["09:00"], timezone="Europe/Madrid", channels=[])
    subscribe(rosa, service.browser())
    assert sorted(ReminderRule.objects.values_list("channels", flat=True)) == [[], ["push", "email"]]
    rule_at(rosa, "08:00", id=usual.pk, channels=("email",))
    subscribe(rosa, service.browser())
    assert ReminderRule.objects.get().channels == ["email"]  # chosen since: a second phone changes nothing
    assert rule_at(rosa, "10:00").channels == ["push", "email"]


def test_after_a_merge_the_phone_of_the_other_record_is_pushed_to(
    push_only: ReminderRule, rosa: Patient, cast: Cast, service: PushService, at: At
) -> None:
    browser = service.browser()
    facts = browser.body()
    subscriptions.subscribe(cast.other_patient, cast.other_patient_user, endpoint=facts["endpoint"], **facts["keys"])
    merge(rosa, cast.other_patient, by=cast.therapist, note="one person")
    due_day(rosa)  # the merge has counted the day anew, and there is no program behind it
    dispatch.tick(at())
    assert [got.browser for got in service.messages] == [browser]
