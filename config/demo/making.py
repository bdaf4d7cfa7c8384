"""Writing the demo clinic. Every patient is one transaction and is written once: a second run finds them and goes on.

Histories go through the domain's own functions (register, invite, join, prescribe, revise, pause, receive), so that the
rows are those that real phones would have made. What those functions date "now" is dated back afterwards.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import math
import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.api.errors import Conflict
from accounts.models import Clinic, Membership, Role, User, hash_token
from config.demo.cast import NEWCOMER, ROSA, Persona, personas
from config.demo.history import NAMESPACE, Asked, Diary, DueDay, Orders, Sent
from patients import attention, days, invitations, messages, people, plans
from patients.models import Entry, Flag, Invitation, ItemKind, Patient, PatientAccess, Plan, PlanRevision
from patients.review import due
from patients.sync.clock import Clock
from patients.sync.envelope import MOST_ITEMS, Envelope
from patients.sync.store import Sender, receive
from programs.copying import copy_program
from programs.models import Phase, Prescription, Program
from reminders.addresses import base_url
from reminders.rules import ensure_rule

Written = TypeVar("Written")

CLINIC = "Example Physiotherapy"
PASSWORD = "look-around-2026"  # noqa: S105 (printed for everyone who wants to look around)
DANA, THEO, ALEX = "dana@clinic.example", "theo@clinic.example", "alex@clinic.example"
STAFF = (
    (DANA, "Dana Example", Role.OWNER),
    (THEO, "Theo Template", Role.THERAPIST),
    (ALEX, "Alex Stencil", Role.ASSISTANT),
)
DRAFT = "Ischiofemoral impingement, gentle start"
# Phones send at least this often; fewer, bigger calls are quicker to write.
CALL_SPAN = dt.timedelta(days=14)
REASONS = {
    "block": "Gone through together in the clinic; kept with the patient's agreement.",
    "release": "Released at the last visit; the patient knows the limits.",
}


class TemplatesMissing(LookupError):  # noqa: N818 (a sentence for the operator)
    """The shared templates are not loaded yet."""


@dataclass(frozen=True)
class Team:
    clinic: Clinic
    dana: User
    theo: User

    def responsible_for(self, n: int) -> User:
        return self.theo if n % 3 == 2 else self.dana


def make(*, count: int, weeks: int, seed: int) -> Iterator[tuple[int, int]]:
    """Write what is not there yet. Yields (patients looked after, of how many), for a progress bar.

    Raises TemplatesMissing before anything is written.
    """
    templates = {program.slug: program for program in Program.objects.filter(clinic=None, template=True)}
    cast = personas(count, weeks, seed)
    if missing := {person.template for person in cast} - set(templates):
        raise TemplatesMissing(", ".join(sorted(missing)))
    password = make_password(PASSWORD)
    team = _team(password, templates[NEWCOMER.template])
    for n, person in enumerate(cast):
        yield n, len(cast)
        if Patient.objects.filter(pk=patient_id(person)).exists():
            continue
        with transaction.atomic():
            maker = _Maker(person, team, team.responsible_for(n), _dice(person, seed))
            maker.make(templates[person.template], password)
    # As the worker does: the rules have looked at everybody before anyone opens the caseload.
    while due.run():
        pass
    yield len(cast), len(cast)


def _dice(person: Persona, seed: int) -> random.Random:
    """Rosa's five weeks are one story, told in the README's pictures: the same for every seed."""
    return random.Random(person.name if person is ROSA else f"{seed}/{person.name}")  # noqa: S311


def patient_id(person: Persona) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, person.name)


def _team(password: str, template: Program) -> Team:
    with transaction.atomic():
        clinic, _ = Clinic.objects.get_or_create(
            pk=uuid.uuid5(NAMESPACE, CLINIC),
            defaults={
                "name": CLINIC,
                "phone": "+34 910 000 000",
                "country": "ES",
                "hours": "Monday to Friday, 8:00 to 19:00",
                "escalation_email": "duty@clinic.example",
            },
        )
        team = {email: _staff(clinic, email, name, role, password) for email, name, role in STAFF}
        if not clinic.programs.filter(name=DRAFT).exists():
            copy_program(template, clinic=clinic, by=team[DANA], sealed=False, name=DRAFT)
    return Team(clinic, team[DANA], team[THEO])


def _staff(clinic: Clinic, email: str, name: str, role: Role, password: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(email=email, name=name, timezone=clinic.timezone, password=password)
        Membership.objects.create(user=user, clinic=clinic, role=role)
    return user


class _Maker:
    """One patient, from the record to yesterday's check-in."""

    def __init__(self, person: Persona, team: Team, responsible: User, rng: random.Random) -> None:
        self.person, self.team, self.by, self.rng = person, team, responsible, rng
        self.now = timezone.now()
        self.zone = ZoneInfo(person.zone)
        self.today = self.now.astimezone(self.zone).date()
        self.starts_on = self.today - dt.timedelta(days=person.days)
        self.started_at = dt.datetime.combine(self.starts_on, dt.time(16, 40), self.zone) - dt.timedelta(days=1)
        self.device = uuid.uuid5(patient_id(person), "phone")

    def make(self, template: Program, password: str) -> None:
        patient, _ = people.register(
            clinic=self.team.clinic,
            by=self.by,
            id=patient_id(self.person),
            name=self.person.name,
            birth_date=self.person.born,
            email=self.person.email,
            timezone=self.person.zone,
            language=self.person.language,
            affected_side=self.person.side,
            condition=self.person.condition,
            findings=self._findings(),
        )
        plan = self._prescribe(patient, template)
        if self.person is NEWCOMER:
            return
        user = self._join(patient, password)
        ensure_rule(patient, local_time=self.person.hour)
        self._advance(plan, template)
        self._send_history(patient, plan, user)
        self._date_back(patient, plan)

    def _findings(self) -> dict[str, Any]:
        findings = dict(self.person.findings)
        if self.person.condition == "lt_resection":
            operated = self.starts_on - dt.timedelta(weeks=4)
            findings["surgery"] = {"on": operated.isoformat(), "weight_bearing_cleared": True}
        return findings

    # ---- the clinic's side ------------------------------------------------------------------------------------------

    def _prescribe(self, patient: Patient, template: Program) -> Plan:
        return _with_reasons(
            lambda overrides: plans.prescribe(
                id=uuid.uuid5(patient.pk, "plan"),
                program=template,
                patient=patient,
                starts_on=self.starts_on,
                by=self.by,
                pain_rule=self._pain_rule(template),
                overrides=overrides,
            )
        )

    def _pain_rule(self, template: Program) -> dict[str, Any] | None:
        """Whose usual pain is near the program's limit has one set by the therapist, as the rule asks for."""
        usual = math.ceil(self.person.pain[1])
        return None if usual < template.pain_limit else {"limit": min(7, usual + 1)}

    def _join(self, patient: Patient, password: str) -> User:
        issued = invitations.invite(patient, by=self.by)
        user = invitations.join(issued.token, patient.birth_date, device=self.device).user
        user.password = password
        user.save(update_fields=["password"])
        patient.refresh_from_db()
        return user

    def _advance(self, plan: Plan, template: Program) -> None:
        """Through the phases on the planned path, and the pause that the therapist entered."""
        for phase in Phase.objects.filter(program=template, n__gt=1, from_day__lt=self.person.days).order_by("n"):
            self._next_phase(plan, phase)
        if self.person.paused and self.person.paused[1] < self.person.days:
            first, last = (self.today - dt.timedelta(days=back) for back in reversed(self.person.paused))
            plans.pause(plan, by=self.by, from_date=first, to_date=last, reason="Away from home")

    def _next_phase(self, plan: Plan, phase: Phase) -> None:
        _with_reasons(
            lambda overrides: plans.revise(
                plan,
                by=self.by,
                phase=phase.n,
                effective_from=self.starts_on + dt.timedelta(days=phase.from_day),
                reason="Exit criteria met",
                overrides=overrides,
            )
        )

    # ---- the phone's side -------------------------------------------------------------------------------------------

    def _send_history(self, patient: Patient, plan: Plan, user: User) -> None:
        diary = Diary(self.person, self._orders(patient, plan), self.today, self.rng)
        rows = plan.days.filter(date__lt=self.today).order_by("date").values_list("date", "items", "open")
        sent = diary.write([DueDay(*row) for row in rows])
        for call in _calls(sent):
            self._sync(patient, user, call[-1].at + dt.timedelta(seconds=30), [one.item for one in call])
        if self.person.reply:
            self._reply(patient, user)
        silent = self.person.away is not None and self.person.away[0] == 1
        if not silent:
            # The app was opened today: what is undone up to yesterday is missed, no longer unknown.
            self._sync(patient, user, self.now, [])

    def _reply(self, patient: Patient, user: User) -> None:
        """The therapist answers the next morning, and the patient reads it at breakfast."""
        question = Entry.objects.get(patient=patient, kind=ItemKind.MESSAGE)
        draft = messages.draft(patient, body=self.person.reply, about=None, id=uuid.uuid5(patient.pk, "reply"))
        reply, _ = messages.write(patient=patient, by=self.by, message=draft)
        at = dt.datetime.combine(question.local_date + dt.timedelta(days=1), dt.time(8, 10), self.zone)
        times = dict.fromkeys(("happened_at", "happened_at_raw", "logged_at"), at)
        seen = {"seen_at": at + dt.timedelta(minutes=25), "seen_by": user}
        Entry.objects.filter(pk=reply.pk).update(local_date=at.date(), **times, **seen)

    def _orders(self, patient: Patient, plan: Plan) -> Orders:
        rows = Prescription.objects.filter(phase__program__revisions__plan=plan).select_related("exercise").distinct()
        asked = {
            str(row.pk): Asked(row.exercise.slug, row.dose, _logged_side(days.side_of(row.dose, patient)))
            for row in rows
        }
        return Orders(plan.pk, asked, plan.revisions.latest("n").pain_rule["limit"])

    def _sync(self, patient: Patient, user: User, at: dt.datetime, items: list[dict[str, Any]]) -> None:
        clock = Clock(at.astimezone(self.zone), at, self.zone)
        results = receive(Envelope(patient.pk, self.device, clock, self.person.zone, 0, items), Sender(user))
        if refused := [result for result in results if result.status != "stored"]:
            raise AssertionError(f"{self.person.name}: {refused[0]}")

    # ---- dating back ------------------------------------------------------------------------------------------------

    def _date_back(self, patient: Patient, plan: Plan) -> None:
        start, a_day_ago = self.started_at, self.now - dt.timedelta(days=1)
        Patient.objects.filter(pk=patient.pk).update(created_at=start)
        Plan.objects.filter(pk=plan.pk).update(created_at=start)
        PatientAccess.objects.filter(patient=patient).update(created_at=start, consented_at=start)
        Invitation.objects.filter(patient=patient).update(created_at=start, used_at=start)
        for revision in PlanRevision.objects.filter(plan=plan):
            decided = dt.datetime.combine(revision.effective_from, dt.time(16, 40), self.zone) - dt.timedelta(days=1)
            PlanRevision.objects.filter(pk=revision.pk).update(created_at=decided)
        entries = Entry.objects.filter(patient=patient)
        entries.update(received_at=F("logged_at") + dt.timedelta(seconds=3))
        at_home = entries.filter(from_staff=False)
        at_home.filter(received_at__lt=a_day_ago).update(
            seen_at=F("received_at") + dt.timedelta(hours=5), seen_by=self.by
        )
        last = at_home.order_by("-received_at").values_list("received_at", flat=True).first()
        if last is not None and Flag.objects.filter(patient=patient).update(raised_at=last):
            attention.refresh(patient)


