"""Who may do what: the one source for the permission classes, for checks on single rows, and for what the apps are
told (`GET /me`), so that a button and its endpoint never disagree.

A role belongs to a clinic. A permission class can only say "somewhere you may do this"; which clinic a row belongs to
is known when the row is, so a write asks `require(user, ability, clinic_id)` as well. What `visible_to` let through is
a row of a clinic one works for, so the answer there is 403, not 404.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import Clinic, Membership, Role, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Account = User | AnonymousUser


class Ability(StrEnum):
    """What a role lets its holder do, in API.md's words."""

    READ = "read"
    INVITE = "invite"
    PAPER = "paper"  # enter what a patient wrote on paper
    ANSWER = "answer"  # messages
    LIBRARY = "library"  # the clinic's own exercises, programs and templates
    PATIENTS = "patients"  # register a patient, change the record
    PRESCRIBE = "prescribe"  # plans, revisions, pauses, stops, discharge
    OVERRIDE = "override"  # prescribe over a block or a missing release
    UNLOCK = "unlock"
    RESOLVE = "resolve"  # flags and suggestions
    EXPORT = "export"
    STAFF = "staff"  # team, roles, invitations of staff, the clinic's access log
    CLINIC = "clinic"  # name, phone, hours, policies


_ASSISTANT = frozenset({Ability.READ, Ability.INVITE, Ability.PAPER, Ability.ANSWER})
_OWNER = frozenset(Ability)
ABILITIES: Mapping[Role, frozenset[Ability]] = {
    Role.ASSISTANT: _ASSISTANT,
    Role.THERAPIST: _OWNER - {Ability.STAFF, Ability.CLINIC},
    Role.OWNER: _OWNER,
}


@dataclass(frozen=True)
class Standing:
    """The clinics one works for now, with the role in each."""

    memberships: tuple[Membership, ...]

    def membership(self, clinic_id: uuid.UUID | None) -> Membership | None:
        return next((one for one in self.memberships if one.clinic_id == clinic_id), None)

    def can(self, ability: Ability, clinic_id: uuid.UUID | None = None) -> bool:
        """Whether one may do this in that clinic; without a clinic, in any."""
        return any(
            ability in ABILITIES[Role(one.role)]
            for one in self.memberships
            if clinic_id is None or one.clinic_id == clinic_id
        )


def standing(user: Account) -> Standing:
    """One query a request: the answer is kept on the user object, which lives as long as the request."""
    known: Standing | None = getattr(user, "_standing", None)
    if known is None:
        known = Standing(_memberships(user))
        user._standing = known  # type: ignore[union-attr]
    return known


def _memberships(user: Account) -> tuple[Membership, ...]:
    if not user.is_authenticated:
        return ()
    return tuple(user.memberships.filter(ended_at=None).select_related("clinic").order_by("clinic__name", "id"))


def is_staff(user: Account) -> bool:
    """Whether one works for a clinic. (`User.is_staff` is Django's: the operators' admin.)"""
    return bool(standing(user).memberships)


def abilities_of(membership: Membership) -> list[str]:
    """What the apps are told: sorted, so that the answer is stable."""
    return sorted(ABILITIES[Role(membership.role)])


REFUSALS: Mapping[Ability, str] = {
    Ability.STAFF: "Only an owner of the clinic can do this.",
    Ability.CLINIC: "Only an owner of the clinic can do this.",
}
CLINICIANS_ONLY = "Only a therapist or an owner of the clinic can do this. Ask one of them."
STAFF_ONLY = "Only the staff of a clinic can do this."
PATIENTS_ONLY = "This belongs to patients and their helpers. Staff see the same in the clinic app."


def refusal(ability: Ability) -> str:
    return STAFF_ONLY if ability in _ASSISTANT else REFUSALS.get(ability, CLINICIANS_ONLY)


def require(user: Account, ability: Ability, clinic_id: uuid.UUID | None) -> None:
    """Raises PermissionDenied (403) unless one may do this in that clinic. `None` is the shared library's clinic,
    in which nobody has a role."""
    if clinic_id is None or not standing(user).can(ability, clinic_id):
        raise PermissionDenied(refusal(ability))


def acting_clinic(user: Account, named: object, ability: Ability) -> Clinic:
    """The clinic on whose behalf one writes: the only one, or the one that `clinic` names.

    Raises ValidationError when it must be named and is not or is no id, NotFound when it is not one's own,
    PermissionDenied when the role there does not suffice.
    """
    own = standing(user)
    if named is None:
        if not own.memberships:
            raise PermissionDenied(STAFF_ONLY)
        if len(own.memberships) > 1:
            raise ValidationError({"clinic": ["You work for several clinics. Name the one you mean in “clinic”."]})
        clinic = own.memberships[0].clinic
    else:
        try:
            membership = own.membership(uuid.UUID(str(named)))
        except ValueError as error:
            raise ValidationError({"clinic": ["This is not an id (a UUID)."]}) from error
        if membership is None:
            raise NotFound
        clinic = membership.clinic
    require(user, ability, clinic.pk)
    return clinic


class HasAbility(BasePermission):
    """Asks the view's `needs`, a mapping of method → Ability with `"*"` for the rest, in any clinic of one's own.
    Then the view asks `require` for the clinic of the row."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        needs: Mapping[str, Ability] = getattr(view, "needs")  # noqa: B009 (APIView does not declare it)
        ability = needs.get("GET" if request.method == "HEAD" else str(request.method)) or needs.get("*", Ability.READ)
        self.message = refusal(ability)
        return standing(request.user).can(ability)


class IsStaff(BasePermission):
    message = STAFF_ONLY

    def has_permission(self, request: Request, view: APIView) -> bool:
        return is_staff(request.user)


class IsClinician(BasePermission):
    message = CLINICIANS_ONLY

    def has_permission(self, request: Request, view: APIView) -> bool:
        return standing(request.user).can(Ability.PRESCRIBE)


class IsOwner(BasePermission):
    message = REFUSALS[Ability.STAFF]

    def has_permission(self, request: Request, view: APIView) -> bool:
        return standing(request.user).can(Ability.STAFF)


class IsPatient(BasePermission):
    """A phone's account. Staff accounts never reach a patient's side (API.md: "staff never"), so who works for no
    clinic is on the patients' side; which records that account reaches is for `Patient.objects.for_phone` to say."""

    message = PATIENTS_ONLY

    def has_permission(self, request: Request, view: APIView) -> bool:
        return bool(request.user.is_authenticated) and not is_staff(request.user)
