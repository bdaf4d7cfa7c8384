"""What invitations and joining look like in JSON."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from patients.models import Purpose, Relation


class InvitationRequest(serializers.Serializer[Any]):
    purpose = serializers.ChoiceField(choices=Purpose.choices, default=Purpose.LINK)
    relation = serializers.ChoiceField(choices=Relation.choices, default=Relation.SELF)
    replace = serializers.BooleanField(default=False)
    send = serializers.BooleanField(default=False)


class InvitationResponse(serializers.Serializer[Any]):
    url = serializers.CharField()
    qr_svg = serializers.CharField()
    expires_at = serializers.DateTimeField()
    sent = serializers.BooleanField(help_text="whether the mail server took the e-mail")


class JoinCheckRequest(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)
    birth_date = serializers.DateField()


class ConsentSerializer(serializers.Serializer[Any]):
    version = serializers.CharField()
    text = serializers.CharField()


class JoinCheckResponse(serializers.Serializer[Any]):
    first_name = serializers.CharField()
    clinic = serializers.CharField()
    relation = serializers.ChoiceField(choices=Relation.choices)
    consent = ConsentSerializer()


class JoinRequest(JoinCheckRequest):
    consent = serializers.BooleanField()
    consent_version = serializers.CharField(max_length=20, required=False)
    device = serializers.UUIDField(required=False, allow_null=True)
    add = serializers.BooleanField(default=False)

    def validate_consent(self, value: bool) -> bool:
        if not value:
            raise serializers.ValidationError("Without your consent nothing can be kept, so you cannot join.")
        return value


class JoinResponse(serializers.Serializer[Any]):
    patient = serializers.UUIDField()
    transfer_code = serializers.CharField()


class TransferRequest(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=20)


class TransferResponse(serializers.Serializer[Any]):
    patients = serializers.ListField(child=serializers.UUIDField())


class TransferCodeResponse(serializers.Serializer[Any]):
    code = serializers.CharField()
    expires_at = serializers.DateTimeField()
