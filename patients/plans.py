"""Prescribing a program, and changing what is in force: revisions, pauses, resuming, stopping.

Draw a plan as a time line; `|` is a day boundary in the patient's zone:

    starts_on        effective_from of revision 2          ended_on
    |  revision 1    |  revision 2                         |
            days with a log ──▶ a revision may start on the day after the last of them, never earlier

Each change locks patient and plan, writes its rows and lays out the days anew, in one transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from rest_framework.exceptions import ValidationError

from accounts import access
from accounts.api.errors import Conflict
from accounts.base import new_id
from accounts.models import User
from patients import days
from patients.models import Patient, Plan, PlanOverride, PlanPause, PlanRevision, PlanStatus
from patients.models.people import OUT_OF_TREATMENT
from patients.precautions import unanswered
from programs.copying import copy_program
from programs.models import Program


@dataclass(frozen=True)
class Override:
    """A clinician's typed reason to prescribe `key` although `rule` speaks against it."""

    rule: str
    key: str
    reason: str


def status_on(plan: Plan, today: dt.date) -> PlanStatus:
    """Derived from dates, never stored. `plan.pauses` should be prefetched."""
    if plan.ended_on is not None and plan.ended_on <= today:
        return PlanStatus.FINISHED if plan.finished else PlanStatus.STOPPED
    if today < plan.starts_on:
        return PlanStatus.PLANNED
    if any(p.from_date <= today and (p.to_date is None or today <= p.to_date) for p in plan.pauses.all()):
        return PlanStatus.PAUSED
    return PlanStatus.ACTIVE


def revision_on(plan: Plan, date: dt.date) -> PlanRevision:
    """The newest revision in force on `date`; before the start, the first. `plan.revisions` should be prefetched."""
    revisions = sorted(plan.revisions.all(), key=lambda revision: revision.n)
    return next((r for r in reversed(revisions) if r.effective_from <= date), revisions[0])


def phase_since(plan: Plan, revision: PlanRevision) -> dt.date:
    """From when the phase of `revision`, which is in force, has been so: the first of the unbroken run of revisions
    with it. `plan.revisions` should be prefetched."""
    since = revision.effective_from
    for one in sorted(plan.revisions.all(), key=lambda one: -one.n):
        if one.n > revision.n:
            continue
        if one.phase != revision.phase:
            break
        since = min(since, one.effective_from)
    return since


@transaction.atomic
def prescribe(
    *,
    program: Program,
    patient: Patient,
    starts_on: dt.date,
    by: User,
    phase: int = 1,
    pain_rule: Mapping[str, Any] | None = None,
    overrides: Iterable[Override] = (),
    id: uuid.UUID | None = None,
) -> Plan:
    """The patient's plan, on its own sealed copy of the program.

    Raises ValidationError (no such phase, nothing to do in it), Conflict `patient_closed`, and Conflict
    `precaution_conflict` with the conflicts while a block or a release has no typed reason.
    """
    if patient.status in OUT_OF_TREATMENT:
        raise Conflict("This patient is not in treatment any more. Open the record again first.", "patient_closed")
    days.locked(patient.pk)
    _check_phase(program, phase)
    overrides = list(overrides)
    _check_precautions(patient, program, starts_on, phase, overrides)
    plan = Plan.objects.create(id=id or new_id(), patient=patient, starts_on=starts_on, created_by=by)
    sealed = copy_program(program, clinic=patient.clinic, by=by, sealed=True)
    revision = PlanRevision.objects.create(
        plan=plan,
        n=1,
        program=sealed,
        phase=phase,
        pain_rule=complete_pain_rule(pain_rule, program),
        limit_set="limit" in (pain_rule or {}),
        effective_from=starts_on,
        author=by,
    )
    _keep_overrides(plan, revision, overrides, by)
    _record(plan, by, "prescribe", program=str(program.id))
    days.lay_out(plan)
    return plan


