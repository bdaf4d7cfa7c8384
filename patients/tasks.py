"""What the worker runs for patients."""

from __future__ import annotations

from celery import shared_task

from patients import days
from patients.review import due


@shared_task(name="patients.lay_out_days")
def lay_out_days() -> int:
    return days.lay_out_due()


@shared_task(name="patients.review")
def review() -> int:
    return due.run()
