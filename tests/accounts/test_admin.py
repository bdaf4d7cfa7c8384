"""The operators' admin opens, and history cannot be changed there."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.access import Action, record
from accounts.models import AccessRecord, User
from accounts.staff import invite
from tests.conftest import PASSWORD, Cast
from tests.exercises.builders import make_exercise, make_words
from tests.programs.builders import make_program

OURS = ("accounts", "exercises", "programs")
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)


def address(model: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def operator(cast: Cast) -> Client:
    make_words()
    make_exercise("clam")
    make_program(cast.clinic)
    invite(clinic=cast.clinic, email="new@clinic.example", role="therapist", by=cast.owner)  # type: ignore[arg-type]
    record(Action.READ, by=cast.owner, clinic=cast.clinic, kind="patient", object_id=uuid.uuid4())
    User.objects.create_superuser("root@operator.example", PASSWORD)
    client = Client()
    assert client.login(email="root@operator.example", password=PASSWORD)
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_admin_lists_and_opens_every_model(operator: Client, model: Any) -> None:
    assert operator.get(address(model, "changelist"), {"q": "clam"}).status_code == 200
    row = model._default_manager.first()
    assert row is not None
    assert operator.get(address(model, "change", row.pk)).status_code == 200
    assert operator.get(address(model, "add")).status_code in {200, 403}


def test_admin_changes_no_history_and_no_shared_library(operator: Client, cast: Cast) -> None:
    entry = AccessRecord.objects.get(kind="patient")
    for method in ("change", "delete"):
        assert operator.post(address(AccessRecord, method, entry.pk), {"actor_name": "x"}).status_code == 403
    entry.refresh_from_db()
    assert entry.actor_name == "Olive Owner"
    shared = make_exercise("shared")
    assert operator.post(address(type(shared), "change", shared.pk), {"name": "x"}).status_code == 403
    assert operator.post(address(User, "delete", cast.owner.pk), {"post": "yes"}).status_code == 403


def test_admin_makes_a_user_who_can_sign_in(operator: Client) -> None:
    password = "long-enough-for-anyone"
    body = {"email": "First@clinic.example", "usable_password": "true", "password1": password, "password2": password}
    response = operator.post(address(User, "add"), body)
    assert response.status_code == 302, response.content.decode()
    assert User.objects.get(email__iexact="first@clinic.example").check_password(password)


def test_admin_is_for_operators(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:index")).status_code == 302
