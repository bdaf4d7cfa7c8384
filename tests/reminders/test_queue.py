"""Between the decision and the call: what is queued, who takes it, what is asked again."""

from __future__ import annotations

import datetime as dt
import smtplib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from patients.models import Patient
from reminders import batches, dispatch
from reminders.models import Delivery, FollowUp, Occurrence, ReminderRule
from reminders.waiting import send_waiting, still_wanted, take
from tests.conftest import Cast
from tests.racing import at_once
from tests.reminders.conftest import MADRID_8, TUESDAY, Killed, Sink, due_day, rule_at

At = Callable[..., Callable[[], dt.datetime]]
pytestmark = pytest.mark.django_db


def people(cast: Cast, number: int) -> list[Patient]:
    """So many in treatment, each with something due, a reminder at eight and a repeat."""
    made = []
    for n in range(number):
        one = Patient.objects.create(
            clinic=cast.clinic,
            name=f"Person {n}",
            birth_date=dt.date(1970, 1, 2),
            timezone="Europe/Madrid",
            status="active",
            email=f"p{n}@patient.example",
        )
        due_day(one)
        rule_at(one, "08:00", now=MADRID_8 - dt.timedelta(hours=1), repeat_after_min=30)
        made.append(one)
    return made


def queue(at: Callable[[], dt.datetime]) -> None:
    """A dispatcher that dies between the decision and the first call."""
    dispatch.decide_due(at)


def outcomes() -> list[tuple[str, str]]:
    return list(Delivery.objects.order_by("occurrence__patient__name").values_list("status", "outcome"))


def test_what_a_dead_dispatcher_queued_is_sent_by_the_next_tick(
    morning_rule: ReminderRule, sink: type[Sink], at: At
) -> None:
    queue(at())
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.attempts, sink.taken) == ("queued", 0, [])
    assert dispatch.tick(at(seconds=1)) == 0  # no rule is due, and it is no second attempt
    delivery.refresh_from_db()
    assert (delivery.status, delivery.attempts, delivery.retry_at) == ("sent", 1, None)
    assert delivery.started_at == at(seconds=1)()
    assert len(sink.taken) == 1


def test_a_kill_in_the_middle_of_a_batch_leaves_one_unknown_and_loses_no_other(
    cast: Cast, sink: type[Sink], at: At, settings: Settings
) -> None:
    settings.REMINDER_SENDS_AT_ONCE = 1
    people(cast, 5)
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        dispatch.tick(at())
    assert sorted(status for status, _ in outcomes()) == ["queued"] * 4 + ["sending"]
    dispatch.tick(at(seconds=1))
    assert len(sink.taken) == 4
    dispatch.tick(at(minutes=6))
    assert sorted(status for status, _ in outcomes()) == ["sent"] * 4 + ["unknown"]
    assert len(sink.taken) == 4


def test_a_kill_leaves_no_more_unknown_than_were_under_way(
    cast: Cast, sink: type[Sink], at: At, settings: Settings
) -> None:
    """Whatever went out and was not written down is among them, and is never sent again."""
    settings.REMINDER_SENDS_AT_ONCE = 4
    people(cast, 9)
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        dispatch.tick(at())
    for minutes in (1, 6):
        dispatch.tick(at(minutes=minutes))
    told = [status for status, _ in outcomes()]
    assert set(told) == {"sent", "unknown"}
    assert 1 <= told.count("unknown") <= 4
    mailed = [mail.to[0] for mail in sink.taken]
    assert len(mailed) == len(set(mailed)) == 8  # one call was killed before the mail server had it


