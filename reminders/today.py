"""What a patient's local date asks for and what was done of it, over all plans."""

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Sum

from patients.models import Patient, PlanDay

Week = tuple[uuid.UUID, dt.date | None]  # of which plan, and its first date


@dataclass(frozen=True)
class Today:
    """One local date over all plans of a patient. `open_items` are due and have no answer yet."""

    due: int = 0
    open_items: int = 0
    sessions_due: int = 0
    sessions_done: int = 0

    def __add__(self, other: Today) -> Today:
        return Today(
            self.due + other.due,
            self.open_items + other.open_items,
            self.sessions_due + other.sessions_due,
            self.sessions_done + other.sessions_done,
        )


def today(patient: Patient, date: dt.date) -> Today:
    """One query; one more where exercises are n times a week on days of one's own choice."""
    return todays([(patient.pk, date)])[patient.pk, date]


def todays(asked: Collection[tuple[uuid.UUID, dt.date]]) -> Mapping[tuple[uuid.UUID, dt.date], Today]:
    """Of many patients, by id, as many queries as of one."""
    found: dict[tuple[uuid.UUID, dt.date], Today] = defaultdict(Today)
    wanted = PlanDay.objects.filter(plan__patient__in={one for one, _ in asked}, date__in={date for _, date in asked})
    days = list(wanted.annotate(patient=F("plan__patient")))
    done = done_in_weeks([day for day in days if day.due == 0])
    for day in days:
        found[day.patient, day.date] += _of_plan(day, done[day.plan_id, day.week])
    return found


def _of_plan(day: PlanDay, done_in_week: int) -> Today:
    if day.due == 0 and week_wants_more(day, done_in_week):
        # Nothing is due on this very date, yet the week's count is not reached: one session would do.
        return Today(due=1, open_items=1, sessions_due=1)
    answered = day.done + day.partly + day.skipped
    return Today(day.due, max(0, day.due - answered), day.sessions_due, day.sessions_done)


def week_wants_more(day: PlanDay, done_in_week: int) -> bool:
    """Whether its plan's week, of n times on days of one's own choice, is short of sessions on this open day."""
    return done_in_week < _asked_in_week(day)


def _asked_in_week(day: PlanDay) -> int:
    return max((item["weekly"] or 0 for item in day.items), default=0) if day.open else 0


def done_in_weeks(days: Iterable[PlanDay]) -> dict[Week, int]:
    """By plan and week: the sessions done in the weeks of those of `days` that can want more, 0 for all others. One
    query, none where there is no such week."""
    asking = [day for day in days if _asked_in_week(day)]
    weeks = PlanDay.objects.filter(plan__in={day.plan_id for day in asking}, week__in={day.week for day in asking})
    sums = weeks.order_by().values_list("plan", "week").annotate(done=Sum("sessions_done"))
    return defaultdict(int, {(plan, week): done for plan, week, done in sums})


def is_done(day: Today, *, slot: int, slots: int) -> bool:
    """Whether the reminder of `slot`, of `slots` a day, has nothing left to say.

    The last reminder asks for the whole day; an earlier one for its share, so that at 08:00 of a day with a morning
    and an evening session, whoever has done the morning is left in peace. A skip with a reason is an answer.
    """
    wanted = max(1, math.ceil(day.sessions_due * slot / slots))
    return day.open_items == 0 or day.sessions_done >= wanted
