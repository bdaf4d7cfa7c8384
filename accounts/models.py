"""Who you are: users, clinics, memberships, staff invitations, and the log of who looked at what."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.base import Row, new_id
from accounts.zones import validate_zone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def hash_token(token: str) -> str:
    """Invitations and codes are stored as SHA-256 only: whoever reads the database cannot join with it."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(24)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email) or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. A patient may have no e-mail at all: the clinic's invitation is the way in.

    `is_staff` opens the operators' admin and says nothing about clinics; those are `Membership`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    email = models.EmailField(null=True, blank=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=8, default="en")
    timezone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    text_size = models.CharField(max_length=8, default="normal")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once", condition=models.Q(email__isnull=False)),
        )

    def __str__(self) -> str:
        return self.name or self.email or f"user {self.id}"


class Clinic(Row):
    """A wall: nobody outside sees in. `hours` is free text a patient can read; `policies` holds clinic-wide rules."""

    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, default="ES", help_text="ISO 3166-1 alpha-2; picks the emergency number")
    timezone = models.CharField(max_length=64, default="Europe/Madrid", validators=[validate_zone])
    hours = models.CharField(max_length=300, blank=True)
    escalation_email = models.EmailField(blank=True)
    policies = models.JSONField(default=dict, blank=True)

    objects: ClassVar[models.Manager[Clinic]] = models.Manager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner"
    THERAPIST = "therapist"
    ASSISTANT = "assistant"


CLINICIANS = (Role.OWNER, Role.THERAPIST)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        return self.filter(clinic__memberships__user=user.pk, clinic__memberships__ended_at=None)

    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at=None)


class Membership(Row):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Membership]] = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "clinic"), condition=models.Q(ended_at=None), name="one_current_membership"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.clinic}"


def invitation_expiry() -> dt.datetime:
    return timezone.now() + dt.timedelta(days=7)


class StaffInvitation(Row):
    """How staff come in. Single use; the token itself is in the e-mail only."""

    clinic = models.ForeignKey(Clinic, models.CASCADE, related_name="staff_invitations")
    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField(default=invitation_expiry)
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[StaffInvitation]] = models.Manager()


class AccessQuerySet(models.QuerySet["AccessRecord"]):
    def about(self, kind: str, object_id: uuid.UUID) -> AccessQuerySet:
        return self.filter(kind=kind, object_id=object_id)


class AccessRecord(Row):
    """Who did what to whose data, and when. Append-only; kind + id without a foreign key, so that `accounts` needs
    to know nobody and a record outlives what it speaks of (CLINICAL.md H.8)."""

    actor = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    actor_name = models.CharField(max_length=120, blank=True)
    clinic = models.ForeignKey(Clinic, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    object_id = models.UUIDField()
    detail = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[AccessRecord]] = AccessQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("kind", "object_id", "-created_at"), name="access_by_object"),
            models.Index(fields=("clinic", "-created_at"), name="access_by_clinic"),
        )