def _with_reasons(write: Callable[[list[plans.Override]], Written]) -> Written:
    """As in the builder: what the precaution check objects to gets a typed reason, then it is written."""
    try:
        with transaction.atomic():
            return write([])
    except Conflict as conflict:
        found = conflict.extra.get("conflicts")
        if not found:
            raise
        reasons = {(one["rule"], one["key"]): REASONS[one["action"]] for one in found}
        return write([plans.Override(rule, key, reason) for (rule, key), reason in reasons.items()])


def _logged_side(side: str) -> str:
    """A log knows left, right and both; alternating is both."""
    return "both" if side == "alternating" else side


def _calls(sent: Sequence[Sent]) -> Iterator[list[Sent]]:
    """In parts no longer than `CALL_SPAN` and no bigger than a call may be."""
    call: list[Sent] = []
    for one in sent:
        if call and (one.at - call[0].at > CALL_SPAN or len(call) == MOST_ITEMS):
            yield call
            call = []
        call.append(one)
    if call:
        yield call


# ---- The open invitation --------------------------------------------------------------------------------------------


def open_invitation() -> tuple[str, dt.date]:
    """The join link of the newcomer, and the birth date that it asks for.

    Tokens are stored as hashes only, so a second run could not print the first one's. This one is derived from the
    installation's secret key; once it is used or has expired, the next in line is made.
    """
    patient = Patient.objects.get(pk=patient_id(NEWCOMER))
    n = 0
    while True:
        token = _token(n)
        invitation = Invitation.objects.filter(token_hash=hash_token(token)).first()
        if invitation is None:
            _invite(patient, token)
            break
        if invitation.used_at is None and invitation.voided_at is None and invitation.expires_at > timezone.now():
            break
        n += 1
    return f"{base_url()}/join/{token}", patient.birth_date


def _token(n: int) -> str:
    key = str(settings.SECRET_KEY).encode()
    return hmac.new(key, f"demo invitation {n}".encode(), hashlib.sha256).hexdigest()[:32]


@transaction.atomic
def _invite(patient: Patient, token: str) -> None:
    dana = User.objects.get(email=DANA)
    invitation = invitations.invite(patient, by=dana).invitation
    invitation.token_hash = hash_token(token)
    invitation.save(update_fields=["token_hash"])
