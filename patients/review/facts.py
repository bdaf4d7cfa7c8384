"""What check-ins, log and outcomes say as numbers, as of a date: the facts that programs/criteria.yaml asks for.

Pain 0–10, reach as q_radiate (0 none … 5 foot), shares 0–1. A fact that nobody answered is None, never zero.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from patients import measuring, outcomes, pain_rule
from patients.checkin import SITTING_MINUTES
from patients.models import PlanDay
from patients.plans import phase_since
from patients.review.story import ONE_DAY, Beginning, Running, Story

WEEK = 7
ASKED_WITHIN = dt.timedelta(days=28)  # [D] outcomes are asked every four weeks; an older one says nothing about today
WAKINGS = {"no": 0, "once": 1, "more": 2}


def beginning(story: Story, running: Running) -> Beginning:
    """Two queries, once a story and plan."""
    known = story.beginnings.get(running.plan.pk)
    if known is None:
        told = measuring.answers(story.patient)
        psfs, nprs = (tuple(one for one in told if one.instrument == name) for name in ("psfs", "nprs"))
        known = story.beginnings[running.plan.pk] = Beginning(usual_pain(running, 0), psfs, nprs)
    return known


def usual_pain(running: Running, from_day: int) -> float | None:
    """The mean of the days' last pain in the seven days from a day of the plan on. None below three answers, as for
    the baseline."""
    first = running.plan.starts_on + from_day * ONE_DAY
    days = PlanDay.objects.filter(plan=running.plan, date__gte=first, date__lt=first + WEEK * ONE_DAY)
    told = [pain for pain in days.values_list("pain_last", flat=True) if pain is not None]
    return _mean(told) if len(told) >= pain_rule.BASELINE_LEAST else None


def asked_pain(nprs: Sequence[outcomes.Answer], today: dt.date) -> tuple[float | None, float | None]:
    """The average of a week as it was at the baseline and at the last time that it was asked since."""
    scored = [one for one in nprs if outcomes.score("nprs", one.answers).value is not None]
    last = next((one for one in reversed(scored) if one.timepoint != outcomes.BASELINE), None)
    before = None if last is None else outcomes.baseline_of(last, scored)
    if last is None or before is None or today - last.date > ASKED_WITHIN:
        return None, None
    return outcomes.score("nprs", before.answers).value, outcomes.score("nprs", last.answers).value


def psfs_gain(psfs: Sequence[outcomes.Answer]) -> float | None:
    """Of the last answer against its baseline."""
    return outcomes.judge(psfs[-1], psfs).change.value if psfs else None


def facts_on(story: Story, running: Running, start: Beginning, date: dt.date) -> dict[str, float | None]:
    """As of the end of `date`."""
    told = [checkin for checkin in story.checkins if checkin.date <= date]
    mornings = {day: pain for day, pain in story.mornings().items() if day <= date}
    now = _average(told, mornings, date)
    baseline = pain_rule.baseline(mornings, date)
    earlier = pain_rule.baseline(mornings, date - pain_rule.BASELINE_RISE_DAYS * ONE_DAY)
    sitting = _last(told, "q_sit_time")
    night = _last(told, "q_night")
    return {
        "pain_avg": now,
        "pain_fall": None if now is None or start.pain is None else round(start.pain - now, 1),
        "baseline_rise": None if baseline is None or earlier is None else baseline - earlier,
        "mornings_at_baseline_of_7": _at_baseline(mornings, date),
        "mornings_at_baseline_running": _running_at_baseline(mornings, date),
        "wakings": None if night is None else WAKINGS[night],
        "reach": _last(told, "q_radiate"),
        "days_without_tingling": _without_tingling(story, date),
        "sit_minutes": None if sitting is None else SITTING_MINUTES[sitting],
        "sit_pain": _last(told, "q_sit_pain"),
        "limit_kept": _limit_kept(story, running, date),
        **_function([one for one in start.psfs if one.date <= date]),
    }


def _average(told: Sequence[Any], mornings: Mapping[dt.date, int | None], date: dt.date) -> float | None:
    """The answers to "on average" of the last seven dates; where there is none, the mean of three mornings or more."""
    week = [one for one in told if one.date > date - WEEK * ONE_DAY]
    asked = [one.answers["q_pain_avg"] for one in week if one.answers.get("q_pain_avg") is not None]
    if asked:
        return _mean(asked)
    usual = [pain for day, pain in mornings.items() if day > date - WEEK * ONE_DAY and pain is not None]
    return _mean(usual) if len(usual) >= pain_rule.BASELINE_LEAST else None


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 1)


def _last(told: Sequence[Any], question: str) -> Any:
    return next((one.answers[question] for one in reversed(told) if one.answers.get(question) is not None), None)


def _is_at_baseline(mornings: Mapping[dt.date, int | None], day: dt.date) -> bool | None:
    pain, usual = mornings.get(day), pain_rule.baseline(mornings, day)
    return None if pain is None or usual is None else pain <= usual


def _at_baseline(mornings: Mapping[dt.date, int | None], date: dt.date) -> float | None:
    judged = [_is_at_baseline(mornings, date - back * ONE_DAY) for back in range(WEEK)]
    return None if all(one is None for one in judged) else sum(one is True for one in judged)


def _running_at_baseline(mornings: Mapping[dt.date, int | None], date: dt.date) -> float | None:
    """How many dates up to this one without a gap."""
    if _is_at_baseline(mornings, date) is None:
        return None
    n = 0
    while _is_at_baseline(mornings, date - n * ONE_DAY):
        n += 1
    return n


def _without_tingling(story: Story, date: dt.date) -> float | None:
    """Answered dates up to this one, none of them with tingling; a date without an answer ends the run."""
    by_date: dict[dt.date, int] = {}
    for one in story.checkins:
        if one.answers.get("q_tingle") is not None:
            by_date[one.date] = max(by_date.get(one.date, 0), one.answers["q_tingle"])
    if date not in by_date:
        return None
    n = 0
    while by_date.get(date - n * ONE_DAY) == 0:
        n += 1
    return n


def _limit_kept(story: Story, running: Running, date: dt.date) -> float | None:
    """The share of the phase's sessions in which no exercise hurt more than the limit; sessions without any answer
    about pain are left out."""
    since = phase_since(running.plan, running.revision)
    kept = [
        max(pains) <= running.limit
        for session in story.sessions_of(running.plan)
        if since <= session.date <= date
        for pains in ([one.pain for one in session.exercises if one.pain is not None],)
        if pains
    ]
    return round(sum(kept) / len(kept), 2) if kept else None


def _function(psfs: Sequence[outcomes.Answer]) -> dict[str, float | None]:
    """PSFS: what was gained, and the lowest activity where all that were named have a score."""
    if not psfs:
        return {"psfs_gain": None, "psfs_lowest": None}
    answers = psfs[-1].answers
    readable = outcomes.score("psfs", answers).value is not None
    scores = outcomes.activities(answers) if readable else {}
    whole = bool(scores) and len(scores) == len(outcomes.activity_names(answers))
    return {"psfs_gain": psfs_gain(psfs), "psfs_lowest": min(scores.values()) if whole else None}
