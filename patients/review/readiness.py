"""Ready for the next phase? What is fulfilled, what is not, and since when (CLINICAL.md C, template rules).

A criterion that check-ins answer must hold on two of them at least three days apart, without a "no" between; a
therapist's tick holds at once. A red flag, a regress or a pause freezes the advance. A therapist decides, always.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts import access
from accounts.api.errors import Conflict
from accounts.models import User
from patients import days
from patients.models import CriterionTick, Lock, LockKind, Plan, SuggestionKind
from patients.pain_rule import Verdict
from patients.plans import phase_since
from patients.review import facts, suggesting
from patients.review.steps import HIGHEST_LEVEL, Step
from patients.review.story import ONE_DAY, Running, Story, read
from patients.review.suggesting import Opinion, Proposal, evidence
from patients.safety import in_force
from programs.criteria import Criterion, measured
from programs.models import Phase, Prescription

APART = dt.timedelta(days=3)


@dataclass(frozen=True)
class Standing:
    """One criterion as it stands. `since`: the first check-in of the unbroken run in which it holds."""

    text: str
    met: bool | None
    source: str | None  # checkin | therapist
    value: dict[str, float | None]
    since: dt.date | None
    tick: CriterionTick | None

    def as_json(self) -> dict[str, Any]:
        tick = self.tick
        return {
            "text": self.text,
            "met": self.met,
            "source": self.source,
            "value": next((f"{value:g}" for value in self.value.values() if value is not None), None),
            "facts": self.value,
            "since": None if self.since is None else self.since.isoformat(),
            "tick": None
            if tick is None
            else {
                "met": tick.met,
                "note": tick.note,
                "by": None if tick.by is None else tick.by.name,
                "at": tick.at.isoformat(),
            },
        }


@dataclass(frozen=True)
class Readiness:
    phase: Phase
    next: Phase | None
    criteria: tuple[Standing, ...]
    frozen: str | None
    never_suggested: str | None

    @property
    def ready(self) -> bool:
        """All fulfilled and nothing that freezes; a phase without criteria is a therapist's to end."""
        return bool(self.criteria) and all(one.met is True for one in self.criteria) and self.frozen is None

    def as_json(self) -> dict[str, Any]:
        return {
            "phase": self.phase.n,
            "name": self.phase.name,
            "next": None if self.next is None else self.next.n,
            "next_name": None if self.next is None else self.next.name,
            "ready": self.ready,
            "frozen": self.frozen,
            "never_suggested": self.never_suggested,
            "criteria": [one.as_json() for one in self.criteria],
        }


def readiness(
    story: Story, running: Running, opinion: Opinion | None, *, locked: bool, surgery: bool
) -> Readiness | None:
    """Of the phase in force. Five queries beside the story's."""
    phases = {phase.n: phase for phase in Phase.objects.filter(program=running.revision.program_id)}
    phase = phases.get(running.revision.phase)
    if phase is None:
        return None
    following = phases.get(phase.n + 1)
    return Readiness(
        phase,
        following,
        tuple(_standings(story, running, phase)),
        frozen=_frozen(running, opinion, locked=locked),
        never_suggested=_never(following, surgery=surgery),
    )


def of_plan(plan: Plan) -> Readiness:
    """As of today. Raises Conflict `plan_not_running` before the start and after the end: nobody is in a phase then."""
    told = read(plan.patient)
    running = next((one for one in told.running if one.plan.pk == plan.pk), None)
    if running is None:
        raise Conflict("The plan does not run today, so it is in no phase.", "plan_not_running")
    locked = Lock.objects.filter(in_force(), patient=plan.patient, kind=LockKind.RED_FLAG).exists()
    opinion = suggesting.opinion(told, running, locked=locked)
    surgery = suggesting.after_surgery(plan.patient, told.today)
    standing = readiness(told, running, opinion, locked=locked, surgery=surgery)
    if standing is None:
        raise Conflict("The program has no such phase any more.", "plan_not_running")
    return standing


def _frozen(running: Running, opinion: Opinion | None, *, locked: bool) -> str | None:
    if locked:
        return "red_flag"
    if running.paused:
        return "paused"
    froze = (Verdict.REGRESS, Verdict.STOP_AND_CONTACT)
    return "regress" if opinion is not None and opinion.decision.verdict in froze else None


