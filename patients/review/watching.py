"""Flags from the log and the days: what a therapist should look at, with the evidence and a next step.

Each watcher says what it finds today; evidence has an id that stays, so that what somebody has resolved does not come
back, and new evidence does. Thresholds are CLINICAL.md's (D.2, D.7, C "Escalation", E) or marked [D].
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from patients import adherence, pain_rule
from patients.models import FlagKind, Urgency
from patients.pain_rule import BASELINE_RISE, BASELINE_RISE_DAYS, STOP_PAIN
from patients.precautions import Firing
from patients.review import facts, judging
from patients.review.story import ONE_DAY, WINDOW, CheckinTold, Running, Story
from patients.review.suggesting import Opinion
from programs.precautions import Conflict

SILENT_DAYS = 7  # CLINICAL.md E: "none for 7 days = lapsed"
LOOK_BACK = dt.timedelta(days=7)
SKIPS_WITHIN = dt.timedelta(days=14)
SKIPS_FROM = 3
# What a therapist can answer. No time, being unwell, and the app's own rule are no question about the exercise.
SKIP_REASONS = ("pain", "unsure", "equipment", "other")
BENEFIT_WEEKS = {
    6: "Review the diagnosis and the plan with the patient.",
    12: "Send the patient to a physician: imaging, injection and surgery are physician decisions.",
}
BENEFIT_PAIN = 2
BENEFIT_PSFS = 2


@dataclass
class Finding:
    """What one watcher sees. `over`: its cause is gone, an open flag of the kind closes by itself."""

    kind: FlagKind
    urgency: Urgency = Urgency.ROUTINE
    evidence: list[dict[str, Any]] = field(default_factory=list)
    next_step: str = ""
    over: str = ""


def watch(story: Story, opinions: Sequence[Opinion], firing: Mapping[uuid.UUID, Firing]) -> list[Finding]:
    """`firing`: by plan, what the precaution rules say today."""
    return [
        *_pain_above_rule(story, opinions),
        _pain_trend(story),
        *_leg_symptoms(story),
        *_silent(story),
        _skips(story),
        *_overdoing(story),
        *_no_benefit(story),
        _precaution(story, firing),
    ]


# ---- Pain -----------------------------------------------------------------------------------------------------------
def _pain_above_rule(story: Story, opinions: Iterable[Opinion]) -> Iterable[Finding]:
    """Red moments of the last seven dates, and pain that stops whatever it came with."""
    red: list[dict[str, Any]] = []
    for told in opinions:
        if told.limit_needed:
            yield _limit_needed(story, told)
            continue
        for one in told.judged:
            red += [
                {
                    "id": moment.id,
                    "date": moment.date.isoformat(),
                    "session": one.session.uid,
                    "moment": moment.kind,
                    "pain": moment.pain,
                    "limit": told.running.limit,
                    "reference": moment.reference,
                    "key": moment.key,
                    "exercise": moment.exercise,
                }
                for moment in one.reds("during", "after", "morning")
                if moment.date > story.today - LOOK_BACK
            ]
    if red:
        step = "Look at the exercise that hurt and decide about the suggestion."
        yield Finding(FlagKind.PAIN_ABOVE_RULE, Urgency.HOURS_48, _by_date(red), step)
    severe = [
        {"id": f"stop:{day.date}", "date": day.date.isoformat(), "moment": "stop", "pain": day.pain_max, "limit": None}
        for day in story.days
        if day.date > story.today - LOOK_BACK and (day.pain_max or 0) >= STOP_PAIN
    ]
    severe += _severe_without_day(story)
    if severe:
        step = f"Call the patient: pain of {STOP_PAIN} or more stops the exercises for the day."
        yield Finding(FlagKind.PAIN_ABOVE_RULE, Urgency.SAME_DAY, _by_date(severe), step)


def _severe_without_day(story: Story) -> list[dict[str, Any]]:
    """Where no plan runs there are no days, and the answer still counts."""
    have = {day.date for day in story.days}
    return [
        {"id": f"stop:{told.date}", "date": told.date.isoformat(), "moment": "stop", "pain": told.score, "limit": None}
        for told in story.pains
        if told.score >= STOP_PAIN
        and told.moment not in ("avg_7d", "worst_7d")
        and told.date > story.today - LOOK_BACK
        and told.date not in have
    ]


def _limit_needed(story: Story, told: Opinion) -> Finding:
    """A usual pain at or above the limit: the rule cannot say anything until a clinician sets a limit (D.2)."""
    evidence = {
        "id": f"limit:{told.running.revision.pk}",
        "date": story.today.isoformat(),
        "moment": "limit",
        "pain": told.usual,
        "limit": told.running.limit,
    }
    step = "The usual morning pain is at the limit already. Set a limit for this patient."
    return Finding(FlagKind.PAIN_ABOVE_RULE, Urgency.HOURS_48, [evidence], step)


def _pain_trend(story: Story) -> Finding:
    """The usual morning has risen by two points or more against 14 days before (D.2, regress)."""
    mornings = story.mornings()
    then = story.today - BASELINE_RISE_DAYS * ONE_DAY
    now, before = pain_rule.baseline(mornings, story.today), pain_rule.baseline(mornings, then)
    finding = Finding(
        FlagKind.PAIN_TREND, Urgency.WEEKS_2, next_step="Ask what has changed at home, and look at the load."
    )
    if now is None or before is None:
        return finding
    if now - before >= BASELINE_RISE:
        week = story.today.isocalendar()
        finding.evidence = [
            {
                "id": f"trend:{week.year}-{week.week}",
                "date": story.today.isoformat(),
                "from": before,
                "to": now,
                "from_date": then.isoformat(),
                "to_date": story.today.isoformat(),
            }
        ]
    elif now <= before:
        finding.over = "The usual morning is back to where it was two weeks before."
    return finding


# ---- Leg symptoms ---------------------------------------------------------------------------------------------------
def _leg_symptoms(story: Story) -> Iterable[Finding]:
    """Further down than at the check-in before, a new numb area, weakness (RULINGS.md: "not sure" counts as well)."""
    told = [checkin for checkin in story.checkins if judging.leg_answered(checkin)]
    urgent, soon = [], []
    for index, checkin in enumerate(told):
        before = told[index - 1] if index else None
        if checkin.date <= story.today - LOOK_BACK:
            continue
        row = _leg_row(before, checkin)
        if judging.leg_stops(before, checkin):
            urgent.append(row)
        elif row["weak"] == "not_sure" or _lower(row):
            soon.append(row)
    if urgent:
        step = "Call the patient today: symptoms further down the leg, new numbness or weakness need a look."
        yield Finding(FlagKind.LEG_SYMPTOMS, Urgency.SAME_DAY, urgent, step)
    if soon:
        yield Finding(FlagKind.LEG_SYMPTOMS, Urgency.HOURS_48, soon, "Ask the patient about the leg.")


def _leg_row(before: CheckinTold | None, checkin: CheckinTold) -> dict[str, Any]:
    answers, earlier = checkin.answers, {} if before is None else before.answers
    return {
        "id": checkin.uid,
        "date": checkin.date.isoformat(),
        "entry": checkin.uid,
        "from": earlier.get("q_radiate"),
        "to": answers.get("q_radiate"),
        "lasted": answers.get("q_leg_30min"),
        "numb": answers.get("q_numb_new") == "yes",
        "weak": answers.get("q_weak") if answers.get("q_weak") in ("yes", "not_sure") else None,
        "tingle": [earlier.get("q_tingle"), answers.get("q_tingle")],
    }


def _lower(row: dict[str, Any]) -> bool:
    return row["from"] is not None and row["to"] is not None and row["to"] > row["from"]


# ---- Sessions -------------------------------------------------------------------------------------------------------
def _silent(story: Story) -> Iterable[Finding]:
    """No session for a week in which some were due. Dates under a pause or a lock are no silence."""
    if not story.running:
        return
    last = max((session.date for session in story.sessions), default=None)
    yesterday = story.today - ONE_DAY
    if last is not None and last >= yesterday - ONE_DAY:
        yield Finding(FlagKind.SILENT, over="The patient has logged a session again.")
        return
    since = last or story.today - WINDOW
    waiting = [day for day in story.days if since < day.date <= yesterday and day.open]
    quiet = len({day.date for day in waiting})
    if quiet < SILENT_DAYS or not any(day.sessions_due for day in waiting):
        return
    since = last or min(day.date for day in waiting) - ONE_DAY
    before = adherence.adherence(story.days, story.patient.known_until, since + ONE_DAY, 7)
    evidence = {
        # Once resolved, silence that goes on is worth another look a week later.
        "id": f"silent:{since}:{quiet // 7}",
        "date": story.today.isoformat(),
        "since": since.isoformat(),
        "days": quiet,
        "adherence_before": before,
    }
    step = "Ask how it goes. Nothing has to be made up for."
    yield Finding(FlagKind.SILENT, Urgency.WEEKS_2, [evidence], step)


def _skips(story: Story) -> Finding:
    """The same exercise left out three times in two weeks, for reasons that a therapist can answer."""
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    names: dict[str, str] = {}
    dates: dict[str, list[dt.date]] = defaultdict(list)
    for session in story.sessions:
        if session.date <= story.today - SKIPS_WITHIN:
            continue
        for one in session.exercises:
            if one.skipped in SKIP_REASONS:
                reasons[one.key][one.skipped] += 1
                names[one.key] = one.name
                dates[one.key].append(session.date)
    evidence = [
        {
            "id": f"{key}:{max(dates[key]).isocalendar().year}-{max(dates[key]).isocalendar().week}",
            "date": max(dates[key]).isoformat(),
            "key": key,
            "exercise": names[key],
            "reasons": dict(counted.most_common()),
            "from": min(dates[key]).isoformat(),
            "to": max(dates[key]).isoformat(),
        }
        for key, counted in reasons.items()
        if counted.total() >= SKIPS_FROM
    ]
    step = "Answer on the exercise: show it again, or change it."
    return Finding(FlagKind.SKIPS, Urgency.WEEKS_2, _by_date(evidence), step)


def _overdoing(story: Story) -> Iterable[Finding]:
    """More than 120 % of what was asked (CLINICAL.md E); adherence is capped, this is not."""
    told = adherence.overdoing(story.patient, story.today)
    if not told.flagged:
        return
    week = told.last.isocalendar()
    evidence = {"id": f"over:{week.year}-{week.week}", "date": story.today.isoformat(), **told.as_json()}
    yield Finding(
        FlagKind.OVERDOING, Urgency.WEEKS_2, [evidence], "Ask why: more is not better while tissue calms down."
    )


# ---- Precautions ----------------------------------------------------------------------------------------------------
def _precaution(story: Story, firing: Mapping[uuid.UUID, Firing]) -> Finding:
    """A rule that has begun to speak against an exercise of a running phase (RULINGS.md, Precautions): the exercise is
    excused at once, a therapist decides."""
    evidence = [
        row for running in story.running for row in _speaking(story, running, firing[running.plan.pk].unanswered)
    ]
    over = "" if evidence else "No rule speaks against an exercise of the plan any more."
    step = "Choose another exercise, or keep it with a typed reason."
    return Finding(FlagKind.PRECAUTION, Urgency.HOURS_48, evidence, step, over)


def _speaking(story: Story, running: Running, conflicts: Sequence[Conflict]) -> Iterable[dict[str, Any]]:
    """One row an exercise; one for all where a rule speaks against the whole phase."""
    names = {str(one.key): one.exercise.name for one in running.items}
    by_rule: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        by_rule[conflict.rule].append(conflict)
    for rule, found in by_rule.items():
        whole = len(found) > 1 and len({one.key for one in found}) == len(names)
        for conflict in found[:1] if whole else found:
            yield {
                "id": f"{rule}:{running.plan.pk if whole else conflict.key}",
                "date": story.today.isoformat(),
                "rule": rule,
                "key": None if whole else conflict.key,
                "exercise": None if whole else names.get(conflict.key or ""),
                "sentence": conflict.sentence,
                "action": conflict.action.value,
            }


# ---- Benefit --------------------------------------------------------------------------------------------------------
def _no_benefit(story: Story) -> Iterable[Finding]:
    """CLINICAL.md C: no fall of pain by two points and no PSFS gain of two by week 6: review; by week 12: physician.
    Pain is that of the days; who does not log it often enough is taken at the outcomes' word (NPRS). What nobody
    answered is no evidence: without pain at the start and now nothing is said."""
    for running in story.running:
        day = (story.today - running.plan.starts_on).days
        week = next((week for week in sorted(BENEFIT_WEEKS, reverse=True) if day >= 7 * week), None)
        if week is None:
            continue
        start = facts.beginning(story, running)
        pain_from, pain_to = start.pain, facts.usual_pain(running, day - 7)
        if pain_from is None or pain_to is None:
            pain_from, pain_to = facts.asked_pain(start.nprs, story.today)
        if pain_from is None or pain_to is None or pain_from < BENEFIT_PAIN:
            continue
        gain = facts.psfs_gain(start.psfs)
        if pain_from - pain_to >= BENEFIT_PAIN or (gain is not None and gain >= BENEFIT_PSFS):
            yield Finding(FlagKind.NO_BENEFIT, over="Pain or function has improved.")
            continue
        evidence = {
            "id": f"{running.plan.pk}:week:{week}",
            "date": story.today.isoformat(),
            "plan": str(running.plan.pk),
            "week": week,
            "pain_from": pain_from,
            "pain_to": pain_to,
            "psfs_gain": gain,
        }
        yield Finding(FlagKind.NO_BENEFIT, Urgency.WEEKS_2, [evidence], BENEFIT_WEEKS[week])


def _by_date(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["date"], row["id"]))
