"""What a patient's local date asks for and what was done of it, over all plans."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from django.db.models import Sum

from patients.models import Patient, PlanDay


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
    """One query; one more for a plan whose exercises are n times a week on days of one's own choice."""
    return sum((_of_plan(day) for day in PlanDay.objects.filter(plan__patient=patient, date=date)), Today())


def _of_plan(day: PlanDay) -> Today:
    if day.due == 0 and week_wants_more(day):
        # Nothing is due on this very date, yet the week's count is not reached: one session would do.
        return Today(due=1, open_items=1, sessions_due=1)
    answered = day.done + day.partly + day.skipped
    return Today(day.due, max(0, day.due - answered), day.sessions_due, day.sessions_done)


def week_wants_more(day: PlanDay) -> bool:
    target = max((item["weekly"] or 0 for item in day.items), default=0)
    if target == 0 or not day.open:
        return False
    done = PlanDay.objects.filter(plan=day.plan_id, week=day.week).aggregate(done=Sum("sessions_done", default=0))
    return bool(done["done"] < target)


def is_done(day: Today, *, slot: int, slots: int) -> bool:
    """Whether the reminder of `slot`, of `slots` a day, has nothing left to say.

    The last reminder asks for the whole day; an earlier one for its share, so that at 08:00 of a day with a morning
    and an evening session, whoever has done the morning is left in peace. A skip with a reason is an answer.
    """
    wanted = max(1, math.ceil(day.sessions_due * slot / slots))
    return day.open_items == 0 or day.sessions_done >= wanted
