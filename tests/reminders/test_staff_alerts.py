"""What is promised in `reminders.staff_alerts`, one test a sentence."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import smtplib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Membership, User
from patients import alerts, flags
from patients.models import Flag, FlagKind, Patient, StaffAlert, Urgency
from reminders import staff_alerts, tasks
from tests.conftest import Cast
from tests.patients.phones import TestPhone, checkin
from tests.racing import at_once
from tests.reminders.conftest import Killed
from tests.reminders.smtp_server import Mailbox, mail_server

Api = Callable[..., APIClient]
HERE = "tests.reminders.test_staff_alerts"
NOON = dt.datetime(2026, 11, 24, 11, 0, tzinfo=dt.UTC)  # 12:00 in Madrid
THERAPIST, OWNER, ON_CALL = "dana.example@cast.example", "olive.owner@cast.example", "on-call@clinic.example"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def after(**time: float) -> Callable[[], dt.datetime]:
    """A clock that stands so long after noon."""
    moment = NOON + dt.timedelta(**time)
    return lambda: moment


@pytest.fixture
def phone(cast: Cast, api: Api) -> TestPhone:
    cast.clinic.escalation_email = ON_CALL
    cast.clinic.save()
    return TestPhone(api(cast.patient_user), cast.patient)


def answer(phone: TestPhone, *signs: str) -> Flag:
    """The patient ticks warning signs at noon."""
    assert phone.statuses(checkin("2026-11-24T12:00:00+01:00", q_redflag=list(signs))) == ["stored"]
    return Flag.objects.get(kind="red_flag", resolved_at=None)


@pytest.fixture
def flag(phone: TestPhone) -> Flag:
    return answer(phone, "RF1.saddle")


def told() -> list[list[str]]:
    return [message.to for message in mail.outbox]


def rows() -> list[tuple[int, str, str]]:
    return [(row["round"], row["to"], row["outcome"]) for row in StaffAlert.objects.get().log]


# ---- Rounds ---------------------------------------------------------------------------------------------------------


def test_red_flag_is_mailed_to_the_therapist_at_once(flag: Flag) -> None:
    assert staff_alerts.tick(after()) == 1
    assert told() == [[THERAPIST]]
    assert staff_alerts.tick(after(minutes=14)) == 0
    assert StaffAlert.objects.get().log == [
        {
            "round": 0,
            "at": "2026-11-24T11:00:00+00:00",
            "done_at": "2026-11-24T11:00:00+00:00",
            "to": THERAPIST,
            "outcome": "sent",
            "detail": "taken by the mail server",
            "attempts": 1,
        }
    ]


def test_beat_tick_sends_alerts_and_then_reminders(flag: Flag) -> None:
    # The task has the database's own clock, which nobody can set.
    StaffAlert.objects.update(next_at=NOON - dt.timedelta(days=365))
    tasks.tick()
    assert told() == [[THERAPIST]]


def test_after_fifteen_minutes_the_escalation_contact_too_and_then_every_hour(flag: Flag) -> None:
    for minute in range(0, 140):
        staff_alerts.tick(after(minutes=minute))
    assert told() == [[THERAPIST], [ON_CALL], [THERAPIST], [ON_CALL], [THERAPIST], [ON_CALL], [THERAPIST]]
    sent = [dt.datetime.fromisoformat(row["at"]) - NOON for row in StaffAlert.objects.get().log]
    assert [at // dt.timedelta(minutes=1) for at in sent] == [0, 15, 15, 75, 75, 135, 135]


def test_rf8_locks_and_so_alerts_like_an_emergency(phone: TestPhone) -> None:
    """Its urgency is 48 hours; the exercises are locked all the same, and only staff can open them."""
    answer(phone, "RF8")
    staff_alerts.tick(after())
    staff_alerts.tick(after(minutes=15))
    assert told() == [[THERAPIST], [ON_CALL], [THERAPIST]]


@pytest.mark.parametrize("sign", ["RF7", "RF10", "RF11"])
def test_sign_that_wants_a_visit_within_weeks_is_repeated_once_a_day(phone: TestPhone, sign: str) -> None:
    answer(phone, sign)
    for hour in range(0, 48):
        staff_alerts.tick(after(hours=hour))
    assert told() == [[THERAPIST], [ON_CALL], [THERAPIST]]
    assert {message.subject for message in mail.outbox} == {"A patient's answer waits for you"}
    assert all("Importance" not in message.message() for message in mail.outbox)


def test_emergency_after_it_does_not_wait_for_the_next_day(phone: TestPhone) -> None:
    answer(phone, "RF11")
    staff_alerts.tick(after())
    with time_machine.travel(NOON + dt.timedelta(hours=2), tick=False):
        answer(phone, "RF9")
    staff_alerts.tick(after(hours=2))
    staff_alerts.tick(after(hours=3))
    assert told() == [[THERAPIST], *[[ON_CALL], [THERAPIST]] * 2]
    assert ["now" in message.subject for message in mail.outbox] == [False, *[True] * 4]


@pytest.mark.parametrize("settle", ["acknowledge", "resolve"])
@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_whoever_sees_or_settles_the_flag_ends_it(flag: Flag, cast: Cast, api: Api, settle: str, rounds: int) -> None:
    clocks = [after(), after(minutes=15)][:rounds]
    for clock in clocks:
        staff_alerts.tick(clock)
    before = len(mail.outbox)
    path = f"/api/v1/flags/{flag.pk}/{settle}"
    assert api(cast.owner).post(path, {"note": "Called her."}).status_code == 200
    alert = StaffAlert.objects.get()
    assert (alert.next_at, alert.ended_at) == (None, NOON)
    assert staff_alerts.tick(after(days=1)) == 0
    assert len(mail.outbox) == before


def test_unlocking_with_a_note_acknowledges_the_red_flag(flag: Flag, cast: Cast, api: Api) -> None:
    path = f"/api/v1/patients/{cast.patient.pk}/unlock"
    assert api(cast.therapist).post(path, {"note": "Seen by the emergency department: no."}).status_code == 200
    flag.refresh_from_db()
    assert (flag.acknowledged_by, flag.resolved_at) == (cast.therapist, None)
    assert staff_alerts.tick(after()) == 0
    assert AccessRecord.objects.filter(action="acknowledge", actor=cast.therapist).exists()


def test_ending_a_stop_until_midnight_acknowledges_no_red_flag(phone: TestPhone, cast: Cast, api: Api) -> None:
    phone.send(checkin("2026-11-24T12:00:00+01:00", q_redflag=["RF7"], q_weak="yes"))
    path = f"/api/v1/patients/{cast.patient.pk}/unlock"
    api(cast.therapist).post(path, {"note": "The leg is fine."})
    assert Flag.objects.get(kind="red_flag").acknowledged_at is None


def test_flag_that_was_settled_around_the_alert_ends_it_before_the_next_mail(flag: Flag) -> None:
    Flag.objects.update(resolved_at=NOON)
    assert staff_alerts.tick(after()) == 1
    assert told() == []
    assert StaffAlert.objects.get().ended_at == NOON
    assert staff_alerts.tick(after(hours=2)) == 0


def test_closing_a_flag_ends_its_alert(cast: Cast) -> None:
    flags.raise_flag(cast.patient, FlagKind.LEG_SYMPTOMS, Urgency.SAME_DAY, {})
    flags.close_flag(cast.patient, FlagKind.LEG_SYMPTOMS, "Gone.")
    assert StaffAlert.objects.get().ended_at == NOON


def test_tick_with_nothing_due_costs_one_query(flag: Flag, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    staff_alerts.tick(after())
    with django_assert_num_queries(1):
        staff_alerts.tick(after(minutes=1))


# ---- What alerts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "alerting"),
    [("emergency", True), ("same_day", True), ("48h", False), ("2_weeks", False), ("routine", False)],
)
def test_urgencies_that_cannot_wait_alert(cast: Cast, urgency: str, alerting: bool) -> None:
    flags.raise_flag(cast.patient, FlagKind.LEG_SYMPTOMS, urgency, {})
    assert StaffAlert.objects.exists() is alerting
    records = AccessRecord.objects.filter(action="alert", object_id=cast.patient.pk, clinic=cast.clinic)
    assert [one.detail["urgency"] for one in records] == ([urgency] if alerting else [])


def test_risen_urgency_after_an_acknowledgement_alerts_again(phone: TestPhone, cast: Cast, api: Api) -> None:
    flag = answer(phone, "RF6")  # same day
    staff_alerts.tick(after())
    api(cast.therapist).post(f"/api/v1/flags/{flag.pk}/acknowledge")
    answer(phone, "RF9")
    flag.refresh_from_db()
    assert (flag.urgency, flag.acknowledged_by) == ("emergency", None)
    staff_alerts.tick(after(minutes=1))
    assert told() == [[THERAPIST], [THERAPIST]]
    assert StaffAlert.objects.filter(flag=flag, ended_at=None).count() == 1


def test_risen_urgency_while_it_runs_is_told_at_once(phone: TestPhone) -> None:
    answer(phone, "RF6")
    staff_alerts.tick(after())
    with time_machine.travel(NOON + dt.timedelta(minutes=5), tick=False):
        answer(phone, "RF9")
    staff_alerts.tick(after(minutes=5))
    assert told() == [[THERAPIST], [ON_CALL], [THERAPIST]]
    assert StaffAlert.objects.count() == 1


def test_urgency_that_rises_during_a_round_asks_for_another_one(phone: TestPhone, sink: type[Sink], cast: Cast) -> None:
    answer(phone, "RF6")

    def meanwhile() -> None:
        with time_machine.travel(NOON + dt.timedelta(seconds=1), tick=False):
            flags.raise_flag(cast.patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {})

    sink.plan = [meanwhile]
    staff_alerts.tick(after())
    staff_alerts.tick(after(seconds=30))
    assert [message.to[0] for message in sink.taken] == [THERAPIST, ON_CALL, THERAPIST]


def test_one_sync_with_two_signs_makes_one_alert_and_one_first_round(phone: TestPhone) -> None:
    at = "2026-11-24T12:00:00+01:00"
    phone.send(checkin(at, q_redflag=["RF6"]), checkin(at, q_redflag=["RF2"]))
    staff_alerts.tick(after())
    assert told() == [[THERAPIST]]


def test_another_sign_after_somebody_saw_the_first_alerts_again_and_the_same_sign_does_not(
    phone: TestPhone, cast: Cast, api: Api
) -> None:
    """Both are emergencies: the urgency cannot rise, and yet nobody has seen the second."""
    flag = answer(phone, "RF2")
    staff_alerts.tick(after())
    path = f"/api/v1/flags/{flag.pk}/acknowledge"
    api(cast.therapist).post(path)
    answer(phone, "RF2")
    assert Flag.objects.get().acknowledged_by == cast.therapist
    assert staff_alerts.tick(after(minutes=1)) == 0
    answer(phone, "RF2", "RF1.saddle")
    assert Flag.objects.get().acknowledged_by is None
    cast.patient.refresh_from_db()
    assert cast.patient.attention[0]["acknowledged"] is False
    staff_alerts.tick(after(minutes=2))
    assert told() == [[THERAPIST], [THERAPIST]]
    api(cast.therapist).post(path)
    answer(phone, "RF11")  # new, but it can wait
    assert Flag.objects.get().acknowledged_by == cast.therapist


def test_rolled_back_answer_leaves_no_alert(cast: Cast) -> None:
    with transaction.atomic():
        flags.raise_flag(cast.patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {})
        transaction.set_rollback(True)
    assert not StaffAlert.objects.exists()


# ---- To whom --------------------------------------------------------------------------------------------------------


def test_whoever_stands_in_today_by_the_clinics_date(flag: Flag, cast: Cast) -> None:
    Patient.objects.update(cover={"staff": str(cast.owner.pk), "from": "2026-11-20", "to": "2026-11-24"})
    staff_alerts.tick(after())
    # 23:30 UTC is the next day in Madrid: the cover has ended.
    staff_alerts.tick(after(hours=12, minutes=30))
    assert told() == [[OWNER], [ON_CALL], [THERAPIST]]


def test_therapist_who_left_the_clinic_is_replaced_by_the_owners(flag: Flag, cast: Cast) -> None:
    Membership.objects.filter(user=cast.therapist).update(ended_at=NOON)
    staff_alerts.tick(after())
    assert told() == [[OWNER]]


def test_without_an_escalation_contact_the_owners(flag: Flag, cast: Cast) -> None:
    cast.clinic.escalation_email = ""
    cast.clinic.save()
    staff_alerts.tick(after())
    staff_alerts.tick(after(minutes=15))
    assert told() == [[THERAPIST], [OWNER], [THERAPIST]]


def test_one_address_is_told_once_a_round_whatever_it_is(flag: Flag, cast: Cast) -> None:
    cast.clinic.escalation_email = THERAPIST.upper()
    cast.clinic.save()
    staff_alerts.tick(after())
    staff_alerts.tick(after(minutes=15))
    assert [to[0].lower() for to in told()] == [THERAPIST, THERAPIST]


def test_clinic_in_which_nobody_has_an_address_keeps_the_alert(flag: Flag, cast: Cast) -> None:
    cast.clinic.escalation_email = ""
    cast.clinic.save()
    User.objects.update(email=None)
    assert staff_alerts.tick(after()) == 2  # nobody in the first round: the second at once
    alert = StaffAlert.objects.get()
    assert (alert.ended_at, alert.next_at) == (None, NOON + dt.timedelta(minutes=60))
    User.objects.filter(pk=cast.owner.pk).update(email="new@clinic.example")
    staff_alerts.tick(after(minutes=60))
    assert told() == [["new@clinic.example"]]


# ---- The mail -------------------------------------------------------------------------------------------------------


def test_mail_says_nothing_of_the_patient(flag: Flag, cast: Cast, settings: Settings) -> None:
    settings.BASE_URL = "https://clinic.example"
    staff_alerts.tick(after())
    message = mail.outbox[0]
    assert message.subject == "A patient's answer needs you now"
    assert f"https://clinic.example/clinic/patients/{cast.patient.pk}" in message.body
    everything = message.message().as_string().lower().replace(str(cast.patient.pk), "")
    for word in ("rosa", "sample", "pain", "saddle", "numb", "rf1", "emergency", "1964", "locked"):
        assert word not in everything, word
    assert "Auto-Submitted: auto-generated" in message.message().as_string()


def test_link_of_the_mail_shows_nothing_without_a_sign_in(flag: Flag, cast: Cast, api: Api) -> None:
    assert api().get(f"/api/v1/patients/{cast.patient.pk}").status_code == 401


def test_mail_in_the_language_of_the_reader(flag: Flag, cast: Cast) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(language="es")
    User.objects.filter(pk=cast.owner.pk).update(language="es-MX")
    staff_alerts.tick(after())
    staff_alerts.tick(after(minutes=15))
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    # The contact has no account: the owner's language.
    assert subjects == dict.fromkeys((THERAPIST, ON_CALL), "La respuesta de un paciente requiere su atención ahora")


# ---- Faults ---------------------------------------------------------------------------------------------------------


class Sink(BaseEmailBackend):
    """A mail server that does what `plan` says, call by call, and takes everything after."""

    plan: list[BaseException | Callable[[], object] | None] = []
    taken: list[EmailMessage] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        step = self.plan.pop(0) if self.plan else None
        if isinstance(step, BaseException):
            raise step
        if step is not None:
            step()
        self.taken.extend(email_messages)
        return len(email_messages)


@pytest.fixture
def sink(settings: Settings) -> type[Sink]:
    settings.EMAIL_BACKEND = f"{HERE}.Sink"
    Sink.plan, Sink.taken = [], []
    return Sink


def test_after_an_outage_it_goes_out_at_once_however_late(flag: Flag) -> None:
    staff_alerts.tick(after(days=3))
    assert told() == [[THERAPIST]]
    staff_alerts.tick(after(days=5))
    assert told() == [[THERAPIST], [ON_CALL], [THERAPIST]]


def test_interrupted_send_is_shown_as_unknown_and_goes_again_in_the_next_round(flag: Flag, sink: type[Sink]) -> None:
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        staff_alerts.tick(after())
    assert rows() == [(0, THERAPIST, "sending")]
    assert staff_alerts.tick(after(minutes=4)) == 0  # it may still be under way
    assert staff_alerts.tick(after(minutes=5)) == 1
    assert rows() == [(0, THERAPIST, "unknown")]
    assert sink.taken == []
    staff_alerts.tick(after(minutes=15))
    assert rows() == [(0, THERAPIST, "unknown"), (1, ON_CALL, "sent"), (1, THERAPIST, "sent")]


def test_interruption_in_the_middle_of_a_round_leaves_nobody_out(flag: Flag, sink: type[Sink]) -> None:
    staff_alerts.tick(after())
    sink.plan = [Killed()]
    with pytest.raises(Killed):
        staff_alerts.tick(after(minutes=15))
    staff_alerts.tick(after(minutes=20))
    assert rows()[1:] == [(1, ON_CALL, "unknown"), (1, THERAPIST, "sent")]
    staff_alerts.tick(after(minutes=75))
    assert rows()[3:] == [(2, ON_CALL, "sent"), (2, THERAPIST, "sent")]


def test_connection_that_breaks_in_the_middle_is_unknown(flag: Flag, sink: type[Sink]) -> None:
    sink.plan = [smtplib.SMTPServerDisconnected("Connection unexpectedly closed")]
    staff_alerts.tick(after())
    staff_alerts.tick(after(minutes=14))
    assert rows() == [(0, THERAPIST, "unknown")]
    staff_alerts.tick(after(minutes=15))
    assert rows()[1:] == [(1, ON_CALL, "sent"), (1, THERAPIST, "sent")]


def test_what_certainly_did_not_go_out_is_tried_again_within_the_round(flag: Flag, sink: type[Sink]) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later")] * 3
    for minute in range(0, 15):
        staff_alerts.tick(after(minutes=minute))
    assert rows() == [(0, THERAPIST, "sent")]
    [row] = StaffAlert.objects.get().log
    assert (row["attempts"], row["at"], row["done_at"][11:16]) == (4, "2026-11-24T11:00:00+00:00", "11:06")
    assert len(sink.taken) == 1
    staff_alerts.tick(after(minutes=15))  # counted from the first attempt
    assert rows()[1:] == [(1, ON_CALL, "sent"), (1, THERAPIST, "sent")]


def test_failure_of_one_repeats_nothing_for_the_other(flag: Flag, sink: type[Sink]) -> None:
    staff_alerts.tick(after())
    sink.plan = [smtplib.SMTPDataError(451, b"try later")]
    staff_alerts.tick(after(minutes=15))
    assert rows()[1:] == [(1, ON_CALL, "failed"), (1, THERAPIST, "sent")]
    staff_alerts.tick(after(minutes=17))
    assert [message.to[0] for message in sink.taken] == [THERAPIST, THERAPIST, ON_CALL]


def test_mail_server_that_is_away_for_hours_delays_and_drops_nothing(flag: Flag, sink: type[Sink]) -> None:
    sink.plan = [smtplib.SMTPDataError(451, b"try later") for _ in range(1000)]
    for minute in range(0, 200):
        staff_alerts.tick(after(minutes=minute))
    assert {outcome for *_, outcome in rows()} == {"failed"}
    assert len(rows()) == len(set(rows())) == 1 + 2 * 4
    sink.plan = []
    staff_alerts.tick(after(minutes=202))
    assert [message.to[0] for message in sink.taken] == [ON_CALL, THERAPIST]


def test_address_refused_for_good_brings_the_next_in_at_once(flag: Flag, sink: type[Sink]) -> None:
    sink.plan = [smtplib.SMTPRecipientsRefused({THERAPIST: (550, b"no such user")})]
    assert staff_alerts.tick(after()) == 2
    assert rows() == [(0, THERAPIST, "refused"), (1, ON_CALL, "sent"), (1, THERAPIST, "sent")]


def test_seen_between_two_mails_of_a_round_stops_it(flag: Flag, sink: type[Sink], cast: Cast, api: Api) -> None:
    staff_alerts.tick(after())
    sink.plan = [lambda: Flag.objects.update(acknowledged_at=NOON, acknowledged_by=cast.owner)]
    staff_alerts.tick(after(minutes=15))
    assert rows() == [(0, THERAPIST, "sent"), (1, ON_CALL, "sent")]
    assert StaffAlert.objects.get().ended_at is not None


def test_one_bad_row_does_not_stall_the_others(flag: Flag, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    flags.raise_flag(cast.other_patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {})
    bad = StaffAlert.objects.get(patient=cast.patient)
    StaffAlert.objects.filter(pk=bad.pk).update(log=[{"nonsense": 1}], next_at=NOON - dt.timedelta(hours=1))
    assert staff_alerts.tick(after()) == 2
    assert len(mail.outbox) == 1
    assert f"staff alert {bad.pk} is put aside" in caplog.text
    assert staff_alerts.tick(after(minutes=1)) == 0
    StaffAlert.objects.filter(pk=bad.pk).update(log=[])
    assert staff_alerts.tick(after(minutes=2)) == 1


def test_whoever_lost_the_claim_does_nothing(flag: Flag) -> None:
    taken = staff_alerts.claim(after()())
    assert taken is not None
    assert staff_alerts.claim(after(minutes=5)()) == (taken[0], taken[1] + 1)
    staff_alerts.hold_round(*taken, after(minutes=5))
    assert told() == []


def test_outcome_that_comes_after_the_row_was_given_up_is_the_truth(flag: Flag, sink: type[Sink]) -> None:
    """A mail server that takes longer than the lease; another tick takes over in between."""
    sink.plan = [lambda: staff_alerts.tick(after(minutes=6))]
    staff_alerts.tick(after())
    assert rows() == [(0, THERAPIST, "sent")]
    assert len(sink.taken) == 1
    assert StaffAlert.objects.get().step == 1


# ---- Any order of faults --------------------------------------------------------------------------------------------
FAULTS = st.sampled_from(["", "", "killed", "broken", "later", "refused"])


def _fault(name: str) -> BaseException | None:
    match name:
        case "killed":
            return Killed()
        case "broken":
            return smtplib.SMTPServerDisconnected("gone")
        case "later":
            return smtplib.SMTPDataError(451, b"later")
        case "refused":
            return smtplib.SMTPRecipientsRefused({"x@clinic.example": (550, b"no")})
    return None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FAULTS, max_size=30), st.lists(st.integers(1, 40), max_size=20))
def test_whatever_fails_nobody_is_told_twice_a_round_and_the_alert_goes_on(
    cast: Cast, sink: type[Sink], faults: list[str], pauses: list[int]
) -> None:
    StaffAlert.objects.all().delete()
    Flag.objects.all().delete()
    flags.raise_flag(cast.patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {})
    sink.taken, sink.plan = [], [_fault(name) for name in faults]
    minute = 0
    for pause in [*pauses, 61, 61]:
        with contextlib.suppress(Killed):
            staff_alerts.tick(after(minutes=minute))
        minute += pause
    sink.plan = []
    before = len(sink.taken)
    staff_alerts.tick(after(minutes=minute + 61))
    alert = StaffAlert.objects.get()
    assert len(sink.taken) > before, "an hour without any fault tells somebody"
    assert alert.next_at is not None
    per_round = Counter((row["round"], row["to"]) for row in alert.log)
    assert set(per_round.values()) == {1}
    mails = Counter((message.extra_headers["Message-ID"], message.to[0]) for message in sink.taken)
    assert set(mails.values()) == {1}
    assert not [row for row in alert.log if row["outcome"] == "sending"]


# ---- Real processes and threads -------------------------------------------------------------------------------------


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mailbox.port
        yield mailbox


@pytest.mark.django_db(transaction=True)
def test_killed_process_between_sending_and_outcome(cast: Cast, box: Mailbox) -> None:
    """A process of its own is killed while the mail server keeps it waiting for the last answer."""
    flags.raise_flag(cast.patient, FlagKind.RED_FLAG, Urgency.EMERGENCY, {})
    box.answers = {"END": "hang"}
    # A connection must not be shared with the child, and a pool keeps those that are closed.
    connections.close_all()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    child = os.fork()
    if child == 0:
        try:
            staff_alerts.tick(after())
        finally:
            os._exit(1)
    deadline = time.monotonic() + 20
    while [outcome for *_, outcome in rows()] != ["sending"] or not box.waiting.is_set():
        assert time.monotonic() < deadline, rows()
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    box.answers = {}
    box.hung.set()
    for minute in range(0, 16):
        staff_alerts.tick(after(minutes=minute))
    assert rows() == [(0, THERAPIST, "unknown"), (1, OWNER, "sent"), (1, THERAPIST, "sent")]
    assert len(box.mails) == 2


@pytest.mark.django_db(transaction=True)
def test_two_beats_and_more_at_once_tell_each_person_once_a_round(cast: Cast, sink: type[Sink]) -> None:
    kinds = [FlagKind.RED_FLAG, FlagKind.LEG_SYMPTOMS, FlagKind.PAIN_TREND, FlagKind.PAIN_ABOVE_RULE]
    for patient in (cast.patient, cast.other_patient):
        for kind in kinds:
            flags.raise_flag(patient, kind, Urgency.SAME_DAY, {})
    assert _all_at_once(after()) == 8
    assert Counter(message.to[0] for message in sink.taken) == {THERAPIST: 8}
    assert _all_at_once(after(minutes=15)) == 8
    assert Counter(message.to[0] for message in sink.taken) == {THERAPIST: 16, OWNER: 8}
    assert len({(message.extra_headers["Message-ID"], message.to[0]) for message in sink.taken}) == 24


def _all_at_once(clock: Callable[[], dt.datetime], beats: int = 4) -> int:
    return sum(at_once(*[lambda: staff_alerts.tick(clock)] * beats))


# ---- In the app -----------------------------------------------------------------------------------------------------


def test_flags_can_be_narrowed_to_those_that_alert(flag: Flag, cast: Cast, api: Api) -> None:
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.ROUTINE, {})
    client = api(cast.therapist)

    def kinds(query: str) -> list[str]:
        return [one["kind"] for one in client.get(f"/api/v1/flags?{query}").json()["results"]]

    assert kinds("alert=true") == ["red_flag"]
    assert kinds("alert=false") == ["silent"]
    assert client.get("/api/v1/flags?alert=maybe").status_code == 400
    assert api(cast.outsider).get("/api/v1/flags?alert=true").json()["results"] == []
    client.post(f"/api/v1/flags/{flag.pk}/acknowledge")
    assert kinds("alert=true") == []
    assert sorted(kinds("alert=false")) == ["red_flag", "silent"]


def test_flag_tells_who_was_told(flag: Flag, cast: Cast, api: Api) -> None:
    staff_alerts.tick(after())
    [shown] = api(cast.therapist).get("/api/v1/flags?kind=red_flag").json()["results"]
    assert shown["alert"] == {
        "raised_at": "2026-11-24T11:00:00Z",
        "next_at": "2026-11-24T11:15:00Z",
        "ended_at": None,
        "sent": [{"at": "2026-11-24T11:00:00+00:00", "to": THERAPIST, "outcome": "sent"}],
    }


def test_alert_and_who_acknowledged_it_are_in_the_access_log(flag: Flag, cast: Cast, api: Api) -> None:
    api(cast.therapist).post(f"/api/v1/flags/{flag.pk}/acknowledge")
    about = AccessRecord.objects.filter(object_id=cast.patient.pk).order_by("created_at", "id")
    assert [(one.action, one.actor_name) for one in about] == [
        ("lock", "Rosa Sample"),
        ("alert", ""),
        ("acknowledge", "Dana Example"),
    ]
    assert about[1].detail == {"flag": str(flag.pk), "urgency": "emergency"}


def test_again_on_a_flag_that_nobody_has_seen_changes_nothing(flag: Flag) -> None:
    before = StaffAlert.objects.values().get()
    alerts.again(Flag.objects.get(pk=uuid.UUID(str(flag.pk))))
    assert StaffAlert.objects.values().get() == before
