"""What a review reads of one patient: a window of the log, the days and the plans that run. Its cost does not grow with
the history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q

from patients import days, outcomes
from patients.models import Entry, ExerciseLog, ItemKind, Patient, Plan, PlanDay, PlanRevision, PlanStatus
from patients.pain_rule import Leg
from patients.plans import revision_on, status_on
from programs.dose import Dose
from programs.models import Prescription

# Five weeks: the baseline of 14 days ago needs 21 dates, a second red on the same exercise is looked for in 28.
WINDOW = dt.timedelta(days=35)
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class LoggedExercise:
    key: str
    name: str
    pain: int | None
    difficulty: str
    sets_done: int
    asked_sets: int
    skipped: str
    target_effort: int | None = None

    @property
    def done(self) -> bool:
        return self.sets_done >= max(self.asked_sets, 1)


@dataclass(frozen=True)
class LoggedSession:
    """One session as it stands now. Pain 0–10, None where it was not answered."""

    uid: str
    plan: uuid.UUID
    date: dt.date
    at: dt.datetime
    before: int | None
    after: int | None
    effort: int | None
    exercises: tuple[LoggedExercise, ...] = ()

    @property
    def target_effort(self) -> int | None:
        """The highest effort that was asked of any of its exercises; None where the doses name none."""
        return max((one.target_effort for one in self.exercises if one.target_effort is not None), default=None)


@dataclass(frozen=True)
class CheckinTold:
    uid: str
    date: dt.date
    at: dt.datetime
    answers: Mapping[str, Any]

    @property
    def leg(self) -> Leg:
        return Leg(self.answers.get("q_radiate"), self.answers.get("q_tingle"))


@dataclass(frozen=True)
class PainTold:
    date: dt.date
    at: dt.datetime
    score: int
    moment: str
    session: str | None


@dataclass(frozen=True)
class Beginning:
    """What is older than the window: pain in the plan's first week, and the scores of pain and function in the order
    of time."""

    pain: float | None
    psfs: tuple[outcomes.Answer, ...] = ()
    nprs: tuple[outcomes.Answer, ...] = ()


@dataclass(frozen=True)
class Running:
    """A plan that runs today, with the revision in force and what its phase asks for."""

    plan: Plan
    revision: PlanRevision
    items: tuple[Prescription, ...]
    paused: bool = False  # a pause covers today

    @property
    def limit(self) -> int:
        limit: int = self.revision.pain_rule["limit"]
        return limit

    @property
    def intake_baseline(self) -> int | None:
        value: int | None = self.revision.pain_rule.get("baseline")
        return value


@dataclass
class Story:
    patient: Patient
    today: dt.date
    sessions: list[LoggedSession] = field(default_factory=list)  # in the order of time
    checkins: list[CheckinTold] = field(default_factory=list)
    pains: list[PainTold] = field(default_factory=list)
    days: list[PlanDay] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    beginnings: dict[uuid.UUID, Beginning] = field(default_factory=dict)  # by plan, as `facts` reads them

    def mornings(self) -> dict[dt.date, int | None]:
        """The last answer of each date to "how strong is your pain this morning?"."""
        told: dict[dt.date, int | None] = {}
        for checkin in self.checkins:
            if checkin.answers.get("q_morning") is not None:
                told[checkin.date] = checkin.answers["q_morning"]
        return told

    def sessions_of(self, plan: Plan) -> list[LoggedSession]:
        return [session for session in self.sessions if session.plan == plan.pk]


def read(patient: Patient, today: dt.date | None = None) -> Story:
    """Eight queries: entries and their exercises, days, plans with revisions, overrides and pauses, the prescriptions
    of the running phases."""
    today = today or days.local_today(patient)
    story = Story(patient, today)
    _read_log(story)
    story.days = list(
        PlanDay.objects.filter(plan__patient=patient, date__gt=today - WINDOW, date__lte=today + ONE_DAY).order_by(
            "date", "plan_id"
        )
    )
    _read_plans(story)
    return story


def _read_log(story: Story) -> None:
    logs = ExerciseLog.objects.select_related("prescription__exercise").order_by("prescription__position", "uid")
    entries = (
        Entry.objects.filter(
            patient=story.patient,
            kind__in=(ItemKind.SESSION, ItemKind.CHECKIN, ItemKind.PAIN),
            voided_at=None,
            local_date__gt=story.today - WINDOW,
            local_date__lte=story.today + ONE_DAY,
        )
        .order_by("happened_at", "id")
        .prefetch_related(Prefetch("exercises", logs))
    )
    for entry in entries:
        told = entry.payload
        if entry.kind == ItemKind.SESSION and entry.plan_id is not None:
            story.sessions.append(
                LoggedSession(
                    uid=str(entry.uid),
                    plan=entry.plan_id,
                    date=entry.local_date,
                    at=entry.happened_at,
                    before=told.get("pain_before"),
                    after=told.get("pain_after"),
                    effort=entry.effort,
                    exercises=tuple(map(_exercise, entry.exercises.all())),
                )
            )
        elif entry.kind == ItemKind.CHECKIN:
            story.checkins.append(
                CheckinTold(str(entry.uid), entry.local_date, entry.happened_at, told.get("answers") or {})
            )
        elif entry.kind == ItemKind.PAIN:
            story.pains.append(
                PainTold(
                    *(entry.local_date, entry.happened_at),
                    *(told["score"], told["moment"], told.get("session")),
                )
            )


def _exercise(log: ExerciseLog) -> LoggedExercise:
    return LoggedExercise(
        key=str(log.key),
        name=log.prescription.exercise.name,
        pain=log.pain,
        difficulty=log.difficulty,
        sets_done=log.sets_done,
        asked_sets=log.asked_sets,
        skipped=log.skipped,
        target_effort=Dose.parse(log.prescription.dose).effort,
    )


def _read_plans(story: Story) -> None:
    plans = Plan.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=story.today), patient=story.patient, starts_on__lte=story.today
    )
    revisions = Prefetch("revisions", PlanRevision.objects.select_related("program").order_by("n"))
    in_force = {
        plan.pk: (plan, revision_on(plan, story.today))
        for plan in plans.order_by("starts_on", "id").prefetch_related(revisions, "overrides", "pauses")
    }
    if not in_force:
        return
    phases = Q()
    for _, revision in in_force.values():
        phases |= Q(phase__program=revision.program_id, phase__n=revision.phase)
    items: dict[uuid.UUID, list[Prescription]] = defaultdict(list)
    rows: Sequence[Prescription] = list(
        Prescription.objects.filter(phases)
        .select_related("phase", "exercise__easier", "exercise__harder")
        .order_by("position", "id")
    )
    for row in rows:
        items[row.phase.program_id].append(row)
    story.running = [
        Running(
            *(plan, revision, tuple(items[revision.program_id])),
            paused=status_on(plan, story.today) == PlanStatus.PAUSED,
        )
        for plan, revision in in_force.values()
    ]