@transaction.atomic
def revise(
    plan: Plan,
    *,
    by: User,
    program: Program | None = None,
    phase: int | None = None,
    pain_rule: Mapping[str, Any] | None = None,
    effective_from: dt.date | None = None,
    reason: str = "",
    overrides: Iterable[Override] = (),
    changed: Program | None = None,
) -> PlanRevision:
    """A new revision: what is not named stays as in the newest one. `changed` is a sealed copy that the caller made of
    the program in force; `program` is anybody's and gets copied.

    `effective_from` defaults to the first date that has no log, today at the earliest. Raises Conflict `day_has_log`,
    `plan_ended`, `precaution_conflict`; ValidationError for a phase that the program does not have.
    """
    plan = _locked(plan)
    patient = plan.patient
    today = days.local_today(patient)
    if plan.ended_on is not None:
        raise Conflict("This plan has ended. Prescribe a new one.", "plan_ended")
    free_from = first_day_without_log(plan)
    if effective_from is None:
        effective_from = max(today, free_from, plan.starts_on)
    if effective_from < plan.starts_on:
        raise ValidationError({"effective_from": f"The plan starts on {plan.starts_on}; a change cannot start before."})
    if effective_from < free_from:
        raise Conflict(
            f"The patient has logged exercises up to {free_from - dt.timedelta(days=1)}. "
            f"The change can start on {free_from} at the earliest.",
            "day_has_log",
            earliest=free_from.isoformat(),
        )
    latest = plan.revisions.select_related("program").latest("n")
    new_phase = latest.phase if phase is None else phase
    wanted = changed or program or latest.program
    _check_phase(wanted, new_phase)
    overrides = list(overrides)
    kept = [Override(o.rule, str(o.key), o.reason) for o in plan.overrides.all()]
    _check_precautions(patient, wanted, plan.starts_on, new_phase, [*kept, *overrides])
    revision = PlanRevision.objects.create(
        plan=plan,
        n=latest.n + 1,
        program=copy_program(program, clinic=patient.clinic, by=by, sealed=True) if program else wanted,
        phase=new_phase,
        pain_rule=latest.pain_rule if pain_rule is None else complete_pain_rule(pain_rule, wanted),
        limit_set=latest.limit_set if pain_rule is None else "limit" in pain_rule,
        effective_from=effective_from,
        author=by,
        reason=reason,
    )
    _keep_overrides(plan, revision, overrides, by)
    _changed(plan, by, "revise", revision=revision.n)
    return revision


@transaction.atomic
def pause(plan: Plan, *, by: User, from_date: dt.date, to_date: dt.date | None, reason: str) -> PlanPause:
    """Nothing is due from `from_date` to `to_date`, both included; without `to_date`, until resumed."""
    plan = _locked(plan)
    if plan.ended_on is not None:
        raise Conflict("This plan has ended. There is nothing to pause.", "plan_ended")
    if to_date is not None and to_date < from_date:
        raise ValidationError({"to": "A pause cannot end before it starts."})
    for other in plan.pauses.all():
        if (to_date is None or other.from_date <= to_date) and (other.to_date is None or from_date <= other.to_date):
            raise Conflict(f"The plan is paused already from {other.from_date}.", "already_paused")
    made = PlanPause.objects.create(plan=plan, from_date=from_date, to_date=to_date, reason=reason, author=by)
    _changed(plan, by, "pause", from_date=from_date.isoformat())
    return made


@transaction.atomic
def resume(plan: Plan, *, by: User, on: dt.date) -> None:
    """Exercises are due again from `on`. A pause that had not begun by then is taken back.

    Raises Conflict `not_paused`.
    """
    plan = _locked(plan)
    open_pauses = [p for p in plan.pauses.all() if p.to_date is None or p.to_date >= on]
    if not open_pauses:
        raise Conflict("The plan is not paused on that day.", "not_paused")
    for one in open_pauses:
        if one.from_date >= on:
            one.delete()
        else:
            one.to_date = on - dt.timedelta(days=1)
            one.save(update_fields=["to_date"])
    _changed(plan, by, "resume", on=on.isoformat())


