"""Reminder settings, for the phone and for the clinic, and the proof of what went out."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params, signed_in
from accounts.models import User
from accounts.roles import Ability, HasAbility, IsPatient
from patients.api.scope import patient_of
from patients.days import local_today
from patients.models import Patient
from reminders.api.serializers import ProofSerializer, RemindersRequest, RemindersSerializer
from reminders.api.whose import phone_patient, record_change
from reminders.channel_states import channel_states
from reminders.channels.push import vapid
from reminders.models import ReminderRule
from reminders.proof import proof
from reminders.rules import NotTheClinic, OtherKind, UnknownRule, set_rules

SHOWN = (
    "id",
    "kind",
    "after_days",
    "times",
    "weekdays",
    "channels",
    "only_if_not_done",
    "repeat_after_min",
    "paused",
    "timezone",
    "next_due_at",
)


def document(patient: Patient, whose: User | None) -> dict[str, object]:
    """`whose`: the account on the phone; None for the clinic."""
    feeds = patient.calendar_feeds.filter(revoked_at=None)
    return {
        "patient": patient.pk,
        "vapid_public_key": vapid.public_key(),
        "channels": channel_states([patient])[patient.pk],
        "rules": [rule_document(rule) for rule in patient.reminder_rules.all()],
        "calendar": (feeds.filter(created_by=whose) if whose else feeds).exists(),
    }


def rule_document(rule: ReminderRule) -> dict[str, object]:
    quiet = {"from": rule.quiet_from, "to": rule.quiet_to} if rule.quiet_from and rule.quiet_to else None
    return {"quiet": quiet, **{name: getattr(rule, name) for name in SHOWN}}


def answer(patient: Patient, whose: User | None) -> Response:
    return Response(RemindersSerializer(document(patient, whose)).data)


def change(request: Request, patient: Patient, *, by_clinic: bool) -> Response:
    parsed = RemindersRequest(data=request.data)
    parsed.is_valid(raise_exception=True)
    try:
        with transaction.atomic():
            set_rules(patient, parsed.validated_data["rules"], by_clinic=by_clinic)
            record_change(request, patient, "reminders")
    except NotTheClinic as error:
        raise ValidationError({"rules": "Only the clinic sets up a nudge."}) from error
    except UnknownRule as error:
        raise ValidationError(
            {"rules": "One of these ids is no reminder of this patient. Leave the id out for a new one."}
        ) from error
    except OtherKind as error:
        raise ValidationError({"rules": "A reminder keeps its kind. Make a new one and leave this one out."}) from error
    return answer(patient, None if by_clinic else signed_in(request))


class MyReminders(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(
        operation_id="me_reminders", parameters=[OpenApiParameter("patient", uuid.UUID)], responses=RemindersSerializer
    )
    def get(self, request: Request) -> Response:
        return answer(phone_patient(request), signed_in(request))

    @extend_schema(
        operation_id="me_reminders_change",
        parameters=[OpenApiParameter("patient", uuid.UUID)],
        request=RemindersRequest,
        responses=RemindersSerializer,
    )
    def put(self, request: Request) -> Response:
        return change(request, phone_patient(request), by_clinic=False)


class PatientReminders(APIView):
    permission_classes = (HasAbility,)
    needs = {"PUT": Ability.PATIENTS}

    @extend_schema(operation_id="patients_reminders", responses=RemindersSerializer)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request)
        return answer(patient_of(request, patient_id), None)

    @extend_schema(operation_id="patients_reminders_change", request=RemindersRequest, responses=RemindersSerializer)
    def put(self, request: Request, patient_id: uuid.UUID) -> Response:
        return change(request, patient_of(request, patient_id, Ability.PATIENTS), by_clinic=True)


class RemindersProof(APIView):
    permission_classes = (HasAbility,)
    needs = {"GET": Ability.READ}

    @extend_schema(
        operation_id="patients_reminders_proof",
        parameters=[OpenApiParameter("date", dt.date, description="the patient's local date; left out: today")],
        responses=ProofSerializer,
    )
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request, "date")
        patient = patient_of(request, patient_id)
        return Response(ProofSerializer(proof(patient, _date(request, patient))).data)


def _date(request: Request, patient: Patient) -> dt.date:
    raw = request.query_params.get("date")
    if raw is None:
        return local_today(patient)
    try:
        return dt.datetime.strptime(raw, "%Y-%m-%d").date()  # noqa: DTZ007 (a date has no zone)
    except ValueError as error:
        raise ValidationError({"date": "Write the date as YYYY-MM-DD, for example 2026-11-24."}) from error
