"""When the clinic's nudge goes out: nothing was logged for so many days while something was due.

Counted as the flag `silent` counts: dates of a plan after the last session, up to yesterday, that neither a pause nor a
lock covers. What the server has not heard of may still lie on a phone, so the words of a nudge do not claim to know.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Max

from patients.models import Entry, ItemKind, Patient, PlanDay
from reminders.models import WENT_OUT, Delivery, DeliveryStatus, ReminderRule
from reminders.today import done_in_weeks, week_wants_more

LOOK_BACK = dt.timedelta(days=90)
TOLD = (DeliveryStatus.SENDING, *WENT_OUT)


def reason_to_skip(rule: ReminderRule, date: dt.date) -> str:
    """Why no nudge should go out on `date`; empty when one should."""
    patient = rule.patient
    if not PlanDay.objects.filter(plan__patient=patient, date=date, open=True).exists():
        return "no plan, or paused"
    last = last_session(patient, date)
    since = max(last or dt.date.min, date - LOOK_BACK)
    days = PlanDay.objects.filter(plan__patient=patient, date__gt=since, date__lt=date, open=True)
    waiting = list(days.order_by("date"))
    if len({day.date for day in waiting}) < (rule.after_days or 1):
        return "not silent for long enough"
    if not any(day.due for day in waiting) and not _weeks_want_more(waiting):
        return "nothing was due"
    # The nudge of this very date is being decided about, or tried again.
    earlier = Delivery.objects.filter(occurrence__rule=rule, occurrence__date__gt=since, occurrence__date__lt=date)
    return "nudged already" if earlier.filter(status__in=TOLD).exists() else ""


def _weeks_want_more(days: Sequence[PlanDay]) -> bool:
    done = done_in_weeks(days)
    return any(week_wants_more(day, done[day.plan_id, day.week]) for day in days)


def last_session(patient: Patient, date: dt.date) -> dt.date | None:
    sessions = Entry.objects.filter(patient=patient, kind=ItemKind.SESSION, voided_at=None, local_date__lte=date)
    last: dt.date | None = sessions.aggregate(last=Max("local_date"))["last"]
    return last
