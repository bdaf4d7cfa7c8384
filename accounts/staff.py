"""A clinic's team: inviting, joining, changing a role, leaving. Each function is one transaction."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as InvalidPassword
from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from accounts.access import Action, record
from accounts.api.errors import Conflict
from accounts.models import Clinic, Membership, Role, StaffInvitation, User, hash_token, new_token
from accounts.sessions import end_sessions


class DeadInvitation(NotFound):
    default_detail = "This invitation is no longer valid. Ask the clinic for a new one."


@dataclass(frozen=True)
class Invited:
    invitation: StaffInvitation
    token: str  # shown once; only its hash is stored


def open_invitations(clinic: Clinic) -> list[StaffInvitation]:
    return list(
        clinic.staff_invitations.filter(used_at=None, voided_at=None, expires_at__gt=timezone.now()).order_by(
            "created_at"
        )
    )


def invite(*, clinic: Clinic, email: str, role: Role, by: User) -> Invited:
    """Void what was open for this address and make a new way in, valid for seven days.

    Raises Conflict `already_member`.
    """
    email = User.objects.normalize_email(email)
    token = new_token()
    with transaction.atomic():
        if Membership.objects.filter(clinic=clinic, user__email__iexact=email, ended_at=None).exists():
            raise Conflict("This person already works here. Change the role instead.", "already_member")
        clinic.staff_invitations.filter(email__iexact=email, used_at=None, voided_at=None).update(
            voided_at=timezone.now()
        )
        invitation = StaffInvitation.objects.create(
            clinic=clinic, email=email, role=role, token_hash=hash_token(token), invited_by=by
        )
        record(Action.WRITE, by=by, clinic=clinic, kind="staff_invitation", object_id=invitation.pk, role=role)
    return Invited(invitation, token)


def join(*, token: str, name: str, password: str) -> Membership:
    """Use an invitation. A new address becomes an account; staff of another clinic prove theirs with its password.

    Raises DeadInvitation (404), ValidationError for a weak password, PermissionDenied `password_wrong`, and Conflict
    `email_taken` where the address belongs to an account that is no staff: patients never become staff by a link.
    """
    with transaction.atomic():
        invitation = _usable(token)
        # PostgreSQL would abort the whole transaction at a second account with the same address, hence the savepoint.
        try:
            with transaction.atomic():
                user = _account(invitation.email, name, password)
        except IntegrityError as error:
            raise Conflict("Someone just joined with this address. Sign in instead.", "email_taken") from error
        membership, created = Membership.objects.get_or_create(
            user=user, clinic=invitation.clinic, ended_at=None, defaults={"role": invitation.role}
        )
        if not created:
            raise Conflict("You already work for this clinic. Sign in instead.", "already_member")
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
        record(
            Action.WRITE, by=user, clinic=invitation.clinic, kind="staff", object_id=user.pk, joined_as=membership.role
        )
    return membership


def _usable(token: str) -> StaffInvitation:
    now = timezone.now()
    try:
        return (
            StaffInvitation.objects.select_for_update(of=("self",))
            .select_related("clinic")
            .get(token_hash=hash_token(token), used_at=None, voided_at=None, expires_at__gt=now)
        )
    except StaffInvitation.DoesNotExist as error:
        raise DeadInvitation from error


def _account(email: str, name: str, password: str) -> User:
    existing = User.objects.filter(email__iexact=email).first()
    if existing is None:
        check_password_strength(password, User(email=email, name=name))
        return User.objects.create_user(email, password, name=name)
    if not existing.memberships.exists():
        raise Conflict(
            "This address already belongs to an account that is not staff. Ask the clinic to invite another address.",
            "email_taken",
        )
    if not existing.is_active or not existing.check_password(password):
        raise PermissionDenied("This is not the password of your Homestretch account.", "password_wrong")
    return existing


def check_password_strength(password: str, user: User) -> None:
    """Raises ValidationError (400) on `password`, in Django's words."""
    try:
        validate_password(password, user)
    except InvalidPassword as error:
        raise ValidationError({"password": list(error.messages)}) from error


def change_role(*, clinic: Clinic, user_id: uuid.UUID, role: Role, by: User) -> Membership:
    """Raises NotFound, and Conflict `last_owner`."""
    with transaction.atomic():
        membership = _locked_member(clinic, user_id)
        if membership.role == Role.OWNER and role != Role.OWNER:
            _keep_an_owner(clinic)
        if membership.role != role:
            membership.role = role
            membership.save(update_fields=["role"])
            record(Action.WRITE, by=by, clinic=clinic, kind="staff", object_id=membership.user_id, role=role)
    return membership


def remove(*, clinic: Clinic, user_id: uuid.UUID, by: User) -> None:
    """End a membership, or withdraw an open invitation with that id. What the person did stays under their name.

    Raises NotFound, and Conflict `last_owner`.
    """
    with transaction.atomic():
        invitation = clinic.staff_invitations.filter(pk=user_id, used_at=None, voided_at=None)
        if invitation.update(voided_at=timezone.now()):
            return
        membership = _locked_member(clinic, user_id)
        if membership.role == Role.OWNER:
            _keep_an_owner(clinic)
        membership.ended_at = timezone.now()
        membership.save(update_fields=["ended_at"])
        record(Action.WRITE, by=by, clinic=clinic, kind="staff", object_id=membership.user_id, removed=True)
        if not Membership.objects.filter(user=membership.user_id, ended_at=None).exists():
            end_sessions(membership.user)


def _locked_member(clinic: Clinic, user_id: uuid.UUID) -> Membership:
    """The member, with the clinic's row locked: two owners who demote each other at once must not both succeed."""
    Clinic.objects.select_for_update().get(pk=clinic.pk)
    try:
        return Membership.objects.select_related("user").get(clinic=clinic, user=user_id, ended_at=None)
    except Membership.DoesNotExist as error:
        raise NotFound from error


def _keep_an_owner(clinic: Clinic) -> None:
    if Membership.objects.filter(clinic=clinic, role=Role.OWNER, ended_at=None).count() < 2:
        raise Conflict("A clinic needs an owner. Make someone else an owner first.", "last_owner")
