"""load_library writes what the files say, once, and leaves alone what is not its own."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from django.core.management import call_command

from exercises import library_files
from exercises.library_files import Library, LibraryError, LibraryExercise
from exercises.loading import Counts, load
from exercises.models import Demand, Equipment, Exercise, FigureFile, Muscle
from tests.conftest import Cast

SMALL = ("qf-clam", "qf-clam-band", "qf-supine-9090-er-iso")


@pytest.fixture(scope="module")
def whole() -> Library:
    return library_files.read()


@pytest.fixture
def small(whole: Library) -> Library:
    """Three exercises, so that each test draws three figures and not 72."""
    return replace(whole, exercises=tuple(whole.exercise(slug) for slug in SMALL))


def changed(library: Library, slug: str, **fields: object) -> Library:
    def change(exercise: LibraryExercise) -> LibraryExercise:
        return replace(exercise, **fields) if exercise.slug == slug else exercise  # type: ignore[arg-type]

    return replace(library, exercises=tuple(change(exercise) for exercise in library.exercises))


@pytest.mark.django_db
def test_load_writes_the_whole_exercise(small: Library) -> None:
    assert load(small) == Counts(created=3, updated=0, unchanged=0, archived=0)
    row = Exercise.objects.get(slug="qf-clam")
    source = small.exercise("qf-clam")
    assert row.owner is None
    assert (row.name, row.kind, row.position, row.laterality, row.level) == (
        "Clam", "strengthen", "side_lying", "unilateral", 2,
    )  # fmt: skip
    assert (row.steps, row.cue, row.mistake, row.caution) == (
        list(source.steps), source.cue, source.mistake, source.caution,
    )  # fmt: skip
    assert row.default_dose == source.default_dose
    assert row.default_frequency == source.default_frequency
    assert row.anim == source.figure
    assert (row.synonyms, row.sources, row.review_status) == (list(source.synonyms), list(source.sources), "draft")
    assert set(row.muscle_roles.values_list("muscle__slug", "role")) == {(m.slug, m.role) for m in source.muscles}
    assert set(row.equipment.values_list("slug", flat=True)) == {"pillow"}
    assert row.easier is not None
    assert row.harder is not None
    assert (row.easier.slug, row.harder.slug) == ("qf-supine-9090-er-iso", "qf-clam-band")


@pytest.mark.django_db
def test_load_stores_three_figures_that_are_svg(small: Library) -> None:
    load(small)
    row = Exercise.objects.get(slug="qf-clam")
    for name in (row.figure_src, row.figure_poster, row.figure_thumb):
        svg = gzip.decompress(bytes(FigureFile.objects.get(sha256=name).svg_gz)).decode()
        assert svg.startswith("<svg")
        assert "Clam" in svg


@pytest.mark.django_db
def test_load_fills_the_vocabularies_with_words_in_both_languages(small: Library) -> None:
    load(small)
    assert Muscle.objects.get(slug="quadratus-femoris").names == {"en": "Quadratus femoris", "es": "Cuadrado femoral"}
    assert Equipment.objects.count() == len(small.equipment)
    assert Demand.objects.get(slug="hip_adduction").definition == "Crosses the midline."


@pytest.mark.django_db
def test_load_twice_draws_nothing_and_changes_nothing(small: Library) -> None:
    load(small)
    before = list(Exercise.objects.order_by("id").values())
    drawn: list[str] = []
    assert load(small, on_drawn=drawn.append) == Counts(created=0, updated=0, unchanged=3, archived=0)
    assert drawn == []
    assert list(Exercise.objects.order_by("id").values()) == before


@pytest.mark.django_db
def test_load_updates_only_what_changed_and_keeps_its_id(small: Library) -> None:
    load(small)
    ids = dict(Exercise.objects.values_list("slug", "id"))
    drawn: list[str] = []
    counts = load(changed(small, "qf-clam", cue="Keep them stacked.", equipment=("mat",)), on_drawn=drawn.append)
    assert counts == Counts(created=0, updated=1, unchanged=2, archived=0)
    assert drawn == ["qf-clam"]
    row = Exercise.objects.get(slug="qf-clam")
    assert (row.id, row.cue, row.version) == (ids["qf-clam"], "Keep them stacked.", 2)
    assert list(row.equipment.values_list("slug", flat=True)) == ["mat"]
    assert dict(Exercise.objects.values_list("slug", "id")) == ids


@pytest.mark.django_db
def test_load_archives_what_left_the_library_and_brings_it_back(small: Library) -> None:
    load(small)
    fewer = replace(small, exercises=small.exercises[:2])
    assert load(fewer) == Counts(created=0, updated=0, unchanged=2, archived=1)
    gone = Exercise.objects.get(slug=SMALL[2])
    assert gone.archived_at is not None
    assert load(fewer).archived == 0
    assert load(small) == Counts(created=0, updated=1, unchanged=2, archived=0)
    gone.refresh_from_db()
    assert gone.archived_at is None


@pytest.mark.django_db
def test_load_never_touches_a_clinics_own_exercise(small: Library, cast: Cast) -> None:
    own = Exercise.objects.create(
        owner=cast.clinic, slug="qf-clam", name="Our clam", kind="stretch", position="prone", laterality="bilateral",
        level=5,
    )  # fmt: skip
    load(small)
    load(replace(small, exercises=()))
    before = Exercise.objects.filter(pk=own.pk).values().get()
    assert (before["name"], before["version"], before["archived_at"]) == ("Our clam", 1, None)
    assert Exercise.objects.filter(slug="qf-clam").count() == 2


@pytest.mark.django_db
def test_load_impossible_figure_names_the_exercise_and_writes_nothing(small: Library) -> None:
    figure = dict(small.exercise("qf-clam").figure)
    figure["start"] = {**figure["start"], "knee_w": 250}
    with pytest.raises(LibraryError) as caught:
        load(changed(small, "qf-clam", figure=figure))
    (problem,) = caught.value.problems
    assert (problem.file, problem.slug, problem.field) == (
        "quadratus-femoris-strengthening.yaml", "qf-clam", "figure",
    )  # fmt: skip
    assert "knee_w" in problem.message
    assert not Exercise.objects.exists()


@pytest.mark.django_db
def test_load_library_command_loads_72_and_prints_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_library")
    assert capsys.readouterr().out == "Exercise library: 72 created, 0 updated, 0 unchanged, 0 archived.\n"
    call_command("load_library")
    assert capsys.readouterr().out == "Exercise library: 0 created, 0 updated, 72 unchanged, 0 archived.\n"
    assert Exercise.objects.filter(figure_src="").count() == 0