@transaction.atomic
def stop(plan: Plan, *, by: User, reason: str, finished: bool = False) -> None:
    """Nothing is due any more, from today in the patient's zone; what was logged today stays and counts.

    A plan that has not started ends on its first day. Raises Conflict `plan_ended`.
    """
    plan = _locked(plan)
    if plan.ended_on is not None:
        raise Conflict("This plan has ended already.", "plan_ended")
    plan.ended_on = max(plan.starts_on, days.local_today(plan.patient), first_day_without_log(plan))
    plan.end_reason = reason
    plan.finished = finished
    plan.save(update_fields=["ended_on", "end_reason", "finished"])
    _record(plan, by, "stop")
    days.lay_out(plan)


def complete_pain_rule(given: Mapping[str, Any] | None, program: Program) -> dict[str, Any]:
    """The rule in force as data: `limit` 0–10, `baseline` or null, and the clinic's own words or null
    for the app's. Raises ValidationError for a baseline at or above a limit that nobody set for this patient: each
    usual morning would break the rule (RULINGS.md, CLINICAL.md D.2)."""
    given = given or {}
    words = given.get("words") or {}
    limit, baseline = given.get("limit", program.pain_limit), given.get("baseline")
    if baseline is not None and baseline >= limit and "limit" not in given:
        detail = f"The usual pain of {baseline} is at the program's limit of {limit} already. Set a limit yourself."
        raise ValidationError({"pain_rule": {"limit": detail}})
    return {
        "limit": limit,
        "baseline": baseline,
        "words": {moment: words.get(moment) for moment in ("green", "amber", "red", "stop")},
    }


def _locked(plan: Plan) -> Plan:
    """The patient's row first, then the plan's: the order that everyone who writes days keeps."""
    days.locked(plan.patient_id)
    row: Plan = Plan.objects.select_for_update(of=("self",)).select_related("patient__clinic").get(pk=plan.pk)
    return row


def first_day_without_log(plan: Plan) -> dt.date:
    last = plan.entries.filter(voided_at=None).aggregate(last=Max("local_date"))["last"]
    return plan.starts_on if last is None else max(plan.starts_on, last + dt.timedelta(days=1))


def _check_phase(program: Program, n: int) -> None:
    phase = program.phases.filter(n=n).first()
    if phase is None:
        raise ValidationError({"phase": f"“{program.name}” has no phase {n}."})
    if not phase.prescriptions.exists():
        raise ValidationError({"program": f"Phase {n} has no exercises yet. Add one first."})


def _check_precautions(
    patient: Patient, program: Program, starts_on: dt.date, phase: int, overrides: list[Override]
) -> None:
    answered = {(o.rule, o.key) for o in overrides}
    if left := unanswered(patient, program, answered, starts_on=starts_on, phase=phase):
        raise Conflict(
            "Some exercises speak against this patient's findings. Choose others, or write why you keep them.",
            "precaution_conflict",
            conflicts=left,
        )


def _keep_overrides(plan: Plan, revision: PlanRevision, overrides: list[Override], by: User) -> None:
    PlanOverride.objects.bulk_create(
        PlanOverride(plan=plan, revision=revision, rule=o.rule, key=o.key, reason=o.reason, author=by)
        for o in overrides
    )
    if overrides:
        _record(plan, by, access.Action.OVERRIDE, rules=sorted({o.rule for o in overrides}))


def _changed(plan: Plan, by: User, action: str, **detail: Any) -> None:
    plan.save(update_fields=["version"])
    _record(plan, by, action, **detail)
    days.lay_out(plan)


def _record(plan: Plan, by: User, action: str, **detail: Any) -> None:
    patient = plan.patient
    access.record(
        action, by=by, clinic=patient.clinic_id, kind="patient", object_id=patient.id, plan=str(plan.id), **detail
    )
