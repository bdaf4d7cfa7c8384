"""POST /exercises/figure: the picture of joint angles while somebody sets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rest_framework.test import APIClient

from exercises.figures import render, vocabulary
from exercises.models import Exercise, FigureFile
from tests.conftest import Cast
from tests.exercises.builders import make_exercise
from tests.exercises.test_own_exercises import CLAM, code, patch

URL = "/api/v1/exercises/figure"
RANGES = Path("pwa/src/clinic/library/own/ranges.json")
Api = Callable[..., APIClient]


def changed(pose: str, **joints: Any) -> dict[str, Any]:
    return {**CLAM, pose: {**CLAM[pose], **joints}}


def test_drawing_is_the_three_files_and_nothing_is_kept(cast: Cast, api: Api) -> None:
    response = api(cast.therapist).post(URL, {"figure": CLAM, "name": "Wall clam"})
    drawn = render(CLAM, title="Wall clam", desc="")
    assert response.status_code == 200
    assert response.json() == {"animated": drawn.animated, "poster": drawn.poster, "thumb": drawn.thumb}
    assert not FigureFile.objects.exists()


def test_drawing_of_an_alternating_exercise_changes_sides(cast: Cast, api: Api) -> None:
    response = api(cast.therapist).post(URL, {"figure": CLAM, "laterality": "alternating"})
    assert response.json()["animated"] == render(CLAM, title="", desc="", alternating=True).animated


def test_drawing_of_a_stretch_pulls_the_muscle_apart(cast: Cast, api: Api) -> None:
    response = api(cast.therapist).post(URL, {"figure": CLAM, "kind": "stretch"})
    drawn = render(CLAM, title="", desc="", stretched=True)
    assert response.json() == {"animated": drawn.animated, "poster": drawn.poster, "thumb": drawn.thumb}
    assert drawn.thumb != render(CLAM, title="", desc="").thumb


@pytest.mark.parametrize(
    ("figure", "attr", "said"),
    [
        (changed("end", hip_w=[140, 0, 0]), "figure.end.hip_w.0", "is 140°; it must lie between -30° and 125°"),
        (changed("start", hip_o=[0, 0, -46]), "figure.start.hip_o.2", "hip_o external rotation is -46°"),
        (changed("end", knee_w=-1), "figure.end.knee_w", "knee_w flexion is -1°; it must lie between 0° and 150°"),
        (changed("end", trunk=[0, 41, 0]), "figure.end.trunk.1", "trunk side-bend is 41°"),
        (CLAM | {"cam": [0, 81]}, "figure.cam.1", "cam elevation is 81°"),
        (CLAM | {"tempo": [2, 700, 2]}, "figure.tempo.1", "tempo hold is 700 s"),
    ],
)  # fmt: skip
def test_drawing_of_what_no_body_can_do_names_joint_and_range_in_its_place(
    cast: Cast, api: Api, figure: dict[str, Any], attr: str, said: str
) -> None:
    response = api(cast.therapist).post(URL, {"figure": figure})
    assert code(response) == (400, "invalid", attr)
    assert said in response.json()["errors"][0]["detail"]


HOSTILE: dict[str, Any] = {
    "nothing": {},
    "no figure": {"name": "x"},
    "text": {"figure": "clam"},
    "list": {"figure": [CLAM]},
    "unknown parts": {"figure": {str(i): 1 for i in range(41)}},
    "unknown joint": {"figure": changed("end", tail=[1, 2, 3])},
    "enormous number": {"figure": changed("end", hip_w=[10**400, 0, 0])},
    "words for angles": {"figure": changed("end", hip_w=["<script>", None, {}])},
    "a thousand props": {"figure": CLAM | {"props": ["stick"] * 1000}},
    "deep": {"figure": CLAM | {"push": {"toe_w": [[[[[[[[1]]]]]]]]}}},
    "long name": {"figure": CLAM, "name": "x" * 121},
    "unknown laterality": {"figure": CLAM, "laterality": "sideways"},
    "unknown kind": {"figure": CLAM, "kind": "dance"},
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE.keys())
def test_drawing_of_nonsense_is_refused_in_a_sentence(cast: Cast, api: Api, sent: dict[str, Any]) -> None:
    response = api(cast.therapist).post(URL, sent)
    assert response.status_code == 400, response.content
    error = response.json()["errors"][0]
    assert error["detail"]
    assert len(error["detail"]) < 500, "what was sent is not thrown back whole"


def test_drawing_too_large_to_read_is_refused(cast: Cast, api: Api) -> None:
    assert api(cast.therapist).post(URL, {"figure": CLAM, "name": "x" * 1024 * 1024}).status_code == 413


def test_drawing_names_cannot_smuggle_markup(cast: Cast, api: Api) -> None:
    answer = api(cast.therapist).post(URL, {"figure": CLAM, "name": "</title><script>alert(1)</script>"}).json()
    for document in answer.values():
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(document).iter()}  # noqa: S314
        assert "script" not in tags


@pytest.mark.parametrize(
    ("who", "expected"),
    [("owner", 200), ("therapist", 200), ("assistant", 403), ("patient_user", 403), ("stranger", 403)],
)
def test_drawing_is_for_those_who_write_exercises(cast: Cast, api: Api, who: str, expected: int) -> None:
    assert api(getattr(cast, who)).post(URL, {"figure": CLAM}).status_code == expected


def test_drawing_is_limited_for_each_account(cast: Cast, api: Api, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"draw": "2/min"}
    client = api(cast.therapist)
    assert [client.post(URL, {"figure": CLAM}).status_code for _ in range(3)] == [200, 200, 429]
    assert api(cast.owner).post(URL, {"figure": CLAM}).status_code == 200


def test_own_figure_follows_its_name_steps_kind_and_laterality(cast: Cast, api: Api) -> None:
    """The drawing says the name and the steps aloud, alternating ones change sides, stretches pull apart."""
    exercise = make_exercise("own-clam", owner=cast.clinic, muscles=())
    client = api(cast.therapist)
    assert patch(client, exercise, {"figure": CLAM}, version=1).status_code == 200
    changes: tuple[dict[str, Any], ...] = (
        {"name": "Clam at the wall"}, {"steps": ["Lift the knee."]}, {"laterality": "alternating"}, {"kind": "stretch"},
    )  # fmt: skip
    for version, change in enumerate(changes, start=2):
        before = Exercise.objects.get().figure_src
        assert patch(client, exercise, change, version=version).status_code == 200
        assert Exercise.objects.get().figure_src != before
    before = Exercise.objects.get().figure_src
    assert patch(client, exercise, {"level": 3}, version=6).status_code == 200
    assert Exercise.objects.get().figure_src == before


def test_the_sliders_of_the_clinic_app_have_the_ranges_of_the_drawing() -> None:
    told = json.loads(RANGES.read_text())
    assert told["joints"] == {
        joint: [list(limits) for _, *limits in parts] for joint, parts in vocabulary.RANGES.items()
    }
    assert told["figure_4_rotation"] == vocabulary.FIGURE_4_ROTATION
    assert told["cam"] == [list(vocabulary.AZIMUTH), list(vocabulary.ELEVATION)]
    move = [vocabulary.SHORTEST_MOVE, vocabulary.LONGEST_MOVE]
    assert told["tempo"] == [move, [0, vocabulary.LONGEST_HOLD], move]
