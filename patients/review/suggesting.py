"""Suggestions: what the pain rule would do next, and the planned path. Made from a story, decided by a therapist.

One open opinion of the pain rule and one of the planned path a plan. What somebody has decided about comes back only
with new facts: `basis` names the facts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from patients import adherence, pain_rule
from patients.findings import current_findings
from patients.models import Condition, Patient, Suggestion, SuggestionKind, SuggestionStatus
from patients.pain_rule import Colour, Decision, Situation, Verdict
from patients.precautions import speaks_against
from patients.review import judging, steps
from patients.review.judging import Judged
from patients.review.steps import Item, Step
from patients.review.story import ONE_DAY, Running, Story
from programs.dose import Dose
from programs.frequency import parse
from programs.models import Prescription

SECOND_RED_WITHIN = dt.timedelta(days=28)
ONE_STEP_A = dt.timedelta(days=7)  # "one exercise step a week"
EVIDENCE_SESSIONS = 3
NEXT_BAND = {"en": "Use the next stronger band.", "es": "Usa la siguiente banda, más fuerte."}


@dataclass
class Opinion:
    """What the rule says about one plan today, with everything that it looked at."""

    running: Running
    judged: list[Judged]
    situation: Situation
    decision: Decision
    usual: int | None = None  # the usual morning as it is now, else the intake's
    elsewhere: list[tuple[Running, Judged]] = field(default_factory=list)  # red sessions of other plans, 7 dates

    @property
    def limit_needed(self) -> bool:
        return needs_limit(self.running, self.usual)

    @property
    def last(self) -> Judged:
        return self.judged[-1]


@dataclass
class Proposal:
    """A suggestion before it is stored."""

    kind: SuggestionKind
    reason: str
    basis: str
    key: str | None = None
    change: dict[str, Any] = field(default_factory=dict)
    evidence: list[dict[str, Any]] = field(default_factory=list)


def needs_limit(running: Running, usual: int | None) -> bool:
    """A usual pain at or above a limit that nobody set for this patient: each morning would break the rule."""
    return usual is not None and usual >= running.limit and not running.revision.limit_set


# ---- What the rule says ---------------------------------------------------------------------------------------------
def opinion(story: Story, running: Running, *, locked: bool, since: dt.date | None = None) -> Opinion | None:
    """None before the first session. `since`: sessions before it were answered by an accepted step already."""
    mornings = story.mornings()
    judged = _judged(story, running)
    # A session of today still waits for its next morning; but red stays red, whatever the morning brings.
    counting = [one for one in judged if one.ripe or one.colour == Colour.RED]
    counting = [one for one in counting if since is None or one.session.date >= since]
    if not counting:
        return None
    now = pain_rule.baseline(mornings, story.today)
    elsewhere = _reds_elsewhere(story, running, now)
    situation = Situation(
        today=story.today,
        sessions=[one.as_rule() for one in counting],
        adherence_7=adherence.adherence(
            (day for day in story.days if day.plan_id == running.plan.pk),
            story.patient.known_until,
            story.today,
            7,
        ),
        baseline_now=now,
        baseline_14_days_ago=pain_rule.baseline(mornings, story.today - 14 * ONE_DAY),
        red_leg=judging.red_leg_on(story.today, story.checkins)
        or any(moment.date == story.today for one in judged for moment in one.reds("leg")),
        locking_red_flag=locked,
        highest_pain=max(
            (day.pain_max for day in story.days if day.date == story.today and day.pain_max), default=None
        ),
        red_elsewhere=bool(elsewhere),
    )
    decision = pain_rule.decide(situation)
    return Opinion(running, counting, situation, decision, _usual(running, now), elsewhere)


def _judged(story: Story, running: Running) -> list[Judged]:
    return judging.judge(
        story.sessions_of(running.plan),
        story.checkins,
        story.pains,
        story.mornings(),
        limit=running.limit,
        intake=running.intake_baseline,
        today=story.today,
    )


def _usual(running: Running, baseline: int | None) -> int | None:
    return running.intake_baseline if baseline is None else baseline


def _reds_elsewhere(story: Story, running: Running, baseline: int | None) -> list[tuple[Running, Judged]]:
    """Red sessions of the other plans that run, in the 7 dates up to today. Not where a limit is needed first: what is
    red under a rule that cannot be kept says nothing."""
    oldest = story.today - (pain_rule.NO_RED_DATES - 1) * ONE_DAY
    return [
        (other, one)
        for other in story.running
        if other.plan.pk != running.plan.pk and not needs_limit(other, _usual(other, baseline))
        for one in _judged(story, other)
        if one.colour == Colour.RED and oldest <= one.session.date <= story.today
    ]


def last_step_on(rows: Iterable[Suggestion]) -> dt.date | None:
    """Since when the last accepted step, up or down, is in force."""
    steps_taken = (SuggestionKind.PROGRESS, SuggestionKind.REGRESS)
    dates = [row.revision.effective_from for row in rows if row.kind in steps_taken and row.revision is not None]
    return max(dates, default=None)


def after_surgery(patient: Patient, today: dt.date) -> bool:
    """A surgery finding: nothing is progressed by a rule (D.2, never_auto)."""
    return current_findings(patient, today).surgery is not None or patient.condition == Condition.LT_RESECTION


def proposal(story: Story, told: Opinion, *, stepped_on: dt.date | None, surgery: bool) -> Proposal | None:
    """What to suggest; None where the rule stops: then a lock speaks. `stepped_on`: since when the last accepted step
    is in force; there is one a week."""
    verdict = told.decision.verdict
    if verdict == Verdict.STOP_AND_CONTACT:
        return None
    if told.limit_needed:
        # Every morning would be red: a rule that cannot be kept says nothing about the load.
        return _proposal(told, SuggestionKind.HOLD, "limit_needed", Step("nothing"))
    if verdict == Verdict.REGRESS:
        return _regress(told)
    if verdict == Verdict.PROGRESS:
        return _progress(story, told, stepped_on=stepped_on, surgery=surgery)
    return _proposal(told, SuggestionKind.HOLD, told.decision.reason, Step("nothing"))


def _progress(story: Story, told: Opinion, *, stepped_on: dt.date | None, surgery: bool) -> Proposal:
    if surgery:
        return _proposal(told, SuggestionKind.HOLD, "after_surgery", Step("nothing"))
    if stepped_on is not None and story.today < stepped_on + ONE_STEP_A:
        return _proposal(told, SuggestionKind.HOLD, "one_step_a_week", Step("nothing"))
    step = _step_up(story, told)
    if step is None:
        return _proposal(told, SuggestionKind.HOLD, "nothing_to_step", Step("nothing"))
    return _proposal(told, SuggestionKind.PROGRESS, told.decision.reason, step)


def _step_up(story: Story, told: Opinion) -> Step | None:
    """The exercise that went best in the last three sessions: never above green, done in full, not called hard."""
    items = [view(one) for one in told.running.items]
    last = told.judged[-pain_rule.PROGRESS_SESSIONS :]
    logged = [one for session in last for one in session.session.exercises]
    ranked: list[tuple[tuple[int, int, int], Item]] = []
    for position, item in enumerate(items):
        own = [one for one in logged if one.key == item.key and not one.skipped]
        fits = own and all(
            one.done and one.difficulty != "hard" and (one.pain is None or one.pain <= pain_rule.GREEN_DURING)
            for one in own
        )
        if fits:
            easy = sum(one.difficulty == "easy" for one in own)
            ranked.append(((-easy, item.exercise.kind != "strengthen", position), item))
    for _, item in sorted(ranked, key=lambda one: one[0]):
        step = steps.harder(item, items)
        if step is not None and (step.exercise is None or _allowed(story, told, step)):
            return step
    return None


def _allowed(story: Story, told: Opinion, step: Step) -> bool:
    """No rule speaks against the harder exercise for this patient."""
    assert step.exercise is not None  # noqa: S101 (asked only for another exercise)
    return not speaks_against(story.patient, step.exercise.id, told.running.plan, told.running.revision.phase)


def _regress(told: Opinion) -> Proposal:
    last, key = told.last, told.decision.key
    if key is None:
        candidates = [last] if told.decision.reason == "red_session" else told.judged[-pain_rule.PROGRESS_SESSIONS :]
        key = next((one.worst_key for one in reversed(candidates) if one.worst_key is not None), None)
    items = {str(one.key): one for one in told.running.items}
    row = items.get(key) if key is not None else None
    step = Step("rest")
    if row is not None:
        earlier = [
            one
            for one in told.judged[:-1]
            if one.session.date > last.session.date - SECOND_RED_WITHIN
            and any(moment.key == key for moment in one.reds("during"))
        ]
        step = steps.easier(view(row), second_red=bool(earlier) and last.red_key == key)
    rest = 2 if last.reds("morning") else int(told.decision.reason == "red_session" or step.what == "rest")
    return _proposal(told, SuggestionKind.REGRESS, told.decision.reason, step, rest)


def _proposal(told: Opinion, kind: SuggestionKind, reason: str, step: Step, rest_days: int = 0) -> Proposal:
    last = told.last
    key = None if step.item is None else step.item.key
    # The last judged session and how it looks now: a next morning that turns it red is a new fact.
    basis = f"{kind}:{reason}:{last.session.uid}:{last.colour}:{key}"
    return Proposal(kind, reason, basis, key, step.as_json(rest_days), evidence(told))


def view(row: Prescription) -> Item:
    exercise = row.exercise
    return Item(
        key=str(row.key),
        dose=Dose.parse(row.dose),
        frequency=parse(row.frequency),
        exercise=_exercise_view(exercise),
        easier=None if exercise.easier is None or exercise.easier.archived_at else _exercise_view(exercise.easier),
        harder=None if exercise.harder is None or exercise.harder.archived_at else _exercise_view(exercise.harder),
        needs_release=row.needs_release,
        heavier_band=any(words in row.note for words in NEXT_BAND.values()),
    )


def _exercise_view(exercise: Any) -> steps.ExerciseView:
    return steps.ExerciseView(
        *(str(exercise.pk), exercise.name, exercise.level, exercise.kind, exercise.laterality),
        Dose.parse(exercise.default_dose),
    )


# ---- What it looked at ----------------------------------------------------------------------------------------------
def evidence(told: Opinion) -> list[dict[str, Any]]:
    """The rows that made the opinion, each with an id that does not change."""
    rows: list[dict[str, Any]] = []
    if told.decision.reason == "not_yet":  # else they have decided nothing
        rows += [_moment_row(red, running.limit) for running, one in told.elsewhere for red in one.reds()]
    for one in [*_earlier_reds(told), *told.judged[-EVIDENCE_SESSIONS:]]:
        rows.append(_session_row(one, told.running.limit))
        rows += [_moment_row(moment, told.running.limit) for moment in one.moments if _speaks(moment)]
    situation = told.situation
    if situation.baseline_now is not None:
        rows.append(
            {
                "id": f"baseline:{situation.today}",
                "kind": "baseline",
                "date": situation.today.isoformat(),
                "now": situation.baseline_now,
                "before": situation.baseline_14_days_ago,
                "limit": told.running.limit,
            }
        )
    rows.append(
        {
            "id": f"adherence:{situation.today}",
            "kind": "adherence",
            "date": situation.today.isoformat(),
            "value": situation.adherence_7,
            "least": pain_rule.PROGRESS_ADHERENCE,
        }
    )
    return rows


def _earlier_reds(told: Opinion) -> list[Judged]:
    """Red sessions before the last three: for seven dates they stand against more."""
    oldest = told.situation.today - (pain_rule.NO_RED_DATES - 1) * ONE_DAY
    earlier = told.judged[:-EVIDENCE_SESSIONS]
    return [one for one in earlier if one.colour == Colour.RED and one.session.date >= oldest]


def _speaks(moment: judging.Moment) -> bool:
    return moment.colour != Colour.GREEN or moment.kind == "morning"


def _session_row(one: Judged, limit: int) -> dict[str, Any]:
    session = one.session
    return {
        "id": f"session:{session.uid}",
        "kind": "session",
        "date": session.date.isoformat(),
        "session": session.uid,
        "colour": None if one.colour is None else one.colour.name.lower(),
        "effort": session.effort,
        "target_effort": session.target_effort,
        "pain_before": session.before,
        "pain_after": session.after,
        "limit": limit,
    }


def _moment_row(moment: judging.Moment, limit: int) -> dict[str, Any]:
    return {
        "id": moment.id,
        "kind": moment.kind,
        "date": moment.date.isoformat(),
        "colour": moment.colour.name.lower(),
        "pain": moment.pain,
        "reference": moment.reference,
        "limit": limit,
        "key": moment.key,
        "exercise": moment.exercise,
    }


# ---- Keeping them ---------------------------------------------------------------------------------------------------
def keep(story: Story, running: Running, wanted: Iterable[Proposal | None], rows: Sequence[Suggestion]) -> None:
    """Make the plan's open suggestions say what is wanted. `rows`: its suggestions so far, newest first; the caller
    holds the lock on the patient's row."""
    proposals = [one for one in wanted if one is not None]
    for path in (False, True):
        new = next((one for one in proposals if (one.kind == SuggestionKind.NEXT_PHASE) is path), None)
        mine = [row for row in rows if (row.kind == SuggestionKind.NEXT_PHASE) is path]
        open_one = next((row for row in mine if row.status == SuggestionStatus.OPEN), None)
        decided = {row.basis for row in mine if row.status in (SuggestionStatus.ACCEPTED, SuggestionStatus.DISMISSED)}
        if new is not None and new.basis in decided:
            new = None
        if open_one is not None and (new is None or not _same(open_one, new, running)):
            supersede(open_one)
            open_one = None
        if new is None:
            continue
        if open_one is None:
            _open(story, running, new)
        elif (open_one.basis, open_one.evidence, open_one.change) != (new.basis, new.evidence, new.change):
            open_one.basis, open_one.evidence, open_one.change = new.basis, new.evidence, new.change
            open_one.save(update_fields=["basis", "evidence", "change"])


def _same(stored: Suggestion, new: Proposal, running: Running) -> bool:
    """The same opinion with newer rows behind it, not another one."""
    key = None if stored.key is None else str(stored.key)
    said = (stored.kind, stored.reason, key, stored.phase, stored.change.get("what"))
    return said == (new.kind, new.reason, new.key, running.revision.phase, new.change.get("what"))


def supersede(stored: Suggestion) -> None:
    stored.status, stored.decided_at = SuggestionStatus.SUPERSEDED, timezone.now()
    stored.save(update_fields=["status", "decided_at"])


def _open(story: Story, running: Running, new: Proposal) -> None:
    Suggestion.objects.create(
        patient=story.patient,
        plan=running.plan,
        kind=new.kind,
        phase=running.revision.phase,
        key=None if new.key is None else uuid.UUID(new.key),
        reason=new.reason,
        basis=new.basis,
        change=new.change,
        evidence=new.evidence,
        made_at=timezone.now(),
    )
