"""Messages, on the clinic's side and on the patient's."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import CursorPages, check_params
from accounts.roles import Ability, HasAbility
from patients import messages
from patients.api.log import SeenResponse
from patients.api.phone_patient import phone_patient, user_of
from patients.api.phone_schema import MessageSubject
from patients.api.scope import patient_of
from patients.models import Entry, Patient
from patients.sync import store
from patients.sync.decide import Status
from patients.sync.envelope import by_our_clock

MOST_CHARACTERS = 5000
PATIENT = OpenApiParameter("patient", str, description="whose, when the account reaches several")


class MessageAuthor(serializers.Serializer[Any]):
    name = serializers.CharField()
    side = serializers.ChoiceField(choices=("patient", "clinic"))


class MessageDocument(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at = serializers.DateTimeField(help_text="when it was written")
    body = serializers.CharField()
    about = MessageSubject(allow_null=True)
    mine = serializers.BooleanField(help_text="written by whoever asks")
    seen_at = serializers.DateTimeField(allow_null=True, help_text="by the other side")
    seen_by = serializers.CharField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": MessageAuthor()}


class MessageRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False)
    body = serializers.CharField(max_length=MOST_CHARACTERS, trim_whitespace=False)
    about = MessageSubject(required=False, allow_null=True, default=None)


class AnswerRequest(MessageRequest):
    answers = serializers.UUIDField(
        required=False,
        allow_null=True,
        default=None,
        help_text="the patient's latest message that the author has read; what came after it goes on waiting",
    )


class NewestFirst(CursorPages):
    ordering = ("-happened_at", "-id")


class MessageList(GenericAPIView[Entry]):
    pagination_class = NewestFirst
    queryset = Entry.objects.none()
    serializer_class = MessageDocument

    def page(self, request: Request, patient: Patient) -> Response:
        found = self.paginate_queryset(self.filter_queryset(messages.of(patient)))
        return self.get_paginated_response([messages.document(entry, user_of(request)) for entry in found or []])

    def written(self, request: Request, patient: Patient, uid: uuid.UUID, *, new: bool) -> Response:
        document = messages.document(messages.of(patient).get(uid=uid), user_of(request))
        return Response(document, status=status.HTTP_201_CREATED if new else status.HTTP_200_OK)


class PatientMessages(MessageList):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.ANSWER, "*": Ability.READ}

    @extend_schema(operation_id="patients_messages", responses=MessageDocument(many=True))
    def get(self, request: Request, patient_id: uuid.UUID) -> Response:
        return self.page(request, patient_of(request, patient_id))

    @extend_schema(
        operation_id="patients_messages_write",
        request=AnswerRequest,
        responses={200: MessageDocument, 201: MessageDocument},
    )
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        check_params(request)
        patient = patient_of(request, patient_id, Ability.ANSWER)
        parsed = AnswerRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        answers = wanted.pop("answers")
        draft = messages.draft(patient, body=wanted["body"], about=wanted["about"], id=wanted.get("id"))
        entry, new = messages.write(patient=patient, by=user_of(request), message=draft, answers=answers)
        return self.written(request, patient, entry.uid, new=new)


class MyMessages(MessageList):
    permission_classes = (IsAuthenticated,)
    extra_params = ("patient",)

    @extend_schema(operation_id="me_messages", parameters=[PATIENT], responses=MessageDocument(many=True))
    def get(self, request: Request) -> Response:
        return self.page(request, phone_patient(request))

    @extend_schema(
        operation_id="me_messages_write",
        parameters=[PATIENT],
        request=MessageRequest,
        responses={200: MessageDocument, 201: MessageDocument},
    )
    def post(self, request: Request) -> Response:
        """The same as a message that comes by sync, for whoever is online."""
        check_params(request, "patient")
        patient = phone_patient(request)
        parsed = MessageRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = parsed.validated_data
        draft = messages.draft(patient, body=wanted["body"], about=wanted["about"], id=wanted.get("id"))
        message = messages.read(patient, draft)
        call = by_our_clock(patient, [draft], timezone.now())
        [result] = store.receive(call, store.Sender(user_of(request), hold=False))
        if result.status != Status.STORED:
            known = Entry.objects.filter(patient=patient, uid=message.id).first()
            if known is None:
                raise messages.refusal(result.errors)
            messages.same_or_taken(known, message, from_staff=False)
        return self.written(request, patient, message.id, new=result.status == Status.STORED)


class MessagesSeenRequest(serializers.Serializer[Any]):
    ids = serializers.ListField(child=serializers.UUIDField(), max_length=500)


class MyMessagesSeen(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="me_messages_seen", parameters=[PATIENT], request=MessagesSeenRequest, responses=SeenResponse
    )
    def post(self, request: Request) -> Response:
        """The clinic's messages that are on the screen. Answers those that nobody had seen before."""
        check_params(request, "patient")
        patient = phone_patient(request)
        parsed = MessagesSeenRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        marked = messages.mark_seen(patient, parsed.validated_data["ids"], by=user_of(request))
        return Response({"seen": [str(one) for one in marked]})
