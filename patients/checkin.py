"""What check-ins tell about the findings: the later word counts (API.md "findings"; CLINICAL.md D.7). Pure.

`checkin.yaml` holds the questions. Only what a question really answers is overridden: a person who was not asked, or
did not answer, leaves the finding as the clinic wrote it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from programs.findings import Findings

# D.7: "q_radiate ≥2 or q_tingle ≥1 fires R05".
RADIATES_FROM = 2
TINGLES_FROM = 1
# RULINGS.md: "last 7 days" include the 7th.
TINGLING_DAYS = 7
# RULINGS.md (Adherence): a range fulfils a number when its lower end reaches it.
SITTING_MINUTES: Mapping[str, int] = {"lt5": 0, "5_15": 5, "15_30": 15, "30_60": 30, "gt60": 60}


@dataclass(frozen=True)
class Answered:
    """One check-in: its local date and its answers as API.md writes them."""

    date: dt.date
    answers: Mapping[str, Any]


def findings_after(findings: Findings, checkins: Iterable[Answered], today: dt.date) -> Findings:
    """The findings as of today, `checkins` in the order in which they were answered.

    What R06 speaks of (symptoms spread further, new weakness) becomes true on its own day only: the stop it means ends
    at local midnight (RULINGS.md). A later "no" ends what a clinic noted.
    """
    told = [checkin for checkin in checkins if checkin.date <= today]
    changes: dict[str, Any] = {}
    if (level := _latest(told, "q_radiate")) is not None:
        changes["radiating"] = level >= RADIATES_FROM
    if (spread := _spread_further(told, today)) is not None:
        changes["spread_further"] = spread
    if (tingling := _tingling(told, today)) is not None:
        changes["tingling_7d"] = tingling
    if any(checkin.date == today and checkin.answers.get("q_weak") == "yes" for checkin in told):
        changes["new_weakness"] = True
    elif _latest(told, "q_weak") == "no":
        changes["new_weakness"] = False
    if (pain := _latest(told, "q_sit_pain")) is not None:
        changes["sitting_pain"] = pain
    if (span := _latest(told, "q_sit_time")) is not None:
        changes["sitting_tolerance_min"] = SITTING_MINUTES[span]
    if (snap := _latest(told, "q_snap")) is not None:
        changes["snapping"] = snap != "none"
    return replace(findings, **changes)


def _latest(told: Sequence[Answered], question: str) -> Any:
    """The last answer to a question; None if it was never answered."""
    return next((c.answers[question] for c in reversed(told) if c.answers.get(question) is not None), None)


def _spread_further(told: Sequence[Answered], today: dt.date) -> bool | None:
    """True if today leg symptoms reached lower than at the check-in before, for more than 30 minutes; False if the last
    answer did not; None if that cannot be told."""
    levels = [c for c in told if c.answers.get("q_radiate") is not None]
    spread = [
        (now.date, now.answers["q_radiate"] > before.answers["q_radiate"] and now.answers.get("q_leg_30min") == "yes")
        for before, now in pairwise(levels)
    ]
    if (today, True) in spread:
        return True
    return False if spread and not spread[-1][1] else None


def _tingling(told: Sequence[Answered], today: dt.date) -> bool | None:
    """Whether any answer of the last 7 days said so; None if none of them was answered."""
    recent = [
        c.answers["q_tingle"]
        for c in told
        if c.answers.get("q_tingle") is not None and (today - c.date).days <= TINGLING_DAYS
    ]
    return any(answer >= TINGLES_FROM for answer in recent) if recent else None
