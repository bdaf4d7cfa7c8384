"""E-mail to staff about an answer that cannot wait, until somebody has seen it.

What is guaranteed, and by what:

- **No alert is lost.** It is a row (`next_at`), written with the answer that caused it. Every tick finds what is due,
  however late: an alert that waited through an outage goes out at once.
- **Each person gets at most one mail a round.** The row of the log says `sending` before the call and the outcome after
  it. A row that stays at `sending` was interrupted: it is shown as `unknown`, that person is not told again in this
  round and is told again in the next one, since nobody may go without an alert because a process died.
- **What certainly did not go out is tried again within the round** (`failed`); an address refused for good (`refused`)
  is not, and a first round that can reach nobody is followed by the next one at once.
- **Two ticks never send the same round.** A claim is a conditional update that raises `fence` and writes a lease. Each
  mail asks for both again, and for the flag: who lost the claim stops, and so does who finds the flag seen meanwhile.

The rounds: first the therapist who is answerable today, then also the clinic's escalation contact, again and again.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import mail
from accounts.models import Clinic, Role, User
from patients import alerts
from patients.models import StaffAlert, Urgency
from patients.record import cover
from reminders.addresses import base_url, host
from reminders.channels import ChannelError, Interrupted
from reminders.channels.email import hand_over
from reminders.clock import database_now
from reminders.interrupted import IN_FLIGHT_FOR

log = logging.getLogger(__name__)

Clock = Callable[[], dt.datetime]
Row = dict[str, Any]

# [D] How long the therapist is alone with it, and how often both are told after that.
ESCALATE_AFTER = dt.timedelta(minutes=15)
THEN_EVERY = dt.timedelta(minutes=60)
# [D] Both, for a warning sign that lets the exercises go on and wants a visit within weeks (RF7, RF10, RF11).
WITHIN_WEEKS = dt.timedelta(days=1)
CAN_WAIT = (Urgency.WEEKS_2, Urgency.ROUTINE)
# [D] When the mail server could not be reached, or said "later".
RETRY_AFTER = dt.timedelta(minutes=2)

LEASE = IN_FLIGHT_FOR
PUT_ASIDE = dt.timedelta(minutes=2)
BATCH = 50
TICK_BUDGET = dt.timedelta(minutes=1)  # before the three minutes of `dispatch` in the same task, which says why
MOST_ROWS = 200  # a month of nobody looking must not make a row that grows without end

SENDING, SENT, UNKNOWN, FAILED, REFUSED = "sending", "sent", "unknown", "failed", "refused"
# Told, or maybe told: not again in this round.
REACHED = frozenset({SENT, UNKNOWN})


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str


def tick(clock: Clock = database_now) -> int:
    """Send what is due, up to `TICK_BUDGET`; how many rounds were held. One query when nothing is due."""
    until = clock() + TICK_BUDGET
    held = 0
    for alert_id, fence in _claimed(clock, until=until):
        try:
            hold_round(alert_id, fence, clock)
        except Exception:
            log.exception("staff alert %s is put aside", alert_id)
            StaffAlert.objects.filter(pk=alert_id, fence=fence).update(lease_until=clock() + PUT_ASIDE)
        held += 1
    return held


# ---- Claiming -------------------------------------------------------------------------------------------------------
def due(now: dt.datetime) -> QuerySet[StaffAlert]:
    """What is due and in nobody's hands."""
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    return StaffAlert.objects.filter(free, next_at__lte=now)


def claim(now: dt.datetime) -> tuple[uuid.UUID, int] | None:
    """Take the alert that is due the longest: its id, and the number that says whose it is."""
    for pk, fence in due(now).order_by("next_at", "id").values_list("pk", "fence")[:BATCH]:
        if due(now).filter(pk=pk, fence=fence).update(fence=F("fence") + 1, lease_until=now + LEASE):
            return pk, fence + 1
    return None


def _claimed(clock: Clock, *, until: dt.datetime) -> Iterator[tuple[uuid.UUID, int]]:
    while (now := clock()) < until and (taken := claim(now)) is not None:
        yield taken


# ---- One round ------------------------------------------------------------------------------------------------------
def hold_round(alert_id: uuid.UUID, fence: int, clock: Clock = database_now) -> None:
    """Tell everybody whose turn it is and who was not told in this round, then set the next one."""
    begun = _begin(alert_id, fence, clock())
    if begun is None:
        return
    alert, people = begun
    for person in people:
        if not _mark_sending(alert, person, clock()):
            return
        outcome, detail = _send(alert, person)
        _note(alert, person, outcome, detail, clock())
    _finish(alert, clock())


def _begin(alert_id: uuid.UUID, fence: int, now: dt.datetime) -> tuple[StaffAlert, list[Recipient]] | None:
    """The alert, and who is still to be told in this round."""
    with transaction.atomic():
        alert = _mine(alert_id, fence, now)
        if alert is None:
            return None
        for row in alert.log:
            if row["outcome"] == SENDING:  # by somebody whose lease has run out
                row["outcome"], row["detail"] = UNKNOWN, "the process that sent it ended before the answer came"
        alert.save(update_fields=["log"])
    settled = {row["to"] for row in _rows(alert) if row["outcome"] != FAILED}
    return alert, [person for person in recipients(alert, now) if person.address not in settled]


def _mine(alert_id: uuid.UUID, fence: int, now: dt.datetime) -> StaffAlert | None:
    """The alert with its row locked; None when the claim is lost, or when there is nothing left to tell."""
    rows = StaffAlert.objects.select_for_update(of=("self",)).select_related("flag", "patient__clinic")
    alert: StaffAlert | None = rows.filter(pk=alert_id, fence=fence, ended_at=None).first()
    if alert is None:
        return None
    if alert.flag.acknowledged_at is not None or alert.flag.resolved_at is not None:
        # Whatever settled the flag need not have known of alerts.
        alerts.end([alert.flag], now)
        return None
    return alert


