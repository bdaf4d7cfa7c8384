"""Where a browser says how it can be pushed to, and that it no longer wants to be."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.conventions import check_params, get_or_404, signed_in
from accounts.roles import IsPatient
from reminders import signing_out, subscriptions
from reminders.api.whose import phone_patient, record_change
from reminders.channels.push import endpoints, message
from reminders.models import PushSubscription


class KeysSerializer(serializers.Serializer[Any]):
    p256dh = serializers.CharField(max_length=120, help_text="a point on P-256, 65 bytes, base64url")
    auth = serializers.CharField(max_length=40, help_text="16 bytes, base64url")

    def validate_p256dh(self, text: str) -> str:
        try:
            return message.browser_key(text)
        except ValueError as error:
            raise serializers.ValidationError("This is no public key of a browser (P-256, 65 bytes).") from error

    def validate_auth(self, text: str) -> str:
        try:
            return message.browser_secret(text)
        except ValueError as error:
            raise serializers.ValidationError("This is no secret of a browser (16 bytes).") from error


class PushSubscriptionRequest(serializers.Serializer[Any]):
    """What `PushSubscription.toJSON()` gives in a browser, and the device of the sync."""

    endpoint = serializers.CharField(max_length=1000)
    keys = KeysSerializer()
    device = serializers.UUIDField(allow_null=True, default=None)

    def validate_endpoint(self, url: str) -> str:
        try:
            endpoints.check(url)
        except endpoints.EndpointRefused as error:
            raise serializers.ValidationError(f"No push can be sent to this address: {error}.") from error
        except endpoints.EndpointUnknown as error:
            raise serializers.ValidationError(
                "The push service of this address is not found just now. Try again later."
            ) from error
        return url


class PushSubscriptionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class MyPushSubscriptions(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(
        operation_id="me_push_subscribe",
        parameters=[OpenApiParameter("patient", uuid.UUID)],
        request=PushSubscriptionRequest,
        responses={
            201: PushSubscriptionSerializer,
            200: OpenApiResponse(PushSubscriptionSerializer, "known already; its keys are renewed"),
        },
    )
    def post(self, request: Request) -> Response:
        patient = phone_patient(request)
        parsed = PushSubscriptionRequest(data=request.data)
        parsed.is_valid(raise_exception=True)
        facts = parsed.validated_data
        with transaction.atomic():
            subscription, new = subscriptions.subscribe(
                patient, signed_in(request), endpoint=facts["endpoint"], device=facts["device"], **facts["keys"]
            )
            record_change(request, patient, "push_subscriptions")
        signing_out.remember(request._request.session, subscription)
        return Response(PushSubscriptionSerializer(subscription).data, status=201 if new else 200)


class MyPushSubscription(APIView):
    permission_classes = (IsPatient,)

    @extend_schema(operation_id="me_push_unsubscribe", responses={204: None})
    def delete(self, request: Request, subscription_id: uuid.UUID) -> Response:
        """Only the account's own: a carer's phone is the carer's. Ending it twice changes nothing."""
        check_params(request)
        mine = PushSubscription.objects.visible_to(request.user).filter(user=signed_in(request))
        subscription = get_or_404(mine.select_related("patient").filter(pk=subscription_id))
        with transaction.atomic():
            subscriptions.end([subscription], subscriptions.TURNED_OFF)
            record_change(request, subscription.patient, "push_subscriptions")
        return Response(status=204)
