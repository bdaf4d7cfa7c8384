"""The page of a program: no name, no dates, no way in; every phase with its own table of two weeks from a Monday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from accounts.api.errors import Conflict
from accounts.countries import emergency_number
from accounts.models import Clinic, User
from programs.dose import Dose
from programs.frequency import WEEK_DAYS, Frequency, PerWeek, dates_of, parse
from programs.handout.sheet import DAYS, Entry, Section, Sheet
from programs.handout.words import Words
from programs.models import Phase, Prescription, Program
from programs.wording import PROGRAMS

ANY_MONDAY = dt.date(2024, 1, 1)
ONE_DAY = dt.timedelta(days=1)


def sheet(program: Program, clinic: Clinic, by: User, words: Words, phase: int | None = None) -> Sheet:
    """One phase, or all that have exercises. Raises Conflict `nothing_to_print`."""
    rows = Prescription.objects.filter(phase__program=program).select_related("phase", "exercise")
    rows = rows.order_by("phase__n", "position", "id")
    phases: dict[int, list[Prescription]] = {}
    for row in rows if phase is None else rows.filter(phase__n=phase):
        phases.setdefault(row.phase.n, []).append(row)
    if not phases:
        raise Conflict("There are no exercises to print. Add one first.", "nothing_to_print")
    return Sheet(
        title=words.say("program", name=PROGRAMS.say(program.name, words.language).text),
        about=(),
        sections=[_section(program, prescriptions, words) for prescriptions in phases.values()],
        clinic=clinic.name,
        clinic_phone=clinic.phone,
        emergency=emergency_number(clinic.country),
        therapist=by.name,
    )


def _section(program: Program, prescriptions: Sequence[Prescription], words: Words) -> Section:
    phase = prescriptions[0].phase
    name = PROGRAMS.say(phase.name, words.language).text
    heading = f"{words.say('phase', n=phase.n, name=name)}, {_weeks(phase, words)}"
    return Section([_entry(one) for one in prescriptions], program.pain_limit, heading)


def _weeks(phase: Phase, words: Words) -> str:
    first = phase.from_day // WEEK_DAYS + 1
    last = max(first, -(-phase.to_day // WEEK_DAYS))
    return words.say("week" if first == last else "weeks", first=first, last=last)


def _entry(one: Prescription) -> Entry:
    dose, frequency = Dose.parse(one.dose), parse(one.frequency)
    return Entry(
        exercise=one.exercise,
        dose=dose,
        side=dose.side,
        frequency=frequency,
        due=two_weeks(frequency),
        note=one.note,
        needs_release=one.needs_release,
        optional=bool(one.optional_if),
    )


def two_weeks(frequency: Frequency) -> list[bool]:
    """Which of fourteen days from a Monday have it; all where the patient chooses the days."""
    if isinstance(frequency, PerWeek):
        return [True] * DAYS
    dates = set(dates_of(frequency, ANY_MONDAY, ANY_MONDAY, ANY_MONDAY + (DAYS - 1) * ONE_DAY))
    return [ANY_MONDAY + n * ONE_DAY in dates for n in range(DAYS)]
