"""Two records of one person made into one, and taken back."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, transaction
from rest_framework.test import APIClient

from accounts.models import AccessRecord
from patients import attention, flags, rebuilding
from patients.invitations import issue_transfer_code
from patients.models import (
    Entry,
    Flag,
    FlagKind,
    HeldItem,
    Lock,
    Merge,
    Patient,
    PatientAccess,
    PatientStatus,
    Phone,
    Plan,
    StaffAlert,
    Urgency,
)
from patients.record import moving
from patients.record.merging import merge
from patients.record.undoing import undo
from tests.conftest import Cast, give_access
from tests.patients.phones import TestPhone, checkin, local, make_plan, new_id, pain, session, void

Api = Callable[..., APIClient]
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def two(cast: Cast) -> tuple[Patient, Patient]:
    """Rosa, registered twice: the record with her first phone, and one with the name of her second."""
    return cast.patient, cast.other_patient


@pytest.fixture
def phones(api: Api, cast: Cast) -> tuple[TestPhone, TestPhone]:
    first, second = api(cast.patient_user), api(cast.other_patient_user)
    return TestPhone(first, cast.patient), TestPhone(second, cast.other_patient)


def everything(*patients: Patient) -> dict[str, list[dict[str, Any]]]:
    """All rows of these patients and of their plans and entries, as they stand."""
    found = {}
    for field in moving.columns():
        rows = field.model._base_manager.filter(**{f"{field.name}__in": patients}).order_by("pk")
        found[moving.label(field)] = list(rows.values())
    ids = [patient.pk for patient in patients]
    through = {"PlanDay": "plan__patient", "ExerciseLog": "entry__patient", "EntryVersion": "entry__patient"}
    for name, path in {**through, "Patient": "pk"}.items():
        model = apps.get_model("patients", name)
        found[name] = list(model._base_manager.filter(**{f"{path}__in": ids}).order_by("pk").values())
    for row in found["Patient"]:
        # These rise with every write, whatever it says; the rules look again after a merge.
        for name in ("version", "plans_stamp", "review_due_at"):
            row.pop(name)
    return found


def without_events(told: dict[str, Any]) -> dict[str, Any]:
    """What was done is history and stays."""
    return {name: rows for name, rows in told.items() if name != "patients.RecordEvent.patient"}


def post_merge(client: APIClient, kept: Patient, other: Patient, **body: Any) -> Any:
    return client.post(f"/api/v1/patients/{kept.pk}/merge", {"other": str(other.pk), **body}, format="json")


def busy(cast: Cast, phones: tuple[TestPhone, TestPhone]) -> tuple[Plan, Plan]:
    """Both records with a plan and a week of log, on one of them a lock."""
    plans = [make_plan(one.patient, cast.therapist, starts_on=TODAY - 7 * DAY) for one in phones]
    for phone, plan, score in zip(phones, plans, (3, 6), strict=True):
        for back in (5, 3, 1):
            phone.send(session(plan, local(TODAY - back * DAY), pain_after=score))
        phone.send({"type": "nonsense", "id": new_id()})
    phones[1].send(checkin(local(TODAY, 8), q_redflag=["RF2"]))
    return plans[0], plans[1]


# ---- Merging --------------------------------------------------------------------------------------------------------
def test_merge_moves_everything_and_sets_the_other_aside(
    api: Api, cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    plan, moved_plan = busy(cast, phones)
    counts = {name: len(rows) for name, rows in everything(kept, other).items()}
    answer = post_merge(api(cast.therapist), kept, other, note="Registered twice")
    assert answer.status_code == 201, answer.content
    body = answer.json()
    made = Merge.objects.get()
    assert body == {
        "id": str(made.pk),
        "kept": str(kept.pk),
        "other": str(other.pk),
        "other_name": "Ada Stencil",
        "note": "Registered twice",
        "made_at": "2026-11-24T09:00:00Z",
        "made_by": "Dana Example",
        "undo_until": "2026-12-24T09:00:00Z",
        "undone_at": None,
    }
    other.refresh_from_db()
    assert (other.status, other.merged_into) == (PatientStatus.MERGED, kept)
    now = everything(kept)
    assert {name: len(rows) for name, rows in now.items()} == counts | {
        "Patient": 1,
        "patients.Patient.merged_into": 1,
        "patients.RecordEvent.patient": 1,
    }
    assert {one.patient_id for one in (plan, Plan.objects.get(pk=moved_plan.pk))} == {kept.pk}
    assert rebuilding.rebuild(check=True) == []


def test_merge_lets_the_locks_and_the_pain_of_one_record_speak_for_both(
    cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    plan, _ = busy(cast, phones)
    assert (plan.days.get(date=TODAY).open, plan.days.get(date=TODAY - DAY).pain_max) == (True, 3)
    merge(*two, by=cast.therapist, note="")
    assert (plan.days.get(date=TODAY).open, plan.days.get(date=TODAY - DAY).pain_max) == (False, 6)


def test_merge_keeps_own_facts_and_fills_the_empty_ones(cast: Cast, two: tuple[Patient, Patient]) -> None:
    kept, other = two
    Patient.objects.filter(pk=kept.pk).update(
        email="rosa@example.test", findings={"snapping": True}, condition=None, known_until=TODAY - 3 * DAY
    )
    Patient.objects.filter(pk=other.pk).update(
        email="other@example.test",
        phone="+34 600 000 000",
        record_number="A-17",
        condition="piriformis",
        findings={"snapping": False, "knee": True},
        known_until=TODAY - DAY,
    )
    merge(kept, other, by=cast.therapist, note="")
    kept.refresh_from_db()
    other.refresh_from_db()
    assert kept.name == "Rosa Sample"
    assert (kept.email, kept.phone, kept.record_number) == ("rosa@example.test", "+34 600 000 000", "A-17")
    assert (kept.condition, kept.findings) == ("piriformis", {"snapping": True, "knee": True})
    assert kept.known_until == TODAY - DAY
    assert other.record_number is None


def test_merge_of_a_discharged_record_with_one_in_treatment_is_in_treatment(
    api: Api, cast: Cast, two: tuple[Patient, Patient]
) -> None:
    kept, other = two
    api(cast.therapist).post(f"/api/v1/patients/{kept.pk}/discharge", {"reason": "Goals reached"})
    merge(kept, other, by=cast.therapist, note="")
    kept.refresh_from_db()
    assert (kept.status, kept.discharged_at) == (PatientStatus.ACTIVE, None)


def test_merge_again_answers_with_the_merge_that_stands(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    client = api(cast.therapist)
    first = post_merge(client, *two)
    again = post_merge(client, *two)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Merge.objects.count() == 1
    # The other way round it is a closed record.
    turned = post_merge(client, two[1], two[0])
    assert (turned.status_code, turned.json()["errors"][0]["code"]) == (409, "patient_closed")


def test_merge_refuses_itself_another_clinics_and_what_one_may_not_see(
    api: Api, cast: Cast, two: tuple[Patient, Patient]
) -> None:
    client = api(cast.therapist)
    itself = post_merge(client, two[0], two[0])
    assert (itself.status_code, itself.json()["errors"][0]["attr"]) == (400, "other")
    assert post_merge(client, two[0], cast.foreign_patient).status_code == 404
    assert post_merge(api(cast.assistant), *two).status_code == 403
    cast.therapist.memberships.create(clinic=cast.other_clinic, role="therapist")
    foreign = post_merge(api(cast.therapist), two[0], cast.foreign_patient)
    assert (foreign.status_code, foreign.json()["errors"][0]["attr"]) == (400, "other")
    assert not Merge.objects.exists()


def test_merge_and_its_undoing_stand_in_the_access_log_of_both(cast: Cast, two: tuple[Patient, Patient]) -> None:
    made, _ = merge(*two, by=cast.therapist, note="")
    undo(made, by=cast.therapist)
    for patient in two:
        actions = AccessRecord.objects.filter(object_id=patient.pk).values_list("action", flat=True)
        assert sorted(actions) == ["merge", "merge_undone"]


# ---- What one record may not have twice ------------------------------------------------------------------------------
def test_flags_of_one_kind_are_joined_and_the_alert_goes_on(cast: Cast, two: tuple[Patient, Patient]) -> None:
    kept, other = two
    mine = flags.raise_flag(kept, FlagKind.PAIN_TREND, Urgency.ROUTINE, {"n": 1})
    Flag.objects.filter(pk=mine.pk).update(acknowledged_at=NOW, acknowledged_by=cast.owner)
    attention.refresh(kept)
    theirs = flags.raise_flag(other, FlagKind.PAIN_TREND, Urgency.SAME_DAY, {"n": 2})
    flags.raise_flag(other, FlagKind.SILENT, Urgency.ROUTINE, {"days": 7})
    before = everything(kept, other)
    made, _ = merge(kept, other, by=cast.therapist, note="")
    joined = Flag.objects.get(patient=kept, kind=FlagKind.PAIN_TREND, resolved_at=None)
    assert (joined.pk, joined.evidence, joined.urgency) == (mine.pk, [{"n": 1}, {"n": 2}], "same_day")
    assert joined.acknowledged_at is None
    assert StaffAlert.objects.get(ended_at=None).flag == joined
    assert Flag.objects.filter(patient=kept, resolved_at=None).count() == 2
    kept.refresh_from_db()
    assert {reason["kind"] for reason in kept.attention} == {"pain_trend", "silent"}
    undo(made, by=cast.therapist)
    assert without_events(everything(kept, other)) == without_events(before)
    theirs.refresh_from_db()
    assert (theirs.patient, theirs.resolved_at) == (other, None)


def test_flag_settled_after_the_merge_is_settled_for_both(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    kept, other = two
    for patient in two:
        flags.raise_flag(patient, FlagKind.PAIN_TREND, Urgency.SAME_DAY, {"of": patient.name})
    made, _ = merge(kept, other, by=cast.therapist, note="")
    joined = Flag.objects.get(resolved_at=None)
    api(cast.owner).post(f"/api/v1/flags/{joined.pk}/resolve", {"note": "Called her"})
    undo(made, by=cast.therapist)
    assert [(flag.resolve_note, flag.resolved_by) for flag in Flag.objects.all()] == [("Called her", cast.owner)] * 2
    assert not StaffAlert.objects.filter(ended_at=None).exists()


def test_evidence_that_came_after_the_merge_stays_with_the_kept_record(
    cast: Cast, two: tuple[Patient, Patient]
) -> None:
    kept, other = two
    for patient, n in zip(two, (1, 2), strict=True):
        flags.raise_flag(patient, FlagKind.PAIN_TREND, Urgency.ROUTINE, {"n": n})
    made, _ = merge(kept, other, by=cast.therapist, note="")
    flags.raise_flag(kept, FlagKind.PAIN_TREND, Urgency.SAME_DAY, {"n": 3})
    undo(made, by=cast.therapist)
    found = {flag.patient_id: (flag.evidence, flag.urgency) for flag in Flag.objects.filter(resolved_at=None)}
    assert found == {kept.pk: ([{"n": 1}, {"n": 3}], "same_day"), other.pk: ([{"n": 2}], "routine")}


def test_items_with_one_id_in_both_records_are_both_kept(
    cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    twin = new_id()
    phones[0].send(pain(local(TODAY, 8), 2, id=twin))
    phones[1].send(pain(local(TODAY, 8), 5, id=twin))
    phones[1].send(void(twin, local(TODAY, 9)))
    before = everything(kept, other)
    made, _ = merge(kept, other, by=cast.therapist, note="")
    first = Entry.objects.get(patient=kept, uid=twin)
    assert (first.pain_max, first.voided_at) == (2, None)
    second = Entry.objects.exclude(pk=first.pk).get(kind="pain")
    assert (second.patient, second.pain_max, second.voided_at) == (kept, 5, NOW)
    assert Entry.objects.get(kind="void").target == second.uid
    undo(made, by=cast.therapist)
    assert without_events(everything(kept, other)) == without_events(before)


def test_person_and_phone_that_both_records_know_are_reached_once(
    api: Api, cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    give_access(cast.patient_user, other)
    one_device = TestPhone(phones[0].client, other, device=phones[0].device)
    phones[0].send()
    one_device.send()
    before = everything(kept, other)
    made, _ = merge(kept, other, by=cast.therapist, note="")
    client = phones[0].client
    assert client.get("/api/v1/me/plans").json()["patient"] == str(kept.pk)
    # Both ids are still told, since the phone may have something to send under either.
    assert [one["id"] for one in client.get("/api/v1/me").json()["patients"]] == [str(kept.pk), str(other.pk)]
    assert one_device.statuses(pain(local(TODAY, 8), 2)) == ["stored"]
    assert Entry.objects.get().patient == kept
    Entry.objects.all().delete()
    Patient.objects.filter(pk=kept.pk).update(last_active_at=None)
    undo(made, by=cast.therapist)
    assert without_events(everything(kept, other)) == without_events(before)


# ---- The other record's phone ----------------------------------------------------------------------------------------
def test_phone_of_the_other_record_goes_on_under_the_id_it_knows(
    cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    plan, moved = busy(cast, phones)
    merge(kept, other, by=cast.therapist, note="")
    phone, name = phones[1], str(other.pk)
    assert [one["id"] for one in phone.client.get("/api/v1/me").json()["patients"]] == [name]
    document = phone.client.get(f"/api/v1/me/plans?patient={name}").json()
    assert {one["id"] for one in document["plans"]} == {str(plan.pk), str(moved.pk)}
    unchanged = phone.client.get(f"/api/v1/me/plans?patient={name}")
    assert unchanged.status_code == 200
    assert phone.statuses(session(moved, local(TODAY, 8)), pain(local(TODAY, 8), 2)) == ["stored", "stored"]
    for route in ("log", "receipts", "progress", "reminders"):
        assert phone.client.get(f"/api/v1/me/{route}?patient={name}").status_code == 200, route
        assert phone.client.get(f"/api/v1/me/{route}").status_code == 200, route
    assert Entry.objects.filter(patient=kept, local_date=TODAY, kind="session").exists()
    # The first phone goes on as before, and neither reaches anybody else's.
    assert [one["id"] for one in phones[0].client.get("/api/v1/me").json()["patients"]] == [str(kept.pk)]
    assert phones[0].client.get(f"/api/v1/me/plans?patient={name}").status_code == 404
    assert phones[0].post(patient=name).status_code == 409


def test_lost_phone_of_either_record_is_shut_out_by_an_invitation_that_replaces(
    api: Api, cast: Cast, two: tuple[Patient, Patient]
) -> None:
    kept, other = two
    merge(kept, other, by=cast.therapist, note="")
    clients = []
    for user in (cast.patient_user, cast.other_patient_user):
        clients.append(APIClient())
        transfer_code = issue_transfer_code(user)
        assert clients[-1].post("/api/v1/join/transfer", {"code": transfer_code}, format="json").status_code == 200
        assert clients[-1].get("/api/v1/me/plans").status_code == 200
    wanted = {"replace": True}
    link = api(cast.therapist).post(f"/api/v1/patients/{kept.pk}/invitation", wanted, format="json").json()["url"]
    token = link.rsplit("/", 1)[1]
    body = {"token": token, "birth_date": "1964-05-17", "consent": True}
    joined = APIClient().post("/api/v1/join", body, format="json")
    assert (joined.status_code, joined.json()["patient"]) == (201, str(kept.pk))
    assert [client.get("/api/v1/me/plans").status_code for client in clients] == [401, 401]


def test_undone_merge_gives_the_phone_back_its_record(
    cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    busy(cast, phones)
    made, _ = merge(kept, other, by=cast.therapist, note="")
    undo(made, by=cast.therapist)
    assert phones[1].statuses(pain(local(TODAY, 8), 2)) == ["stored"]
    assert Entry.objects.filter(kind="pain").get().patient == other
    assert phones[1].client.get(f"/api/v1/me/plans?patient={kept.pk}").status_code == 404


def test_phone_that_joined_the_kept_record_by_the_others_invitation_goes_back_with_it(
    api: Api, cast: Cast, two: tuple[Patient, Patient]
) -> None:
    kept, other = two
    link = api(cast.therapist).post(f"/api/v1/patients/{other.pk}/invitation", {"relation": "carer"}).json()["url"]
    made, _ = merge(kept, other, by=cast.therapist, note="")
    client, token = APIClient(), link.rsplit("/", 1)[1]
    joined = client.post("/api/v1/join", {"token": token, "birth_date": "1964-05-17", "consent": True}, format="json")
    assert (joined.status_code, joined.json()["patient"]) == (201, str(kept.pk))
    phone = TestPhone(client, kept)
    item = pain(local(TODAY, 8), 4)
    assert phone.statuses(item) == ["stored"]
    undo(made, by=cast.therapist)
    # Its phone still says the kept record's id, and reaches its own record only.
    assert [one["id"] for one in client.get("/api/v1/me").json()["patients"]] == [str(kept.pk)]
    assert client.get(f"/api/v1/me/plans?patient={kept.pk}").json()["patient"] == str(other.pk)
    assert phone.statuses(item, pain(local(TODAY, 8), 1)) == ["duplicate", "stored"]
    assert set(Entry.objects.values_list("patient", flat=True)) == {other.pk}
    assert PatientAccess.objects.filter(patient=kept).count() == 2


@pytest.mark.django_db(transaction=True)
def test_sync_that_waits_for_the_merge_lands_in_the_kept_record(
    cast: Cast, phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = cast.patient, cast.other_patient
    plan = make_plan(other, cast.therapist, starts_on=TODAY - DAY)
    assert phones[1].send() == []  # so that nothing but the row is waited for
    begun, codes = threading.Event(), []

    def slow_merge() -> None:
        with transaction.atomic():
            merge(kept, other, by=cast.therapist, note="")
            begun.set()
            threading.Event().wait(2)  # long enough for the sync to stand at the row
        connection.close()

    def sync() -> None:
        begun.wait()
        codes.append(phones[1].post(session(plan, local(TODAY, 8))).status_code)
        connection.close()

    threads = [threading.Thread(target=one) for one in (slow_merge, sync)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200]
    assert Entry.objects.get().patient == kept


# ---- Undoing --------------------------------------------------------------------------------------------------------
def test_undo_restores_both_records_exactly(
    api: Api, cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    busy(cast, phones)
    Patient.objects.filter(pk=other.pk).update(
        record_number="A-17", affected_side="right", findings={"snapping": True, "knee": True}
    )
    Patient.objects.filter(pk=kept.pk).update(affected_side=None, findings={"snapping": False})
    rebuilding.rebuild()
    flags.raise_flag(kept, FlagKind.RED_FLAG, Urgency.SAME_DAY, {"n": 1})
    before = everything(kept, other)
    made = post_merge(api(cast.therapist), kept, other).json()
    assert everything(kept, other) != before
    answer = api(cast.owner).post(f"/api/v1/merges/{made['id']}/undo")
    assert answer.status_code == 200, answer.content
    assert answer.json()["undone_at"] == "2026-11-24T09:00:00Z"
    assert without_events(everything(kept, other)) == without_events(before)
    assert rebuilding.rebuild(check=True) == []
    again = api(cast.owner).post(f"/api/v1/merges/{made['id']}/undo")
    assert (again.status_code, again.json()) == (200, answer.json())


def test_undo_gives_each_record_what_came_meanwhile(
    api: Api, cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone], clock: Any
) -> None:
    kept, other = two
    plan, moved = busy(cast, phones)
    made, _ = merge(kept, other, by=cast.therapist, note="")
    clock.shift(2 * DAY)
    first, second = phones
    own, theirs = session(plan, local(TODAY + DAY)), session(moved, local(TODAY + DAY))
    under_the_other_plan = session(moved, local(TODAY + DAY, 11))
    after = pain(local(TODAY + DAY, 12), 5, session=theirs["id"])
    danger = checkin(local(TODAY + DAY, 7), q_redflag=["RF5"])
    first.send(own, under_the_other_plan, pain(local(TODAY + DAY, 7), 1))
    second.send(theirs, after, danger, pain(local(TODAY + DAY, 8), 6), {"type": "nonsense", "id": new_id()})
    paper = pain(local(TODAY + DAY, 13), 3)
    api(cast.therapist).post(f"/api/v1/patients/{kept.pk}/paper", {"items": [paper]}, format="json")
    undo(made, by=cast.therapist)
    went = set(Entry.objects.filter(patient=other, received_at__gte=NOW + DAY).values_list("uid", flat=True))
    ids = [under_the_other_plan["id"], theirs["id"], after["id"], danger["id"]]
    assert {uuid.UUID(one) for one in ids} <= went
    assert len(went) == 5  # and the pain from the other record's phone
    stayed = set(Entry.objects.filter(patient=kept, received_at__gte=NOW + DAY).values_list("uid", flat=True))
    assert {uuid.UUID(one) for one in (own["id"], paper["id"])} <= stayed
    assert len(stayed) == 3
    # The red flag of the other record's phone is the other record's again, lock and all.
    assert Lock.objects.filter(entry__uid=danger["id"]).get().patient == other
    red = Flag.objects.get(patient=other, kind=FlagKind.RED_FLAG, resolved_at=None)
    assert [one["entry"] for one in red.evidence][-1] == danger["id"]
    assert not Flag.objects.filter(patient=kept, kind=FlagKind.RED_FLAG, resolved_at=None).exists()
    assert HeldItem.objects.filter(patient=other, closed_at=None).count() == 2
    assert HeldItem.objects.filter(patient=kept, closed_at=None).count() == 1
    assert Phone.objects.filter(patient=other).get().user == cast.other_patient_user
    assert rebuilding.rebuild(check=True) == []


def test_undo_leaves_what_somebody_changed_since(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    kept, other = two
    Patient.objects.filter(pk=other.pk).update(email="ada@example.test", phone="1", findings={"knee": True})
    made, _ = merge(kept, other, by=cast.therapist, note="")
    Patient.objects.filter(pk=kept.pk).update(phone="2", findings={"knee": True, "wrist": True})
    undo(made, by=cast.therapist)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.email, kept.phone, kept.findings) == (None, "2", {"wrist": True})
    assert (other.email, other.phone, other.findings) == ("ada@example.test", "1", {"knee": True})


def test_undo_after_thirty_days_is_409(api: Api, cast: Cast, two: tuple[Patient, Patient], clock: Any) -> None:
    made, _ = merge(*two, by=cast.therapist, note="")
    clock.shift(30 * DAY + dt.timedelta(seconds=1))
    answer = api(cast.owner).post(f"/api/v1/merges/{made.pk}/undo")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "undo_over")
    clock.shift(-dt.timedelta(seconds=1))
    assert api(cast.owner).post(f"/api/v1/merges/{made.pk}/undo").status_code == 200


def test_undo_is_for_who_may_change_records_of_that_clinic(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    made, _ = merge(*two, by=cast.therapist, note="")
    for actor, code in ((cast.outsider, 404), (cast.assistant, 403), (cast.patient_user, 403)):
        assert api(actor).post(f"/api/v1/merges/{made.pk}/undo").status_code == code


def test_merge_of_a_merged_record_is_undone_from_the_outside_in(
    cast: Cast, two: tuple[Patient, Patient], phones: tuple[TestPhone, TestPhone]
) -> None:
    kept, other = two
    _, moved = busy(cast, phones)
    third = Patient.objects.create(
        clinic=cast.clinic, name="Rosa S.", birth_date=dt.date(1964, 5, 17), timezone="Europe/Madrid"
    )
    before = everything(kept, other, third)
    inner, _ = merge(kept, other, by=cast.therapist, note="")
    outer, _ = merge(third, kept, by=cast.therapist, note="")
    other.refresh_from_db()
    assert (other.merged_into, Plan.objects.get(pk=moved.pk).patient) == (third, third)
    assert phones[1].statuses(pain(local(TODAY, 8), 2)) == ["stored"]
    assert phones[1].client.get(f"/api/v1/me/plans?patient={other.pk}").json()["patient"] == str(third.pk)
    with pytest.raises(Exception, match="Undo that merge first"):
        undo(inner, by=cast.therapist)
    undo(outer, by=cast.therapist)
    undo(inner, by=cast.therapist)
    Entry.objects.filter(patient=other, kind="pain").delete()
    rebuilding.rebuild()
    assert without_events(everything(kept, other, third)) == without_events(before)


def test_merges_of_a_record_are_listed_for_both(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    made, _ = merge(*two, by=cast.therapist, note="Registered twice")
    for patient in two:
        answer = api(cast.assistant).get(f"/api/v1/patients/{patient.pk}/merges").json()
        assert [one["id"] for one in answer["results"]] == [str(made.pk)]


def test_record_that_was_set_aside_is_read_but_not_changed(api: Api, cast: Cast, two: tuple[Patient, Patient]) -> None:
    kept, other = two
    merge(kept, other, by=cast.therapist, note="")
    client, path = api(cast.therapist), f"/api/v1/patients/{other.pk}"
    body = client.get(path).json()
    assert (body["status"], body["merged_into"]) == ("merged", str(kept.pk))
    headers = {"If-Match": f'"{body["version"]}"'}
    refused = client.patch(path, {"name": "Someone"}, format="json", headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "patient_closed")
    paper = client.post(f"{path}/paper", {"items": [pain(local(TODAY, 8), 2)]}, format="json")
    assert (paper.status_code, paper.json()["errors"][0]["code"]) == (409, "patient_closed")
    assert client.post(f"{path}/invitation", {}, format="json").status_code == 409
    listed = client.get("/api/v1/patients").json()["results"]
    assert str(other.pk) not in [one["id"] for one in listed]
    assert [one["id"] for one in client.get("/api/v1/patients?status=merged").json()["results"]] == [str(other.pk)]
