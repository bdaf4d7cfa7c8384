"""Adherence: the published formula (API.md, "Days"; CLINICAL.md E), and days as the API shows them. Pure.

    Σ sessions_done ÷ Σ (sessions_due − sessions_unknown)   over the 7 or 28 dates ending yesterday; None at 0/0

An empty day is not 100 %: "no plan", "nothing due" and a fraction are told apart.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from patients.models import PlanDay

WINDOWS = (7, 28)


def is_known(day: PlanDay, known_until: dt.date | None) -> bool:
    """Whether what is undone is missed. Else it is unknown: the phone may still have something to send. Paper makes
    its own dates known."""
    return day.known or (known_until is not None and day.date <= known_until)


def undone(day: PlanDay) -> int:
    return day.due - day.done - day.partly - day.skipped


def sessions_unknown(day: PlanDay, known_until: dt.date | None) -> int:
    return 0 if is_known(day, known_until) else day.sessions_due - day.sessions_done


def day_document(day: PlanDay, known_until: dt.date | None) -> dict[str, Any]:
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
        "pain_max": day.pain_max,
        "pain_last": day.pain_last,
        "effort": day.effort,
    }


def adherence(days: Iterable[PlanDay], known_until: dt.date | None, today: dt.date, window: int) -> float | None:
    """Over the `window` dates that end yesterday; days of several plans are summed."""
    first = today - dt.timedelta(days=window)
    done = asked = 0
    for day in days:
        if first <= day.date < today:
            done += day.sessions_done
            asked += day.sessions_due - sessions_unknown(day, known_until)
    return round(done / asked, 3) if asked else None
