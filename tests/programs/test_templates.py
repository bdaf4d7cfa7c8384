"""The four templates become API.md's shapes by its rules, and load_templates writes them once, with stable ids."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from exercises import library_files
from exercises.library_files import Library
from exercises.models import Exercise
from programs import template_files
from programs.burden import by_weekday
from programs.dose import Dose
from programs.frequency import Weekdays
from programs.loading import Counts, LibraryNotLoadedError, load
from programs.models import Phase, Prescription, Program
from programs.template_files import Template, TemplateError, TemplatePrescription
from tests.conftest import Cast

WEEKS = {
    "ifi-conservative-12wk": [(0, 21), (21, 42), (42, 70), (70, 84)],
    "piriformis-syndrome-12wk": [(0, 21), (21, 42), (42, 70), (70, 84)],
    "proximal-hamstring-tendinopathy-24wk": [(0, 21), (21, 56), (56, 98), (98, 168)],
    "post-lt-resection-24wk": [(0, 14), (14, 42), (42, 84), (84, 168)],
}


@pytest.fixture(scope="module")
def library() -> Library:
    return library_files.read()


@pytest.fixture(scope="module")
def templates(library: Library) -> dict[str, Template]:
    return {template.slug: template for template in template_files.read(library)}


def item(template: Template, n: int, exercise: str) -> TemplatePrescription:
    return next(one for one in template.phases[n - 1].prescriptions if one.exercise == exercise)


def test_templates_are_the_four_with_their_days(templates: dict[str, Template]) -> None:
    days = {slug: [(phase.from_day, phase.to_day) for phase in template.phases] for slug, template in templates.items()}
    assert days == WEEKS


def test_template_keeps_pain_limit_evidence_and_entry(templates: dict[str, Template]) -> None:
    ifi = templates["ifi-conservative-12wk"]
    assert ifi.pain_limit == 5
    assert ifi.evidence.endswith("[D].")
    assert ifi.entry == (
        "Clinician diagnosis or suspicion of IFI", "No red flag", "Worst pain in last week <= 7",
    )  # fmt: skip
    assert templates["post-lt-resection-24wk"].pain_limit == 3


def test_template_exit_spells_out_the_capacity_tests(templates: dict[str, Template]) -> None:
    assert templates["ifi-conservative-12wk"].phases[1].exit[1] == (
        "C1 and C3 (C1: clam ×20 without pain >3; C3: sit-to-stand ×10)"
    )


def test_template_dose_is_the_items_own_with_the_exercises_rest_load_and_effort(
    templates: dict[str, Template],
) -> None:
    assert item(templates["proximal-hamstring-tendinopathy-24wk"], 3, "ham-rdl").dose == Dose(
        sets=4, reps=8, hold_s=None, rest_s=120, load="dumbbell", effort=7, side="both"
    )


@pytest.mark.parametrize(
    ("n", "exercise", "days"),
    [
        (1, "sup-glute-set", (1, 2, 3, 4, 5, 6, 7)),
        (1, "sup-short-stride-walk", (1, 2, 3, 4, 5, 6)),
        (2, "pir-supine-knee-to-opposite-shoulder", (1, 2, 3, 5, 6)),
        (2, "qf-clam", (1, 2, 4, 6)),
        (3, "qf-clam-band", (1, 3, 5)),
        (3, "qf-prone-er-band-to-neutral", (2, 4, 6)),  # B days: the phase would exceed 30 minutes
        (4, "pir-lateral-step-down", (1, 3, 5)),
        (4, "sup-single-leg-bridge", (1, 3, 5)),  # 29.6 minutes: no B days
        (4, "ham-rdl", (1, 4)),
    ],
)
def test_template_days_a_week_become_weekdays(
    templates: dict[str, Template], n: int, exercise: str, days: tuple[int, ...]
) -> None:
    assert item(templates["ifi-conservative-12wk"], n, exercise).frequency == Weekdays(days)


def test_template_conditional_and_gated_items(templates: dict[str, Template]) -> None:
    optional = [
        (t.slug, p.n, i.exercise) for t in templates.values() for p in t.phases for i in p.prescriptions
        if i.optional_if == "radiating"
    ]  # fmt: skip
    assert optional == [("ifi-conservative-12wk", 1, "nm-sciatic-slider-supine")]
    gated = [(t.slug, p.n, i.exercise) for t in templates.values() for p in t.phases for i in p.prescriptions
             if i.needs_release]  # fmt: skip
    assert gated == [
        ("post-lt-resection-24wk", 3, "sup-hip-flexion-iso"),
        ("post-lt-resection-24wk", 3, "sup-single-leg-stance"),
    ]


def test_spread_keeps_every_day_near_thirty_minutes_and_how_often_things_are_done(
    library: Library, templates: dict[str, Template]
) -> None:
    for template in templates.values():
        source = yaml.safe_load((template_files.FOLDER / f"{template.slug}.yaml").read_text())
        for phase, wanted in zip(template.phases, source["phases"], strict=True):
            assert [len(i.frequency.days) for i in phase.prescriptions] == [i["days_wk"] for i in wanted["items"]]
            days = by_weekday(
                template_files.burden_item(one, library.exercise(one.exercise)) for one in phase.prescriptions
            )
            assert max(day.minutes_without_walking for day in days) < 31


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(template_files.FOLDER, tmp_path / "templates"))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (lambda t: t.update(pain_limit=11), "pain_limit", "11 is too large"),
        (lambda t: t.update(evidence="Great."), "evidence", "does not match"),
        (lambda t: t["phases"][0].pop("exit"), "phases[0].exit", "This field is missing."),
        (lambda t: t["phases"][0]["items"][0].update(days_wk=1), "phases[0].items[0].days_wk", "1 is too small"),
        (lambda t: t["phases"][0]["items"][0].update(exercise="qf-x"), "phases[0].items", "not an exercise"),
        (lambda t: t["phases"][0]["items"].append(t["phases"][0]["items"][0]), "phases[0].items", "stands twice"),
        (lambda t: t["phases"][1].update(n=3), "phases[1].n", "this is 2"),
        (lambda t: t["phases"][1].update(weeks=[0, 4]), "phases[1].weeks", "starts after the one before"),
        (lambda t: t["phases"][1]["exit"].append("C77"), "phases[1].exit", '"C77" is not in capacity_tests.yaml.'),
    ],
)
def test_read_names_file_template_and_field(
    library: Library, folder: Path, change: Callable[[dict[str, Any]], object], field: str, words: str
) -> None:
    path = folder / "piriformis-syndrome-12wk.yaml"
    data = yaml.safe_load(path.read_text())
    change(data)
    path.write_text(yaml.safe_dump(data))
    with pytest.raises(TemplateError) as caught:
        template_files.read(library, folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.slug, problem.field) == (path.name, path.stem, field)
    assert words in problem.message


# Loading


@pytest.fixture
def exercises(db: None, library: Library) -> None:
    """The exercises as rows, without their figures: templates need only ids."""
    Exercise.objects.bulk_create(
        Exercise(slug=e.slug, name=e.name, kind=e.kind, position=e.position, laterality=e.laterality, level=e.level)
        for e in library.exercises
    )


def snapshot() -> tuple[list[Any], ...]:
    return tuple(list(model.objects.order_by("id").values()) for model in (Program, Phase, Prescription))


@pytest.mark.usefixtures("exercises")
def test_load_writes_programs_phases_and_prescriptions(templates: dict[str, Template]) -> None:
    assert load(templates.values()) == Counts(created=4, updated=0, unchanged=0, archived=0)
    program = Program.objects.get(slug="ifi-conservative-12wk")
    assert (program.clinic, program.template, program.sealed, program.pain_limit) == (None, True, False, 5)
    assert list(program.phases.values_list("n", "from_day", "to_day")) == [
        (1, 0, 21), (2, 21, 42), (3, 42, 70), (4, 70, 84),
    ]  # fmt: skip
    slider = Prescription.objects.get(phase__program=program, phase__n=1, exercise__slug="nm-sciatic-slider-supine")
    assert (slider.position, slider.optional_if, slider.needs_release) == (8, "radiating", False)
    assert slider.dose == {
        "sets": 2, "reps": 10, "hold_s": None, "rest_s": 30, "load": "none", "load_kg": None, "effort": 1,
        "side": "affected", "tempo": None,
    }  # fmt: skip
    assert slider.frequency == {"kind": "weekdays", "days": [1, 2, 3, 4, 5, 6, 7], "times_per_day": 1}


@pytest.mark.usefixtures("exercises")
def test_load_twice_changes_nothing(templates: dict[str, Template]) -> None:
    load(templates.values())
    before = snapshot()
    assert load(templates.values()) == Counts(created=0, updated=0, unchanged=4, archived=0)
    assert snapshot() == before


@pytest.mark.usefixtures("exercises")
def test_load_ids_and_keys_are_the_same_after_a_fresh_load(templates: dict[str, Template]) -> None:
    load(templates.values())
    before = set(Prescription.objects.values_list("id", "key", "exercise__slug"))
    Program.objects.all().delete()
    load(templates.values())
    assert set(Prescription.objects.values_list("id", "key", "exercise__slug")) == before


@pytest.mark.usefixtures("exercises")
def test_load_changed_template_keeps_the_keys_of_what_stayed(templates: dict[str, Template]) -> None:
    load(templates.values())
    ifi = templates["ifi-conservative-12wk"]
    first = ifi.phases[0]
    shorter = replace(first, name="Calm", prescriptions=first.prescriptions[1:])
    changed = replace(ifi, phases=(shorter, *ifi.phases[1:3]))
    keys = dict(Prescription.objects.filter(phase__program__slug=ifi.slug).values_list("id", "key"))
    counts = load([changed, *(t for slug, t in templates.items() if slug != ifi.slug)])
    assert counts == Counts(created=0, updated=1, unchanged=3, archived=0)
    program = Program.objects.get(slug=ifi.slug)
    assert program.phases.get(n=1).name == "Calm"
    assert program.phases.count() == 3
    after = dict(Prescription.objects.filter(phase__program=program).values_list("id", "key"))
    assert len(keys) - len(after) == 1 + len(ifi.phases[3].prescriptions)
    assert after.items() <= keys.items()


@pytest.mark.usefixtures("exercises")
def test_load_archives_a_removed_template_and_leaves_a_clinics_program(
    templates: dict[str, Template], cast: Cast
) -> None:
    own = Program.objects.create(clinic=cast.clinic, name="Ours", template=True)
    load(templates.values())
    assert load(list(templates.values())[1:]) == Counts(created=0, updated=0, unchanged=3, archived=1)
    own.refresh_from_db()
    assert (own.archived_at, own.version) == (None, 1)


@pytest.mark.django_db
def test_load_without_the_library_says_what_to_run(templates: dict[str, Template]) -> None:
    with pytest.raises(LibraryNotLoadedError, match=r"Run manage\.py load_library first\."):
        load(templates.values())
    assert not Program.objects.exists()


@pytest.mark.django_db
def test_load_templates_command_without_the_library_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="nothing changed"):
        call_command("load_templates")


@pytest.mark.usefixtures("exercises")
def test_load_templates_command_prints_the_counts(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_templates")
    assert capsys.readouterr().out == "Program templates: 4 created, 0 updated, 0 unchanged, 0 archived.\n"
