"""One of everything that an address or a payload can name, inside the clinic and outside it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils import timezone

from exercises.models import Exercise
from patients import flags, plans
from patients.models import Flag, FlagKind, Merge, Patient, Plan, Suggestion, SuggestionKind, Urgency
from patients.record.merging import merge
from programs.models import Program
from reminders.models import PushSubscription
from tests.conftest import Cast
from tests.programs.builders import make_exercise, make_program


@dataclass(frozen=True)
class World:
    cast: Cast
    exercise: Exercise
    foreign_exercise: Exercise
    program: Program
    foreign_program: Program
    plan: Plan
    foreign_plan: Plan
    flag: Flag
    suggestion: Suggestion
    merge: Merge
    subscription: PushSubscription

    def ids(self) -> dict[str, str]:
        """What stands for each parameter of an address: always the clinic's and the patient's own."""
        return {
            "patient_id": str(self.cast.patient.pk),
            "plan_id": str(self.plan.pk),
            "program_id": str(self.program.pk),
            "exercise_id": str(self.exercise.pk),
            "flag_id": str(self.flag.pk),
            "merge_id": str(self.merge.pk),
            "suggestion_id": str(self.suggestion.pk),
            "subscription_id": str(self.subscription.pk),
            "staff_id": str(self.cast.assistant.pk),
            "sha256": "0" * 64,
            "token": "no-such-token",
        }


def _plan(patient: Patient, program: Program) -> Plan:
    today = timezone.now().date()
    assert patient.responsible is not None
    return plans.prescribe(
        program=program, patient=patient, starts_on=today - dt.timedelta(days=7), by=patient.responsible
    )


def _twin(cast: Cast) -> Patient:
    return Patient.objects.create(
        clinic=cast.clinic, name="Tess Twice", birth_date=dt.date(1970, 1, 1), timezone="Europe/Madrid"
    )


def build(cast: Cast) -> World:
    program, foreign_program = make_program(cast.clinic), make_program(cast.other_clinic)
    flags.raise_flag(cast.patient, FlagKind.SILENT, Urgency.ROUTINE, {"days": 7})
    plan = _plan(cast.patient, program)
    return World(
        cast=cast,
        exercise=make_exercise("own", owner=cast.clinic),
        foreign_exercise=make_exercise("foreign", owner=cast.other_clinic),
        program=program,
        foreign_program=foreign_program,
        plan=plan,
        foreign_plan=_plan(cast.foreign_patient, foreign_program),
        flag=Flag.objects.get(patient=cast.patient),
        subscription=PushSubscription.objects.create(
            patient=cast.patient, user=cast.patient_user, endpoint="https://push.example/1", p256dh="", auth=""
        ),
        merge=merge(_twin(cast), _twin(cast), by=cast.therapist, note="")[0],
        suggestion=Suggestion.objects.create(
            patient=cast.patient,
            plan=plan,
            kind=SuggestionKind.HOLD,
            phase=1,
            reason="not_yet",
            basis="hold:not_yet",
            change={
                "what": "nothing",
                "from": None,
                "to": None,
                "exercise": None,
                "band": False,
                "rest_days": 0,
                "phase": None,
            },
            made_at=timezone.now(),
        ),
    )


NOWHERE = str(uuid.UUID(int=7))
