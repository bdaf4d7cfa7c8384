"""Sentences of API.md that a reader from outside found unkept, each as a test."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from patients.models import Patient
from programs.models import Program
from tests.conftest import Cast
from tests.programs.builders import make_program

Api = Callable[..., APIClient]
NEWCOMER = {"name": "Nell Placeholder", "birth_date": "1964-05-17"}


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.clinic)


@pytest.fixture
def prescribe(api: Api, cast: Cast, program: Program) -> Callable[..., Any]:
    """`prescribe(**more)` is the therapist's POST of a plan."""

    def post(**more: Any) -> Any:
        body = {"program": str(program.pk), "starts_on": "2026-11-24", **more}
        return api(cast.therapist).post(f"/api/v1/patients/{cast.patient.pk}/plans", body)

    return post


def join(client: APIClient, token: str, device: str) -> Any:
    body = {"token": token, "birth_date": NEWCOMER["birth_date"], "consent": True, "device": device}
    return client.post("/api/v1/join", body)


def invited(api: Api, cast: Cast) -> str:
    patient = api(cast.therapist).post("/api/v1/patients", NEWCOMER).json()["id"]
    url: str = api(cast.therapist).post(f"/api/v1/patients/{patient}/invitation", {}).json()["url"]
    return url.rsplit("/", 1)[1]


def test_an_emptied_field_is_null_and_no_number_that_two_patients_share(api: Api, cast: Cast) -> None:
    blank = {"record_number": "", "email": "", "phone": ""}
    for _ in range(2):
        answer = api(cast.therapist).post("/api/v1/patients", NEWCOMER | blank)
        assert answer.status_code == 201, answer.json()
        assert [answer.json()[name] for name in blank] == [None, None, None]
    assert Patient.objects.filter(record_number="").count() == 0


@pytest.mark.parametrize("findings", [[], "fai", 5])
def test_findings_that_are_no_object_are_named_once(api: Api, cast: Cast, findings: Any) -> None:
    answer = api(cast.therapist).post("/api/v1/patients", NEWCOMER | {"findings": findings})
    assert (answer.status_code, [one["attr"] for one in answer.json()["errors"]]) == (400, ["findings"])


def test_a_finding_that_cannot_be_is_named_by_its_path(api: Api, cast: Cast) -> None:
    answer = api(cast.therapist).post("/api/v1/patients", NEWCOMER | {"findings": {"surgery": {"on": "soon"}}})
    assert [one["attr"] for one in answer.json()["errors"]] == ["findings.surgery.on"]


def test_plans_of_a_patient_come_in_pages(api: Api, cast: Cast, prescribe: Callable[..., Any]) -> None:
    made = [prescribe(starts_on=f"2026-11-2{n}").json()["id"] for n in (1, 2, 3)]
    client, url = api(cast.therapist), f"/api/v1/patients/{cast.patient.pk}/plans?page_size=2"
    first = client.get(url).json()
    second = client.get(first["next"]).json()
    assert [plan["id"] for plan in first["results"] + second["results"]] == made[::-1]
    assert (first["previous"], second["next"]) == (None, None)
    assert client.get(url.replace("=2", "=201")).status_code == 400


def test_the_schema_knows_that_plans_come_in_pages() -> None:
    paths = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())["paths"]
    answer = paths["/api/v1/patients/{patient_id}/plans"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/PaginatedPlanList"}


def test_a_repeated_prescription_says_the_same_in_everything(cast: Cast, prescribe: Callable[..., Any]) -> None:
    said = {"id": str(uuid.uuid4()), "pain_rule": {"limit": 4}}
    assert prescribe(**said).status_code == 201
    assert prescribe(**said).status_code == 200
    reason = {"rule": "R01", "key": str(uuid.uuid4()), "reason": "Looked at together."}
    for other in ({"pain_rule": {"limit": 2}}, {"starts_on": "2026-11-25"}, {"overrides": [reason]}, {"phase": 2}):
        answer = prescribe(**said | other)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "id_taken"), other


@pytest.mark.parametrize("date", ["0001-01-01", "1926-11-24", "2226-11-24", "9999-12-31"])
def test_a_start_in_a_mistyped_year_is_refused(
    api: Api, cast: Cast, program: Program, prescribe: Callable[..., Any], date: str
) -> None:
    body = {"program": str(program.pk), "starts_on": date}
    checked = api(cast.therapist).post(f"/api/v1/patients/{cast.patient.pk}/check", body)
    for answer in (checked, prescribe(starts_on=date)):
        assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "starts_on")


def test_a_start_in_the_past_is_fine(prescribe: Callable[..., Any]) -> None:
    assert prescribe(starts_on="2025-11-24").status_code == 201


def test_a_change_before_the_start_blames_no_log(api: Api, cast: Cast, prescribe: Callable[..., Any]) -> None:
    plan = prescribe().json()["id"]
    body = {"phase": 2, "effective_from": "2026-11-01"}
    answer = api(cast.therapist).post(f"/api/v1/plans/{plan}/revisions", body)
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "effective_from")


def test_joining_again_after_a_lost_answer_gets_the_same_answer(api: Api, cast: Cast) -> None:
    token, device = invited(api, cast), str(uuid.uuid4())
    first, again = join(api(), token, device), join(api(), token, device)
    assert (again.status_code, again.json()) == (201, first.json())
    code = {"code": first.json()["transfer_code"]}
    assert api().post("/api/v1/join/transfer", code).status_code == 200
    assert join(api(), token, device).json() == first.json()
    assert api().post("/api/v1/join/transfer", code).status_code == 404, "one use, however often it was told"


def test_codes_of_different_invitations_differ(api: Api, cast: Cast) -> None:
    codes = {join(api(), invited(api, cast), str(uuid.uuid4())).json()["transfer_code"] for _ in range(3)}
    assert len(codes) == 3


def test_joining_again_is_for_the_account_that_joined(api: Api, cast: Cast) -> None:
    token, device = invited(api, cast), str(uuid.uuid4())
    phone = api()
    assert join(phone, token, device).status_code == 201
    assert join(phone, token, device).status_code == 201
    for user in (cast.therapist, cast.carer):
        answer = join(api(user), token, device)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "signed_in")


@pytest.mark.django_db
def test_metrics_are_not_the_phone_app(api: Api) -> None:
    """A monitor must not take a page for an empty measurement."""
    answer = api().get("/metrics")
    assert (answer.status_code, answer["Content-Type"].split(";")[0]) == (200, "text/plain")


@pytest.mark.parametrize("path", ["goals", "outcomes", "sessions", "plans", "check"])
def test_options_is_an_error_of_the_one_shape(api: Api, cast: Cast, path: str) -> None:
    answer = api(cast.therapist).options(f"/api/v1/patients/{cast.patient.pk}/{path}")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("accept", ["text/csv", "*/*", "application/json"])
def test_the_caseload_as_a_table_for_who_asks_for_a_table(api: Api, cast: Cast, accept: str) -> None:
    answer = api(cast.therapist).get("/api/v1/caseload.csv", HTTP_ACCEPT=accept)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    refused = api(cast.assistant).get("/api/v1/caseload.csv", HTTP_ACCEPT=accept)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (403, "permission_denied")
