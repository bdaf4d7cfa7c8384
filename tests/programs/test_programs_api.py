"""GET|POST /programs, GET|PUT|PATCH|DELETE /programs/{id}, copy, burden."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Clinic, Membership, Role, User
from exercises.models import Exercise, ExerciseMuscle, Muscle
from programs.models import Phase, Prescription, Program
from tests.conftest import Cast
from tests.programs.builders import DOSE, FREQUENCY, make_exercise, make_program

URL = "/api/v1/programs"
Api = Callable[..., APIClient]


def document(program: Program) -> dict[str, Any]:
    """What API.md says a program looks like, built from the rows without the code under test."""
    return {
        "id": str(program.pk),
        "version": program.version,
        "clinic": program.clinic_id and str(program.clinic_id),
        "slug": program.slug,
        "name": program.name,
        "template": program.template,
        "sealed": program.sealed_at is not None,
        "pain_limit": program.pain_limit,
        "evidence": program.evidence,
        "entry": program.entry,
        "phases": [
            {
                "id": str(phase.pk),
                "n": phase.n,
                "name": phase.name,
                "from_day": phase.from_day,
                "to_day": phase.to_day,
                "entry": phase.entry,
                "exit": phase.exit,
                "prescriptions": [
                    {
                        "id": str(one.pk),
                        "key": str(one.key),
                        "exercise": str(one.exercise_id),
                        "dose": one.dose,
                        "frequency": one.frequency,
                        "optional_if": one.optional_if or None,
                        "needs_release": one.needs_release,
                        "easier_allowed": one.easier_allowed,
                        "note": one.note,
                    }
                    for one in phase.prescriptions.order_by("position")
                ],
            }
            for phase in program.phases.order_by("n")
        ],
    }


def put(client: APIClient, program: Any, body: Any, version: int | None = None, method: str = "put") -> Any:
    headers = {"If-Match": f'"{program.version if version is None else version}"'}
    return getattr(client, method)(f"{URL}/{program.pk}", body, headers=headers)


def code(response: Any) -> tuple[int, str, str | None]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["attr"]


def stored(program: Program) -> dict[str, Any]:
    return document(Program.objects.get(pk=program.pk))


# ---- read ----


@pytest.mark.parametrize("who", ["owner", "therapist", "assistant"])
def test_program_is_read_by_staff_of_its_clinic(cast: Cast, api: Api, who: str) -> None:
    program = make_program(cast.clinic, evidence="none", entry=["No red flag"])
    response = api(getattr(cast, who)).get(f"{URL}/{program.pk}")
    assert (response.status_code, response.json()) == (200, document(program))
    assert response["ETag"] == '"1"'
    assert response["Cache-Control"] == "private, no-store"


def test_program_of_another_clinic_is_not_there(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.outsider)
    assert code(client.get(f"{URL}/{program.pk}")) == (404, "not_found", None)
    assert code(put(client, program, document(program))) == (404, "not_found", None)
    assert code(put(client, program, {"name": "x"}, method="patch")) == (404, "not_found", None)
    assert code(client.delete(f"{URL}/{program.pk}")) == (404, "not_found", None)
    assert code(client.post(f"{URL}/{program.pk}/copy")) == (404, "not_found", None)
    assert code(client.get(f"{URL}/{program.pk}/burden")) == (404, "not_found", None)
    assert stored(program) == document(program)


@pytest.mark.parametrize("who", ["patient_user", "carer", "stranger"])
def test_programs_are_not_for_patients(cast: Cast, api: Api, who: str) -> None:
    template = make_program(None, template=True)
    client = api(getattr(cast, who))
    for response in (
        client.get(URL),
        client.post(URL, {"name": "Mine"}),
        client.get(f"{URL}/{template.pk}"),
        client.post(f"{URL}/{template.pk}/copy"),
        client.get(f"{URL}/{template.pk}/burden"),
    ):
        assert code(response) == (403, "permission_denied", None)


def test_programs_are_not_for_nobody(db: None, api: Api) -> None:
    assert code(api().get(URL)) == (401, "not_authenticated", None)
    assert code(api().get(f"{URL}/{uuid.uuid4()}")) == (401, "not_authenticated", None)


def test_program_costs_the_same_for_two_exercises_and_for_forty(
    cast: Cast, api: Api, django_assert_num_queries: Any
) -> None:
    client = api(cast.therapist)
    client.get(URL)
    for each in (1, 20):
        program = make_program(cast.clinic, prescriptions=each)
        # asked for: the user, memberships, program (visible), program again, phases, prescriptions
        with django_assert_num_queries(6):
            client.get(f"{URL}/{program.pk}")


# ---- list ----


def test_programs_list_shows_own_and_shared_but_nothing_sealed_or_archived(cast: Cast, api: Api) -> None:
    shared = make_program(None, template=True, name="Shared template")
    own_template = make_program(cast.clinic, template=True, name="Own template")
    draft = make_program(cast.clinic, name="Draft")
    sealed = make_program(cast.clinic, name="Sealed", sealed_at=timezone.now())
    make_program(cast.clinic, name="Archived", archived_at=timezone.now())
    make_program(cast.other_clinic, name="Foreign")
    client = api(cast.assistant)
    assert client.get(URL).json() == {
        "next": None,
        "previous": None,
        "results": [document(draft), document(own_template), document(shared)],
    }
    names = {
        query: [one["name"] for one in client.get(f"{URL}?{query}").json()["results"]]
        for query in ("template=true", "template=false", "sealed=true")
    }
    assert names == {
        "template=true": ["Own template", "Shared template"],
        "template=false": ["Draft"],
        "sealed=true": ["Sealed"],
    }
    assert client.get(f"{URL}/{sealed.pk}").json()["sealed"] is True


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("template=maybe", "template"),
        ("sealed=", "sealed"),
        ("tempalte=true", "tempalte"),
        ("page_size=0", "page_size"),
    ],
)
def test_programs_list_refuses_filters_it_does_not_know(cast: Cast, api: Api, query: str, attr: str) -> None:
    assert code(api(cast.therapist).get(f"{URL}?{query}")) == (400, "invalid", attr)


def test_programs_list_costs_the_same_for_ten_programs(cast: Cast, api: Api, django_assert_num_queries: Any) -> None:
    client = api(cast.therapist)
    client.get(URL)
    for _ in range(10):
        make_program(cast.clinic)
        # user, memberships, programs, phases, prescriptions
        with django_assert_num_queries(5):
            client.get(URL)


# ---- create ----


def body(exercise: Exercise, **changes: Any) -> dict[str, Any]:
    return {
        "name": "New program",
        "phases": [
            {
                "name": "First",
                "from_day": 0,
                "to_day": 14,
                "prescriptions": [{"exercise": str(exercise.pk), "dose": DOSE, "frequency": FREQUENCY}],
            }
        ],
    } | changes


def test_program_is_created_by_a_clinician_with_defaults(cast: Cast, api: Api) -> None:
    exercise = make_exercise()
    response = api(cast.therapist).post(URL, body(exercise))
    program = Program.objects.get()
    assert (response.status_code, response.json()) == (201, document(program))
    assert (program.clinic, program.created_by, program.template, program.pain_limit) == (
        cast.clinic,
        cast.therapist,
        False,
        5,
    )
    [one] = Prescription.objects.all()
    assert (one.phase.n, one.position, one.dose, one.frequency, one.easier_allowed) == (1, 0, DOSE, FREQUENCY, True)
    assert response["ETag"] == '"1"'


def test_program_keeps_the_ids_and_keys_that_the_client_made(cast: Cast, api: Api) -> None:
    exercise = make_exercise(owner=cast.clinic)
    wanted = body(exercise, id=str(uuid.uuid4()))
    wanted["phases"][0] |= {"id": str(uuid.uuid4()), "n": 1}
    wanted["phases"][0]["prescriptions"][0] |= {"id": str(uuid.uuid4()), "key": str(uuid.uuid4())}
    answer = api(cast.therapist).post(URL, wanted).json()
    assert answer["id"] == wanted["id"]
    assert answer["phases"][0]["id"] == wanted["phases"][0]["id"]
    for name in ("id", "key"):
        mine = wanted["phases"][0]["prescriptions"][0][name]
        assert answer["phases"][0]["prescriptions"][0][name] == mine


def test_program_posted_again_is_the_same_program(cast: Cast, api: Api) -> None:
    wanted = body(make_exercise(), id=str(uuid.uuid4()))
    client = api(cast.therapist)
    first, again = client.post(URL, wanted), client.post(URL, wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Program.objects.count() == 1


@pytest.mark.parametrize("change", ["name", "phase", "dose", "fewer"])
def test_program_posted_again_with_other_words_is_a_conflict(cast: Cast, api: Api, change: str) -> None:
    exercise = make_exercise()
    wanted = body(exercise, id=str(uuid.uuid4()))
    client = api(cast.therapist)
    first = client.post(URL, wanted).json()
    if change == "name":
        wanted["name"] = "Other"
    elif change == "phase":
        wanted["phases"][0]["to_day"] = 15
    elif change == "dose":
        wanted["phases"][0]["prescriptions"][0]["dose"] = DOSE | {"sets": 9}
    else:
        wanted["phases"][0]["prescriptions"] = []
    assert code(client.post(URL, wanted)) == (409, "id_taken", None)
    assert client.get(f"{URL}/{wanted['id']}").json() == first


def test_program_id_of_another_clinic_is_taken(cast: Cast, api: Api) -> None:
    foreign = make_program(cast.other_clinic, name="New program", phases=0)
    response = api(cast.therapist).post(URL, {"id": str(foreign.pk), "name": "New program"})
    assert code(response) == (409, "id_taken", None)
    assert stored(foreign) == document(foreign)


def test_program_is_not_created_by_an_assistant(cast: Cast, api: Api) -> None:
    assert code(api(cast.assistant).post(URL, {"name": "Mine"})) == (403, "permission_denied", None)
    assert not Program.objects.exists()


def test_program_of_staff_of_two_clinics_names_the_clinic(cast: Cast, api: Api) -> None:
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.THERAPIST)
    client = api(cast.therapist)
    assert code(client.post(URL, {"name": "Which?"})) == (400, "invalid", "clinic")
    assert client.post(URL, {"name": "There", "clinic": str(cast.other_clinic.pk)}).json()["clinic"] == str(
        cast.other_clinic.pk
    )
    stranger = Clinic.objects.create(name="Stranger")
    assert code(client.post(URL, {"name": "x", "clinic": str(stranger.pk)})) == (404, "not_found", None)


def spoilt(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda wanted: wanted | changes


def spoilt_phase(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda wanted: wanted | {"phases": [wanted["phases"][0] | changes]}


def spoilt_row(**changes: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def spoil(wanted: dict[str, Any]) -> dict[str, Any]:
        phase = wanted["phases"][0]
        return wanted | {"phases": [phase | {"prescriptions": [phase["prescriptions"][0] | changes]}]}

    return spoil


ROW = "phases.0.prescriptions.0"
SPOILT = [
    (spoilt(name=None), "name"),
    (spoilt(name=""), "name"),
    (spoilt(name="x" * 161), "name"),
    (spoilt(name={}), "name"),
    (spoilt(id="nonsense"), "id"),
    (spoilt(id=[1]), "id"),
    (spoilt(pain_limit=11), "pain_limit"),
    (spoilt(pain_limit="much"), "pain_limit"),
    (spoilt(pain_limit=10**40), "pain_limit"),
    (spoilt(template="perhaps"), "template"),
    (spoilt(evidence="x" * 4001), "evidence"),
    (spoilt(entry="text"), "entry"),
    (spoilt(entry=[["x"]]), "entry.0"),
    (spoilt(entry=["x" * 301]), "entry.0"),
    (spoilt(entry=["x"] * 31), "entry"),
    (spoilt(phases=None), "phases"),
    (spoilt(phases={}), "phases.non_field_errors"),
    (spoilt(phases=[1]), "phases.0.non_field_errors"),
    (spoilt(phases=[{}] * 21), "phases.non_field_errors"),
    (spoilt_phase(name=""), "phases.0.name"),
    (spoilt_phase(id=7.5), "phases.0.id"),
    (spoilt_phase(n=2), "phases.0.n"),
    (spoilt_phase(n=0), "phases.0.n"),
    (spoilt_phase(from_day=-1), "phases.0.from_day"),
    (spoilt_phase(from_day=14), "phases.0.to_day"),
    (spoilt_phase(to_day=40000), "phases.0.to_day"),
    (spoilt_phase(prescriptions="x"), "phases.0.prescriptions.non_field_errors"),
    (spoilt_phase(prescriptions=[{}] * 41), "phases.0.prescriptions.non_field_errors"),
    (spoilt_row(exercise=None), f"{ROW}.exercise"),
    (spoilt_row(exercise="clam"), f"{ROW}.exercise"),
    (spoilt_row(exercise=str(uuid.uuid4())), f"{ROW}.exercise"),
    (spoilt_row(key="x"), f"{ROW}.key"),
    (spoilt_row(dose=None), f"{ROW}.dose"),
    (spoilt_row(dose=[]), f"{ROW}.dose.non_field_errors"),
    (spoilt_row(dose={}), f"{ROW}.dose.sets"),
    (spoilt_row(dose=DOSE | {"sets": 0}), f"{ROW}.dose.sets"),
    (spoilt_row(dose=DOSE | {"sets": True}), f"{ROW}.dose.sets"),
    (spoilt_row(dose=DOSE | {"load": "anvil"}), f"{ROW}.dose.load"),
    (spoilt_row(dose=DOSE | {"colour": "red"}), f"{ROW}.dose.colour"),
    (spoilt_row(dose=DOSE | {"reps": None, "hold_s": None}), f"{ROW}.dose.reps"),
    (spoilt_row(frequency={}), f"{ROW}.frequency.kind"),
    (spoilt_row(frequency={"kind": []}), f"{ROW}.frequency.kind"),
    (spoilt_row(frequency={"kind": "weekdays", "days": [8]}), f"{ROW}.frequency.days"),
    (spoilt_row(frequency={"kind": "per_week", "count": 99}), f"{ROW}.frequency.count"),
    (spoilt_row(optional_if="full_moon"), f"{ROW}.optional_if"),
    (spoilt_row(optional_if=["radiating"]), f"{ROW}.optional_if"),
    (spoilt_row(needs_release="perhaps"), f"{ROW}.needs_release"),
    (spoilt_row(note="x" * 501), f"{ROW}.note"),
]


@pytest.mark.parametrize(("spoil", "attr"), SPOILT, ids=[f"{i}-{attr}" for i, (_, attr) in enumerate(SPOILT)])
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_program_refuses_what_makes_no_sense(
    cast: Cast, api: Api, method: str, spoil: Callable[[dict[str, Any]], dict[str, Any]], attr: str
) -> None:
    program = make_program(cast.clinic)
    wanted = spoil(body(make_exercise()))
    client = api(cast.therapist)
    response = client.post(URL, wanted) if method == "post" else put(client, program, wanted, method=method)
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)
    assert response.json()["errors"][0]["detail"]
    assert stored(program) == document(program)
    assert Program.objects.count() == 1


@pytest.mark.parametrize("raw", ["[]", "7", '"text"', "null", "{", "", '{"name": NaN}', '{"pain_limit": 1e999}'])
@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_program_refuses_what_is_no_document(cast: Cast, api: Api, method: str, raw: str) -> None:
    program = make_program(cast.clinic)
    url = URL if method == "post" else f"{URL}/{program.pk}"
    response = api(cast.therapist).generic(
        method.upper(), url, raw, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert response.status_code == (200 if method == "patch" and raw == "" else 400)
    assert stored(program)["name"] == "Program"


def test_program_that_is_too_big_is_413(cast: Cast, api: Api) -> None:
    response = api(cast.therapist).post(URL, {"name": "x", "evidence": "x" * (1024 * 1024)})
    assert code(response) == (413, "too_large", None)


# ---- replace and change ----


def test_put_of_what_get_answered_changes_nothing_but_the_version(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic, evidence="e", entry=["a"])
    before = document(program)
    response = put(api(cast.therapist), program, before)
    assert (response.status_code, response.json()) == (200, before | {"version": 2})
    assert response["ETag"] == '"2"'
    assert stored(program) == before | {"version": 2}


def test_put_moves_adds_and_removes_and_keeps_ids_and_keys(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    before = document(program)
    first, second = before["phases"]
    # The phases change places, an exercise goes from one to the other, one is dropped, one is new.
    moved, dropped = first["prescriptions"]
    new = {"exercise": dropped["exercise"], "dose": DOSE, "frequency": {"kind": "per_week", "count": 3}}
    wanted = before | {
        "name": "Rearranged",
        "phases": [
            second | {"n": 1, "from_day": 0, "to_day": 7},
            first | {"n": 2, "prescriptions": [new, second["prescriptions"][0]], "from_day": 7, "to_day": 21},
        ],
    }
    wanted["phases"][0]["prescriptions"] = [second["prescriptions"][1], moved]
    response = put(api(cast.therapist), program, wanted)
    assert response.status_code == 200, response.json()
    after = response.json()
    assert [phase["id"] for phase in after["phases"]] == [second["id"], first["id"]]
    assert after["phases"][0]["prescriptions"] == [second["prescriptions"][1], moved]
    [fresh, kept] = after["phases"][1]["prescriptions"]
    assert kept == second["prescriptions"][0]
    assert fresh["key"] not in str(before)
    assert stored(program) == after
    assert not Prescription.objects.filter(pk=dropped["id"]).exists()


def test_put_without_or_with_a_stale_version(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.therapist)
    assert put(client, program, document(program) | {"name": "Theirs"}).status_code == 200
    for method in ("put", "patch"):
        response = getattr(client, method)(f"{URL}/{program.pk}", document(program))
        assert code(response) == (428, "version_required", None)
        response = put(client, program, document(program) | {"name": "Mine"}, version=1, method=method)
        assert code(response) == (412, "stale_version", None)
        assert response.json()["current"] == stored(program)
        response = put(client, program, {"name": "Mine"}, version=99, method=method)
        assert response.status_code == 412
    assert stored(program)["name"] == "Theirs"


@pytest.mark.parametrize("header", ['"1"', "1", 'W/"1"'])
def test_put_takes_the_version_as_it_came(cast: Cast, api: Api, header: str) -> None:
    program = make_program(cast.clinic)
    response = api(cast.therapist).put(f"{URL}/{program.pk}", document(program), headers={"If-Match": header})
    assert response.status_code == 200


@pytest.mark.parametrize("header", ["*", "", "one", '"1", "2"', "\u0661"])
def test_put_refuses_what_is_no_version(cast: Cast, api: Api, header: str) -> None:
    program = make_program(cast.clinic)
    response = api(cast.therapist).put(f"{URL}/{program.pk}", document(program), headers={"If-Match": header})
    assert response.status_code == 412


def test_sealed_program_never_changes(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic, sealed_at=timezone.now())
    client = api(cast.owner)
    for response in (
        put(client, program, document(program)),
        put(client, program, {"name": "x"}, method="patch"),
        client.put(f"{URL}/{program.pk}", {}),
        client.delete(f"{URL}/{program.pk}"),
    ):
        assert code(response) == (409, "sealed", None)
    assert stored(program) == document(program)


def test_shared_template_is_not_changed_by_clinics(cast: Cast, api: Api) -> None:
    template = make_program(None, template=True)
    client = api(cast.owner)
    for response in (
        put(client, template, document(template)),
        put(client, template, {"name": "x"}, method="patch"),
        client.delete(f"{URL}/{template.pk}"),
    ):
        assert code(response) == (403, "permission_denied", None)
    assert stored(template) == document(template)


def test_program_is_not_changed_by_an_assistant(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.assistant)
    for response in (
        put(client, program, document(program)),
        put(client, program, {"name": "x"}, method="patch"),
        client.delete(f"{URL}/{program.pk}"),
        client.post(f"{URL}/{program.pk}/copy"),
    ):
        assert code(response) == (403, "permission_denied", None)
    assert stored(program) == document(program)


def test_a_therapist_here_who_assists_there_changes_nothing_there(cast: Cast, api: Api) -> None:
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.ASSISTANT)
    program = make_program(cast.other_clinic)
    client = api(cast.therapist)
    assert client.get(f"{URL}/{program.pk}").status_code == 200
    assert code(put(client, program, document(program))) == (403, "permission_denied", None)
    assert code(client.post(f"{URL}/{program.pk}/copy")) == (403, "permission_denied", None)


def test_put_refuses_ids_of_another_program(cast: Cast, api: Api) -> None:
    program, other = make_program(cast.clinic), make_program(cast.clinic, name="Other")
    foreign = make_program(cast.other_clinic, name="Foreign")
    client = api(cast.therapist)
    for victim in (other, foreign):
        theirs = document(victim)["phases"][0]
        wanted = document(program)
        wanted["phases"][0]["id"] = theirs["id"]
        assert code(put(client, program, wanted)) == (400, "invalid", "phases.0.id")
        wanted = document(program)
        wanted["phases"][1]["prescriptions"][1]["id"] = theirs["prescriptions"][0]["id"]
        assert code(put(client, program, wanted)) == (400, "invalid", "phases.1.prescriptions.1.id")
        assert code(put(client, program, document(victim) | {"id": str(victim.pk)})) == (400, "invalid", "id")
        assert stored(victim) == document(victim)
    assert stored(program) == document(program)


def test_put_refuses_an_id_or_key_that_stands_twice(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.therapist)
    wanted = document(program)
    wanted["phases"][1]["id"] = wanted["phases"][0]["id"]
    assert code(put(client, program, wanted)) == (400, "invalid", "phases.1.id")
    wanted = document(program)
    wanted["phases"][1]["prescriptions"][0]["id"] = wanted["phases"][0]["prescriptions"][0]["id"]
    assert code(put(client, program, wanted)) == (400, "invalid", "phases.1.prescriptions.0.id")
    wanted = document(program)
    wanted["phases"][0]["prescriptions"][1]["key"] = wanted["phases"][0]["prescriptions"][0]["key"]
    assert code(put(client, program, wanted)) == (400, "invalid", "phases.0.prescriptions.1.key")
    # The same key in two phases is one exercise that goes on.
    wanted = document(program)
    wanted["phases"][1]["prescriptions"][0]["key"] = wanted["phases"][0]["prescriptions"][0]["key"]
    assert put(client, program, wanted).status_code == 200


def test_put_refuses_exercises_of_another_clinic_and_archived_ones(cast: Cast, api: Api) -> None:
    # Staff of two clinics see both libraries; a program still takes only its own clinic's.
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.THERAPIST)
    program = make_program(cast.clinic)
    client = api(cast.therapist)
    archived = make_exercise("old", archived_at=timezone.now())
    for exercise in (make_exercise("foreign", owner=cast.other_clinic), archived):
        wanted = document(program)
        wanted["phases"][0]["prescriptions"][1]["exercise"] = str(exercise.pk)
        assert code(put(client, program, wanted)) == (400, "invalid", "phases.0.prescriptions.1.exercise")
    # Where it already stood it may stay: archiving must not lock a program.
    Prescription.objects.filter(phase__program=program, position=1).update(exercise=archived)
    assert put(client, program, document(program)).status_code == 200


def test_patch_changes_what_was_sent_only(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic, pain_limit=3, entry=["a"])
    before = document(program)
    response = put(api(cast.therapist), program, {"name": "Renamed", "template": True}, method="patch")
    assert (response.status_code, response.json()) == (
        200,
        before | {"name": "Renamed", "template": True, "version": 2},
    )


def test_patch_of_phases_replaces_them_and_is_as_strict_as_put(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.therapist)
    before = document(program)
    assert code(put(client, program, {"phases": [{"name": "x"}]}, method="patch"))[0] == 400
    assert code(put(client, program, {"phases": [{"id": before["phases"][0]["id"]}]}, method="patch"))[0] == 400
    response = put(client, program, {"phases": before["phases"][:1]}, method="patch")
    assert response.json() == before | {"phases": before["phases"][:1], "version": 2}


def test_put_costs_the_same_for_two_exercises_and_for_forty(
    cast: Cast, api: Api, django_assert_num_queries: Any
) -> None:
    client = api(cast.therapist)
    client.get(URL)
    for each in (1, 20):
        program = make_program(cast.clinic, prescriptions=each)
        wanted = document(program)
        # user, memberships; two savepoints and releases: 4; program visible, locked; foreign phases, foreign
        # prescriptions, exercises; delete: phases, prescriptions, logs of them, two deletes; two inserts; update;
        # answer: program, phases, prescriptions
        with django_assert_num_queries(22):
            assert put(client, program, wanted).status_code == 200


# ---- delete ----


def test_deleted_program_is_gone_and_its_copies_stay(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic)
    client = api(cast.therapist)
    copy = client.post(f"{URL}/{program.pk}/copy").json()
    assert client.delete(f"{URL}/{program.pk}").status_code == 204
    assert client.get(f"{URL}/{program.pk}").status_code == 404
    assert client.delete(f"{URL}/{program.pk}").status_code == 404
    assert [one["id"] for one in client.get(URL).json()["results"]] == [copy["id"]]
    assert Program.objects.get(pk=program.pk).archived_at is not None


# ---- copy ----


def test_shared_template_is_copied_into_the_clinic(cast: Cast, api: Api) -> None:
    template = make_program(None, template=True, name="Template", slug="template")
    response = api(cast.therapist).post(f"{URL}/{template.pk}/copy")
    copy = Program.objects.get(clinic=cast.clinic)
    assert (response.status_code, response.json()) == (201, document(copy))
    assert (copy.name, copy.template, copy.sealed, copy.copied_from, copy.slug) == (
        "Template",
        False,
        False,
        template,
        "",
    )
    keys = [[one["key"] for one in phase["prescriptions"]] for phase in response.json()["phases"]]
    assert keys == [[one["key"] for one in phase["prescriptions"]] for phase in document(template)["phases"]]
    assert stored(template) == document(template)


def test_sealed_program_is_copied_into_a_draft(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic, sealed_at=timezone.now())
    response = api(cast.therapist).post(f"{URL}/{program.pk}/copy", {"name": "Next"})
    assert (response.status_code, response.json()["sealed"], response.json()["name"]) == (201, False, "Next")


def test_copy_posted_again_is_the_same_copy(cast: Cast, api: Api) -> None:
    source, other = make_program(cast.clinic), make_program(cast.clinic)
    client = api(cast.therapist)
    wanted = {"id": str(uuid.uuid4())}
    first, again = client.post(f"{URL}/{source.pk}/copy", wanted), client.post(f"{URL}/{source.pk}/copy", wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert code(client.post(f"{URL}/{other.pk}/copy", wanted)) == (409, "id_taken", None)
    assert Program.objects.count() == 3


def test_copy_into_another_clinic(cast: Cast, api: Api) -> None:
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.THERAPIST)
    client = api(cast.therapist)
    template, own = make_program(None, template=True), make_program(cast.clinic)
    there = {"clinic": str(cast.other_clinic.pk)}
    assert code(client.post(f"{URL}/{template.pk}/copy")) == (400, "invalid", "clinic")
    assert client.post(f"{URL}/{template.pk}/copy", there).json()["clinic"] == str(cast.other_clinic.pk)
    assert code(client.post(f"{URL}/{own.pk}/copy", there)) == (409, "other_clinic", None)
    assert client.post(f"{URL}/{own.pk}/copy").json()["clinic"] == str(cast.clinic.pk)


@pytest.mark.parametrize(("wanted", "attr"), [({"name": ""}, "name"), ({"id": "x"}, "id"), ([], "non_field_errors")])
def test_copy_refuses_what_makes_no_sense(cast: Cast, api: Api, wanted: Any, attr: str) -> None:
    program = make_program(cast.clinic)
    response = api(cast.therapist).post(f"{URL}/{program.pk}/copy", wanted)
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)
    assert Program.objects.count() == 1


# ---- burden ----


def test_burden_by_weekday(cast: Cast, api: Api) -> None:
    program = make_program(cast.clinic, phases=1, prescriptions=1)
    walk = make_exercise("walk", laterality="bilateral")
    ExerciseMuscle.objects.create(exercise=walk, muscle=Muscle.objects.create(slug="gait-pattern"), role="primary")
    Prescription.objects.create(
        phase=program.phases.get(), position=1, exercise=walk, dose=DOSE | {"sets": 1, "reps": 1, "hold_s": 600},
        frequency={"kind": "per_week", "count": 7},
    )  # fmt: skip
    response = api(cast.assistant).get(f"{URL}/{program.pk}/burden")
    # 1 set × 10 × (2 s hold + 5 s) = 70 s on Monday, Wednesday, Friday; walking 10 minutes on every day.
    monday = {"minutes": 11.2, "minutes_without_walking": 1.2, "exercises": 2.0, "level": "fine"}
    tuesday = {"minutes": 10.0, "minutes_without_walking": 0.0, "exercises": 1.0, "level": "fine"}
    phase = program.phases.get()
    assert (response.status_code, response.json()) == (
        200,
        {
            "phases": [
                {
                    "id": str(phase.pk),
                    "n": 1,
                    "days": [{"day": day, **(monday if day in {1, 3, 5} else tuesday)} for day in range(1, 8)],
                }
            ]
        },
    )


def test_burden_costs_the_same_for_two_exercises_and_for_forty(
    cast: Cast, api: Api, django_assert_num_queries: Any
) -> None:
    client = api(cast.therapist)
    client.get(URL)
    for each in (1, 20):
        program = make_program(cast.clinic, prescriptions=each)
        with django_assert_num_queries(5):  # user, memberships, program, phases, prescriptions
            client.get(f"{URL}/{program.pk}/burden")


# ---- two at once ----


@pytest.mark.django_db(transaction=True)
def test_of_two_puts_with_the_same_version_exactly_one_wins() -> None:
    clinic = Clinic.objects.create(name="Example Physiotherapy")
    users = [User.objects.create_user(f"{n}@clinic.example", name=n) for n in ("first", "second")]
    for user in users:
        Membership.objects.create(user=user, clinic=clinic, role=Role.THERAPIST)
    program = make_program(clinic)
    wanted = document(program)
    start, answers = threading.Barrier(2), {}

    def write(user: User) -> None:
        client = APIClient()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.get(URL)
        start.wait()
        try:
            answers[user.name] = put(client, program, wanted | {"name": user.name}).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 412]
    [winner] = [name for name, status in answers.items() if status == 200]
    after = stored(program)
    assert (after["name"], after["version"]) == (winner, 2)
    assert Phase.objects.count() == 2