def test_a_kill_while_it_is_asked_leaves_all_of_them_waiting(cast: Cast, sink: type[Sink], at: At) -> None:
    """Nothing can have gone out, so nothing is unknown."""
    people(cast, 4)
    queue(at())

    def killed_at_the_locks(execute: Any, sql: str, *rest: Any) -> Any:
        if "patients_lock" in sql:
            raise Killed
        return execute(sql, *rest)

    with connection.execute_wrapper(killed_at_the_locks), pytest.raises(Killed):
        dispatch.tick(at())
    assert [status for status, _ in outcomes()] == ["queued"] * 4
    dispatch.tick(at(seconds=1))
    assert len(sink.taken) == 4


def test_calls_are_under_way_together_and_each_is_sending_before_it_is_made(
    cast: Cast, sink: type[Sink], at: At, settings: Settings
) -> None:
    """Each waits at the mail server until four are there, which one after the other could not."""
    settings.REMINDER_SENDS_AT_ONCE = 4
    people(cast, 4)
    together = threading.Barrier(4, timeout=10)
    seen: list[tuple[int, bool]] = []

    def wait() -> None:
        seen.append((together.wait(), connection.connection is None))

    sink.at_each = wait
    queue(at())
    assert dispatch.tick(at()) == 0
    assert [status for status, _ in outcomes()] == ["sent"] * 4
    assert sorted(seen) == [(n, True) for n in range(4)]  # in threads that have no database of their own


def test_repeats_are_under_way_together_too(cast: Cast, sink: type[Sink], at: At, settings: Settings) -> None:
    settings.REMINDER_SENDS_AT_ONCE = 3
    people(cast, 6)
    dispatch.tick(at())
    together = threading.Barrier(3, timeout=10)

    def wait() -> None:
        together.wait()

    sink.at_each = wait
    assert dispatch.tick(at(minutes=30)) == 6
    assert sorted(outcomes()) == [("sent", "taken by the mail server")] * 12


def test_one_that_hangs_holds_up_itself_alone(cast: Cast, sink: type[Sink], at: At, settings: Settings) -> None:
    settings.REMINDER_SENDS_AT_ONCE = 2
    people(cast, 12)
    first, others_done = threading.Lock(), threading.Event()

    def hang() -> None:
        if first.acquire(blocking=False):
            assert others_done.wait(10), "the others wait for one that hangs"
        elif len(sink.taken) == 10:
            others_done.set()

    sink.at_each = hang
    dispatch.tick(at())
    assert [status for status, _ in outcomes()] == ["sent"] * 12


def test_nothing_is_begun_after_the_time_of_a_tick(cast: Cast, sink: type[Sink], at: At, settings: Settings) -> None:
    settings.REMINDER_SENDS_AT_ONCE = 2
    people(cast, 6)
    queue(at())

    def clock() -> dt.datetime:
        return at(minutes=1)() if sink.taken else at()()

    send_waiting(clock, until=at(seconds=30)())
    assert sorted(status for status, _ in outcomes()) == ["queued"] * 4 + ["sent"] * 2


def test_done_while_queued_is_left_in_peace_and_has_no_repeat(rosa: Patient, sink: type[Sink], at: At) -> None:
    rule_at(rosa, "08:00", now=MADRID_8 - dt.timedelta(hours=1), repeat_after_min=30)
    queue(at())
    assert FollowUp.objects.count() == 1
    due_day(rosa, done=2, sessions_done=1)
    dispatch.tick(at(minutes=1))
    assert (outcomes(), sink.taken, FollowUp.objects.count()) == ([("skipped", "already done")], [], 0)


def test_queued_for_more_than_two_hours_is_missed(morning_rule: ReminderRule, sink: type[Sink], at: At) -> None:
    queue(at())
    dispatch.tick(at(hours=2, seconds=1))
    assert (outcomes(), sink.taken) == ([("missed", "120 minutes late")], [])


def test_a_second_attempt_that_an_outage_held_up_is_not_made_hours_later(
    morning_rule: ReminderRule, sink: type[Sink], at: At
) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later")]
    dispatch.tick(at())
    dispatch.tick(at(hours=5))
    assert (outcomes(), sink.taken) == ([("failed", "300 minutes late")], [])


