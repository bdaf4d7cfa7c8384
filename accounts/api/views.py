"""Clinic, team, joining the team, and the clinic's access log."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import mail, staff
from accounts.access import Action, record
from accounts.api.conventions import check_params, get_or_404, signed_in
from accounts.api.errors import Conflict
from accounts.api.serializers import (
    AccessRecordSerializer,
    ClinicSerializer,
    InvitedStaffSerializer,
    InviteStaffSerializer,
    JoinedStaffSerializer,
    JoinStaffSerializer,
    RoleSerializer,
    StaffInvitationSerializer,
    StaffListSerializer,
    StaffSerializer,
)
from accounts.limits import GuessLimit, MailWrites
from accounts.links import absolute
from accounts.models import AccessRecord, Clinic, Membership, Role
from accounts.roles import Ability, HasAbility, acting_clinic
from accounts.signin import enter

CLINIC_PARAMETER = OpenApiParameter(
    "clinic", uuid.UUID, description="The clinic one means; needed by those who work for several."
)


def clinic_of(request: Request, ability: Ability) -> Clinic:
    """The clinic a request is about: `clinic` in the query or in the body, else the only one of the user."""
    named: Any = request.query_params.get("clinic")
    if named is None and isinstance(request.data, dict):
        named = request.data.get("clinic")
    return acting_clinic(request.user, named, ability)


class ClinicView(APIView):
    permission_classes = (HasAbility,)
    needs = {"GET": Ability.READ, "PATCH": Ability.CLINIC}

    @extend_schema(parameters=[CLINIC_PARAMETER], responses=ClinicSerializer, operation_id="clinic")
    def get(self, request: Request) -> Response:
        check_params(request, "clinic")
        return Response(ClinicSerializer(clinic_of(request, Ability.READ)).data)

    @extend_schema(
        parameters=[CLINIC_PARAMETER],
        request=ClinicSerializer(partial=True),
        responses=ClinicSerializer,
        operation_id="change_clinic",
    )
    def patch(self, request: Request) -> Response:
        clinic = clinic_of(request, Ability.CLINIC)
        serializer = ClinicSerializer(clinic, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        changed = sorted(serializer.validated_data)
        record(Action.WRITE, by=request.user, clinic=clinic, kind="clinic", object_id=clinic.pk, fields=changed)
        return Response(serializer.data)


class StaffView(GenericAPIView[Membership]):
    permission_classes = (HasAbility,)
    needs = {"GET": Ability.READ, "POST": Ability.STAFF}
    throttle_classes = (MailWrites,)
    queryset = Membership.objects.none()
    serializer_class = StaffSerializer
    extra_params = ("clinic",)

    def get_queryset(self) -> QuerySet[Membership]:
        clinic = clinic_of(self.request, Ability.READ)
        return Membership.objects.filter(clinic=clinic, ended_at=None).select_related("user")

    @extend_schema(
        parameters=[CLINIC_PARAMETER],
        responses=StaffListSerializer,
        operation_id="staff",
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        response = self.get_paginated_response(StaffSerializer(page, many=True).data)
        invitations = staff.open_invitations(clinic_of(request, Ability.READ))
        response.data["invitations"] = StaffInvitationSerializer(invitations, many=True).data
        return response

    @extend_schema(
        parameters=[CLINIC_PARAMETER],
        request=InviteStaffSerializer,
        responses={201: InvitedStaffSerializer},
        operation_id="invite_staff",
        description="Invites by e-mail; an earlier open invitation of that address ends. Valid for seven days.",
    )
    def post(self, request: Request) -> Response:
        clinic = clinic_of(request, Ability.STAFF)
        wanted = InviteStaffSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        by = signed_in(request)
        invited = staff.invite(
            clinic=clinic, email=wanted.validated_data["email"], role=Role(wanted.validated_data["role"]), by=by
        )
        url = absolute(request, f"/clinic/join/{invited.token}")
        language = wanted.validated_data.get("language", by.language)
        with override(language):
            until = date_format(timezone.localtime(invited.invitation.expires_at), "DATE_FORMAT")
        sent = mail.send(
            "staff_invitation",
            invited.invitation.email,
            language,
            clinic=clinic.name,
            inviter=by.name or by.email,
            url=url,
            until=until,
        )
        body = StaffInvitationSerializer(invited.invitation).data | {"url": url, "sent": sent}
        return Response(body, status.HTTP_201_CREATED)


class StaffMemberView(APIView):
    permission_classes = (HasAbility,)
    needs = {"*": Ability.STAFF}

    @extend_schema(
        parameters=[CLINIC_PARAMETER],
        request=RoleSerializer,
        responses=StaffSerializer,
        operation_id="change_role",
    )
    def patch(self, request: Request, staff_id: uuid.UUID) -> Response:
        clinic = clinic_of(request, Ability.STAFF)
        # Before the body is looked at: who is not of this clinic is 404, whatever was asked.
        get_or_404(Membership.objects.filter(clinic=clinic, ended_at=None), user=staff_id)
        wanted = RoleSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        role = Role(wanted.validated_data["role"])
        membership = staff.change_role(clinic=clinic, user_id=staff_id, role=role, by=signed_in(request))
        return Response(StaffSerializer(membership).data)

    @extend_schema(
        parameters=[CLINIC_PARAMETER],
        request=None,
        responses={204: None},
        operation_id="remove_staff",
        description="Ends a membership at once, or withdraws an invitation that was not used yet.",
    )
    def delete(self, request: Request, staff_id: uuid.UUID) -> Response:
        staff.remove(clinic=clinic_of(request, Ability.STAFF), user_id=staff_id, by=signed_in(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class JoinStaffView(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (GuessLimit,)

    @extend_schema(
        request=JoinStaffSerializer,
        responses={201: JoinedStaffSerializer},
        operation_id="join_staff",
        description="Uses a staff invitation and signs in. Staff of another clinic give their account's password.",
    )
    def post(self, request: Request) -> Response:
        if request.user.is_authenticated:
            raise Conflict("You are signed in already. Sign out, then open the invitation again.", "signed_in")
        given = JoinStaffSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        membership = staff.join(**given.validated_data)
        entered = enter(request._request, membership.user, "password")
        body = JoinedStaffSerializer({"clinic": membership, "signed_in": entered}).data
        return Response(body, status.HTTP_201_CREATED)


class AccessLogView(GenericAPIView[AccessRecord]):
    """Newest first. Owners only: it also shows what colleagues looked at."""

    permission_classes = (HasAbility,)
    needs = {"*": Ability.STAFF}
    queryset = AccessRecord.objects.none()
    serializer_class = AccessRecordSerializer
    extra_params = ("clinic",)
    filters = {
        "action": lambda queryset, value: queryset.filter(action=value),
        "kind": lambda queryset, value: queryset.filter(kind=value),
    }

    def get_queryset(self) -> QuerySet[AccessRecord]:
        return AccessRecord.objects.filter(clinic=clinic_of(self.request, Ability.STAFF))

    @extend_schema(
        parameters=[
            CLINIC_PARAMETER,
            OpenApiParameter("action", str, description="read, write, export, override, login"),
            OpenApiParameter("kind", str, description="what it was done to: patient, clinic, staff, …"),
        ],
        responses=AccessRecordSerializer(many=True),
        operation_id="clinic_access_log",
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(AccessRecordSerializer(page, many=True).data)
