"""What beat ticks."""

from __future__ import annotations

from celery import shared_task

from reminders import dispatch


@shared_task(name="reminders.tick")
def tick() -> None:
    """Send what is due. Ticks may overlap, double or get lost; see `reminders.dispatch`."""
    dispatch.tick()
