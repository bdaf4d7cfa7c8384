"""The clinic's view of what happened at home, and what staff do with it: seen, paper, unlock."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params
from accounts.api.errors import Conflict, TooLarge
from accounts.base import new_id
from accounts.roles import Ability, HasAbility
from patients import adherence, days, log, safety
from patients.api.day_schema import DaysDocument
from patients.api.phone_patient import user_of
from patients.api.phone_schema import (
    AnyItem,
    HeldDocument,
    LockDocument,
    SyncResponse,
    kept_item,
    new_item,
)
from patients.api.scope import patient_of
from patients.api.serializers import NoteRequest
from patients.api.sync import answer
from patients.messages import refusal
from patients.models import Entry, HeldItem, ItemKind, Patient, PlanDay
from patients.phone import lock_document
from patients.sync import store
from patients.sync.decide import Status
from patients.sync.envelope import MOST_ITEMS, by_our_clock
from patients.sync.fields import FIRST_YEAR, LAST_YEAR

MOST_DATES = 400
FROM_TO = [
    OpenApiParameter("from", dt.date, description="first local date"),
    OpenApiParameter("to", dt.date, description="last local date"),
]


def date_param(request: Request, name: str, default: dt.date | None) -> dt.date | None:
    value = request.query_params.get(name)
    if value is None:
        return default
    try:
        date = dt.datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
    except ValueError as error:
        raise ValidationError({name: [f"“{name}” is a date such as 2026-11-24."]}) from error
    if not FIRST_YEAR <= date.year < LAST_YEAR:
        raise ValidationError({name: [f"“{name}” is a date from {FIRST_YEAR} on, before {LAST_YEAR}."]})
    return date


class PagesByDate(CursorPages):
    ordering = ("-local_date", "-id")


class EntryList(GenericAPIView[Entry]):
    """Items in the shape in which the phone sent them, newest date first."""

    permission_classes: Sequence[type[BasePermission]] = (HasAbility,)
    needs = {"*": Ability.READ}
    pagination_class = PagesByDate
    queryset = Entry.objects.none()
    kinds: tuple[ItemKind, ...] = ()
    extra_params: tuple[str, ...] = ("from", "to")

    def entries(self, request: Request, patient: Patient) -> Response:
        first, last = date_param(request, "from", None), date_param(request, "to", None)
        entries = log.in_force(patient, *self.kinds)
        if first is not None:
            entries = entries.filter(local_date__gte=first)
        if last is not None:
            entries = entries.filter(local_date__lte=last)
        page = self.paginate_queryset(self.filter_queryset(entries))
        return self.get_paginated_response(self.documents(patient, page or []))

    def documents(self, patient: Patient, page: Sequence[Entry]) -> list[dict[str, Any]]:
        return [log.entry_document(entry) for entry in page]


class PatientEntries(EntryList):
    @extend_schema(responses=kept_item, parameters=FROM_TO)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return self.entries(request, patient_of(request, patient_id))


class Sessions(PatientEntries):
    kinds = (ItemKind.SESSION,)


class Pain(PatientEntries):
    kinds = (ItemKind.PAIN,)


class Checkins(PatientEntries):
    kinds = (ItemKind.CHECKIN,)


class Timeline(PatientEntries):
    """Everything, on one line."""


class EnteredByStaff(EntryList):
    """A list to which staff may add, as if from paper."""

    needs = {"POST": Ability.PAPER, "*": Ability.READ}

    @extend_schema(responses=kept_item, parameters=FROM_TO)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return self.entries(request, patient_of(request, patient_id))

    @extend_schema(request=new_item, responses={200: kept_item, 201: kept_item})
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        """201 with the stored item, 200 if it was stored already; 400 with what is wrong; 409 for another's id."""
        patient = patient_of(request, patient_id, Ability.PAPER)
        if not isinstance(request.data, dict):
            raise ValidationError({"non_field_errors": ["Send an object."]})
        now = timezone.now()
        item = {"id": str(new_id()), "at": now.isoformat(), **request.data, "type": self.kinds[0].value}
        [result] = store.receive(
            by_our_clock(patient, [item], now), store.Sender(user_of(request), paper=True, hold=False)
        )
        if result.status == Status.HELD:
            if result.errors[0]["code"] == "conflict":
                raise Conflict("Something else is already stored under this id.", "id_taken")
            raise refusal(result.errors)
        entry = Entry.objects.select_related("entered_by").get(patient=patient, uid=result.id)
        code = status.HTTP_200_OK if result.status == Status.DUPLICATE else status.HTTP_201_CREATED
        return Response(self.documents(patient, [entry])[0], status=code)


