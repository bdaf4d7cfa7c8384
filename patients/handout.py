"""The page of a plan: the exercises in force, two weeks of boxes by the plan's own schedule, and a way onto a phone."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from accounts import access
from accounts.api.errors import Conflict
from accounts.countries import emergency_number
from accounts.models import User
from patients import days, phone, plans
from patients.models import Lock, LockKind, Patient, PatientStatus, Plan
from patients.safety import in_force
from patients.schedule import ONE_DAY, LaidDay, lay_out
from programs.dose import Dose
from programs.frequency import parse
from programs.handout.sheet import DAYS, Entry, Join, Section, Sheet
from programs.handout.words import Words
from programs.models import Prescription
from programs.wording import PROGRAMS


def sheet(plan: Plan, words: Words, join: Join | None, now: dt.datetime | None = None) -> Sheet:
    """Two weeks from today on the patient's calendar, or from the plan's start when that is to come. `plan.patient`
    comes with clinic and responsible.

    Raises Conflict `patient_closed`, `plan_ended`, `nothing_to_print`, and `locked` where a warning sign has stopped
    the exercises.
    """
    now = now or timezone.now()
    patient = plan.patient
    today = days.local_today(patient, now)
    starts = max(plan.starts_on, today)
    _refuse(plan, starts, now)
    laid = lay_out(days.course_of(plan, patient, today), starts, starts + (DAYS - 1) * ONE_DAY, today)
    entries = _entries(laid, starts, patient)
    if not entries:
        raise Conflict("In the next two weeks this plan has no exercise to print.", "nothing_to_print")
    revision = plans.revision_on(plan, starts)
    phase = revision.program.phases.get(n=revision.phase)
    name = PROGRAMS.say(phase.name, words.language).text
    about = [words.say("phase", n=phase.n, name=name) + ".", words.say("from", date=words.date(starts))]
    if patient.affected_side:
        about.insert(0, words.say(f"side.{patient.affected_side}"))
    rule = revision.pain_rule
    return Sheet(
        title=words.say("title", name=patient.name),
        about=about,
        sections=[Section(entries, rule["limit"], pain_words=rule.get("words") or {})],
        clinic=patient.clinic.name,
        clinic_phone=patient.clinic.phone,
        emergency=emergency_number(patient.clinic.country),
        therapist=patient.responsible.name if patient.responsible else "",
        starts=starts,
        join=join,
        cautions=phone.lasting_cautions(patient, plan.pk, today, words.language),
    )


def note_printed(plan: Plan, *, by: User, size: str, language: str) -> None:
    patient = plan.patient
    access.record(
        access.Action.EXPORT,
        by=by,
        clinic=patient.clinic_id,
        kind="patient",
        object_id=patient.pk,
        plan=str(plan.pk),
        form="handout",
        size=size,
        lang=language,
    )


def _refuse(plan: Plan, starts: dt.date, now: dt.datetime) -> None:
    if plan.patient.status in (PatientStatus.MERGED, PatientStatus.ERASED):
        raise Conflict("This record is closed. There is nothing to print.", "patient_closed")
    if plan.ended_on is not None and plan.ended_on <= starts:
        raise Conflict("This plan has ended. There is nothing to print.", "plan_ended")
    if Lock.objects.filter(in_force(now), patient=plan.patient, kind=LockKind.RED_FLAG).exists():
        detail = "A warning sign has stopped this patient's exercises. Print the page when they are unlocked."
        raise Conflict(detail, "locked")


@dataclass
class _Asked:
    """One exercise with one dose: the same in each revision of the two weeks that has it so. `on` are the dates whose
    revision asks it, `due` those with a box."""

    prescription: Prescription
    on: list[dt.date] = field(default_factory=list)
    due: set[dt.date] = field(default_factory=set)


def _entries(laid: Sequence[LaidDay], starts: dt.date, patient: Patient) -> list[Entry]:
    """In the order of the plan. What a precaution takes out on all its dates is not printed at all."""
    found = _prescriptions(item.prescription for day in laid for item in day.items)
    asked: dict[str, _Asked] = {}
    of_revision: dict[uuid.UUID, set[str]] = {}
    for day in laid:
        for item in day.items:
            prescription = found[item.prescription]
            one = asked.setdefault(_same(prescription), _Asked(prescription))
            of_revision.setdefault(day.revision, set()).add(_same(prescription))
            if day.open and not item.excused:
                one.due.add(day.date)
    for day in laid:
        for same in of_revision.get(day.revision, ()):
            asked[same].on.append(day.date)
    taken_out = {
        same
        for same in asked
        if all(item.excused for day in laid for item in day.items if _same(found[item.prescription]) == same)
    }
    last = laid[-1].date if laid else starts
    # By place, not by which is due first; what a later revision brings stands behind.
    left = sorted(
        (one for same, one in asked.items() if same not in taken_out),
        key=lambda one: (one.on[0], one.prescription.position),
    )
    return [_entry(one, starts, last, patient) for one in left]


def _prescriptions(ids: Iterable[str]) -> dict[str, Prescription]:
    rows = Prescription.objects.filter(pk__in=set(ids)).select_related("exercise")
    return {str(one.pk): one for one in rows}


def _same(one: Prescription) -> str:
    """A revision copies every prescription: it is the same to do if nothing that is printed has changed."""
    return json.dumps([str(one.key), str(one.exercise_id), one.dose, one.frequency, one.note], sort_keys=True)


def _entry(one: _Asked, starts: dt.date, last: dt.date, patient: Patient) -> Entry:
    prescription = one.prescription
    side = days.side_of(prescription.dose, patient)
    if prescription.dose.get("side") == "affected" and patient.affected_side is None:
        side = "affected"  # which one is not known: the page must not say "both sides"
    first, till = one.on[0], one.on[-1]
    return Entry(
        exercise=prescription.exercise,
        dose=Dose.parse(prescription.dose),
        side=side,
        frequency=parse(prescription.frequency),
        due=[starts + n * ONE_DAY in one.due for n in range(DAYS)],
        note=prescription.note,
        since=first if first > starts else None,
        till=till if till < last else None,
    )
