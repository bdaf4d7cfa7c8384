"""GET /exercises: filters, facets, search, pages, 304. GET /muscles, /equipment, /demands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from exercises.models import Exercise
from tests.conftest import Cast
from tests.exercises.builders import document, make_exercise, make_words

URL = "/api/v1/exercises"
Api = Callable[..., APIClient]


@pytest.fixture
def library(cast: Cast) -> dict[str, Exercise]:
    make_words()
    rows = [
        make_exercise(
            "clam", muscles=("gluteus-medius", "piriformis"), equipment=("band",), synonyms=["clamshell"], level=2
        ),
        make_exercise(
            "figure-four", kind="stretch", position="supine", demands=("hip_adduction",), level=1, synonyms=["pigeon"]
        ),
        make_exercise(
            "hinge", muscles=("hamstrings",), position="standing", demands=("sciatic_tension", "hip_adduction"), level=3
        ),
        make_exercise("own-step", owner=cast.clinic, muscles=("gluteus-medius",), position="standing", level=3),
        make_exercise("foreign-step", owner=cast.other_clinic, muscles=("gluteus-medius",)),
        make_exercise("old", archived_at=timezone.now()),
    ]
    return {row.slug: row for row in rows}


def slugs(response: Any) -> list[str]:
    assert response.status_code == 200, response.json()
    return [one["slug"] for one in response.json()["results"]]


def test_library_list_of_staff(cast: Cast, api: Api, library: dict[str, Exercise]) -> None:
    response = api(cast.assistant).get(URL)
    assert (response.status_code, response.json()) == (
        200,
        {
            "next": None,
            "previous": None,
            "results": [document(library[slug]) for slug in ("clam", "figure-four", "hinge", "own-step")],
            "facets": {
                "muscle": [
                    {"value": "gluteus-medius", "count": 2},
                    {"value": "piriformis", "count": 2},
                    {"value": "hamstrings", "count": 1},
                ],
                "kind": [{"value": "strengthen", "count": 3}, {"value": "stretch", "count": 1}],
                "position": [
                    {"value": "standing", "count": 2},
                    {"value": "side_lying", "count": 1},
                    {"value": "supine", "count": 1},
                ],
                "equipment": [{"value": "band", "count": 1}],
                "level": [{"value": 1, "count": 1}, {"value": 2, "count": 1}, {"value": 3, "count": 2}],
                "demand": [{"value": "hip_adduction", "count": 2}, {"value": "sciatic_tension", "count": 1}],
            },
        },
    )


def test_library_list_of_others_holds_the_shared_part_only(cast: Cast, api: Api, library: dict[str, Exercise]) -> None:
    assert slugs(api(cast.patient_user).get(URL)) == ["clam", "figure-four", "hinge"]
    assert slugs(api(cast.outsider).get(URL)) == ["clam", "figure-four", "foreign-step", "hinge"]


@pytest.mark.parametrize("path", ["exercises", "muscles", "equipment", "demands"])
def test_library_is_not_for_nobody(db: None, api: Api, path: str) -> None:
    response = api().get(f"/api/v1/{path}")
    assert (response.status_code, response.json()["errors"][0]["code"]) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("muscle=piriformis", ["clam", "figure-four"]),
        ("muscle=piriformis&muscle=hamstrings", ["clam", "figure-four", "hinge"]),
        ("muscle=piriformis,hamstrings", ["clam", "figure-four", "hinge"]),
        ("kind=stretch", ["figure-four"]),
        ("position=standing", ["hinge", "own-step"]),
        ("equipment=band", ["clam"]),
        ("equipment=chair", []),
        ("level=3", ["hinge", "own-step"]),
        ("level=1,2", ["clam", "figure-four"]),
        ("demand=hip_adduction", ["figure-four", "hinge"]),
        ("demand=hip_adduction&level=3", ["hinge"]),
        ("muscle=gluteus-medius&position=standing&kind=strengthen", ["own-step"]),
    ],
)
def test_library_filters(cast: Cast, api: Api, library: dict[str, Exercise], query: str, expected: list[str]) -> None:
    assert slugs(api(cast.therapist).get(f"{URL}?{query}")) == expected


def test_facets_count_what_would_remain(cast: Cast, api: Api, library: dict[str, Exercise]) -> None:
    facets = api(cast.therapist).get(f"{URL}?position=standing").json()["facets"]
    assert facets["level"] == [{"value": 3, "count": 2}]
    # The chosen facet keeps its other values, so that one can change one's mind.
    assert [one["value"] for one in facets["position"]] == ["standing", "side_lying", "supine"]


@pytest.mark.parametrize(
    ("query", "attr"),
    [
        ("muscle=biceps", "muscle"),
        ("muscle=", "muscle"),
        ("muscle=piriformis,", "muscle"),
        ("kind=dance", "kind"),
        ("position=upside_down", "position"),
        ("equipment=anvil", "equipment"),
        ("level=6", "level"),
        ("level=one", "level"),
        ("level=%D9%A1", "level"),
        ("demand=hip-adduction", "demand"),
        ("demand=%00", "demand"),
        ("colour=red", "colour"),
        ("page_size=0", "page_size"),
        ("search=clam&page_size=x", "page_size"),
        ("search=" + "x" * 201, "search"),
    ],
)
def test_library_refuses_filters_and_values_it_does_not_know(
    cast: Cast, api: Api, library: dict[str, Exercise], query: str, attr: str
) -> None:
    response = api(cast.therapist).get(f"{URL}?{query}")
    assert (response.status_code, response.json()["errors"][0]["attr"]) == (400, attr)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("clam", ["clam"]),
        ("clamshel", ["clam"]),
        ("pigeon", ["figure-four"]),
        ("isquiotibiales", ["hinge"]),
        ("almejas", ["clam"]),
        ("step", ["own-step"]),
        ("nothing like it", []),
    ],
)
def test_library_search(cast: Cast, api: Api, library: dict[str, Exercise], words: str, expected: list[str]) -> None:
    response = api(cast.therapist).get(URL, {"search": words})
    assert slugs(response) == expected
    assert (response.json()["next"], response.json()["previous"]) == (None, None)


def test_library_search_is_ranked_and_cut_and_filtered(cast: Cast, api: Api, library: dict[str, Exercise]) -> None:
    client = api(cast.therapist)
    ranked = slugs(client.get(URL, {"search": "piriformis"}))
    assert set(ranked) == {"clam", "figure-four"}
    assert slugs(client.get(URL, {"search": "piriformis", "page_size": "1"})) == ranked[:1]
    response = client.get(URL, {"search": "piriformis", "kind": "stretch"})
    assert slugs(response) == ["figure-four"]
    assert response.json()["facets"]["kind"] == [{"value": "strengthen", "count": 1}, {"value": "stretch", "count": 1}]


def test_library_pages_without_gaps(cast: Cast, api: Api) -> None:
    make_words()
    # One name may stand many times: the cursor must not lose any of them.
    rows = [make_exercise(f"row-{i}", owner=cast.clinic, name="Row" if i % 2 else f"Row {i}") for i in range(12)]
    client, seen, url = api(cast.therapist), [], f"{URL}?page_size=5&muscle=piriformis"
    while url:
        page = client.get(url).json()
        seen += [one["id"] for one in page["results"]]
        url = page["next"]
    assert seen == [str(row.pk) for row in sorted(rows, key=lambda row: (row.name, row.pk))]


def test_library_costs_the_same_for_three_and_for_thirty(
    cast: Cast, api: Api, library: dict[str, Exercise], django_assert_num_queries: Any
) -> None:
    client = api(cast.therapist)
    client.get(URL)
    for round_ in range(2):
        for i in range(15 * round_):
            make_exercise(f"more-{i}", owner=cast.clinic, equipment=("band",), demands=("hip_adduction",))
        # user, stamp; what can be filtered by: muscles, equipment, demands, rows; the page: rows, muscles, equipment,
        # demands
        with django_assert_num_queries(10):
            client.get(URL)
        with django_assert_num_queries(10):
            client.get(URL, {"search": "clam"})
        with django_assert_num_queries(12):  # and the two words in their vocabularies
            client.get(URL, {"muscle": "piriformis", "demand": "hip_adduction"})


def test_library_answers_304_to_who_has_it(
    cast: Cast, api: Api, library: dict[str, Exercise], django_assert_num_queries: Any
) -> None:
    client = api(cast.therapist)
    first = client.get(f"{URL}?muscle=piriformis")
    assert first["Cache-Control"] == "private, no-cache"
    cache.clear()
    with django_assert_num_queries(3):  # session, user, stamp
        again = client.get(f"{URL}?muscle=piriformis", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "private, no-cache"
    weak = client.get(f"{URL}?muscle=piriformis", headers={"If-None-Match": f'"x", W/{first["ETag"]}'})
    assert weak.status_code == 304


@pytest.mark.parametrize("change", ["rename", "add", "archive", "other question", "other reader"])
def test_library_answers_anew_when_anything_changed(
    cast: Cast, api: Api, library: dict[str, Exercise], change: str
) -> None:
    client, query = api(cast.therapist), ""
    etag = client.get(URL)["ETag"]
    if change == "rename":
        library["clam"].name = "Clam shell"
        library["clam"].save(update_fields=["name"])
    elif change == "add":
        make_exercise("fresh", owner=cast.clinic)
    elif change == "archive":
        library["clam"].archived_at = timezone.now()
        library["clam"].save(update_fields=["archived_at"])
    elif change == "other question":
        query = "?level=1"
    else:
        client = api(cast.patient_user)
    response = client.get(f"{URL}{query}", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert response["ETag"] != etag


def test_an_exercise_of_another_clinic_does_not_touch_the_etag(
    cast: Cast, api: Api, library: dict[str, Exercise]
) -> None:
    client = api(cast.therapist)
    etag = client.get(URL)["ETag"]
    make_exercise("elsewhere", owner=cast.other_clinic)
    assert client.get(URL, headers={"If-None-Match": etag}).status_code == 304


# ---- vocabularies ----


def test_vocabularies_in_the_reader_s_language(cast: Cast, api: Api) -> None:
    make_words()
    client = api(cast.patient_user)
    assert client.get("/api/v1/equipment").json() == {
        "next": None,
        "previous": None,
        "results": [
            {"slug": "band", "name": "Band", "names": {"en": "Band"}, "synonyms": []},
            {"slug": "chair", "name": "Chair", "names": {"en": "Chair"}, "synonyms": []},
        ],
    }
    assert client.get("/api/v1/demands").json()["results"][0] == {
        "slug": "hip_adduction",
        "name": "Hip adduction",
        "names": {"en": "Hip adduction"},
        "synonyms": [],
        "definition": "When hip_adduction.",
    }
    User.objects.filter(pk=cast.patient_user.pk).update(language="es")
    assert [one["name"] for one in client.get("/api/v1/muscles").json()["results"]] == [
        "Glúteo medio",
        "Isquiotibiales",
        "Piriforme",
    ]
    assert client.get("/api/v1/equipment").json()["results"][0]["name"] == "Band", "English where there is no Spanish"


@pytest.mark.parametrize("path", ["muscles", "equipment", "demands"])
def test_vocabularies_cost_two_queries_and_refuse_filters(
    cast: Cast, api: Api, path: str, django_assert_num_queries: Any
) -> None:
    make_words()
    client = api(cast.therapist)
    client.get(URL)
    with django_assert_num_queries(2):  # user, words
        client.get(f"/api/v1/{path}")
    assert client.get(f"/api/v1/{path}?search=x").status_code == 400
    assert client.post(f"/api/v1/{path}", {}).status_code == 405
