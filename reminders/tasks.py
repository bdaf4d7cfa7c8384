"""What beat ticks."""

from __future__ import annotations

import logging

from celery import shared_task

from reminders import dispatch, staff_alerts

log = logging.getLogger(__name__)


@shared_task(name="reminders.tick")
def tick() -> None:
    """Send what is due. Ticks may overlap, double or get lost: see `reminders.staff_alerts`, `reminders.dispatch`."""
    try:
        staff_alerts.tick()
    except Exception:
        # What cannot wait goes first, and must not take the reminders with it.
        log.exception("no staff alerts in this tick")
    dispatch.tick()
