"""What accounts sends and takes. Thin: the rules live in `accounts.staff` and `accounts.roles`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.countries import PAPERS, paper
from accounts.models import AccessRecord, Clinic, Membership, Role, StaffInvitation, User
from accounts.roles import Ability, abilities_of
from accounts.zones import validate_zone

LANGUAGES = [code for code, _ in settings.LANGUAGES]
TEXT_SIZES = ("normal", "large", "larger")


class PoliciesSerializer(serializers.Serializer[dict[str, Any]]):
    """Rules for the whole clinic. What is absent keeps the platform's own default."""

    default_pain_limit = serializers.IntegerField(min_value=0, max_value=10, required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: ["There is no such policy."] for name in unknown})
        value: dict[str, Any] = super().to_internal_value(data)
        return value


class ClinicSerializer(serializers.ModelSerializer[Clinic]):
    country = serializers.CharField(
        validators=[RegexValidator("^[A-Z]{2}$", "Use a country code of two capital letters, such as ES.")]
    )
    policies = PoliciesSerializer(required=False)
    paper = serializers.SerializerMethodField(help_text="what printers hold in the clinic's country")

    class Meta:
        model = Clinic
        fields = ("id", "name", "phone", "country", "timezone", "hours", "escalation_email", "policies", "paper")

    @extend_schema_field(serializers.ChoiceField(choices=PAPERS))
    def get_paper(self, clinic: Clinic) -> str:
        return paper(clinic.country)

    def update(self, instance: Clinic, validated_data: dict[str, Any]) -> Clinic:
        if "policies" in validated_data:
            validated_data["policies"] = instance.policies | validated_data["policies"]
        for field, value in validated_data.items():
            setattr(instance, field, value)
        instance.save(update_fields=list(validated_data))
        return instance


class StaffSerializer(serializers.ModelSerializer[Membership]):
    """One of the team. `id` is the person's, the same that `responsible` and `author` hold elsewhere."""

    id = serializers.UUIDField(source="user_id")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email", allow_null=True)
    since = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Membership
        fields = ("id", "name", "email", "role", "since")


class StaffInvitationSerializer(serializers.ModelSerializer[StaffInvitation]):
    class Meta:
        model = StaffInvitation
        fields = ("id", "email", "role", "expires_at")


class StaffListSerializer(serializers.Serializer[Any]):
    """For the schema: a page of the team, and who was invited and has not come yet."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = StaffSerializer(many=True)
    invitations = StaffInvitationSerializer(many=True)


class InviteStaffSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False, help_text="of the e-mail")
    clinic = serializers.UUIDField(required=False)


class InvitedStaffSerializer(StaffInvitationSerializer):
    """`url` is shown once. `sent`: whether the mail server took the e-mail; if not, hand the address over yourself."""

    url = serializers.URLField()
    sent = serializers.BooleanField()

    class Meta(StaffInvitationSerializer.Meta):
        fields = (*StaffInvitationSerializer.Meta.fields, "url", "sent")  # type: ignore[assignment]


class RoleSerializer(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=Role.choices)
    clinic = serializers.UUIDField(required=False)


class JoinStaffSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=120)
    password = serializers.CharField(max_length=128, trim_whitespace=False)


class ClinicRoleSerializer(serializers.ModelSerializer[Membership]):
    """A clinic one works for, with what the role lets one do there: the apps show no button the server would refuse."""

    id = serializers.UUIDField(source="clinic_id")
    name = serializers.CharField(source="clinic.name")
    abilities = serializers.ListField(child=serializers.ChoiceField(choices=[str(a) for a in Ability]))

    class Meta:
        model = Membership
        fields = ("id", "name", "role", "abilities")

    def to_representation(self, membership: Membership) -> dict[str, Any]:
        return {
            "id": str(membership.clinic_id),
            "name": membership.clinic.name,
            "role": membership.role,
            "abilities": abilities_of(membership),
        }


class JoinedStaffSerializer(serializers.Serializer[Any]):
    """`signed_in` is false where the account has a second factor: then sign in as always."""

    clinic = ClinicRoleSerializer()
    signed_in = serializers.BooleanField()


class ActorSerializer(serializers.Serializer[AccessRecord]):
    id = serializers.UUIDField(source="actor_id", allow_null=True, help_text="null once the account is gone")
    name = serializers.CharField(source="actor_name")


class AccessRecordSerializer(serializers.ModelSerializer[AccessRecord]):
    at = serializers.DateTimeField(source="created_at")
    actor = ActorSerializer(source="*")
    detail = serializers.DictField()

    class Meta:
        model = AccessRecord
        fields = ("id", "at", "actor", "action", "kind", "object_id", "detail")


class UserSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ("id", "name", "email", "text_size")


class PreferencesSerializer(serializers.Serializer[Any]):
    """What `PATCH /me` takes. `language` and `locale` are one thing; GET calls it `locale`."""

    name = serializers.CharField(max_length=120, required=False)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False)
    locale = serializers.ChoiceField(choices=LANGUAGES, required=False, source="language")
    timezone = serializers.CharField(max_length=64, validators=[validate_zone], required=False)
    text_size = serializers.ChoiceField(choices=TEXT_SIZES, required=False)
