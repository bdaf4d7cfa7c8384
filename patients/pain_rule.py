"""The pain-monitoring model as values (CLINICAL.md D.2, RULINGS.md "Pain rule"). Pure; the phone has the same rules in
`pwa/src/rules/pain-rule.ts`, and `tests/pain_rule_cases.yaml` is run by both.

Scores are NPRS 0–10. `None` is "not answered": a moment without an answer is left out, never taken for zero. The
thresholds are design decisions [D] and not validated in ischiofemoral impingement or with nerve pain; a therapist
decides what follows from a colour, except that `stop_and_contact` stops at once.

    before ──▶ during (per exercise) ──▶ after (≤ 4 h) ──▶ next morning
                                                             └── against the baseline of the 7 dates before it
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

AFTER_WITHIN = dt.timedelta(hours=4)
BASELINE_DATES = 7
BASELINE_LEAST = 3
BASELINE_RISE = 2
BASELINE_RISE_DAYS = 14
STOP_PAIN = 8
GREEN_DURING = 2
PROGRESS_SESSIONS = 3
PROGRESS_ADHERENCE = 0.70
NO_RED_DATES = 7


class Colour(IntEnum):
    """Ordered, so that the worst of several moments is their maximum: red wins every tie."""

    GREEN = 0
    AMBER = 1
    RED = 2


class Verdict(StrEnum):
    STOP_AND_CONTACT = "stop_and_contact"
    REGRESS = "regress"
    PROGRESS = "progress"
    HOLD = "hold"


class Weakness(StrEnum):
    NO = "no"
    NOT_SURE = "not_sure"
    YES = "yes"


def during(pain: int | None, limit: int) -> Colour | None:
    """One exercise, at its worst."""
    if pain is None:
        return None
    if pain > limit:
        return Colour.RED
    return Colour.GREEN if pain <= GREEN_DURING else Colour.AMBER


def after(pain: int | None, before: int | None, limit: int, baseline: int | None = None) -> Colour | None:
    """The latest answer within four hours of the session, against the pain before it; without that, against the
    baseline. With neither only the limit can be judged."""
    if pain is None:
        return None
    reference = baseline if before is None else before
    if pain > limit or (reference is not None and pain >= reference + 3):
        return Colour.RED
    return Colour.AMBER if reference is not None and pain == reference + 2 else Colour.GREEN


def morning(pain: int | None, baseline: int | None, limit: int) -> Colour | None:
    """The next morning, against the usual morning."""
    if pain is None:
        return None
    if pain > limit or (baseline is not None and pain >= baseline + 3):
        return Colour.RED
    return Colour.AMBER if baseline is not None and pain > baseline else Colour.GREEN


@dataclass(frozen=True)
class Leg:
    """Leg symptoms at one moment: `reach` 0 none … 5 foot (q_radiate), `tingling` 0–3 (q_tingle)."""

    reach: int | None = None
    tingling: int | None = None


def leg(
    before: Leg,
    now: Leg,
    *,
    lasts_over_30_min: bool | None = None,
    new_numb_area: bool = False,
    weak: Weakness | None = None,
) -> Colour | None:
    """Against before the session. Same or less, however long: green. More, or lower, gone within 30 minutes: amber.
    A level lower for more than 30 minutes, a new numb area, or weakness: red, which is rule R06.

    Whether it lasted is asked only when the reach rose; an unanswered question there counts as lasting, since the
    safe reading of silence about a spreading symptom is the worse one.
    """
    if new_numb_area or weak == Weakness.YES:
        return Colour.RED
    lower = None not in (before.reach, now.reach) and (now.reach or 0) > (before.reach or 0)
    more = None not in (before.tingling, now.tingling) and (now.tingling or 0) > (before.tingling or 0)
    if lower and lasts_over_30_min is not False:
        return Colour.RED
    if lower or more or weak == Weakness.NOT_SURE:
        return Colour.AMBER
    answered = now.reach is not None or now.tingling is not None or weak is not None
    return Colour.GREEN if answered else None


def worst(colours: Iterable[Colour | None]) -> Colour | None:
    """The session's colour: the worst of all its moments that were answered."""
    return max((colour for colour in colours if colour is not None), default=None)