def _never(following: Phase | None, *, surgery: bool) -> str | None:
    """RULINGS.md: never after surgery, and never into what needs a release or is of level 5."""
    if surgery:
        return "surgery"
    if following is None:
        return None
    items = Prescription.objects.filter(phase=following)
    if items.filter(needs_release=True).exists():
        return "release"
    return "level_5" if items.filter(exercise__level=HIGHEST_LEVEL).exists() else None


def _standings(story: Story, running: Running, phase: Phase) -> list[Standing]:
    since = phase_since(running.plan, running.revision)
    dates = sorted({one.date for one in story.checkins if since <= one.date <= story.today})
    start = facts.beginning(story, running)
    told = {date: facts.facts_on(story, running, start, date) for date in dates}
    ticks = newest_ticks(running.plan, phase.n)
    return [_standing(text, measured(text), told, ticks.get(text)) for text in phase.exit]


def _standing(
    text: str, criterion: Criterion | None, told: dict[dt.date, dict[str, float | None]], tick: CriterionTick | None
) -> Standing:
    if tick is not None and tick.met is not None:
        return Standing(text, tick.met, "therapist", {}, tick.at.date(), tick)
    if criterion is None:
        return Standing(text, None, None, {}, None, tick)
    verdicts = [(date, criterion.met(values)) for date, values in told.items()]
    answered = [(date, verdict) for date, verdict in verdicts if verdict is not None]
    last_values = next((told[date] for date, _ in reversed(verdicts)), {})
    value = {one.fact: last_values.get(one.fact) for one in criterion.measures}
    if not answered:
        return Standing(text, None, None, value, None, tick)
    since: dt.date | None = None
    for date, verdict in answered:
        since = (since or date) if verdict else None
    held = since is not None and answered[-1][0] - since >= APART
    return Standing(text, held, "checkin", value, since, tick)


@transaction.atomic
def tick(plan: Plan, *, phase: int, text: str, met: bool | None, note: str, by: User) -> Readiness:
    """A therapist's word on a criterion of the phase in force (`met` None takes it back); how things stand then.

    Raises Conflict `plan_not_running` and `phase_changed`, ValidationError for what the phase does not ask for.
    """
    patient = days.locked(plan.patient_id)
    standing = of_plan(plan)
    if phase != standing.phase.n:
        raise Conflict(f"The plan is in phase {standing.phase.n} now. Load it again.", "phase_changed")
    if text not in {one.text for one in standing.criteria}:
        raise ValidationError({"text": "The phase has no such criterion."})
    CriterionTick.objects.create(plan=plan, phase=phase, criterion=text, met=met, note=note, at=timezone.now(), by=by)
    access.record("tick", by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.pk, plan=str(plan.pk))
    days.touch(patient)
    return of_plan(plan)


def newest_ticks(plan: Plan, phase: int) -> dict[str, CriterionTick]:
    rows = CriterionTick.objects.filter(plan=plan, phase=phase).select_related("by").order_by("at", "id")
    return {row.criterion: row for row in rows}


# ---- Suggesting it --------------------------------------------------------------------------------------------------
def proposal(
    story: Story, running: Running, opinion: Opinion | None, *, locked: bool, surgery: bool
) -> Proposal | None:
    """When the planned path has passed the phase, or everything it asks for holds."""
    standing = readiness(story, running, opinion, locked=locked, surgery=surgery)
    if standing is None or standing.next is None or standing.frozen or standing.never_suggested:
        return None
    past = story.today >= planned_end(running, standing.phase)
    if not past and not standing.ready:
        return None
    reason = "ready" if standing.ready else "past_planned_end"
    met = sum(one.met is True for one in standing.criteria)
    rows = [
        {"id": f"criteria:{index}", "kind": "criteria", "date": story.today.isoformat(), **one.as_json()}
        for index, one in enumerate(standing.criteria)
    ]
    if opinion is not None:
        rows += [row for row in evidence(opinion) if row["kind"] in ("baseline", "adherence")]
    return Proposal(
        SuggestionKind.NEXT_PHASE,
        reason,
        f"next_phase:{standing.phase.n}:{reason}:{met}",
        change={**Step("phase").as_json(), "phase": standing.next.n, "phase_name": standing.next.name},
        evidence=rows,
    )


def planned_end(running: Running, phase: Phase) -> dt.date:
    """The first date after the phase on the planned path. A plan that began with a later phase began its path there."""
    first = min(running.plan.revisions.all(), key=lambda one: one.n)
    began = Phase.objects.filter(program=first.program_id, n=first.phase).values_list("from_day", flat=True).first()
    return running.plan.starts_on + (phase.to_day - (began or 0)) * ONE_DAY
