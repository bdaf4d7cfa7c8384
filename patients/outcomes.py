"""Outcome measures: NPRS, PSFS and GROC, what their answers score, which change matters, and when they are asked. Pure.

Sources are CLINICAL.md D.1, D.4, D.5 and D.6; windows, missing items and "worse" are design decisions [D]. No other
instrument is known here: none may be shipped before its licence is on file.

    nprs {now, average, worst}              0–10, of the last 7 days; the score is the average; low is good
    psfs {activities: [{text, score}]}      0–10 each, at most 5; the score is their mean; high is good
    groc {change}                           −5 (very much worse) to 5 (completely recovered), since the start
"""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

ONE_DAY = dt.timedelta(days=1)
INSTRUMENTS = ("nprs", "psfs", "groc")
BASELINE = "baseline"
MOST_ACTIVITIES = 5

# Salaffi 2004 and Farrar 2001 (CLINICAL.md D.1): points, or percent of the baseline.
NPRS_MUCH, NPRS_SLIGHTLY = (2, 30), (1, 15)
NPRS_WORSE = 2  # [D], in points only: percentages of a small number exaggerate a rise
# Stratford 1995, as printed on the form: 2 points for the average, 3 for a single activity.
PSFS_MATTERS, PSFS_MATTERS_ALONE = 2, 3
GROC_MATTERS = 2

# When each is asked, in days from the start of the treatment, both included [D]. A late baseline is better than none,
# up to the day before the first follow-up.
WINDOWS: Mapping[str, tuple[int, int]] = {
    BASELINE: (-14, 20),
    "w4": (21, 34),
    "w8": (49, 62),
    "w12": (77, 97),
    "w24": (154, 181),
}
GAP = dt.timedelta(days=28)  # [D] plans further apart than this are two treatments


class Incomplete(StrEnum):
    """Why an answer has no score."""

    AVERAGE_MISSING = "average_missing"
    TOO_FEW_ACTIVITIES = "too_few_activities"
    CHANGE_MISSING = "change_missing"
    NOT_READABLE = "not_readable"


class Meaning(StrEnum):
    MUCH_BETTER = "much_better"
    SLIGHTLY_BETTER = "slightly_better"
    SAME = "same"
    WORSE = "worse"


class State(StrEnum):
    DUE = "due"
    DONE = "done"
    COMING = "coming"
    MISSED = "missed"


@dataclass(frozen=True)
class Answer:
    """One instrument answered once. `id` is the phone's own."""

    id: uuid.UUID
    date: dt.date
    instrument: str
    timepoint: str
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """Of one answer; `value` is null exactly when `incomplete` says why."""

    value: float | None = None
    incomplete: Incomplete | None = None


@dataclass(frozen=True)
class Change:
    """Against the baseline, in the instrument's points: with NPRS less is better, with the others more is."""

    value: float | None = None
    meaning: Meaning | None = None


@dataclass(frozen=True)
class Judged:
    score: Score
    change: Change

    def as_json(self) -> dict[str, Any]:
        return {
            "score": self.score.value,
            "incomplete": self.score.incomplete,
            "change": self.change.value,
            "meaning": self.change.meaning,
        }


class _NotReadableError(Exception):
    pass


# ---- Scores ---------------------------------------------------------------------------------------------------------
def score(instrument: str, answers: Mapping[str, Any]) -> Score:
    """Whatever is stored gets an answer here; nothing that a phone sent raises."""
    try:
        return SCORING[instrument](answers)
    except _NotReadableError:
        return Score(incomplete=Incomplete.NOT_READABLE)


def _nprs(answers: Mapping[str, Any]) -> Score:
    """The average of the week. `now` and `worst` stand beside it; neither replaces a missing average, since the
    thresholds were found for one and the same question asked twice [D]."""
    _, average, _ = (_whole(answers.get(name), 0, 10) for name in ("now", "average", "worst"))
    return Score(incomplete=Incomplete.AVERAGE_MISSING) if average is None else Score(float(average))


def _psfs(answers: Mapping[str, Any]) -> Score:
    """Sum of the scores ÷ number of activities that have one (the rule of the form)."""
    scores = list(activities(answers).values())
    return Score(_mean(scores)) if scores else Score(incomplete=Incomplete.TOO_FEW_ACTIVITIES)


def _groc(answers: Mapping[str, Any]) -> Score:
    change = _whole(answers.get("change"), -5, 5)
    return Score(incomplete=Incomplete.CHANGE_MISSING) if change is None else Score(float(change))


SCORING: Mapping[str, Callable[[Mapping[str, Any]], Score]] = {"nprs": _nprs, "psfs": _psfs, "groc": _groc}


def activities(answers: Mapping[str, Any]) -> dict[str, int]:
    """Name as it is compared → score, without those that have none."""
    return {_name(text): points for text, points in _activities(answers) if points is not None}


def activity_names(answers: Mapping[str, Any]) -> list[str]:
    """In the patient's own words, also those without a score."""
    try:
        return list(dict.fromkeys(text for text, _ in _activities(answers)))
    except _NotReadableError:
        return []


