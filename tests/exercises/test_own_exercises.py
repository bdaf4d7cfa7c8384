"""A clinic's own exercises: POST /exercises, GET|PATCH|DELETE /exercises/{id}."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Clinic, Membership, Role, User
from exercises.models import Exercise, FigureFile
from tests.conftest import Cast
from tests.exercises.builders import DOSE, FREQUENCY, document, make_exercise, make_words

URL = "/api/v1/exercises"
Api = Callable[..., APIClient]
CLAM = next(
    one["figure"]
    for one in yaml.safe_load(Path("exercises/library/quadratus-femoris-strengthening.yaml").read_text())
    if one["slug"] == "qf-clam"
)


def body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Wall clam",
        "kind": "strengthen",
        "muscles": [{"slug": "piriformis", "role": "primary"}, {"slug": "gluteus-medius", "role": "secondary"}],
        "position": "side_lying",
        "laterality": "unilateral",
        "level": 2,
        "steps": ["Lie with your back to a wall.", "Lift the knee."],
        "demands": ["hip_adduction"],
        "equipment": ["band"],
        "default_dose": DOSE,
        "default_frequency": FREQUENCY,
    } | changes


def whole(exercise: Exercise) -> dict[str, Any]:
    return document(exercise) | {"anim": exercise.anim}


def code(response: Any) -> tuple[int, str, str | None]:
    error = response.json()["errors"][0]
    return response.status_code, error["code"], error["attr"]


def patch(client: APIClient, exercise: Exercise, wanted: Any, version: int | None = None) -> Any:
    headers = {"If-Match": f'"{exercise.version if version is None else version}"'}
    return client.patch(f"{URL}/{exercise.pk}", wanted, headers=headers)


@pytest.fixture
def own(cast: Cast) -> Exercise:
    make_words()
    return make_exercise("own-clam", owner=cast.clinic, muscles=("gluteus-medius",), equipment=("band",))


# ---- create ----


def test_own_exercise_is_written_by_a_clinician(cast: Cast, api: Api) -> None:
    make_words()
    response = api(cast.therapist).post(URL, body())
    exercise = Exercise.objects.get()
    assert (response.status_code, response.json()) == (201, whole(exercise))
    assert (exercise.owner, exercise.slug, exercise.review_status, exercise.version) == (
        cast.clinic,
        "wall-clam",
        "draft",
        1,
    )
    assert response.json()["muscles"] == body()["muscles"]
    assert (response.json()["demands"], response.json()["equipment"]) == (["hip_adduction"], ["band"])
    assert response["ETag"] == '"1"'


def test_own_exercise_fills_in_what_a_dose_leaves_out(cast: Cast, api: Api) -> None:
    make_words()
    answer = (
        api(cast.therapist)
        .post(URL, body(default_dose={"sets": 2, "reps": 8}, default_frequency={"kind": "interval", "every_days": 2}))
        .json()
    )
    assert answer["default_dose"] == {
        "sets": 2, "reps": 8, "hold_s": None, "rest_s": 0, "load": "none", "load_kg": None, "effort": None,
        "side": "both", "tempo": None,
    }  # fmt: skip
    assert answer["default_frequency"] == {"kind": "interval", "every_days": 2, "times_per_day": 1}


def test_own_exercises_may_share_a_name(cast: Cast, api: Api) -> None:
    make_words()
    client = api(cast.therapist)
    first, second = client.post(URL, body()).json(), client.post(URL, body()).json()
    assert first["slug"] == "wall-clam"
    assert second["slug"] == f"wall-clam-{second['id'][-8:]}"
    assert client.post(URL, body(name="***")).json()["slug"] == "exercise"


def test_own_exercise_posted_again_is_the_same(cast: Cast, api: Api) -> None:
    make_words()
    client, wanted = api(cast.therapist), body(id=str(uuid.uuid4()), figure=CLAM)
    first, again = client.post(URL, wanted), client.post(URL, wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["id"] == wanted["id"]
    changes: tuple[dict[str, Any], ...] = (
        {"name": "Other"},
        {"demands": []},
        {"level": 3},
        {"muscles": wanted["muscles"][:1]},
    )
    for change in changes:
        assert code(client.post(URL, wanted | change)) == (409, "id_taken", None)
    assert Exercise.objects.count() == 1


def test_an_id_of_the_library_or_of_another_clinic_is_taken(cast: Cast, api: Api) -> None:
    make_words()
    for exercise in (make_exercise("clam"), make_exercise("foreign", owner=cast.other_clinic)):
        assert code(api(cast.therapist).post(URL, body(id=str(exercise.pk)))) == (409, "id_taken", None)


@pytest.mark.parametrize("who", ["assistant", "patient_user", "stranger"])
def test_own_exercise_is_not_written_by_others(cast: Cast, api: Api, own: Exercise, who: str) -> None:
    client = api(getattr(cast, who))
    assert code(client.post(URL, body())) == (403, "permission_denied", None)
    expected = 403  # before anything is looked up: the role says no everywhere
    assert patch(client, own, {"name": "x"}).status_code == expected
    assert client.delete(f"{URL}/{own.pk}").status_code == expected
    assert Exercise.objects.get().name == "Own clam"


def test_own_exercise_of_staff_of_two_clinics_names_the_clinic(cast: Cast, api: Api) -> None:
    make_words()
    Membership.objects.create(user=cast.therapist, clinic=cast.other_clinic, role=Role.ASSISTANT)
    client = api(cast.therapist)
    assert code(client.post(URL, body())) == (400, "invalid", "clinic")
    assert code(client.post(URL, body(clinic=str(cast.other_clinic.pk)))) == (403, "permission_denied", None)
    assert client.post(URL, body(clinic=str(cast.clinic.pk))).json()["owner"] == str(cast.clinic.pk)


SPOILT: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"name": ["x"]}, "name"),
    ({"id": "x"}, "id"),
    ({"kind": "dance"}, "kind"),
    ({"kind": ["stretch"]}, "kind"),
    ({"muscles": []}, "muscles.non_field_errors"),
    ({"muscles": "piriformis"}, "muscles.non_field_errors"),
    ({"muscles": ["piriformis"]}, "muscles.0.non_field_errors"),
    ({"muscles": [{"slug": "biceps", "role": "primary"}]}, "muscles"),
    ({"muscles": [{"slug": "piriformis", "role": "main"}]}, "muscles.0.role"),
    ({"muscles": [{"slug": "piriformis", "role": "primary"}] * 2}, "muscles"),
    ({"position": "flying"}, "position"),
    ({"laterality": None}, "laterality"),
    ({"level": 0}, "level"),
    ({"level": 6}, "level"),
    ({"level": "hard"}, "level"),
    ({"steps": []}, "steps"),
    ({"steps": "Lie down."}, "steps"),
    ({"steps": ["x" * 301]}, "steps.0"),
    ({"cue": "x" * 301}, "cue"),
    ({"caution": {}}, "caution"),
    ({"demands": ["courage"]}, "demands"),
    ({"demands": [["x"]]}, "demands.0"),
    ({"equipment": ["anvil"]}, "equipment"),
    ({"default_dose": None}, "default_dose"),
    ({"default_dose": "3x10"}, "default_dose"),
    ({"default_dose": {}}, "default_dose.sets"),
    ({"default_dose": DOSE | {"sets": 21}}, "default_dose.sets"),
    ({"default_dose": DOSE | {"load": "anvil"}}, "default_dose.load"),
    ({"default_dose": DOSE | {"tempo": [1, 2]}}, "default_dose.tempo"),
    ({"default_dose": DOSE | {"colour": "red"}}, "default_dose.non_field_errors"),
    ({"default_frequency": {}}, "default_frequency.kind"),
    ({"default_frequency": {"kind": "weekdays", "days": [0]}}, "default_frequency.days.0"),
    ({"easier": "x"}, "easier"),
    ({"easier": str(uuid.uuid4())}, "easier"),
    ({"figure": "clam"}, "figure"),
    ({"figure": {str(i): 1 for i in range(41)}}, "figure"),
    ({"figure": {"cam": "left"}}, "figure"),
    ({"figure": CLAM | {"start": {"knee_w": 500}}}, "figure.start.knee_w"),
    ({"sources": "a book"}, "sources"),
    ({"review_status": "perfect"}, "review_status"),
]


@pytest.mark.parametrize(("changes", "attr"), SPOILT, ids=[f"{i}-{attr}" for i, (_, attr) in enumerate(SPOILT)])
def test_own_exercise_refuses_what_makes_no_sense(
    cast: Cast, api: Api, own: Exercise, changes: dict[str, Any], attr: str
) -> None:
    client, before = api(cast.therapist), whole(own)
    responses = [client.post(URL, body(**changes))]
    if "id" not in changes:
        responses.append(patch(client, own, changes))
    for response in responses:
        assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr), response.json()
        assert response.json()["errors"][0]["detail"]
    assert Exercise.objects.count() == 1
    assert whole(Exercise.objects.get()) == before


def test_own_exercise_points_only_at_what_its_clinic_has(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    shared = make_exercise("clam")
    assert patch(client, own, {"easier": str(shared.pk), "harder": None}).json()["easier"] == str(shared.pk)
    for wrong in (
        make_exercise("foreign", owner=cast.other_clinic),
        make_exercise("old", archived_at=timezone.now()),
        own,
    ):
        assert code(patch(client, own, {"harder": str(wrong.pk)}, version=2)) == (400, "invalid", "harder")


# ---- read ----


def test_exercise_is_read_with_its_joint_angles(cast: Cast, api: Api) -> None:
    make_words()
    exercise = make_exercise("clam", anim=CLAM, figure_src="a" * 64, figure_poster="b" * 64, figure_thumb="c" * 64)
    response = api(cast.patient_user).get(f"{URL}/{exercise.pk}")
    assert (response.status_code, response.json()) == (200, whole(exercise))
    assert response["Cache-Control"] == "private, no-store"


def test_exercise_of_another_clinic_is_not_there(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.outsider)
    assert code(client.get(f"{URL}/{own.pk}")) == (404, "not_found", None)
    assert code(patch(client, own, {"name": "x"})) == (404, "not_found", None)
    assert code(client.delete(f"{URL}/{own.pk}")) == (404, "not_found", None)
    assert code(api(cast.patient_user).get(f"{URL}/{own.pk}")) == (404, "not_found", None)
    assert code(client.get(f"{URL}/{uuid.uuid4()}")) == (404, "not_found", None)
    assert client.get(f"{URL}/nonsense").status_code == 404


def test_exercise_costs_five_queries(cast: Cast, api: Api, own: Exercise, django_assert_num_queries: Any) -> None:
    client = api(cast.therapist)
    client.get(URL)
    with django_assert_num_queries(5):  # user, exercise, muscles, equipment, demands
        client.get(f"{URL}/{own.pk}")


# ---- change ----


def test_own_exercise_is_changed_in_what_was_sent(cast: Cast, api: Api, own: Exercise) -> None:
    before = whole(own)
    changes = {
        "name": "Renamed",
        "level": 3,
        "muscles": [{"slug": "hamstrings", "role": "primary"}],
        "demands": ["sciatic_tension"],
        "equipment": [],
        "default_dose": DOSE | {"sets": 4},
    }
    response = patch(api(cast.therapist), own, changes)
    assert (response.status_code, response.json()) == (200, before | changes | {"version": 2})
    assert response["ETag"] == '"2"'
    assert whole(Exercise.objects.get()) == response.json()


def test_own_exercise_takes_back_what_get_answered(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    own_with_figure = patch(client, own, {"figure": CLAM}).json()
    response = patch(client, own, own_with_figure, version=2)
    assert (response.status_code, response.json()) == (200, own_with_figure | {"version": 3})


def test_own_exercise_without_or_with_a_stale_version(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    assert code(client.patch(f"{URL}/{own.pk}", {"name": "x"})) == (428, "version_required", None)
    patch(client, own, {"name": "Theirs"})
    response = patch(client, own, {"name": "Mine"})
    assert code(response) == (412, "stale_version", None)
    assert response.json()["current"] == whole(Exercise.objects.get())
    assert Exercise.objects.get().name == "Theirs"


def test_shared_library_is_not_changed_by_clinics(cast: Cast, api: Api) -> None:
    make_words()
    exercise = make_exercise("clam")
    client = api(cast.owner)
    assert code(patch(client, exercise, {"name": "x"})) == (403, "permission_denied", None)
    assert code(client.delete(f"{URL}/{exercise.pk}")) == (403, "permission_denied", None)
    assert whole(Exercise.objects.get()) == whole(exercise)


# ---- figures ----


def test_own_figure_is_drawn_and_served(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    answer = patch(client, own, {"figure": CLAM}).json()
    assert answer["anim"] == CLAM
    assert set(answer["figure"]) == {"src", "poster", "thumb"}
    for url in answer["figure"].values():
        response = client.get(url)
        assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
        assert "immutable" in response["Cache-Control"]
    assert FigureFile.objects.count() == 3
    gone = patch(client, own, {"figure": None}, version=2).json()
    assert (gone["figure"], gone["anim"]) == (None, None)


def test_own_figure_that_no_body_can_do_is_refused_with_joint_and_range(cast: Cast, api: Api, own: Exercise) -> None:
    response = patch(api(cast.therapist), own, {"figure": CLAM | {"start": {"knee_w": 500}}})
    assert response.status_code == 400
    assert "knee_w" in response.json()["errors"][0]["detail"]
    assert not FigureFile.objects.exists()


# ---- archive ----


def test_archived_exercise_leaves_the_list_and_can_still_be_read(cast: Cast, api: Api, own: Exercise) -> None:
    client = api(cast.therapist)
    assert client.delete(f"{URL}/{own.pk}").status_code == 204
    assert client.get(URL).json()["results"] == []
    own.refresh_from_db()
    assert client.get(f"{URL}/{own.pk}").json() == whole(own)
    assert own.archived_at is not None
    assert code(patch(client, own, {"name": "x"})) == (409, "archived", None)
    assert code(client.delete(f"{URL}/{own.pk}")) == (409, "archived", None)


# ---- two at once ----


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_with_the_same_version_exactly_one_wins() -> None:
    clinic = Clinic.objects.create(name="Example Physiotherapy")
    users = [User.objects.create_user(f"{n}@clinic.example", name=n) for n in ("first", "second")]
    for user in users:
        Membership.objects.create(user=user, clinic=clinic, role=Role.THERAPIST)
    exercise = make_exercise("own", owner=clinic, muscles=())
    start, answers = threading.Barrier(2), {}

    def write(user: User) -> None:
        client = APIClient()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.get(URL)
        start.wait()
        try:
            answers[user.name] = patch(client, exercise, {"name": user.name}).status_code
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 412]
    exercise.refresh_from_db()
    assert (answers[exercise.name], exercise.version) == (200, 2)
