"""Invitations on the clinic's side; joining and transfer codes on the patient's."""

from __future__ import annotations

import contextlib
import logging
import uuid
from smtplib import SMTPException

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.exceptions import ImmediateHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from accounts.api.conventions import signed_in
from accounts.api.errors import Conflict
from accounts.links import absolute, qr_svg
from accounts.models import User
from accounts.roles import Ability, HasAbility, IsPatient
from patients import consent, invitations, letters
from patients.api.joining_schema import (
    InvitationRequest,
    InvitationResponse,
    JoinCheckRequest,
    JoinCheckResponse,
    JoinRequest,
    JoinResponse,
    TransferCodeResponse,
    TransferRequest,
    TransferResponse,
)
from patients.api.scope import patient_of
from patients.models import Patient

log = logging.getLogger(__name__)


class JoinThrottle(SimpleRateThrottle):
    """Tokens have 192 random bits and codes 40; this keeps a guesser from making noise. Per address."""

    scope = "join"
    rate = "60/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle:join:{self.get_ident(request)}"


class Invitations(APIView):
    permission_classes = (HasAbility,)
    needs = {"POST": Ability.INVITE}

    @extend_schema(operation_id="patients_invite", request=InvitationRequest, responses={201: InvitationResponse})
    def post(self, request: Request, patient_id: uuid.UUID) -> Response:
        patient = patient_of(request, patient_id, Ability.INVITE)
        parsed = InvitationRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        send = wanted.pop("send")
        if send and not patient.email:
            raise ValidationError({"send": "This patient has no e-mail address. Show the link or the QR code instead."})
        issued = invitations.invite(patient, by=signed_in(request), **wanted)
        url = join_url(request, issued.token)
        sent = send and _send(patient, url, by=signed_in(request))
        body = {"url": url, "qr_svg": qr_svg(url), "expires_at": issued.invitation.expires_at, "sent": sent}
        return Response(InvitationResponse(body).data, status=status.HTTP_201_CREATED)


def join_url(request: Request, token: str) -> str:
    return absolute(request, f"/join/{token}")


def _send(patient: Patient, url: str, *, by: User) -> bool:
    try:
        letters.send_invitation(patient, url, by=by)
    except (OSError, SMTPException):
        log.exception("invitation of patient %s could not be mailed", patient.id)
        return False
    return True


class JoinCheck(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (JoinThrottle,)

    @extend_schema(operation_id="join_check", request=JoinCheckRequest, responses=JoinCheckResponse)
    def post(self, request: Request) -> Response:
        parsed = JoinCheckRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        invitation = invitations.check(**parsed.validated_data)
        patient = invitation.patient
        agreed = consent.consent_for(clinic=patient.clinic.name, language=patient.language)
        body = {
            "first_name": patient.name.split()[0],
            "clinic": patient.clinic.name,
            "relation": invitation.relation,
            "consent": {"version": agreed.version, "text": agreed.text},
        }
        return Response(JoinCheckResponse(body).data)


class Join(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (JoinThrottle,)

    @extend_schema(operation_id="join", request=JoinRequest, responses={201: JoinResponse})
    def post(self, request: Request) -> Response:
        parsed = JoinRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = dict(parsed.validated_data)
        wanted.pop("consent")
        here = request.user if isinstance(request.user, User) else None
        joined = invitations.join(signed_in=here, **wanted)
        if here is None:
            sign_in(request, joined.user)
        reached = joined.user.patient_access.get(patient=joined.patient, ended_at=None)
        body = {"patient": reached.named, "transfer_code": joined.transfer_code}
        return Response(JoinResponse(body).data, status=status.HTTP_201_CREATED)


class Transfer(APIView):
    permission_classes = (AllowAny,)
    throttle_classes = (JoinThrottle,)

    @extend_schema(operation_id="join_transfer", request=TransferRequest, responses=TransferResponse)
    def post(self, request: Request) -> Response:
        parsed = TransferRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        if request.user.is_authenticated:
            raise Conflict("Someone is signed in on this phone already. Sign out first.", "signed_in")
        user = invitations.redeem_transfer_code(parsed.validated_data["code"])
        sign_in(request, user)
        reached = user.patient_access.filter(ended_at=None).order_by("patient__created_at")
        return Response(TransferResponse({"patients": [one.named for one in reached]}).data)


class TransferCodes(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(operation_id="me_transfer_code", request=None, responses={201: TransferCodeResponse})
    def post(self, request: Request) -> Response:
        code = invitations.issue_transfer_code(signed_in(request))
        made = signed_in(request).transfer_codes.get(used_at=None)
        body = TransferCodeResponse({"code": code, "expires_at": made.expires_at}).data
        return Response(body, status=status.HTTP_201_CREATED)


def sign_in(request: Request, user: User) -> None:
    """Through allauth's own login, so that its sessions list and its re-authentication know about it.

    Raises Conflict `second_factor` where the account asks for one.
    """
    plain = request._request
    with contextlib.suppress(ImmediateHttpResponse):
        perform_login(plain, Login(user, email_verification="none"))
    if not plain.user.is_authenticated:
        raise Conflict("This account asks for its passkey or code as well. Sign in with it.", "second_factor")
    record_authentication(plain, user, method="invitation")
