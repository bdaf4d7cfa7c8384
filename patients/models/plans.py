"""A program prescribed to a patient, its revisions, pauses and locks, and the days it makes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.base import Row, Versioned
from accounts.models import User
from patients.models.people import Patient, PatientRows
from programs.models import Program


class PlanStatus(models.TextChoices):
    PLANNED = "planned"
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"


class Plan(Versioned):
    """What is in force on a date is the newest revision with `effective_from` ≤ that date.

    starts_on          revision 2                 ended_on
    |── revision 1 ────|── revision 2 ───────────|         (a pause lies over it: days are excused, not moved)
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="plans")
    starts_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True, help_text="the first date on which nothing is due any more")
    end_reason = models.CharField(max_length=500, blank=True)
    finished = models.BooleanField(default=False, help_text="ended as planned (discharge), not stopped")
    notes = models.TextField(blank=True)
    excused = models.JSONField(
        default=list, blank=True, help_text="[{key, rule, from, to}], what a precaution rule takes out while it speaks"
    )
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[Plan]] = PatientRows.as_manager()

    class Meta:
        indexes = (models.Index(fields=("patient", "starts_on"), name="plans_of_patient"),)


class PlanRevision(Row):
    """Program (sealed), phase and pain rule from a date on. Never effective before a day that already has a log."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="revisions")
    n = models.PositiveIntegerField(help_text="1, 2, 3 … in the order of creation")
    program = models.ForeignKey(Program, models.PROTECT, related_name="revisions")
    phase = models.PositiveSmallIntegerField(default=1)
    pain_rule = models.JSONField(help_text="{limit, baseline, words: {green, amber, red, stop}}")
    limit_set = models.BooleanField(default=False, help_text="a clinician chose the limit, it is not the program's")
    effective_from = models.DateField()
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar[models.Manager[PlanRevision]] = models.Manager()

    class Meta:
        ordering = ("plan", "n")
        constraints = (models.UniqueConstraint(fields=("plan", "n"), name="revision_n_once"),)


class PlanPause(Row):
    """Both dates belong to the pause; an open end is null until the plan is resumed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="pauses")
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[PlanPause]] = models.Manager()


class PlanOverride(Row):
    """A therapist's typed reason for prescribing over a rule (CLINICAL.md B), kept with the plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="overrides")
    revision = models.ForeignKey(PlanRevision, models.CASCADE, related_name="overrides")
    rule = models.CharField(max_length=10)
    key = models.UUIDField()
    reason = models.CharField(max_length=1000)
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects: ClassVar[models.Manager[PlanOverride]] = models.Manager()


class LockKind(models.TextChoices):
    RED_FLAG = "red_flag"
    STOP = "stop"


class Lock(Row):
    """Exercises are stopped. `red_flag` lasts until a clinician unlocks; `stop` ends at local midnight (`until`)."""

    patient = models.ForeignKey(Patient, models.CASCADE, related_name="locks")
    kind = models.CharField(max_length=10, choices=LockKind.choices)
    since = models.DateTimeField()
    from_date = models.DateField(help_text="local date from which what is not done is excused")
    until = models.DateTimeField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True, help_text="last local date that is excused")
    entry = models.ForeignKey("patients.Entry", models.PROTECT, null=True, related_name="locks")
    unlocked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    unlock_note = models.CharField(max_length=1000, blank=True)

    objects: ClassVar[models.Manager[Lock]] = PatientRows.as_manager()


class PlanDay(Row):
    """What was due on a date and what became of it. Laid out ahead, so that a silent day exists without anyone
    logging; a write recomputes the day from the log and never increments. `items` is what the layout put there:
    [{prescription, key, slot, both, weekly, sets}] so that a log needs no look at the program.

    Whether an undone item is missed or unknown is not stored: it is missed up to `Patient.known_until` or where
    `known` (paper) says so, else unknown.

    Whether a pause, a lock or a journey's jump over the date closes it is stored too (`open`), so that a log needs no
    look at those either; who changes one of them calls `patients.days`.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="days")
    date = models.DateField()
    revision = models.ForeignKey(PlanRevision, models.CASCADE, related_name="days")
    items = models.JSONField(default=list)
    week = models.DateField(
        null=True,
        blank=True,
        help_text="first date of its per_week bucket, when anything in that week is n times a week",
    )
    open = models.BooleanField(default=True, help_text="neither paused nor locked")
    known = models.BooleanField(default=False)
    due = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    partly = models.PositiveSmallIntegerField(default=0)
    skipped = models.PositiveSmallIntegerField(default=0)
    excused = models.PositiveSmallIntegerField(default=0)
    extra = models.PositiveSmallIntegerField(default=0)
    sessions_due = models.PositiveSmallIntegerField(default=0)
    sessions_done = models.PositiveSmallIntegerField(default=0)
    # In hundredths of a set (patients.counting): asked, done of that, done beyond it, and asked without a word of it.
    dose_asked = models.PositiveBigIntegerField(default=0)
    dose_done = models.PositiveBigIntegerField(default=0)
    dose_over = models.PositiveBigIntegerField(default=0)
    dose_undone = models.PositiveBigIntegerField(default=0)
    pain_max = models.PositiveSmallIntegerField(null=True, blank=True)
    pain_last = models.PositiveSmallIntegerField(null=True, blank=True)
    effort = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager[PlanDay]] = models.Manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("plan", "date"), name="day_once_a_plan"),)