def baseline(mornings: Mapping[dt.date, int | None], judged: dt.date, intake: int | None = None) -> int | None:
    """The usual morning: the median of the answers of the seven dates before `judged` (at least three), rounded half
    up; the judged morning is not in it. With fewer, the intake's morning value."""
    answers = [
        answer
        for back in range(1, BASELINE_DATES + 1)
        if (answer := mornings.get(judged - dt.timedelta(days=back))) is not None
    ]
    if len(answers) < BASELINE_LEAST:
        return intake
    return math.floor(statistics.median(answers) + 0.5)


@dataclass(frozen=True)
class JudgedSession:
    """One session with its colour after the next morning; `red_key` is the prescription that was red, if one was."""

    date: dt.date
    colour: Colour | None
    effort: int | None = None
    target_effort: int | None = None
    red_key: str | None = None


@dataclass(frozen=True)
class Situation:
    """Everything the decision looks at. `sessions` are in the order of time, the judged one last; `adherence_7` is a
    fraction or None; `highest_pain` is the day's highest of any source; `red_elsewhere`: a red session of another plan
    in the 7 dates up to today. "No red in 7 days" (D.2) is about the person, whichever plan it was in."""

    today: dt.date
    sessions: Sequence[JudgedSession]
    adherence_7: float | None
    baseline_now: int | None = None
    baseline_14_days_ago: int | None = None
    red_leg: bool = False
    locking_red_flag: bool = False
    highest_pain: int | None = None
    red_elsewhere: bool = False


@dataclass(frozen=True)
class Decision:
    verdict: Verdict
    reason: str
    key: str | None = None


def decide(situation: Situation) -> Decision:
    """The first that fits: stop_and_contact, regress, progress, hold."""
    if reason := _stop(situation):
        return Decision(Verdict.STOP_AND_CONTACT, reason)
    if decision := _regress(situation):
        return decision
    if _may_progress(situation):
        return Decision(Verdict.PROGRESS, "three_good_sessions")
    return Decision(Verdict.HOLD, "not_enough_sessions" if len(situation.sessions) < PROGRESS_SESSIONS else "not_yet")


def _stop(situation: Situation) -> str | None:
    if situation.locking_red_flag:
        return "red_flag"
    if situation.red_leg:
        return "leg_symptoms"
    return "severe_pain" if (situation.highest_pain or 0) >= STOP_PAIN else None


def _regress(situation: Situation) -> Decision | None:
    sessions = situation.sessions
    if sessions and sessions[-1].colour == Colour.RED:
        return Decision(Verdict.REGRESS, "red_session", sessions[-1].red_key)
    last = sessions[-PROGRESS_SESSIONS:]
    if len(last) == PROGRESS_SESSIONS and all(session.colour == Colour.AMBER for session in last):
        return Decision(Verdict.REGRESS, "three_ambers")
    now, earlier = situation.baseline_now, situation.baseline_14_days_ago
    if now is not None and earlier is not None and now - earlier >= BASELINE_RISE:
        return Decision(Verdict.REGRESS, "baseline_up")
    return None


def _may_progress(situation: Situation) -> bool:
    last = situation.sessions[-PROGRESS_SESSIONS:]
    if len(last) < PROGRESS_SESSIONS or any(session.colour is None for session in last):
        return False
    ambers = sum(session.colour == Colour.AMBER for session in last)
    # "No red in the 7 dates up to today", today included.
    oldest = situation.today - dt.timedelta(days=NO_RED_DATES - 1)
    reds = situation.red_elsewhere or any(
        s.colour == Colour.RED and oldest <= s.date <= situation.today for s in situation.sessions
    )
    efforts_fit = all(
        session.effort is not None and (session.target_effort is None or session.effort <= session.target_effort)
        for session in last
    )
    follows = situation.adherence_7 is not None and situation.adherence_7 >= PROGRESS_ADHERENCE
    no_red_among_them = all(session.colour != Colour.RED for session in last)
    return ambers <= 1 and not reds and no_red_among_them and efforts_fit and follows
