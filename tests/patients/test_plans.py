"""Prescribing, and changing what is in force."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from exercises.models import Demand
from patients import plans
from patients.models import Entry, Plan, PlanDay, PlanOverride
from programs.models import Prescription, Program
from tests.conftest import Cast
from tests.programs.builders import make_exercise, make_program

Api = Callable[..., APIClient]
TODAY = dt.date(2026, 11, 24)  # a Tuesday


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def program(cast: Cast) -> Program:
    return make_program(cast.clinic)


@pytest.fixture
def plan(cast: Cast, program: Program) -> Plan:
    return plans.prescribe(program=program, patient=cast.patient, starts_on=dt.date(2026, 11, 16), by=cast.therapist)


def prescribe(client: APIClient, cast: Cast, program: Program, **more: Any) -> Any:
    return client.post(
        f"/api/v1/patients/{cast.patient.id}/plans", {"program": str(program.id), "starts_on": "2026-11-24", **more}
    )


def log_on(plan: Plan, date: dt.date) -> Entry:
    at = timezone.make_aware(dt.datetime.combine(date, dt.time(8)), dt.UTC)
    return Entry.objects.create(
        patient=plan.patient,
        uid=uuid.uuid4(),
        kind="session",
        payload={},
        digest="",
        happened_at=at,
        happened_at_raw=at,
        utc_offset_min=60,
        timezone="Europe/Madrid",
        local_date=date,
        received_at=at,
        plan=plan,
    )


def test_prescribe_answers_the_whole_plan(api: Api, cast: Cast, program: Program) -> None:
    answer = prescribe(api(cast.therapist), cast, program)
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    sealed = Program.objects.get(copied_from=program)
    assert sealed.sealed
    words = {"green": None, "amber": None, "red": None, "stop": None}
    rule = {"limit": 5, "baseline": None, "words": words}
    [revision] = body.pop("revisions")
    assert body == {
        "id": body["id"],
        "version": 1,
        "patient": str(cast.patient.id),
        "program": str(sealed.id),
        "program_name": "Program",
        "status": "active",
        "starts_on": "2026-11-24",
        "ended_on": None,
        "end_reason": "",
        "phase": 1,
        "pain_rule": rule,
        "pauses": [],
        "overrides": [],
        "notes": "",
    }
    assert (revision["n"], revision["phase"], revision["effective_from"]) == (1, 1, "2026-11-24")
    assert revision["author"] == "Dana Example"


def test_a_program_in_use_never_changes(api: Api, cast: Cast, program: Program) -> None:
    body = prescribe(api(cast.therapist), cast, program).json()
    Prescription.objects.filter(phase__program=program).update(dose={"sets": 9})
    sealed = Prescription.objects.filter(phase__program=body["program"])
    assert all(row.dose["sets"] != 9 for row in sealed)
    keys = set(Prescription.objects.filter(phase__program=program).values_list("key", flat=True))
    assert {row.key for row in sealed} == keys


def test_days_are_laid_out_so_that_silence_exists(cast: Cast, plan: Plan) -> None:
    dates = list(PlanDay.objects.filter(plan=plan, due__gt=0).order_by("date").values_list("date", flat=True))
    # Monday, Wednesday and Friday from the 16th on, at least 28 days ahead.
    assert dates[:4] == [dt.date(2026, 11, day) for day in (16, 18, 20, 23)]
    assert dates[-1] >= TODAY + dt.timedelta(days=25)


@pytest.mark.parametrize(("who", "code"), [("assistant", 403), ("outsider", 404), ("patient_user", 403)])
def test_prescribe_others_may_not(api: Api, cast: Cast, program: Program, who: str, code: int) -> None:
    assert prescribe(api(getattr(cast, who)), cast, program).status_code == code
    assert not Plan.objects.exists()


def test_prescribe_foreign_program_404(api: Api, cast: Cast) -> None:
    foreign = make_program(cast.other_clinic)
    assert prescribe(api(cast.therapist), cast, foreign).status_code == 404
    assert not Plan.objects.exists()


def test_prescribe_replay_is_success_and_another_meaning_is_409(api: Api, cast: Cast, program: Program) -> None:
    client, plan_id = api(cast.therapist), str(uuid.uuid4())
    assert prescribe(client, cast, program, id=plan_id).status_code == 201
    assert prescribe(client, cast, program, id=plan_id).status_code == 200
    other = prescribe(client, cast, program, id=plan_id, starts_on="2026-11-25")
    assert other.status_code == 409
    assert other.json()["errors"][0]["code"] == "id_taken"
    assert Plan.objects.count() == 1


def test_prescribe_phase_that_is_not_there_400(api: Api, cast: Cast, program: Program) -> None:
    answer = prescribe(api(cast.therapist), cast, program, phase=7)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "phase"


def test_block_needs_a_typed_reason(api: Api, cast: Cast) -> None:
    """R01: end-range hip extension in phase 1 of an ischiofemoral impingement."""
    demand = Demand.objects.create(slug="hip_extension_end_range", names={"en": "end-range hip extension"})
    exercise = make_exercise("lunge-stretch", kind="stretch")
    exercise.demands.add(demand)
    program = make_program(cast.clinic, phases=1, prescriptions=1)
    prescription = Prescription.objects.get(phase__program=program)
    Prescription.objects.filter(pk=prescription.pk).update(exercise=exercise)
    client = api(cast.therapist)
    refused = prescribe(client, cast, program)
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["code"] == "precaution_conflict"
    [conflict] = refused.json()["conflicts"]
    assert (conflict["rule"], conflict["action"]) == ("R01", "block")
    assert conflict["prescription"] == str(prescription.id)
    assert not Plan.objects.exists()
    override = {
        "rule": "R01",
        "key": str(prescription.key),
        "reason": "Pain-free in the clinic, end range not reached.",
    }
    kept = prescribe(client, cast, program, overrides=[override])
    assert kept.status_code == 201, kept.json()
    assert kept.json()["overrides"][0]["reason"] == override["reason"]
    assert PlanOverride.objects.get().author == cast.therapist


def test_check_names_conflicts_phase_by_phase_and_changes_nothing(api: Api, cast: Cast, program: Program) -> None:
    answer = api(cast.assistant).post(f"/api/v1/patients/{cast.patient.id}/check", {"program": str(program.id)})
    assert answer.status_code == 200
    assert [one["phase"] for one in answer.json()["phases"]] == [1, 2]


def test_revision_changes_phase_from_a_day_on(api: Api, cast: Cast, plan: Plan) -> None:
    answer = api(cast.therapist).post(
        f"/api/v1/plans/{plan.id}/revisions", {"phase": 2, "effective_from": "2026-11-30", "reason": "Ready."}
    )
    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["phase"], body["version"]) == (1, 2)  # in force today: still phase 1
    assert [(r["n"], r["phase"], r["effective_from"]) for r in body["revisions"]] == [
        (1, 1, "2026-11-16"),
        (2, 2, "2026-11-30"),
    ]
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)):
        assert api(cast.therapist).get(f"/api/v1/plans/{plan.id}").json()["phase"] == 2


def test_revision_never_before_a_day_with_a_log(api: Api, cast: Cast, plan: Plan) -> None:
    log_on(plan, TODAY)
    client = api(cast.therapist)
    refused = client.post(f"/api/v1/plans/{plan.id}/revisions", {"phase": 2, "effective_from": "2026-11-24"})
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["code"] == "day_has_log"
    assert refused.json()["earliest"] == "2026-11-25"
    default = client.post(f"/api/v1/plans/{plan.id}/revisions", {"phase": 2})
    assert default.json()["revisions"][1]["effective_from"] == "2026-11-25"


def test_revision_of_the_pain_rule_keeps_program_and_phase(api: Api, cast: Cast, plan: Plan) -> None:
    answer = api(cast.therapist).post(f"/api/v1/plans/{plan.id}/revisions", {"pain_rule": {"limit": 3}})
    body = answer.json()
    assert body["pain_rule"]["limit"] == 3
    assert body["revisions"][0]["program"] == body["revisions"][1]["program"]


def test_revision_that_changes_nothing_400(api: Api, cast: Cast, plan: Plan) -> None:
    assert api(cast.therapist).post(f"/api/v1/plans/{plan.id}/revisions", {"reason": "?"}).status_code == 400


def test_pause_covers_both_its_dates_and_resume_ends_it(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    paused = client.post(f"/api/v1/plans/{plan.id}/pause", {"from": "2026-11-25", "to": "2026-11-27", "reason": "Flu"})
    assert paused.json()["pauses"][0]["from"] == "2026-11-25"
    assert paused.json()["status"] == "active"
    excused = PlanDay.objects.filter(plan=plan, excused__gt=0).values_list("date", flat=True)
    assert sorted(excused) == [dt.date(2026, 11, 25), dt.date(2026, 11, 27)]
    overlapping = client.post(f"/api/v1/plans/{plan.id}/pause", {"from": "2026-11-27"})
    assert overlapping.status_code == 409
    resumed = client.post(f"/api/v1/plans/{plan.id}/resume", {"on": "2026-11-27"})
    assert resumed.json()["pauses"][0]["to"] == "2026-11-26"
    excused = PlanDay.objects.filter(plan=plan, excused__gt=0).values_list("date", flat=True)
    assert sorted(excused) == [dt.date(2026, 11, 25)]
    assert client.post(f"/api/v1/plans/{plan.id}/resume", {"on": "2026-12-01"}).status_code == 409


def test_stop_ends_what_is_due_but_not_what_was_logged(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    stopped = client.post(f"/api/v1/plans/{plan.id}/stop", {"reason": "Surgery planned."})
    assert (stopped.json()["status"], stopped.json()["ended_on"]) == ("stopped", "2026-11-24")
    assert not PlanDay.objects.filter(plan=plan, date__gte=TODAY, due__gt=0).exists()
    assert PlanDay.objects.filter(plan=plan, date__lt=TODAY, due__gt=0).count() == 4
    again = client.post(f"/api/v1/plans/{plan.id}/stop", {"reason": "Again."})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "plan_ended")


def test_notes_need_the_version_they_were_written_over(api: Api, cast: Cast, plan: Plan) -> None:
    client, url = api(cast.therapist), f"/api/v1/plans/{plan.id}"
    assert client.patch(url, {"notes": "Likes mornings."}).status_code == 428
    assert client.patch(url, {"notes": "Likes mornings."}, headers={"If-Match": '"1"'}).json()["version"] == 2
    stale = client.patch(url, {"notes": "Evenings."}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["notes"] == "Likes mornings."


def test_patient_sees_no_plan_document_of_the_clinic(api: Api, cast: Cast, plan: Plan) -> None:
    assert api(cast.patient_user).get(f"/api/v1/plans/{plan.id}").status_code == 403
    assert api(cast.outsider).get(f"/api/v1/plans/{plan.id}").status_code == 404


def test_check_hears_what_the_last_check_in_told(api: Api, cast: Cast) -> None:
    """R05 fires on symptoms down to the thigh, although the clinic wrote none into the record."""
    exercise = make_exercise("nerve-tensioner", kind="neural")
    exercise.demands.add(Demand.objects.create(slug="sciatic_tension", names={"en": "nerve tension"}))
    program = make_program(cast.clinic, phases=1, prescriptions=1)
    Prescription.objects.filter(phase__program=program).update(exercise=exercise)
    url, body = f"/api/v1/patients/{cast.patient.id}/check", {"program": str(program.id)}
    assert api(cast.therapist).post(url, body).json()["phases"][0]["conflicts"] == []
    at = timezone.now()
    Entry.objects.create(
        patient=cast.patient,
        uid=uuid.uuid4(),
        kind="checkin",
        payload={"answers": {"q_radiate": 2}},
        digest="",
        happened_at=at,
        happened_at_raw=at,
        utc_offset_min=60,
        timezone="Europe/Madrid",
        local_date=TODAY,
        received_at=at,
    )
    [conflict] = api(cast.therapist).post(url, body).json()["phases"][0]["conflicts"]
    assert (conflict["rule"], conflict["action"]) == ("R05", "block")
