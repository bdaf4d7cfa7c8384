"""A number of adherence together with the rows that make it: what a therapist sees who opens the sum."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from patients import adherence, travel
from patients.days import lock_spans
from patients.models import Patient, PlanDay, PlanPause
from patients.schedule import Span

EXERCISES = ("due", "done", "partly", "skipped", "missed", "unknown", "excused", "extra")
# Why what is not done on a date is excused; the first that fits.
WHY = ("pause", "lock", "travel", "rule")


def document(patient: Patient, today: dt.date, window: int) -> dict[str, Any]:
    """Rows of the `window` dates that end yesterday, one a plan and date, and their sums. Three queries at most."""
    first, last = adherence.first_of(today, window), today - adherence.ONE_DAY
    days = list(PlanDay.objects.filter(plan__patient=patient, date__range=(first, last)).order_by("date", "plan_id"))
    why = _reasons(patient, days)
    rows = [{**adherence.sum_row(day, patient.known_until), "why": why(day)} for day in days]
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "window": window,
        **sums(rows, days, today),
        "overdoing": adherence.overdoing_of(days, patient.known_until, today, window).as_json(),
        "rows": rows,
    }


def sums(rows: Sequence[Mapping[str, Any]], days: Sequence[PlanDay], today: dt.date) -> dict[str, Any]:
    total = {name: sum(row[name] for row in rows) for name in (*EXERCISES, *adherence.SESSIONS, *adherence.DOSE)}
    heard = total["sessions_due"] - total["sessions_unknown"]
    dose = total["dose_asked"] - total["dose_unknown"]
    return {
        "session": {
            "done": total["sessions_done"],
            "due": total["sessions_due"],
            "unknown": total["sessions_unknown"],
            "excused": total["excused"],
            "value": adherence.share(total["sessions_done"], heard),
            "band": adherence.band(total["sessions_done"], heard, lapsed=adherence.has_lapsed(days, today)),
        },
        "dose": {
            "done": total["dose_done"],
            "asked": total["dose_asked"],
            "unknown": total["dose_unknown"],
            "over": total["dose_over"],
            "value": adherence.share(total["dose_done"], dose),
        },
        "exercises": {name: total[name] for name in EXERCISES},
    }


def _reasons(patient: Patient, days: Iterable[PlanDay]) -> Callable[[PlanDay], str | None]:
    """What excuses on a date; pauses and locks are looked up only when a date is closed."""
    closed = {day.plan_id for day in days if not day.open}
    pauses: dict[uuid.UUID, list[Span]] = defaultdict(list)
    if closed:
        for pause in PlanPause.objects.filter(plan__in=closed):
            pauses[pause.plan_id].append(Span(pause.from_date, pause.to_date))
        locks = lock_spans(patient)

    def why(day: PlanDay) -> str | None:
        if day.open:
            # On an open date only a precaution rule takes something out.
            return "rule" if day.excused else None
        if any(span.covers(day.date) for span in pauses[day.plan_id]):
            return "pause"
        if any(span.covers(day.date) for span in locks):
            return "lock"
        return "travel" if day.date in travel.skipped(patient) else None

    return why
