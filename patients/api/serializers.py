"""What patients and their flags look like in JSON."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import CLINICIANS, Membership
from accounts.zones import validate_zone
from patients.models import (
    Flag,
    Patient,
    StaffAlert,
)
from patients.models.people import PatientStatus
from programs.fields import InvalidFieldsError
from programs.findings import Findings

LANGUAGES = ("en", "es")
OLDEST_BIRTH = dt.date(1900, 1, 1)
FARTHEST_START = dt.timedelta(days=5 * 366)


class CoverSerializer(serializers.Serializer[Any]):
    """Who stands in, from and to which date (both included)."""

    staff = serializers.UUIDField()
    to = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": serializers.DateField()}  # `from` is no Python name

    def to_representation(self, instance: Any) -> Any:
        return instance  # stored as it was checked

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # A PATCH of the patient makes this partial too, but half a cover is none.
        if missing := {"staff", "from", "to"} - set(attrs):
            raise serializers.ValidationError(dict.fromkeys(sorted(missing), "This field is required."), "required")
        if attrs["to"] < attrs["from"]:
            raise serializers.ValidationError({"to": "The cover cannot end before it starts."})
        return {"staff": str(attrs["staff"]), "from": attrs["from"].isoformat(), "to": attrs["to"].isoformat()}


@extend_schema_field({"type": "object", "additionalProperties": True})
class FindingsField(serializers.JSONField):
    """API.md's findings; absent is unknown, and unknown never fires a rule."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            Findings.parse(data)
        except InvalidFieldsError as error:
            wrong = {attr or "non_field_errors": [detail] for attr, detail in error.errors}
            raise serializers.ValidationError(
                wrong if set(wrong) != {"non_field_errors"} else wrong["non_field_errors"]
            ) from error
        return data


def clinician_of(clinic_id: uuid.UUID, user_id: uuid.UUID) -> Membership:
    """An id inside a payload is checked like one in the address: only staff of the patient's own clinic, and only who
    may answer for patients there."""
    member = Membership.objects.filter(user=user_id, clinic=clinic_id, ended_at=None).select_related("user").first()
    if member is None:
        raise serializers.ValidationError("Nobody with this id works for the clinic.")
    if member.role not in CLINICIANS:
        raise serializers.ValidationError(f"{member.user.name} is no therapist. Choose a therapist or an owner.")
    return member


class PatientSerializer(serializers.ModelSerializer[Patient]):
    id = serializers.UUIDField(required=False)
    timezone = serializers.CharField(required=False, validators=[validate_zone], max_length=64)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    findings = FindingsField(required=False)
    responsible = serializers.UUIDField(source="responsible_id", required=False, allow_null=True)
    responsible_name = serializers.CharField(source="responsible.name", read_only=True, default=None, allow_null=True)
    cover = CoverSerializer(required=False, allow_null=True)
    status = serializers.ChoiceField(choices=PatientStatus.choices, read_only=True)
    clinic = serializers.UUIDField(source="clinic_id", read_only=True)
    merged_into = serializers.UUIDField(source="merged_into_id", read_only=True, allow_null=True)

    class Meta:
        model = Patient
        fields = (
            "id",
            "version",
            "clinic",
            "name",
            "birth_date",
            "record_number",
            "email",
            "phone",
            "timezone",
            "language",
            "affected_side",
            "condition",
            "findings",
            "responsible",
            "responsible_name",
            "cover",
            "status",
            "known_until",
            "last_active_at",
            "discharged_at",
            "discharge_reason",
            "merged_into",
        )
        read_only_fields = ("version", "known_until", "last_active_at", "discharged_at", "discharge_reason")
        validators: tuple[Any, ...] = ()  # the record number's constraint is answered by the domain, with a sentence

    def validate_birth_date(self, value: dt.date) -> dt.date:
        if not OLDEST_BIRTH <= value <= timezone.now().date():
            raise serializers.ValidationError("Check the birth date: it lies in the future or too far back.")
        return value

    def validate_record_number(self, value: str | None) -> str | None:
        return value or None  # an emptied field of a form: two patients without a number do not share one

    def validate_email(self, value: str | None) -> str | None:
        return value or None

    def validate_phone(self, value: str | None) -> str | None:
        return value or None

    def validate_responsible(self, value: Any) -> Any:
        if value is not None:
            clinician_of(self.context["clinic"].pk, value)
        return value

    def validate_cover(self, value: dict[str, Any] | None) -> dict[str, Any] | None:
        if value is not None:
            try:
                clinician_of(self.context["clinic"].pk, uuid.UUID(value["staff"]))
            except serializers.ValidationError as error:
                raise serializers.ValidationError({"staff": error.detail}) from error
        return value


class AlertMail(serializers.Serializer[Any]):
    """One mail to one person; those that were tried again stand once."""

    at = serializers.DateTimeField()
    to = serializers.CharField()
    outcome = serializers.ChoiceField(choices=("sending", "sent", "unknown", "failed", "refused"))


class AlertSerializer(serializers.ModelSerializer[StaffAlert]):
    sent = AlertMail(source="log", many=True)

    class Meta:
        model = StaffAlert
        fields = ("raised_at", "next_at", "ended_at", "sent")


class FlagSerializer(serializers.ModelSerializer[Flag]):
    patient = serializers.UUIDField(source="patient_id")
    patient_name = serializers.CharField(source="patient.name")
    acknowledged_by = serializers.CharField(source="acknowledged_by.name", default=None, allow_null=True)
    evidence = serializers.ListField(child=serializers.DictField())
    alert = serializers.SerializerMethodField()

    class Meta:
        model = Flag
        fields = (
            "id",
            "patient",
            "patient_name",
            "kind",
            "urgency",
            "evidence",
            "next_step",
            "raised_at",
            "acknowledged_at",
            "acknowledged_by",
            "resolved_at",
            "alert",
        )

    @extend_schema_field(AlertSerializer(allow_null=True))
    def get_alert(self, flag: Flag) -> Any:
        """Who was told, for a flag that could not wait: the latest alert."""
        latest = max(flag.alerts.all(), key=lambda alert: alert.raised_at, default=None)
        return None if latest is None else AlertSerializer(latest).data


class NoteRequest(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=1000)
