"""Adherence: the published formula (docs/adherence.md; API.md, "Days"; CLINICAL.md E), in this one place. Pure, except
for `overdoing`, which reads seven dates.

    session adherence   Σ sessions_done ÷ Σ (sessions_due − sessions_unknown)
    dose adherence      Σ dose_done ÷ Σ (dose_asked − dose_unknown)
    over-doing          Σ (dose_done + dose_over) ÷ Σ (dose_asked − dose_unknown), uncapped

each over the 7 or 28 dates that end yesterday, summed over plans; None at 0/0. An empty day is not 100 %: "no plan",
"nothing due" and a fraction are told apart.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from patients.models import Patient, PlanDay

WINDOWS = (7, 28)
SESSIONS = ("sessions_due", "sessions_done", "sessions_unknown")
DOSE = ("dose_asked", "dose_done", "dose_over", "dose_unknown")
WEEK = 7
ON_TRACK, PARTIAL, OVERDOING = 80, 50, 120  # percent, CLINICAL.md E
ONE_DAY = dt.timedelta(days=1)


class Sessions(Protocol):
    """What session adherence asks of a day; a model's row, or any other that has the same."""

    @property
    def date(self) -> dt.date: ...
    @property
    def known(self) -> bool: ...
    @property
    def sessions_due(self) -> int: ...
    @property
    def sessions_done(self) -> int: ...


Day = TypeVar("Day", bound=Sessions)


class Band(StrEnum):
    ON_TRACK = "on_track"
    PARTIAL = "partial"
    LOW = "low"
    LAPSED = "lapsed"


# ---- One day --------------------------------------------------------------------------------------------------------
def is_known(day: Sessions, known_until: dt.date | None) -> bool:
    """Whether what is undone is missed. Else it is unknown: the phone may still have something to send. Paper makes
    its own dates known."""
    return day.known or (known_until is not None and day.date <= known_until)


def undone(day: PlanDay) -> int:
    return day.due - day.done - day.partly - day.skipped


def sessions_unknown(day: Sessions, known_until: dt.date | None) -> int:
    return 0 if is_known(day, known_until) else day.sessions_due - day.sessions_done


def day_document(day: PlanDay, known_until: dt.date | None) -> dict[str, Any]:
    return {
        **_exercises(day, known_until),
        "pain_max": day.pain_max,
        "pain_last": day.pain_last,
        "effort": day.effort,
    }


def sum_row(day: PlanDay, known_until: dt.date | None) -> dict[str, Any]:
    """A plan's date as a row of a sum."""
    return {
        **_exercises(day, known_until),
        "dose_asked": day.dose_asked,
        "dose_done": day.dose_done,
        "dose_over": day.dose_over,
        "dose_unknown": dose_unknown(day, known_until),
    }


def _exercises(day: PlanDay, known_until: dt.date | None) -> dict[str, Any]:
    left = undone(day)
    known = is_known(day, known_until)
    return {
        "plan": str(day.plan_id),
        "date": day.date.isoformat(),
        "due": day.due,
        "done": day.done,
        "partly": day.partly,
        "skipped": day.skipped,
        "missed": left if known else 0,
        "unknown": 0 if known else left,
        "excused": day.excused,
        "extra": day.extra,
        "sessions_due": day.sessions_due,
        "sessions_done": day.sessions_done,
        "sessions_unknown": sessions_unknown(day, known_until),
    }


# ---- Windows --------------------------------------------------------------------------------------------------------
def first_of(today: dt.date, window: int) -> dt.date:
    return today - window * ONE_DAY


def in_window(days: Iterable[Day], today: dt.date, window: int) -> list[Day]:
    """Those of the `window` dates that end yesterday."""
    first = first_of(today, window)
    return [day for day in days if first <= day.date < today]


def adherence(days: Iterable[Sessions], known_until: dt.date | None, today: dt.date, window: int) -> float | None:
    """Session adherence, 0 to 1, rounded to three places."""
    done = asked = 0
    for day in in_window(days, today, window):
        done += day.sessions_done
        asked += day.sessions_due - sessions_unknown(day, known_until)
    return share(done, asked)


def share(done: int, asked: int) -> float | None:
    return round(done / asked, 3) if asked else None


def band(done: int, asked: int, *, lapsed: bool) -> Band | None:
    """CLINICAL.md E; None where nothing can be said yet. Judged on the fraction, not on its rounding."""
    if lapsed:
        return Band.LAPSED
    if not asked:
        return None
    if 100 * done >= ON_TRACK * asked:
        return Band.ON_TRACK
    return Band.PARTIAL if 100 * done >= PARTIAL * asked else Band.LOW


def has_lapsed(days: Iterable[PlanDay], today: dt.date) -> bool:
    """Nothing at all was done on the seven dates that end yesterday, though something was due; each of them was a date
    of a plan, and none was excused [D]. Silence is enough: unknown and missed are alike here."""
    week = in_window(days, today, WEEK)
    asked: dict[dt.date, int] = defaultdict(int)
    excused: dict[dt.date, int] = defaultdict(int)
    for day in week:
        asked[day.date] += day.due
        excused[day.date] += day.excused
    free = any(excused[date] and not asked[date] for date in asked)
    heard = any(day.done or day.partly or day.extra for day in week)
    return len(asked) == WEEK and any(asked.values()) and not free and not heard


# ---- Over-doing -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Overdoing:
    """What was done against what was asked, in hundredths of a set, extra sessions and sets included. `ratio` is None
    when nothing was asked."""

    done: int
    asked: int
    first: dt.date
    last: dt.date

    @property
    def ratio(self) -> float | None:
        return share(self.done, self.asked)

    @property
    def flagged(self) -> bool:
        """More than 120 % of what was asked, to the last hundredth of a set."""
        return self.asked > 0 and 100 * self.done > OVERDOING * self.asked

    def as_json(self) -> dict[str, Any]:
        return {
            "done": self.done,
            "asked": self.asked,
            "ratio": self.ratio,
            "flagged": self.flagged,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
        }


def overdoing(patient: Patient, today: dt.date, window: int = WEEK) -> Overdoing:
    """Of the week that ended yesterday, over all plans: one query. What is unknown is not asked: then it says what is
    known of the other days."""
    days = PlanDay.objects.filter(plan__patient=patient, date__range=(first_of(today, window), today - ONE_DAY))
    return overdoing_of(days, patient.known_until, today, window)


def overdoing_of(days: Iterable[PlanDay], known_until: dt.date | None, today: dt.date, window: int) -> Overdoing:
    done = asked = 0
    for day in in_window(days, today, window):
        done += day.dose_done + day.dose_over
        asked += day.dose_asked - dose_unknown(day, known_until)
    return Overdoing(done, asked, first_of(today, window), today - ONE_DAY)


def dose_unknown(day: PlanDay, known_until: dt.date | None) -> int:
    return 0 if is_known(day, known_until) else day.dose_undone