def _activities(answers: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    given = answers.get("activities")
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > MOST_ACTIVITIES:
        raise _NotReadableError
    found = []
    for one in given:
        text = one.get("text") if isinstance(one, dict) else None
        if not isinstance(text, str) or not text.strip():
            raise _NotReadableError
        found.append((text.strip(), _whole(one.get("score"), 0, 10)))
    if len({_name(text) for text, _ in found}) != len(found):
        raise _NotReadableError  # which of the two would it be?
    return found


def _name(text: str) -> str:
    """The same activity, however it was typed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _whole(value: Any, least: int, most: int) -> int | None:
    """Null stays null; 5.0 is 5."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise _NotReadableError
    if not least <= value <= most:
        raise _NotReadableError
    return int(value)


def _mean(scores: Sequence[int]) -> float:
    return round(sum(scores) / len(scores), 1)


# ---- Change ---------------------------------------------------------------------------------------------------------
def judge(answer: Answer, baselines: Iterable[Answer]) -> Judged:
    """An answer's score, and its change against the last baseline before it."""
    scored = score(answer.instrument, answer.answers)
    if scored.value is None or answer.timepoint == BASELINE:
        return Judged(scored, Change())
    if answer.instrument == "groc":
        return Judged(scored, Change(scored.value, _by_points(scored.value, GROC_MATTERS)))
    baseline = baseline_of(answer, baselines)
    return Judged(scored, Change() if baseline is None else _change(answer, baseline))


def baseline_of(answer: Answer, baselines: Iterable[Answer]) -> Answer | None:
    """The newest scored baseline of the instrument that is not younger than the answer."""
    before = [
        one
        for one in baselines
        if one.instrument == answer.instrument and one.timepoint == BASELINE and one.date <= answer.date
        if score(one.instrument, one.answers).value is not None
    ]
    return max(before, key=lambda one: (one.date, one.id), default=None)


def _change(answer: Answer, baseline: Answer) -> Change:
    if answer.instrument == "nprs":
        before, now = (int(one.answers["average"]) for one in (baseline, answer))
        return Change(float(now - before), _of_pain(before, now))
    before_, now_ = activities(baseline.answers), activities(answer.answers)
    # Only over what was named at the start and answered both times: a new activity is no change of the old ones.
    common = [name for name in before_ if name in now_]
    if not common:
        return Change()
    change = Fraction(sum(now_[name] - before_[name] for name in common), len(common))
    matters = PSFS_MATTERS if len(common) > 1 else PSFS_MATTERS_ALONE
    return Change(round(float(change), 1), _by_points(change, matters))


def _of_pain(before: int, now: int) -> Meaning:
    less = before - now
    for (points, percent), meaning in ((NPRS_MUCH, Meaning.MUCH_BETTER), (NPRS_SLIGHTLY, Meaning.SLIGHTLY_BETTER)):
        if less >= points or (less > 0 and 100 * less >= percent * before):
            return meaning
    return Meaning.WORSE if -less >= NPRS_WORSE else Meaning.SAME


def _by_points(change: float | Fraction, matters: int) -> Meaning:
    if change >= matters:
        return Meaning.MUCH_BETTER
    return Meaning.WORSE if change <= -matters else Meaning.SAME


# ---- When -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    instrument: str
    timepoint: str
    first: dt.date
    last: dt.date
    state: State

    def as_json(self) -> dict[str, Any]:
        return {
            "instrument": self.instrument,
            "timepoint": self.timepoint,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "state": self.state,
        }


@dataclass(frozen=True)
class Course:
    """A treatment: plans that follow each other. `ended_on` is the first date without a plan."""

    starts_on: dt.date
    ended_on: dt.date | None


def course_of(plans: Iterable[tuple[dt.date, dt.date | None]]) -> Course | None:
    """The newest treatment among plans (starts_on, ended_on); one that ends the day it starts was never done."""
    course: Course | None = None
    for starts_on, ended_on in sorted(plans, key=lambda plan: plan[0]):
        if ended_on is not None and ended_on <= starts_on:
            continue
        if course is None or (course.ended_on is not None and starts_on - course.ended_on > GAP):
            course = Course(starts_on, ended_on)
        elif course.ended_on is not None:
            course = Course(course.starts_on, None if ended_on is None else max(course.ended_on, ended_on))
    return course


def schedule(course: Course | None, answers: Iterable[Answer], today: dt.date) -> list[Asked]:
    """What is asked when, in order. Done is what has a score: an answer that cannot be scored can be given again while
    its window is open. After the end of the treatment nothing new is asked."""
    if course is None:
        return []
    earliest = course.starts_on + WINDOWS[BASELINE][0] * ONE_DAY
    done = {
        (one.instrument, one.timepoint)
        for one in answers
        if one.date >= earliest and score(one.instrument, one.answers).value is not None
    }
    asked = []
    for timepoint, window in WINDOWS.items():
        first, last = (course.starts_on + days * ONE_DAY for days in window)
        for instrument in INSTRUMENTS:
            answered = (instrument, timepoint) in done
            over = course.ended_on is not None and course.ended_on <= min(first, today)
            # At the start nothing has changed yet.
            if (instrument == "groc" and timepoint == BASELINE) or (over and not answered):
                continue
            state = State.DONE if answered else _state(first, last, today)
            asked.append(Asked(instrument, timepoint, first, last, state))
    return asked


def _state(first: dt.date, last: dt.date, today: dt.date) -> State:
    if today < first:
        return State.COMING
    return State.DUE if today <= last else State.MISSED
