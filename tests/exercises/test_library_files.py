"""The shared library is whole, and what is wrong with a library is said by file, slug and field."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from exercises import library_files
from exercises.content_files import Problem
from exercises.library_files import Library, LibraryError

GROUPS = {
    "quadratus-femoris-stretches.yaml": 6,
    "quadratus-femoris-strengthening.yaml": 8,
    "piriformis-stretches.yaml": 7,
    "piriformis-strengthening.yaml": 9,
    "hamstrings-stretches.yaml": 6,
    "hamstrings-strengthening.yaml": 10,
    "neural-mobility.yaml": 3,
    "supporting-exercises.yaml": 23,
}


@pytest.fixture(scope="module")
def library() -> Library:
    return library_files.read()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the library that a test may spoil."""
    return Path(shutil.copytree(library_files.FOLDER, tmp_path / "library"))


def spoil(folder: Path, file: str, slug: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Applies `change` to one entry of one file."""
    path = folder / file
    entries = yaml.safe_load(path.read_text())
    change(next(entry for entry in entries if entry["slug"] == slug))
    path.write_text(yaml.safe_dump(entries))


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(LibraryError) as caught:
        library_files.read(folder)
    return caught.value.problems


def test_library_has_the_72_exercises_in_their_eight_groups(library: Library) -> None:
    assert Counter(exercise.file for exercise in library.exercises) == GROUPS


def test_library_is_a_draft_with_marked_sources(library: Library) -> None:
    for exercise in library.exercises:
        assert exercise.review_status == "draft"
        assert any("[D]" in source for source in exercise.sources), exercise.slug


def test_library_side_of_the_dose_follows_laterality(library: Library) -> None:
    sides = {"unilateral": "affected", "bilateral": "both", "alternating": "alternating"}
    for exercise in library.exercises:
        assert exercise.default_dose["side"] == sides[exercise.laterality], exercise.slug


def test_library_uses_every_demand_but_the_two_for_clinic_written_exercises(library: Library) -> None:
    used = {demand for exercise in library.exercises for demand in exercise.demands}
    assert {term.slug for term in library.demands} - used == {"combined_ext_add_er", "spinal_extension"}


def test_library_ruling_four_internal_rotation_exercises_carry_the_fadir_demand(library: Library) -> None:
    for slug in (
        "qf-supine-9090-ir-strap",
        "qf-seated-foot-out-ir",
        "qf-quadruped-rockback-wide-feet",
        "qf-seated-er-band",
    ):
        assert "combined_flex_add_ir" in library.exercise(slug).demands


def test_library_example_is_what_the_specification_says(library: Library) -> None:
    clam = library.exercise("qf-clam")
    assert clam.name == "Clam"
    assert [(muscle.slug, muscle.role) for muscle in clam.muscles] == [
        ("quadratus-femoris", "primary"),
        ("gluteus-medius", "primary"),
        ("gluteus-maximus", "secondary"),
        ("piriformis", "secondary"),
        ("obturator-internus", "secondary"),
    ]
    assert clam.default_dose == {
        "sets": 3,
        "reps": 12,
        "hold_s": 3,
        "rest_s": 60,
        "load": "bodyweight",
        "load_kg": None,
        "effort": 5,
        "side": "affected",
        "tempo": None,
    }
    assert clam.default_frequency == {"kind": "weekdays", "days": [1, 2, 4, 6], "times_per_day": 1}
    assert (clam.easier, clam.harder) == ("qf-supine-9090-er-iso", "qf-clam-band")


def test_library_without_hold_has_null_not_zero(library: Library) -> None:
    assert library.exercise("ham-rdl").default_dose["hold_s"] is None


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda e: e.update(level=9), "level", "9 is too large, the most is 5."),
        (lambda e: e.pop("cue"), "cue", "This field is missing."),
        (lambda e: e.update(colour="red"), "-", "Known fields: caution, cue"),
        (lambda e: e.update(steps=["Lie down."]), "steps", "at least 3, here are 1"),
        (lambda e: e.update(kind="yoga"), "kind", '"yoga" is not one of stretch'),
        (lambda e: e["default_dose"].update(hold_s=0), "default_dose.hold_s", "0 is too small, the least is 1."),
        (lambda e: e["default_dose"].update(reps=None, hold_s=None), "default_dose", "needs one of the two."),
        (lambda e: e["default_dose"].update(sets="three"), "default_dose.sets", '"three" must be of type integer.'),
        (lambda e: e["default_frequency"].update(days=[8]), "default_frequency.days[0]", "8 is too large"),
        (lambda e: e["muscles"][0].update(role="main"), "muscles[0].role", '"main" is not one of primary, secondary.'),
        (lambda e: e["muscles"].append({"slug": "gluteus-medius", "role": "secondary"}), "muscles", "named twice"),
        (lambda e: e["muscles"][0].update(slug="quadratus"), "muscles", '"quadratus" is not in muscles.yaml.'),
        (lambda e: e.update(equipment=["sofa"]), "equipment", '"sofa" is not in equipment.yaml.'),
        (lambda e: e.update(demands=["hip_hop"]), "demands", '"hip_hop" is not in demands.yaml.'),
        (lambda e: e.update(sources=["hearsay"]), "sources", '"hearsay" is not in sources.yaml.'),
        (lambda e: e.update(harder="qf-clamp"), "harder", '"qf-clamp" is not an exercise of the library.'),
        (lambda e: e.update(harder="sup-glute-set"), "harder", "level 1, this one 2: the wrong way."),
        (lambda e: e.update(easier="ham-nordic"), "easier", "level 5, this one 2: the wrong way."),
        (lambda e: e.update(easier="qf-clam"), "easier", "cannot be its own neighbour"),
    ],
)
def test_read_names_file_slug_and_field(
    folder: Path, change: Callable[[dict[str, Any]], object], field: str, words: str
) -> None:
    spoil(folder, "quadratus-femoris-strengthening.yaml", "qf-clam", change)
    found = [problem for problem in problems(folder) if problem.slug == "qf-clam"]
    assert [(problem.file, problem.field) for problem in found] == [("quadratus-femoris-strengthening.yaml", field)]
    assert words in found[0].message
    assert str(found[0]).startswith(f"quadratus-femoris-strengthening.yaml, qf-clam, {field}: ")


def test_read_collects_all_problems_of_all_files(folder: Path) -> None:
    spoil(folder, "neural-mobility.yaml", "nm-sciatic-slider-supine", lambda e: e.update(level=0))
    spoil(folder, "supporting-exercises.yaml", "sup-bridge", lambda e: e.update(position="floating"))
    files = {problem.file for problem in problems(folder)}
    assert {"neural-mobility.yaml", "supporting-exercises.yaml"} <= files


def test_read_slug_twice_names_both_files(folder: Path) -> None:
    spoil(folder, "neural-mobility.yaml", "nm-sciatic-slider-seated", lambda e: e.update(slug="qf-clam"))
    double = next(problem for problem in problems(folder) if "already" in problem.message)
    assert (double.slug, double.field) == ("qf-clam", "slug")
    assert double.file != "neural-mobility.yaml" or "neural-mobility.yaml" not in double.message


@pytest.mark.parametrize(
    ("content", "words"),
    [("- {slug: [", "not valid YAML"), ("slug: qf-clam", "must be a list"), ("- 7", "must be of type object")],
)
def test_read_broken_file_is_a_sentence_not_a_traceback(folder: Path, content: str, words: str) -> None:
    (folder / "neural-mobility.yaml").write_text(content)
    found = [problem for problem in problems(folder) if problem.file == "neural-mobility.yaml"]
    assert len(found) == 1
    assert words in found[0].message


def test_read_missing_vocabulary_is_named(folder: Path) -> None:
    (folder / "demands.yaml").unlink()
    assert Problem("demands.yaml", "(whole file)", "-", "The file is missing.") in problems(folder)
