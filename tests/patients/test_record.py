"""Discharge, opening again, and handing over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from rest_framework.test import APIClient

from accounts.models import AccessRecord, Membership, Role, User
from patients import flags, plans, rebuilding, safety
from patients.models import (
    Flag,
    FlagKind,
    Lock,
    Patient,
    PatientStatus,
    Plan,
    PlanStatus,
    RecordEvent,
    StaffAlert,
    Suggestion,
    Urgency,
)
from reminders import asking
from tests.conftest import Cast, give_access
from tests.patients.phones import TestPhone, checkin, local, make_plan, pain, session

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


@pytest.fixture
def phone(api: Api, cast: Cast) -> TestPhone:
    return TestPhone(api(cast.patient_user), cast.patient)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(cast.patient, cast.therapist, starts_on=TODAY - 7 * DAY)


def post(client: APIClient, patient: Patient, action: str, **body: Any) -> Any:
    return client.post(f"/api/v1/patients/{patient.pk}/{action}", body, format="json")


def now(patient: Patient) -> Patient:
    return Patient.objects.get(pk=patient.pk)


# ---- Discharge ------------------------------------------------------------------------------------------------------
def test_discharge_ends_the_plans_as_finished_and_nothing_is_due(
    api: Api, cast: Cast, plan: Plan, phone: TestPhone
) -> None:
    planned = make_plan(cast.patient, cast.therapist, starts_on=TODAY + 7 * DAY)
    answer = post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["status"], body["discharge_reason"]) == ("discharged", "Goals reached")
    assert body["discharged_at"] == "2026-11-24T09:00:00Z"
    for one in (plan, planned):
        one.refresh_from_db()
        assert (one.finished, one.end_reason) == (True, "Goals reached")
    assert plans.status_on(plan, TODAY) == PlanStatus.FINISHED
    assert phone.plans()["plans"] == []
    assert not plan.days.filter(date__gte=TODAY).exists()
    assert rebuilding.rebuild(check=True) == []


def test_discharge_keeps_the_log_and_the_phone_still_reads_and_writes(
    api: Api, cast: Cast, plan: Plan, phone: TestPhone
) -> None:
    phone.send(session(plan, local(TODAY - DAY)))
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    assert len(phone.client.get("/api/v1/me/log").json()["results"]) == 1
    assert phone.client.get("/api/v1/me/progress").json()["days"] != []
    # What was done before, and is sent now, is kept as well.
    assert phone.statuses(session(plan, local(TODAY - 2 * DAY)), pain(local(TODAY), 2)) == ["stored", "stored"]
    assert rebuilding.rebuild(check=True) == []


def test_discharge_on_a_day_with_a_log_lets_that_day_count_and_asks_nothing_more(
    api: Api, cast: Cast, plan: Plan, phone: TestPhone
) -> None:
    phone.send(session(plan, local(TODAY, 8)))
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    assert plan.days.get(date=TODAY).done == 6
    assert phone.plans()["plans"] == []


def test_discharge_silences_reminders_and_leaves_the_caseload(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    post(client, cast.patient, "discharge", reason="Goals reached")
    names = [row["patient"]["name"] for row in client.get("/api/v1/caseload").json()["results"]]
    assert names == ["Ada Stencil"]
    assert not asking.is_active(now(cast.patient))  # what a reminder asks inside its claim


def test_discharge_settles_flags_with_the_reason_and_leaves_a_red_flag_to_be_answered(
    api: Api, cast: Cast, plan: Plan, phone: TestPhone
) -> None:
    flags.raise_flag(cast.patient, FlagKind.PAIN_TREND, Urgency.SAME_DAY, {"from": 3})
    phone.send(checkin(local(TODAY, 8), q_redflag=["RF1.saddle"]))
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    settled = Flag.objects.get(kind=FlagKind.PAIN_TREND)
    assert (settled.resolve_note, settled.resolved_by) == ("Goals reached", cast.therapist)
    assert not StaffAlert.objects.filter(flag=settled, ended_at=None).exists()
    red = Flag.objects.get(kind=FlagKind.RED_FLAG)
    assert red.resolved_at is None
    assert StaffAlert.objects.filter(flag=red, ended_at=None).exists()
    assert Lock.objects.filter(safety.in_force(), patient=cast.patient).exists()
    listed = api(cast.therapist).get("/api/v1/flags").json()["results"]
    assert [one["kind"] for one in listed] == ["red_flag"]
    assert [reason["kind"] for reason in now(cast.patient).attention] == ["red_flag"]


def test_discharge_supersedes_open_suggestions(api: Api, cast: Cast, plan: Plan) -> None:
    made = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    open_one = Suggestion.objects.create(
        patient=cast.patient, plan=plan, kind="progress", phase=1, reason="r", basis="b", made_at=made
    )
    old = Suggestion.objects.create(
        patient=cast.patient, plan=plan, kind="hold", phase=1, reason="r", basis="a", made_at=made, status="dismissed"
    )
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    open_one.refresh_from_db()
    old.refresh_from_db()
    assert (open_one.status, open_one.decided_by) == ("superseded", None)
    assert old.status == "dismissed"


def test_discharge_sent_again_changes_nothing_and_another_reason_is_409(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    first = post(client, cast.patient, "discharge", reason="Goals reached").json()
    again = post(client, cast.patient, "discharge", reason="Goals reached")
    assert (again.status_code, again.json()) == (200, first)
    other = post(client, cast.patient, "discharge", reason="Moved away")
    assert (other.status_code, other.json()["errors"][0]["code"]) == (409, "already_discharged")
    assert now(cast.patient).discharge_reason == "Goals reached"
    assert AccessRecord.objects.filter(object_id=cast.patient.pk, action="discharge").count() == 1


def test_discharge_needs_a_reason_and_the_access_log_does_not_hold_it(api: Api, cast: Cast) -> None:
    assert post(api(cast.therapist), cast.patient, "discharge").status_code == 400
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    record = AccessRecord.objects.get(object_id=cast.patient.pk, action="discharge")
    assert (record.actor, record.detail) == (cast.therapist, {})
    event = RecordEvent.objects.get(patient=cast.patient)
    assert (event.kind, event.note, event.by) == ("discharge", "Goals reached", cast.therapist)


def test_discharged_patient_is_not_prescribed_to(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    post(client, cast.patient, "discharge", reason="Goals reached")
    program = plan.revisions.get().program.copied_from
    assert program is not None
    wanted = {"program": str(program.pk), "starts_on": "2026-11-25"}
    answer = client.post(f"/api/v1/patients/{cast.patient.pk}/plans", wanted, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "patient_closed")
    post(client, cast.patient, "reopen", note="Pain is back")
    assert client.post(f"/api/v1/patients/{cast.patient.pk}/plans", wanted, format="json").status_code == 201


# ---- Reopening ------------------------------------------------------------------------------------------------------
def test_reopen_makes_active_again_whoever_once_joined(api: Api, cast: Cast, plan: Plan) -> None:
    client = api(cast.therapist)
    post(client, cast.patient, "discharge", reason="Goals reached")
    answer = post(client, cast.patient, "reopen", note="Pain is back")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], body["discharged_at"], body["discharge_reason"]) == ("active", None, "")
    plan.refresh_from_db()
    assert plan.ended_on == TODAY
    assert [one.note for one in RecordEvent.objects.order_by("at", "id")] == ["Goals reached", "Pain is back"]


def test_reopen_of_somebody_who_never_joined_is_invited(api: Api, cast: Cast) -> None:
    patient = Patient.objects.create(
        clinic=cast.clinic, name="Ivy Invited", birth_date=dt.date(1980, 1, 1), timezone="Europe/Madrid"
    )
    client = api(cast.therapist)
    post(client, patient, "discharge", reason="Never came")
    assert post(client, patient, "reopen", note="Came after all").json()["status"] == "invited"


def test_reopen_sent_again_changes_nothing_and_of_a_patient_in_treatment_is_409(api: Api, cast: Cast) -> None:
    client = api(cast.therapist)
    refused = post(client, cast.patient, "reopen", note="Pain is back")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "not_discharged")
    post(client, cast.patient, "discharge", reason="Goals reached")
    first = post(client, cast.patient, "reopen", note="Pain is back").json()
    again = post(client, cast.patient, "reopen", note="Pain is back")
    assert (again.status_code, again.json()) == (200, first)
    assert RecordEvent.objects.filter(kind="reopen").count() == 1


# ---- Handing over ---------------------------------------------------------------------------------------------------
def test_transfer_changes_the_responsible_therapist_and_ends_the_cover(
    api: Api, cast: Cast, colleague: User, phone: TestPhone, plan: Plan
) -> None:
    cast.patient.cover = {"staff": str(cast.owner.pk), "from": "2026-11-20", "to": "2026-12-20"}
    cast.patient.save(update_fields=["cover"])
    before = phone.plans()
    body = {"responsible": str(colleague.pk), "note": "Away until spring"}
    answer = post(api(cast.therapist), cast.patient, "transfer", **body)
    assert answer.status_code == 200
    found = answer.json()
    assert (found["responsible"], found["responsible_name"]) == (str(colleague.pk), "Cora Colleague")
    assert found["cover"] is None
    assert phone.plans() == {**before, "therapist": "Cora Colleague"}
    mine = api(colleague).get(f"/api/v1/caseload?responsible={colleague.pk}").json()["results"]
    assert [row["patient"]["name"] for row in mine] == ["Rosa Sample"]
    record = AccessRecord.objects.get(object_id=cast.patient.pk, action="transfer")
    assert record.detail == {"from": str(cast.therapist.pk), "to": str(colleague.pk)}
    assert RecordEvent.objects.get().note == "Away until spring"
    again = post(api(cast.therapist), cast.patient, "transfer", **body)
    assert (again.status_code, again.json()) == (200, found)
    assert RecordEvent.objects.count() == 1


def test_transfer_goes_only_to_who_may_prescribe_in_the_clinic(api: Api, cast: Cast) -> None:
    for target in (cast.assistant, cast.outsider, cast.patient_user):
        answer = post(api(cast.therapist), cast.patient, "transfer", responsible=str(target.pk))
        assert answer.status_code == 400, target
        assert answer.json()["errors"][0]["attr"] == "responsible"
    assert now(cast.patient).responsible == cast.therapist


def test_record_number_is_once_a_clinic_and_finds_the_patient_in_the_caseload(api: Api, cast: Cast) -> None:
    client = api(cast.therapist)

    def number(patient: Patient, value: str) -> Any:
        headers = {"If-Match": f'"{now(patient).version}"'}
        return client.patch(f"/api/v1/patients/{patient.pk}", {"record_number": value}, format="json", headers=headers)

    assert number(cast.patient, "HX-2041").status_code == 200
    taken = number(cast.other_patient, "HX-2041")
    assert (taken.status_code, taken.json()["errors"][0]["attr"]) == (400, "record_number")
    assert number(cast.other_patient, "HX-2042").status_code == 200
    for words, names in (("hx-2041", ["Rosa Sample"]), ("HX", ["Ada Stencil", "Rosa Sample"]), ("rosa 2042", [])):
        rows = client.get(f"/api/v1/caseload?order=name&search={words}").json()["results"]
        assert [row["patient"]["name"] for row in rows] == names, words


def test_closed_record_is_neither_discharged_nor_opened_nor_handed_over(api: Api, cast: Cast) -> None:
    Patient.objects.filter(pk=cast.patient.pk).update(status=PatientStatus.ERASED)
    client = api(cast.therapist)
    for action, body in (
        ("discharge", {"reason": "x"}),
        ("reopen", {"note": "x"}),
        ("transfer", {"responsible": str(cast.owner.pk)}),
    ):
        answer = post(client, cast.patient, action, **body)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "patient_closed"), action


def test_carer_of_a_discharged_patient_still_reads(api: Api, cast: Cast, plan: Plan) -> None:
    give_access(cast.stranger, cast.patient)
    post(api(cast.therapist), cast.patient, "discharge", reason="Goals reached")
    assert api(cast.stranger).get("/api/v1/me/plans").status_code == 200
