"""What each role may do, and what it costs to ask."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError

from accounts.models import Membership, Role, User
from accounts.roles import ABILITIES, Ability, acting_clinic, is_staff, require, standing
from tests.conftest import Cast


@pytest.mark.parametrize(
    ("role", "never"),
    [
        (Role.OWNER, set()),
        (Role.THERAPIST, {"staff", "clinic"}),
        (
            Role.ASSISTANT,
            {"staff", "clinic", "library", "patients", "prescribe", "override", "unlock", "resolve", "export"},
        ),
    ],
)
def test_abilities_of_each_role(role: Role, never: set[str]) -> None:
    assert {str(ability) for ability in Ability} - {str(ability) for ability in ABILITIES[role]} == never


def test_standing_costs_one_query_a_request(cast: Cast, django_assert_num_queries: Any) -> None:
    user = User.objects.get(pk=cast.therapist.pk)
    with django_assert_num_queries(1):
        assert is_staff(user)
        assert standing(user).can(Ability.PRESCRIBE, cast.clinic.pk)
        assert acting_clinic(user, None, Ability.LIBRARY) == cast.clinic
        assert not standing(user).can(Ability.READ, cast.other_clinic.pk)


def test_standing_of_nobody_asks_nothing(db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert not is_staff(AnonymousUser())


def test_standing_ends_with_the_membership(cast: Cast) -> None:
    Membership.objects.filter(user=cast.therapist).update(ended_at=cast.therapist.created_at)
    assert not is_staff(User.objects.get(pk=cast.therapist.pk))


def test_require_refuses_the_wrong_clinic_and_the_shared_library(cast: Cast) -> None:
    require(cast.owner, Ability.STAFF, cast.clinic.pk)
    for user, ability, clinic_id in (
        (cast.owner, Ability.READ, cast.other_clinic.pk),
        (cast.owner, Ability.LIBRARY, None),
        (cast.assistant, Ability.PRESCRIBE, cast.clinic.pk),
        (cast.patient_user, Ability.READ, cast.clinic.pk),
    ):
        with pytest.raises(PermissionDenied):
            require(user, ability, clinic_id)


def test_acting_clinic_of_staff_of_two_must_be_named(cast: Cast) -> None:
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.ASSISTANT)
    with pytest.raises(ValidationError):
        acting_clinic(cast.therapist, None, Ability.READ)
    assert acting_clinic(cast.therapist, str(cast.clinic.pk), Ability.PRESCRIBE) == cast.clinic
    assert acting_clinic(cast.therapist, cast.other_clinic.pk, Ability.READ) == cast.other_clinic
    with pytest.raises(PermissionDenied):
        acting_clinic(cast.therapist, cast.other_clinic.pk, Ability.PRESCRIBE)


@pytest.mark.parametrize(("named", "error"), [("nonsense", ValidationError), (7, ValidationError)])
def test_acting_clinic_refuses_what_is_no_id(cast: Cast, named: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        acting_clinic(cast.therapist, named, Ability.READ)


def test_acting_clinic_hides_clinics_that_are_not_ones_own(cast: Cast) -> None:
    for foreign in (cast.other_clinic.pk, uuid.uuid4()):
        with pytest.raises(NotFound):
            acting_clinic(cast.therapist, foreign, Ability.READ)


def test_a_patient_acts_for_no_clinic(cast: Cast, api: Callable[..., Any]) -> None:
    with pytest.raises(PermissionDenied):
        acting_clinic(cast.patient_user, None, Ability.READ)
