"""The wall: every route, method and id of the URL configuration, as everyone who could come by.

`wall.txt` is the declared table. A route without a row fails, and so does a row without a route. Ids in addresses are
always the clinic's and the patient's own; bodies are empty, so that whoever is let in gets `ok` (whatever it then says
about the empty body) and nobody changes anything. Ids inside payloads have their own tests below.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from rest_framework.test import APIClient

from exercises.models import Exercise
from patients.models import Entry, Plan
from programs.models import Program
from tests.api import world
from tests.api.routes import Route, all_routes
from tests.api.world import World
from tests.conftest import Cast

Api = Callable[..., APIClient]
TABLE = Path(__file__).parent / "wall.txt"
ACTORS = (
    "nobody",
    "stranger",
    "patient_user",
    "carer",
    "other_patient_user",
    "outsider",
    "assistant",
    "therapist",
    "owner",
)
BARRED = {401: "401", 403: "403", 404: "404"}


def declared() -> dict[str, tuple[str, ...]]:
    rows = {}
    for line in TABLE.read_text().splitlines():
        if line and not line.startswith("#"):
            method, path, *outcomes = line.split()
            rows[f"{method} {path}"] = tuple(outcomes)
    return rows


def outcome(client: APIClient, route: Route, ids: dict[str, str]) -> str:
    path = route.path.format(**ids) if not route.path.startswith("/^") else "/"
    with transaction.atomic():
        send = getattr(client, route.method.lower())
        status = (send(path) if route.method == "GET" else send(path, {})).status_code
        transaction.set_rollback(True)  # the next one finds everything as it was
    # 503 says "not now": the pages without a built app, the reminders' health without a beat. It is no fault.
    assert status < 500 or status == 503, (str(route), status)
    return BARRED.get(status, "ok")


@pytest.fixture
def whole(cast: Cast) -> World:
    return world.build(cast)


def clients(api: Api, cast: Cast) -> list[APIClient]:
    return [api() if actor == "nobody" else api(getattr(cast, actor)) for actor in ACTORS]


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    routes = {str(route) for route in all_routes()}
    assert routes - set(declared()) == set(), "routes that nobody thought about: add them to wall.txt"
    assert set(declared()) - routes == set(), "rows of routes that are gone"


def test_everyone_gets_what_the_table_says(api: Api, whole: World) -> None:
    table, ids, wrong = declared(), whole.ids(), []
    everyone = clients(api, whole.cast)
    for route in all_routes():
        for actor, client, expected in zip(ACTORS, everyone, table[str(route)], strict=True):
            if (found := outcome(client, route, ids)) != expected:
                wrong.append(f"{route} as {actor}: {found}, declared {expected}")
    assert not wrong, "\n".join(wrong)


def test_an_id_that_does_not_exist_looks_like_one_that_is_not_yours(api: Api, whole: World) -> None:
    """The outsider must not learn from the answer whether a record exists."""
    client = api(whole.cast.outsider)
    nowhere = dict.fromkeys(whole.ids(), world.NOWHERE)
    for route in all_routes():
        if not route.path.startswith("/api/v1/") or "{" not in route.path:
            continue
        path, none = route.path.format(**whole.ids()), route.path.format(**nowhere)
        answers = []
        for address in (path, none):
            send = getattr(client, route.method.lower())
            answer = send(address) if route.method == "GET" else send(address, {})
            answers.append((answer.status_code, answer.content))
        assert answers[0] == answers[1], str(route)


# ---- Ids inside payloads -------------------------------------------------------------------------------------------
def test_payload_foreign_program_is_not_prescribed_checked_or_copied(api: Api, whole: World) -> None:
    client, foreign = api(whole.cast.therapist), str(whole.foreign_program.pk)
    patient = f"/api/v1/patients/{whole.cast.patient.pk}"
    before = (Plan.objects.count(), Program.objects.count())
    assert client.post(f"{patient}/check", {"program": foreign}).status_code == 404
    assert client.post(f"{patient}/plans", {"program": foreign, "starts_on": "2026-11-24"}).status_code == 404
    assert client.post(f"/api/v1/plans/{whole.plan.pk}/revisions", {"program": foreign}).status_code == 404
    assert client.post(f"/api/v1/programs/{foreign}/copy", {}).status_code == 404
    assert (Plan.objects.count(), Program.objects.count()) == before


def test_payload_foreign_exercise_cannot_enter_a_program(api: Api, whole: World) -> None:
    client = api(whole.cast.therapist)
    document = client.get(f"/api/v1/programs/{whole.program.pk}").json()
    document["phases"][0]["prescriptions"][0]["exercise"] = str(whole.foreign_exercise.pk)
    headers = {"If-Match": f'"{document["version"]}"'}
    answer = client.put(f"/api/v1/programs/{whole.program.pk}", document, headers=headers)
    assert answer.status_code == 400, answer.content
    assert "exercise" in answer.json()["errors"][0]["attr"]
    assert client.get(f"/api/v1/programs/{whole.program.pk}").json()["version"] == document["version"]


def test_payload_foreign_exercise_cannot_be_easier_or_harder(api: Api, whole: World) -> None:
    client = api(whole.cast.therapist)
    for step in ("easier", "harder"):
        answer = client.patch(
            f"/api/v1/exercises/{whole.exercise.pk}",
            {step: str(whole.foreign_exercise.pk)},
            headers={"If-Match": '"1"'},
        )
        assert answer.status_code == 400, answer.content
    assert Exercise.objects.get(pk=whole.exercise.pk).easier is None


def _session(plan: Plan, prescription: uuid.UUID | str) -> dict[str, Any]:
    return {
        "type": "session",
        "id": str(uuid.uuid4()),
        "plan": str(plan.pk),
        "performed_at": dt.datetime.now(dt.UTC).isoformat(),
        "duration_s": 60,
        "pain_before": None,
        "pain_after": None,
        "effort": None,
        "note": "",
        "exercises": [
            {
                "id": str(uuid.uuid4()),
                "prescription": str(prescription),
                "slot": 1,
                "side": "left",
                "variant": None,
                "sets_done": 1,
                "reps": [],
                "hold_s": None,
                "load_kg": None,
                "pain": None,
                "difficulty": "right",
                "skipped": None,
            }
        ],
    }


def _sync(client: APIClient, patient: uuid.UUID, *items: dict[str, Any]) -> Any:
    return client.post(
        "/api/v1/me/sync",
        {
            "schema": 1,
            "patient": str(patient),
            "device": str(uuid.uuid4()),
            "sent_at": dt.datetime.now(dt.UTC).isoformat(),
            "tz": "Europe/Madrid",
            "pending": 0,
            "items": list(items),
        },
    )


def _first_prescription(plan: Plan) -> uuid.UUID:
    phase = plan.revisions.get(n=1).program.phases.get(n=1)
    return phase.prescriptions.values_list("pk", flat=True)[0]


def test_payload_sync_for_someone_else_409_and_nothing_is_stored(api: Api, whole: World) -> None:
    item = _session(whole.plan, _first_prescription(whole.plan))
    for actor in ("other_patient_user", "stranger", "therapist", "outsider"):
        answer = _sync(api(getattr(whole.cast, actor)), whole.cast.patient.pk, item)
        assert answer.status_code in (403, 409), (actor, answer.content)
    assert not Entry.objects.exists()


def test_payload_sync_with_someone_elses_plan_or_prescription_is_held(api: Api, whole: World) -> None:
    client = api(whole.cast.patient_user)
    own, foreign = _first_prescription(whole.plan), _first_prescription(whole.foreign_plan)
    answer = _sync(
        client,
        whole.cast.patient.pk,
        _session(whole.foreign_plan, foreign),
        _session(whole.plan, foreign),
        _session(whole.foreign_plan, own),
        _session(whole.plan, own),
    )
    assert [one["status"] for one in answer.json()["results"]] == ["held", "held", "held", "stored"]
    assert Entry.objects.get().plan == whole.plan


def test_payload_seen_marks_only_entries_of_that_patient(api: Api, whole: World) -> None:
    item = _session(whole.plan, _first_prescription(whole.plan))
    assert _sync(api(whole.cast.patient_user), whole.cast.patient.pk, item).status_code == 200
    url = f"/api/v1/patients/{whole.cast.other_patient.pk}/seen"
    api(whole.cast.therapist).post(url, {"items": [item["id"]]})
    assert Entry.objects.get().seen_at is None
