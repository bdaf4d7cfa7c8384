"""The printed page of a plan, with a way onto a phone that is made for it."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.api.conventions import get_or_404, signed_in
from accounts.api.files import FileOrErrors
from accounts.roles import Ability, HasAbility, require
from patients import days, handout, invitations
from patients.api.joining import join_url
from patients.models import Plan, Purpose
from programs.api.handout import HandoutRequest, chosen, pdf_response
from programs.handout import printing
from programs.handout.sheet import Join
from programs.handout.words import words


class PlanHandoutRequest(HandoutRequest):
    code = serializers.BooleanField(default=True, help_text="with a fresh way onto a phone; false mints nothing")


class PlanHandout(APIView):
    """Whoever may invite may print: the page is an invitation."""

    content_negotiation_class = FileOrErrors
    permission_classes = (HasAbility,)
    needs = {"*": Ability.INVITE}

    @extend_schema(
        operation_id="plans_handout",
        request=PlanHandoutRequest,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
        description="With a fresh handout invitation: the code on an earlier page stops working if nobody used it.",
    )
    def post(self, request: Request, plan_id: uuid.UUID) -> HttpResponse:
        rows = Plan.objects.for_staff(request.user).select_related("patient__clinic", "patient__responsible")
        plan = get_or_404(rows.prefetch_related("revisions__program"), pk=plan_id)
        patient = plan.patient
        require(request.user, Ability.INVITE, patient.clinic_id)
        parsed = PlanHandoutRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        wanted = parsed.validated_data
        size, language = chosen(wanted, patient.clinic, patient.language)
        # In one transaction, so that a page that could not be printed has not ended the code on the one before.
        with transaction.atomic():
            join = self._join(request, plan) if wanted["code"] else None
            sheet = handout.sheet(plan, words(language), join)
            handout.note_printed(plan, by=signed_in(request), size=size, language=language)
            pdf = printing.pdf(sheet, language=language, size=size, large=wanted["large_print"])
        return pdf_response(pdf)

    @staticmethod
    def _join(request: Request, plan: Plan) -> Join:
        issued = invitations.invite(plan.patient, by=signed_in(request), purpose=Purpose.HANDOUT)
        until = days.local_today(plan.patient, issued.invitation.expires_at)
        return Join(join_url(request, issued.token), until)