def test_put_off_while_queued_comes_later_only(morning_rule: ReminderRule, sink: type[Sink], at: At) -> None:
    queue(at())
    occurrence = Occurrence.objects.get()
    FollowUp.objects.create(occurrence=occurrence, sequence=2, reason="later", due_at=at(hours=3)())
    dispatch.tick(at(minutes=1))
    assert (outcomes(), sink.taken) == ([("skipped", "put off to later today")], [])
    dispatch.tick(at(hours=3))
    assert len(sink.taken) == 1


@pytest.mark.parametrize("kind", ["exercise", "weekly", "nudge"])
@pytest.mark.parametrize("unsubscribed", [False, True])
def test_decided_together_or_alone_it_is_the_same(rosa: Patient, at: At, unsubscribed: bool, kind: str) -> None:
    rule_at(rosa, "08:00", "19:30", now=MADRID_8 - dt.timedelta(hours=1), repeat_after_min=30)
    for days_ago in range(1, 8):  # a silent week
        due_day(rosa, TUESDAY - dt.timedelta(days=days_ago))
    ReminderRule.objects.update(kind=kind, after_days=3 if kind == "nudge" else None)
    if unsubscribed:
        rosa.channels_off.create(channel="email", reason="unsubscribed")
    found = []
    for decide in (_together, _alone):
        with transaction.atomic():
            decide(at())
            rows: list[list[Any]] = [
                list(model.objects.values()) for model in (ReminderRule, Occurrence, Delivery, FollowUp)
            ]
            found.append([[_without(row, "id", "created_at", "occurrence_id") for row in part] for part in rows])
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0][2][0]["status"] == ("skipped" if unsubscribed else "queued")


def _together(clock: Callable[[], dt.datetime]) -> None:
    dispatch.decide_due(clock)


def _alone(clock: Callable[[], dt.datetime]) -> None:
    ids, token = batches.claim(clock())
    for pk in ids:
        dispatch.handle(pk, token, clock)


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_deciding_costs_the_same_statements_for_five_and_for_fifty(cast: Cast, at: At) -> None:
    def cost(number: int) -> int:
        people(cast, number)
        with CaptureQueriesContext(connection) as statements:
            taken = batches.take(at()())
        assert (taken.queued, taken.claimed) == (number, [])
        return len(statements)

    assert cost(5) == cost(50) <= 10
    assert set(Delivery.objects.values_list("status", flat=True)) == {"queued"}
    assert Occurrence.objects.filter(date=TUESDAY).count() == FollowUp.objects.count() == 55


def test_rules_with_something_unusual_are_looked_at_one_by_one(cast: Cast, sink: type[Sink], at: At) -> None:
    usual, moved, discharged, broken, done_before = people(cast, 5)
    Patient.objects.filter(pk=moved.pk).update(timezone="America/New_York")
    Patient.objects.filter(pk=discharged.pk).update(status="discharged")
    ReminderRule.objects.filter(patient=broken).update(times=["25:99"])
    dispatch.tick(at(minutes=-1))
    taken = batches.take(at()())
    claimed = ReminderRule.objects.filter(claim_token=taken.token, claimed_until=at()() + batches.LEASE)
    assert set(taken.claimed) == set(claimed.values_list("pk", flat=True))
    assert {found.patient for found in claimed} == {moved, discharged, broken}
    assert taken.queued == 2
    assert Occurrence.objects.filter(patient__in=[usual, done_before]).count() == 2


def test_what_somebody_has_claimed_is_not_queued_before_the_lease_ends(morning_rule: ReminderRule, at: At) -> None:
    batches.claim(at()())
    assert batches.take(at(seconds=119)()).queued == 0
    assert outcomes() == []
    assert batches.take(at(seconds=121)()).queued == 1
    morning_rule.refresh_from_db()
    assert (morning_rule.claim_token, morning_rule.claimed_until) == (None, None)


