"""A rule that begins to speak while a plan runs takes its exercises out at once (RULINGS.md, Precautions): they are
excused from that date on, until it falls silent or a therapist answers it. A day of strong pain takes out what is above
level 1, for that day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from patients import days
from patients.models import Plan
from patients.precautions import Firing
from patients.review.story import ONE_DAY, Running, Story
from programs.precautions import GENTLE_DAY

REST = "rest"  # no precaution rule, but D.2's "skip 1 day"


def keep(story: Story, running: Running, told: Firing) -> None:
    """Write what is taken out, and lay out the days from today if that has changed. The caller holds the lock on the
    patient's row."""
    plan, today = running.plan, story.today
    rows = rows_after(plan.excused, told, today)
    if rows == plan.excused:
        return
    plan.excused = rows
    Plan.objects.filter(pk=plan.pk).update(excused=rows)
    days.lay_out(plan, today, since=today)


def rest(plan: Plan, key: str, first: dt.date, last: dt.date) -> None:
    """Excuse one exercise from `first` to `last`, both included: the rest of an accepted step back. The caller holds
    the lock on the patient's row and lays out the days."""
    plan.excused = [*plan.excused, {"key": key, "rule": REST, "from": first.isoformat(), "to": last.isoformat()}]
    Plan.objects.filter(pk=plan.pk).update(excused=plan.excused)


def rows_after(rows: list[dict[str, Any]], told: Firing, today: dt.date) -> list[dict[str, Any]]:
    """`rows` as they should be from today on; what is over stays, since the days gone by were asked that way."""
    speaking = {(one.rule, one.key) for one in told.unanswered}
    date = today.isoformat()
    kept = []
    for row in rows:
        if row["to"] is None and (row["rule"], row["key"]) not in speaking:
            # What spoke today only has excused nothing yet.
            if row["from"] < date:
                kept.append({**row, "to": (today - ONE_DAY).isoformat()})
        elif not (row["rule"] == GENTLE_DAY and row["from"] == date) or row["key"] in told.gentle_day:
            kept.append(row)
    here = {(row["rule"], row["key"]) for row in kept if row["to"] is None}
    for rule, key in sorted(speaking - here, key=str):
        kept.append({"key": key, "rule": rule, "from": date, "to": None})
    gentle = {row["key"] for row in kept if row["rule"] == GENTLE_DAY and row["from"] == date}
    kept += [{"key": key, "rule": GENTLE_DAY, "from": date, "to": date} for key in sorted(told.gentle_day - gentle)]
    return kept
