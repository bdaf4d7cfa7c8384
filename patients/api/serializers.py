"""What patients, invitations and plans look like in JSON."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import CLINICIANS, Membership
from accounts.zones import validate_zone
from patients import days, plans
from patients.models import (
    Flag,
    Patient,
    Plan,
    PlanOverride,
    PlanPause,
    PlanRevision,
    PlanStatus,
    Purpose,
    Relation,
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


class PainWords(serializers.Serializer[Any]):
    """The clinic's own words for each colour; null leaves it to the app's."""

    green = serializers.CharField(max_length=300, required=False, allow_null=True)
    amber = serializers.CharField(max_length=300, required=False, allow_null=True)
    red = serializers.CharField(max_length=300, required=False, allow_null=True)
    stop = serializers.CharField(max_length=300, required=False, allow_null=True)


class PainRuleSerializer(serializers.Serializer[Any]):
    limit = serializers.IntegerField(min_value=0, max_value=10, required=False)
    baseline = serializers.IntegerField(min_value=0, max_value=10, required=False, allow_null=True)
    words = PainWords(required=False)


class OverrideRequest(serializers.Serializer[Any]):
    rule = serializers.CharField(max_length=10)
    key = serializers.UUIDField()
    reason = serializers.CharField(max_length=1000)


class AlternativeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class ConflictSerializer(serializers.Serializer[Any]):
    """One rule against one prescription (CLINICAL.md B)."""

    rule = serializers.CharField()
    action = serializers.ChoiceField(choices=("block", "release", "warn"))
    prescription = serializers.UUIDField(allow_null=True)
    key = serializers.UUIDField(allow_null=True)
    finding = serializers.CharField(allow_blank=True, help_text="what of the patient makes the rule fire")
    demands = serializers.ListField(child=serializers.CharField(), help_text="of the exercise, that the rule speaks of")
    sentence = serializers.CharField()
    cap = serializers.CharField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    certainty = serializers.CharField()
    alternatives = AlternativeSerializer(many=True)


class PhaseConflicts(serializers.Serializer[Any]):
    phase = serializers.IntegerField()
    conflicts = ConflictSerializer(many=True)


def plausible_start(date: dt.date) -> None:
    """A plan has a row for every date since its start, so a mistyped year is refused, not laid out."""
    if abs(date - timezone.now().date()) > FARTHEST_START:
        raise serializers.ValidationError("Check the date: a plan starts within five years of today.")


class CheckRequest(serializers.Serializer[Any]):
    program = serializers.UUIDField()
    starts_on = serializers.DateField(required=False, validators=[plausible_start])


class CheckResponse(serializers.Serializer[Any]):
    phases = PhaseConflicts(many=True)


class PlanRequest(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False)
    program = serializers.UUIDField()
    starts_on = serializers.DateField(validators=[plausible_start])
    phase = serializers.IntegerField(min_value=1, max_value=50, default=1)
    pain_rule = PainRuleSerializer(required=False)
    overrides = OverrideRequest(many=True, required=False)


class RevisionRequest(serializers.Serializer[Any]):
    program = serializers.UUIDField(required=False)
    phase = serializers.IntegerField(min_value=1, max_value=50, required=False)
    pain_rule = PainRuleSerializer(required=False)
    effective_from = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    overrides = OverrideRequest(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not {"program", "phase", "pain_rule"} & set(attrs):
            raise serializers.ValidationError("Say what changes: program, phase or pain_rule.")
        return attrs


class PauseRequest(serializers.Serializer[Any]):
    to = serializers.DateField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {"from": serializers.DateField(), **super().get_fields()}


class ResumeRequest(serializers.Serializer[Any]):
    on = serializers.DateField()


class ReasonRequest(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class PauseSerializer(serializers.ModelSerializer[PlanPause]):
    to = serializers.DateField(source="to_date", allow_null=True)

    class Meta:
        model = PlanPause
        fields = ("id", "to", "reason")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {**super().get_fields(), "from": serializers.DateField(source="from_date")}


class RevisionSerializer(serializers.ModelSerializer[PlanRevision]):
    program = serializers.UUIDField(source="program_id")
    author = serializers.CharField(source="author.name", default=None, allow_null=True)
    pain_rule = PainRuleSerializer()

    class Meta:
        model = PlanRevision
        fields = ("id", "n", "program", "phase", "pain_rule", "effective_from", "author", "reason", "created_at")


class OverrideSerializer(serializers.ModelSerializer[PlanOverride]):
    author = serializers.CharField(source="author.name", default=None, allow_null=True)

    class Meta:
        model = PlanOverride
        fields = ("rule", "key", "reason", "author", "created_at")


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """`program`, `phase` and `pain_rule` are those in force today (before the start: of the first day)."""

    patient = serializers.UUIDField(source="patient_id")
    program = serializers.SerializerMethodField()
    program_name = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    phase = serializers.SerializerMethodField()
    pain_rule = serializers.SerializerMethodField()
    revisions = RevisionSerializer(many=True)
    pauses = PauseSerializer(many=True)
    overrides = OverrideSerializer(many=True)

    class Meta:
        model = Plan
        fields = (
            "id",
            "version",
            "patient",
            "program",
            "program_name",
            "status",
            "starts_on",
            "ended_on",
            "end_reason",
            "phase",
            "pain_rule",
            "revisions",
            "pauses",
            "overrides",
            "notes",
        )

    def _now(self, plan: Plan) -> PlanRevision:
        return plans.revision_on(plan, days.local_today(plan.patient))

    @extend_schema_field(serializers.UUIDField())
    def get_program(self, plan: Plan) -> str:
        return str(self._now(plan).program_id)

    def get_program_name(self, plan: Plan) -> str:
        return self._now(plan).program.name

    @extend_schema_field(serializers.ChoiceField(choices=PlanStatus.choices))
    def get_status(self, plan: Plan) -> str:
        return plans.status_on(plan, days.local_today(plan.patient))

    def get_phase(self, plan: Plan) -> int:
        return self._now(plan).phase

    @extend_schema_field(PainRuleSerializer())
    def get_pain_rule(self, plan: Plan) -> dict[str, Any]:
        rule: dict[str, Any] = self._now(plan).pain_rule
        return rule


class PlanNotes(serializers.Serializer[Any]):
    notes = serializers.CharField(max_length=10_000, allow_blank=True)


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