def breaks_at_the_first_delivery(error: BaseException) -> Any:
    """A wrapper of statements: the first that writes a delivery ends in `error`."""
    left = [error]

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if left and sql.startswith("INSERT INTO") and "reminders_delivery" in sql:
            raise left.pop()
        return execute(sql, *rest)

    return connection.execute_wrapper(wrapper)


def test_a_kill_before_the_batch_is_written_leaves_everything_as_it_was(cast: Cast, at: At) -> None:
    people(cast, 3)
    before = list(ReminderRule.objects.order_by("pk").values())
    with breaks_at_the_first_delivery(Killed()), pytest.raises(Killed):
        dispatch.tick(at())
    assert list(ReminderRule.objects.order_by("pk").values()) == before
    assert (Occurrence.objects.count(), Delivery.objects.count()) == (0, 0)
    assert dispatch.decide_due(at(seconds=1)) == 3  # no lease to wait for


def test_a_batch_that_cannot_be_written_is_decided_one_by_one(cast: Cast, sink: type[Sink], at: At) -> None:
    people(cast, 3)
    with breaks_at_the_first_delivery(IntegrityError("somebody was faster")):
        assert dispatch.tick(at()) == 3
    assert len(sink.taken) == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_patient_whom_somebody_holds_stalls_nobody_and_is_not_forgotten(cast: Cast, sink: type[Sink], at: At) -> None:
    held, _ = people(cast, 2)
    holding, let_go = threading.Event(), threading.Event()

    def hold() -> int:
        with transaction.atomic():
            Patient.objects.select_for_update().get(pk=held.pk)
            holding.set()
            let_go.wait(10)
        return 0

    def dispatch_meanwhile() -> int:
        holding.wait(10)
        handled = dispatch.tick(at())
        let_go.set()
        return handled

    assert at_once(hold, dispatch_meanwhile) == [0, 1]
    assert dispatch.tick(at(seconds=30)) == 1
    assert sorted(mail.to[0] for mail in sink.taken) == ["p0@patient.example", "p1@patient.example"]


def test_what_one_tick_has_taken_another_does_not_send(
    cast: Cast, sink: type[Sink], at: At, settings: Settings
) -> None:
    """A worker that stands still for three minutes goes on with what nobody has taken meanwhile."""
    settings.REMINDER_SENDS_AT_ONCE = 1
    people(cast, 3)
    sent: list[int] = []

    def clock() -> dt.datetime:
        if len(sink.taken) == 1 and not sent:
            sent.append(1)
            dispatch.tick(at(minutes=3))
            sent.append(len(sink.taken))
        return at(minutes=3)() if sent else at()()

    dispatch.tick(clock)
    assert sent == [1, 3]
    assert sorted(mail.to[0] for mail in sink.taken) == [f"p{n}@patient.example" for n in range(3)]


def test_a_row_that_cannot_be_judged_stalls_no_other(
    cast: Cast, sink: type[Sink], at: At, caplog: pytest.LogCaptureFixture
) -> None:
    people(cast, 3)
    queue(at())
    broken = Delivery.objects.select_related("occurrence__rule").order_by("pk")[1]
    ReminderRule.objects.filter(occurrences=broken.occurrence).update(timezone="Nowhere/Land", times=["25:99"])
    dispatch.tick(at(seconds=1))
    assert len(sink.taken) == 2
    assert f"delivery {broken.pk} is left as interrupted" in caplog.text


def test_sending_asks_the_same_statements_of_two_and_of_eight(cast: Cast, sink: type[Sink], at: At) -> None:
    def cost(number: int) -> int:
        people(cast, number)
        queue(at())
        with CaptureQueriesContext(connection) as statements, transaction.atomic():
            wanted = still_wanted(take(number, at()()), at()())
        assert len(wanted) == number
        return len(statements)

    assert cost(2) == cost(8) <= 9
