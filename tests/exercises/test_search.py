"""Search forgives accents, case and typos, ranks names above synonyms above muscles; facets count what would remain."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import library_files
from exercises.search import FACETS, Facetable, Searchable, facets, matches, normal, search


@pytest.fixture(scope="module")
def entries() -> list[Searchable[str]]:
    library = library_files.read()
    words = {term.slug: [*term.names.values(), *term.synonyms] for term in library.muscles}
    return [
        Searchable(
            id=exercise.slug,
            name=exercise.name,
            synonyms=exercise.synonyms,
            muscles=[word for muscle in exercise.muscles for word in words[muscle.slug]],
        )
        for exercise in library.exercises
    ]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("clam", "qf-clam"),
        ("CLAM", "qf-clam"),
        ("clamshell", "qf-clam"),
        ("clam with band", "qf-clam-band"),
        ("nordic", "ham-nordic"),
        ("nordci", "ham-nordic"),
        ("bridg", "sup-bridge"),
        ("brigde", "sup-bridge"),
        ("RDL", "ham-rdl"),
        ("romanian deadlift", "ham-rdl"),
        ("romainan dedlift", "ham-rdl"),
        ("fire hydrant", "pir-quadruped-hydrant"),
        ("figure four", "pir-supine-figure-4"),
        ("bird-dog", "sup-bird-dog"),
        ("90/90 internal rotation", "qf-supine-9090-ir-strap"),
    ],
)
def test_search_puts_the_meant_exercise_first(entries: list[Searchable[str]], query: str, best: str) -> None:
    assert search(query, entries)[0] == best


def test_search_muscle_name_finds_every_exercise_of_it(entries: list[Searchable[str]]) -> None:
    found = set(search("piriformis", entries))
    library = library_files.read()
    wanted = {e.slug for e in library.exercises if any(m.slug == "piriformis" for m in e.muscles)}
    assert wanted <= found


def test_search_spanish_muscle_without_its_accent_finds(entries: list[Searchable[str]]) -> None:
    assert search("gluteo mayor", entries) == search("Glúteo Mayor", entries)
    assert "sup-bridge" in search("gluteo mayor", entries)


def test_search_all_words_must_be_found(entries: list[Searchable[str]]) -> None:
    assert search("clam rowing", entries) == []


def test_search_two_letters_do_not_match_inside_words() -> None:
    assert search("in", [Searchable(1, "Bend and rest", ["training"])]) == []


def test_search_name_ranks_above_synonym_above_muscle() -> None:
    entries = [
        Searchable("muscle", "Aaa", muscles=["Plank"]),
        Searchable("synonym", "Bbb", synonyms=["Plank"]),
        Searchable("name", "Plank"),
    ]
    assert search("plank", entries) == ["name", "synonym", "muscle"]


def test_search_without_words_keeps_everything_in_order(entries: list[Searchable[str]]) -> None:
    assert search("  -- ", entries) == [entry.id for entry in entries]


@given(st.text())
def test_search_never_fails_and_never_doubles(query: str) -> None:
    entries = [Searchable(1, "Knee drop-in"), Searchable(2, "Ñandú"), Searchable(3, "")]
    found = search(query, entries)
    assert len(found) == len(set(found)) <= 3


@given(st.text())
def test_normal_is_stable(text: str) -> None:
    assert normal(normal(text)) == normal(text)


A = Facetable({"muscle": {"piriformis", "gemelli"}, "kind": {"stretch"}, "level": {1}})
B = Facetable({"muscle": {"piriformis"}, "kind": {"strengthen"}, "level": {3}})
C = Facetable({"muscle": {"hamstrings"}, "kind": {"strengthen"}, "level": {2}})


def test_facets_count_everything_without_filters() -> None:
    counted = facets([A, B, C], {})
    assert counted["muscle"] == [
        {"value": "piriformis", "count": 2},
        {"value": "gemelli", "count": 1},
        {"value": "hamstrings", "count": 1},
    ]
    assert [row["value"] for row in counted["level"]] == [1, 2, 3]
    assert counted["equipment"] == []


def test_facets_respect_the_other_filters_but_not_their_own() -> None:
    counted = facets([A, B, C], {"kind": {"strengthen"}})
    assert counted["kind"] == [{"value": "strengthen", "count": 2}, {"value": "stretch", "count": 1}]
    assert counted["muscle"] == [{"value": "hamstrings", "count": 1}, {"value": "piriformis", "count": 1}]


@given(
    st.lists(
        st.fixed_dictionaries({name: st.sets(st.sampled_from("abc"), max_size=2) for name in FACETS}).map(Facetable)
    ),
    st.dictionaries(st.sampled_from(FACETS), st.sets(st.sampled_from("abc"), max_size=2)),
)
def test_facets_count_is_what_choosing_the_value_would_find(
    items: list[Facetable], active: dict[str, set[str | int]]
) -> None:
    for name, rows in facets(items, active).items():
        for row in rows:
            chosen = {**active, name: {row["value"]}}
            assert row["count"] == sum(matches(item, chosen) for item in items)
