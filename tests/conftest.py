"""The fixed cast of every test, and the real servers that a test session uses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from hypothesis import settings
from rest_framework.test import APIClient

from accounts.models import Clinic, Membership, Role, User
from patients.models import Patient, PatientAccess, PatientStatus, Relation

pytest_plugins = ["tests.servers", "tests.chromium"]

# A machine that does other things too is slow for a moment: that is no failure of a rule.
settings.register_profile("homestretch", deadline=None)
settings.load_profile("homestretch")

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Cast:
    """Two clinics and everyone who could want to look in."""

    clinic: Clinic
    other_clinic: Clinic
    owner: User
    therapist: User
    assistant: User
    outsider: User  # a therapist of the other clinic
    patient_user: User
    carer: User
    other_patient_user: User  # of the same clinic
    stranger: User  # signed in, belongs nowhere
    patient: Patient
    other_patient: Patient
    foreign_patient: Patient  # of the other clinic


def _user(name: str) -> User:
    return User.objects.create_user(f"{name.lower().replace(' ', '.')}@cast.example", PASSWORD, name=name)


def _patient(clinic: Clinic, name: str, responsible: User) -> Patient:
    return Patient.objects.create(
        clinic=clinic,
        name=name,
        birth_date=dt.date(1964, 5, 17),
        timezone="Europe/Madrid",
        affected_side="left",
        condition="ifi_suspected",
        status=PatientStatus.ACTIVE,
        responsible=responsible,
    )


def give_access(user: User, patient: Patient, relation: Relation = Relation.SELF) -> PatientAccess:
    return PatientAccess.objects.create(
        user=user, patient=patient, relation=relation, consent_version="test", consented_at=timezone.now()
    )


@pytest.fixture
def cast(db: None) -> Cast:
    clinic = Clinic.objects.create(name="Example Physiotherapy", phone="+34 910 000 000", country="ES")
    other_clinic = Clinic.objects.create(name="Elsewhere Physiotherapy", country="ES")
    people = {
        "owner": _user("Olive Owner"),
        "therapist": _user("Dana Example"),
        "assistant": _user("Ash Assistant"),
        "outsider": _user("Otto Outsider"),
        "patient_user": _user("Rosa Sample"),
        "carer": _user("Carl Carer"),
        "other_patient_user": _user("Ada Stencil"),
        "stranger": _user("Stray Stranger"),
    }
    for name, where, role in (
        ("owner", clinic, Role.OWNER),
        ("therapist", clinic, Role.THERAPIST),
        ("assistant", clinic, Role.ASSISTANT),
        ("outsider", other_clinic, Role.OWNER),
    ):
        Membership.objects.create(user=people[name], clinic=where, role=role)
    patient = _patient(clinic, "Rosa Sample", people["therapist"])
    other_patient = _patient(clinic, "Ada Stencil", people["therapist"])
    foreign_patient = _patient(other_clinic, "Faye Foreign", people["outsider"])
    give_access(people["patient_user"], patient)
    give_access(people["carer"], patient, Relation.CARER)
    give_access(people["other_patient_user"], other_patient)
    return Cast(
        clinic=clinic,
        other_clinic=other_clinic,
        patient=patient,
        other_patient=other_patient,
        foreign_patient=foreign_patient,
        **people,
    )


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """`api(user)` is a client with that user's session; `api()` is nobody's."""

    def client(user: User | None = None) -> APIClient:
        one = APIClient()
        if user is not None:
            one.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return one

    return client