class PagesOfHeld(CursorPages):
    ordering = ("-received_at", "-id")


class Held(GenericAPIView[HeldItem]):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}
    pagination_class = PagesOfHeld
    queryset = HeldItem.objects.none()

    @extend_schema(operation_id="patients_held", responses=HeldDocument(many=True))
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        page = self.paginate_queryset(self.filter_queryset(log.held(patient_of(request, patient_id))))
        return self.get_paginated_response([log.held_document(item) for item in page or []])


class Days(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(operation_id="patients_days", responses=DaysDocument, parameters=FROM_TO)
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request, "from", "to")
        patient = patient_of(request, patient_id)
        return Response({"results": days_between(request, patient)})


def days_between(request: Request, patient: Patient) -> list[dict[str, Any]]:
    """The dates that `from` and `to` name, by default the 28 up to today."""
    last = date_param(request, "to", None) or days.local_today(patient)
    first = date_param(request, "from", None) or last - dt.timedelta(days=27)
    if first > last:
        raise ValidationError({"from": ["“from” lies after “to”."]})
    if (last - first).days >= MOST_DATES:
        raise ValidationError({"from": [f"At most {MOST_DATES} dates can be asked for at once."]})
    rows = PlanDay.objects.filter(plan__patient=patient, date__range=(first, last)).order_by("date", "plan_id")
    return [adherence.day_document(day, patient.known_until) for day in rows]


class SeenRequest(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class SeenResponse(serializers.Serializer[Any]):
    seen = serializers.ListField(child=serializers.UUIDField())


class Seen(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.READ}

    @extend_schema(operation_id="patients_seen", request=SeenRequest, responses=SeenResponse)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id)
        parsed = SeenRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        marked = log.mark_seen(patient, parsed.validated_data["items"], by=user_of(request))
        return Response({"seen": [str(one) for one in marked]})


class PaperRequest(serializers.Serializer[Any]):
    items = serializers.ListField(child=AnyItem())


class Paper(APIView):
    """What a patient wrote on paper: sync items with the patient's zone and the server's clock."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.PAPER}

    @extend_schema(operation_id="patients_paper", request=PaperRequest, responses=SyncResponse)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.PAPER)
        items = request.data.get("items") if isinstance(request.data, dict) else None
        if not isinstance(items, list):
            raise ValidationError({"items": ["“items” is a list of sync items."]})
        if len(items) > MOST_ITEMS:
            raise TooLarge(f"At most {MOST_ITEMS} items fit into one call. Send them in parts.")
        call = by_our_clock(patient, items, timezone.now())
        return Response(answer(call, store.receive(call, store.Sender(user_of(request), paper=True))))


class UnlockResponse(serializers.Serializer[Any]):
    unlocked = LockDocument(many=True)


class Unlock(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.UNLOCK}

    @extend_schema(operation_id="patients_unlock", request=NoteRequest, responses=UnlockResponse)
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.UNLOCK)
        parsed = NoteRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        ended = safety.unlock(patient, by=user_of(request), note=parsed.validated_data["note"])
        return Response({"unlocked": [lock_document(lock) for lock in ended]})