def _rows(alert: StaffAlert) -> list[Row]:
    """What was sent in the running round."""
    return [row for row in alert.log if row["round"] == alert.step]


def _row(alert: StaffAlert, person: Recipient) -> Row | None:
    return next((row for row in _rows(alert) if row["to"] == person.address), None)


@transaction.atomic
def _mark_sending(alert: StaffAlert, person: Recipient, now: dt.datetime) -> bool:
    """The word before the call. False: the claim was lost, or somebody has seen the flag."""
    fresh = _mine(alert.pk, alert.fence, now)
    if fresh is None:
        return False
    row = _row(fresh, person)
    if row is None:
        row = {"round": fresh.step, "at": now.isoformat(), "to": person.address, "attempts": 0}
        fresh.log = [*fresh.log, row][-MOST_ROWS:]
    row |= {"outcome": SENDING, "detail": "", "attempts": row["attempts"] + 1}
    fresh.lease_until = now + LEASE
    fresh.save(update_fields=["log", "lease_until"])
    return True


@transaction.atomic
def _note(alert: StaffAlert, person: Recipient, outcome: str, detail: str, now: dt.datetime) -> None:
    """The outcome after the call. One that arrives after the row was given up as `unknown` is still the truth."""
    fresh = StaffAlert.objects.select_for_update().get(pk=alert.pk)
    for row in fresh.log:
        if (row["round"], row["to"]) == (alert.step, person.address):
            row |= {"outcome": outcome, "detail": detail[:300], "done_at": now.isoformat()}
    fresh.save(update_fields=["log"])


@transaction.atomic
def _finish(alert: StaffAlert, now: dt.datetime) -> None:
    fresh = _mine(alert.pk, alert.fence, now)
    if fresh is None:
        return
    again_at = now + RETRY_AFTER
    over_at = round_ends(fresh, now)
    outcomes = {row["outcome"] for row in _rows(fresh)}
    if FAILED in outcomes and again_at < over_at:
        next_at = again_at
    else:
        nobody_yet = fresh.step == 0 and not outcomes & {*REACHED, FAILED}
        next_at = now if nobody_yet else max(over_at, now)
        fresh.step += 1
    # An answer that came during the round has asked for another one at once.
    fresh.next_at = fresh.next_at if fresh.next_at != alert.next_at else next_at
    fresh.lease_until = None
    fresh.save(update_fields=["next_at", "step", "lease_until"])


def round_ends(alert: StaffAlert, now: dt.datetime) -> dt.datetime:
    """When the next round is due, counted from the first mail of this one."""
    began = min((dt.datetime.fromisoformat(row["at"]) for row in _rows(alert)), default=now)
    if alert.flag.urgency in CAN_WAIT:
        return began + WITHIN_WEEKS
    return began + (ESCALATE_AFTER if alert.step == 0 else THEN_EVERY)


# ---- To whom --------------------------------------------------------------------------------------------------------
def recipients(alert: StaffAlert, now: dt.datetime) -> list[Recipient]:
    """The therapist who is answerable by the clinic's date; from the second round on also the escalation contact.
    The owners stand in for whichever of the two does not exist. An address is told once."""
    clinic = alert.patient.clinic
    therapist = cover.answerable_on(alert.patient, cover.clinic_today(clinic, now))
    first = _reachable([therapist] if therapist else []) or _owners(clinic)
    if alert.step == 0:
        return _distinct(first)
    return _distinct([*_escalation(clinic), *first])


def _escalation(clinic: Clinic) -> list[Recipient]:
    """The contact need not have an account; without one, the language is the owner's."""
    if not clinic.escalation_email:
        return _owners(clinic)
    known = User.objects.filter(email__iexact=clinic.escalation_email).values_list("language", flat=True).first()
    language = known or next((owner.language for owner in _owners(clinic)), mail.FALLBACK)
    return [Recipient(clinic.escalation_email, language)]


def _owners(clinic: Clinic) -> list[Recipient]:
    rows = clinic.memberships.filter(role=Role.OWNER, ended_at=None).select_related("user").order_by("created_at", "id")
    return _reachable([row.user for row in rows])


def _reachable(users: list[User]) -> list[Recipient]:
    return [Recipient(user.email, user.language) for user in users if user.email and user.is_active]


def _distinct(people: list[Recipient]) -> list[Recipient]:
    return list({person.address.lower(): person for person in reversed(people)}.values())[::-1]


# ---- The mail -------------------------------------------------------------------------------------------------------
def _send(alert: StaffAlert, person: Recipient) -> tuple[str, str]:
    """One call: the outcome, and what the mail server said."""
    try:
        return SENT, hand_over(compose(alert, person))
    except ChannelError as error:
        return (REFUSED if error.permanent else FAILED), str(error)
    except Interrupted as error:
        return UNKNOWN, str(error)


def compose(alert: StaffAlert, person: Recipient) -> EmailMessage:
    """Nothing of the patient but an address that asks for a sign-in: mailboxes of a team are read by many."""
    url = f"{base_url()}/clinic/patients/{alert.patient_id}"
    can_wait = alert.flag.urgency in CAN_WAIT
    name = "staff_alert_soon" if can_wait else "staff_alert"
    message = mail.compose(name, person.address, person.language, clinic=alert.patient.clinic.name, url=url)
    message.extra_headers = {
        # The same for every attempt of a round: a mailbox that got it twice after all shows it once.
        "Message-ID": f"<{alert.pk}.{alert.step}@{host()}>",
        "Auto-Submitted": "auto-generated",
        **({} if can_wait else {"Importance": "high", "X-Priority": "1"}),
    }
    return message
