"""What a page shows, as values; `printing` makes a PDF of them. Pure.

A sheet has sections (a plan has one; a program one for each phase), a section has entries (an exercise with its dose)
and a tick table of fourteen columns. Nothing here knows patients: a plan hands over names, dates and boxes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from exercises.models import Exercise
from exercises.wording import Said
from programs.dose import Dose
from programs.frequency import Frequency

DAYS = 14
STOP_PAIN = 8  # CLINICAL.md D.2: pain of 8 or more stops the exercises for the day, whatever the limit


@dataclass(frozen=True)
class Entry:
    """An exercise to do. `side` is the dose's, `affected` already made the patient's where it is known; `due` says of
    each column whether its boxes are there; `since` and `till` are dates, where it is not asked for all the time."""

    exercise: Exercise
    dose: Dose
    side: str
    frequency: Frequency
    due: Sequence[bool]
    note: str = ""
    since: dt.date | None = None
    till: dt.date | None = None
    needs_release: bool = False
    optional: bool = False


@dataclass(frozen=True)
class Section:
    """`heading` is empty where the sheet has one section only."""

    entries: Sequence[Entry]
    limit: int
    heading: str = ""
    pain_words: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Join:
    """The way onto a phone: an address that works once, until a date."""

    url: str
    until: dt.date


@dataclass(frozen=True)
class Sheet:
    """`starts` is the first column's date; without it the columns are the weekdays of any two weeks, from a Monday.

    `therapist` is who is told of pain and who signs the page; empty for nobody in particular."""

    title: str
    about: Sequence[str]
    sections: Sequence[Section]
    clinic: str
    clinic_phone: str
    emergency: str
    therapist: str = ""
    starts: dt.date | None = None
    join: Join | None = None
    cautions: Sequence[Said] = ()
