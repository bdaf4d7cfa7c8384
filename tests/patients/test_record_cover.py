"""Who is answerable for a patient: the responsible therapist, or whoever stands in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Membership, Role, User
from patients.models import Patient
from patients.record.cover import answerable_on, clinic_today
from tests.conftest import Cast

Api = Callable[..., APIClient]
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def colleague(cast: Cast) -> User:
    user = User.objects.create_user("cora.colleague@cast.example", name="Cora Colleague")
    Membership.objects.create(user=user, clinic=cast.clinic, role=Role.THERAPIST)
    return user


def _stand_in(patient: Patient, by: User, first: dt.date, last: dt.date) -> None:
    patient.cover = {"staff": str(by.pk), "from": first.isoformat(), "to": last.isoformat()}
    patient.save(update_fields=["cover"])


def _patch(api: Api, cast: Cast, cover: Any, by: User | None = None) -> Any:
    patient = Patient.objects.get(pk=cast.patient.pk)
    headers = {"If-Match": f'"{patient.version}"'}
    path = f"/api/v1/patients/{patient.pk}"
    return api(by or cast.therapist).patch(path, {"cover": cover}, format="json", headers=headers)


def test_cover_answers_from_its_first_to_its_last_date(cast: Cast, colleague: User) -> None:
    _stand_in(cast.patient, colleague, TODAY, TODAY + 2 * DAY)
    told = [answerable_on(cast.patient, TODAY + n * DAY) for n in range(-1, 4)]
    assert told == [cast.therapist, colleague, colleague, colleague, cast.therapist]


def test_without_cover_the_responsible_therapist_answers_in_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert answerable_on(cast.patient, TODAY) == cast.therapist
    assert len(queries) == 1


def test_who_left_the_clinic_or_became_an_assistant_answers_for_nobody(cast: Cast, colleague: User) -> None:
    _stand_in(cast.patient, colleague, TODAY, TODAY)
    colleague.memberships.update(role=Role.ASSISTANT)
    assert answerable_on(cast.patient, TODAY) == cast.therapist
    cast.therapist.memberships.update(ended_at=timezone.now())
    assert answerable_on(cast.patient, TODAY) is None
    colleague.memberships.update(role=Role.THERAPIST)
    assert answerable_on(cast.patient, TODAY) == colleague


def test_nobody_responsible_and_nobody_standing_in_is_nobody(cast: Cast) -> None:
    cast.patient.responsible = None
    assert answerable_on(cast.patient, TODAY) is None


def test_today_is_the_date_on_the_clinics_calendar(cast: Cast) -> None:
    cast.clinic.timezone = "Pacific/Auckland"
    assert clinic_today(cast.clinic, dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)) == dt.date(2026, 11, 25)


def test_cover_is_set_and_ended_through_the_record(api: Api, cast: Cast, colleague: User) -> None:
    wanted = {"staff": str(colleague.pk), "from": "2026-11-24", "to": "2026-11-30"}
    answer = _patch(api, cast, wanted)
    assert (answer.status_code, answer.json()["cover"]) == (200, wanted)
    assert AccessRecord.objects.get(object_id=cast.patient.pk, action="write").detail == {"fields": ["cover"]}
    assert answerable_on(Patient.objects.get(pk=cast.patient.pk), TODAY) == colleague
    answer = _patch(api, cast, None)
    assert (answer.status_code, answer.json()["cover"]) == (200, None)


def test_cover_that_cannot_be_is_refused_with_a_sentence(api: Api, cast: Cast, colleague: User) -> None:
    dates = {"from": "2026-11-24", "to": "2026-11-30"}
    refusals = {
        "cover.staff": [
            ({"staff": str(cast.outsider.pk), **dates}, "Nobody with this id works for the clinic."),
            ({"staff": str(cast.patient_user.pk), **dates}, "Nobody with this id works for the clinic."),
            (
                {"staff": str(cast.assistant.pk), **dates},
                "Ash Assistant is no therapist. Choose a therapist or an owner.",
            ),
        ],
        "cover.to": [
            (
                {"staff": str(colleague.pk), "from": "2026-11-30", "to": "2026-11-24"},
                "The cover cannot end before it starts.",
            )
        ],
        "cover.from": [({"staff": str(colleague.pk), "to": "2026-11-24"}, "This field is required.")],
    }
    for attr, cases in refusals.items():
        for body, sentence in cases:
            answer = _patch(api, cast, body)
            assert answer.status_code == 400, body
            assert [(e["attr"], e["detail"]) for e in answer.json()["errors"]] == [(attr, sentence)]
    assert Patient.objects.get(pk=cast.patient.pk).cover is None


def test_assistant_does_not_set_a_cover(api: Api, cast: Cast, colleague: User) -> None:
    body = {"staff": str(colleague.pk), "from": "2026-11-24", "to": "2026-11-30"}
    assert _patch(api, cast, body, by=cast.assistant).status_code == 403


def test_assistant_does_not_become_the_responsible_therapist(api: Api, cast: Cast) -> None:
    headers = {"If-Match": f'"{cast.patient.version}"'}
    path = f"/api/v1/patients/{cast.patient.pk}"
    answer = api(cast.therapist).patch(path, {"responsible": str(cast.assistant.pk)}, format="json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "responsible"


def test_caseload_of_a_colleague_holds_whom_she_covers_today(api: Api, cast: Cast, colleague: User) -> None:
    def names() -> list[str]:
        answer = api(cast.owner).get(f"/api/v1/caseload?responsible={colleague.pk}&order=name").json()
        return [row["patient"]["name"] for row in answer["results"]]

    assert names() == []
    _stand_in(cast.patient, colleague, TODAY - DAY, TODAY)
    _stand_in(cast.other_patient, colleague, TODAY + 3 * DAY, TODAY + 9 * DAY)
    assert names() == ["Rosa Sample"]
    Patient.objects.filter(pk=cast.other_patient.pk).update(responsible=colleague)
    assert names() == ["Ada Stencil", "Rosa Sample"]
    _stand_in(cast.patient, colleague, TODAY - 9 * DAY, TODAY - 2 * DAY)
    assert names() == ["Ada Stencil"]
