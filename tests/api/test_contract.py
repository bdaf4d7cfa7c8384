"""The committed schema against the running code: schemathesis sends what the schema allows and what it forbids, as an
owner and as a patient, and checks each answer. The seed is fixed, so that a failure can be looked at again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accounts.models import User
from tests.api import world
from tests.conftest import Cast

SEED = 20261124
EXAMPLES = 6
COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]

schema = schemathesis.openapi.from_dict(json.loads(COMMITTED.read_text()))
schema.app = get_wsgi_application()
OPERATIONS = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]


def _session(user: User) -> dict[str, str]:
    """The headers of a page that is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    token = "t" * 32
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={token}"
    return {"Cookie": cookies, "X-CSRFToken": token}


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """All requests stay in the test's own transaction, as with Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_operation_keeps_the_contract(operation: Any, cast: Cast) -> None:
    ids = world.build(cast).ids()
    user = cast.patient_user if operation.path.startswith("/api/v1/me") else cast.owner
    headers = _session(user)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def positive(case: Any) -> None:
        _send(case)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def negative(case: Any) -> None:
        _send(case)

    def _send(case: Any) -> None:
        # Random ids find nothing; the clinic's own lead into the code behind the look-up.
        for name in case.path_parameters or {}:
            if name in ids:
                case.path_parameters[name] = ids[name]
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)

    positive()
    if operation.body or operation.query:
        negative()


def test_no_operation_is_left_out() -> None:
    methods = {"get", "post", "put", "patch", "delete"}
    paths = json.loads(COMMITTED.read_text())["paths"]
    assert len(OPERATIONS) == sum(len(methods & set(operations)) for operations in paths.values())
