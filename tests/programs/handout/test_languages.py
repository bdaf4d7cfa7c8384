"""A Spanish page says the library's texts in Spanish, typed ones as they were typed, and marks what is English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from exercises.models import Exercise
from exercises.wording import LIBRARY, Said
from programs.dose import Dose
from programs.frequency import Weekdays
from programs.handout import layout
from programs.handout.sheet import Entry, Section, Sheet
from programs.handout.words import words
from programs.models import Program
from tests.conftest import Cast
from tests.pdfs import Pdf
from tests.programs.builders import make_exercise
from tests.programs.handout.making import drawn, english_left, program_of

Api = Callable[..., APIClient]
Spanish = Callable[[Program], Pdf]
NOTE = "Algunos textos están en inglés por ahora."


@pytest.fixture
def spanish(api: Api, cast: Cast) -> Spanish:
    def print_(program: Program) -> Pdf:
        answer = api(cast.therapist).get(f"/api/v1/programs/{program.pk}/handout.pdf", {"lang": "es"})
        assert answer.status_code == 200, answer.content
        return Pdf(answer.content)

    return print_


def test_a_template_on_a_spanish_page_has_nothing_english_left(spanish: Spanish) -> None:
    call_command("load_library", verbosity=0)
    call_command("load_templates", verbosity=0)
    template = Program.objects.get(slug="ifi-conservative-12wk")
    pdf = spanish(template)
    assert english_left(pdf) == []
    assert NOTE not in pdf.text
    assert (pdf.root["/Lang"], pdf.languages) == ("es", set())
    assert "Ejercicios: Pinzamiento isquiofemoral, sin cirugía, 12 semanas" in pdf.text
    assert "Fase 1: Calmar y encontrar posturas seguras, semanas 1 a 3" in pdf.text
    printed = Exercise.objects.filter(prescriptions__phase__program=template).distinct()
    assert len(printed) > 10
    for exercise in printed:
        name, *steps = (LIBRARY.say(text, "es").text for text in (exercise.name, *exercise.steps))
        assert pdf.text.count(name) >= 2, name  # above its steps and in the table
        assert f"{name}. {' '.join(steps)}" in pdf.alternatives
        assert [step for step in steps if f". {step}" not in pdf.text] == []


def test_an_english_page_says_what_is_stored(api: Api, cast: Cast) -> None:
    program = program_of(cast.clinic, [(drawn("qf-clam"), {})])
    pdf = Pdf(api(cast.therapist).get(f"/api/v1/programs/{program.pk}/handout.pdf", {"lang": "en"}).content)
    assert {"Clam", *Exercise.objects.get().steps} <= set(english_left(pdf))
    assert (pdf.root["/Lang"], pdf.languages) == ("en", set())


def test_what_of_the_library_is_not_translated_is_english_as_a_whole_and_marked(spanish: Spanish, cast: Cast) -> None:
    changed, whole = drawn("ham-rdl"), drawn("qf-clam")
    changed.steps = [*changed.steps[:-1], "Come back up, as tall as you can."]
    changed.save()
    own = make_exercise("own", owner=cast.clinic, name="Péndulo")
    pdf = spanish(program_of(cast.clinic, [(changed, {"note": "Despacio."}), (whole, {}), (own, {})]))
    assert [one.partition(".")[0] for one in pdf.alternatives] == ["Weighted hip hinge", "Almeja"]
    assert pdf.spoken("Figure") == ["en", "es"]
    # The exercises, and below them "How much may it hurt?" and "Get help now".
    assert pdf.spoken("H3") == ["en", "es", "es", "es", "es"]
    assert pdf.spoken("L")[:3] == ["en", "es", "es"]
    # The head, the exercises, the line for pain.
    assert pdf.spoken("TR") == ["es", "en", "es", "es", "es"]
    for said in (NOTE, "1 Weighted hip hinge", "2 Almeja", "3 Péndulo", "Nota de Dana Example: Despacio."):
        assert said in pdf.text


def test_what_a_clinic_typed_stays_as_typed_and_is_not_called_english(spanish: Spanish, cast: Cast) -> None:
    own = make_exercise("own", owner=cast.clinic, name="Swing it", steps=["Let the leg hang."], caution="Not too far.")
    pdf = spanish(program_of(cast.clinic, [(own, {"note": "As on Monday."})]))
    for said in ("Ejercicios: Hips, gently", "Fase 1: Calm it down, semanas 1 a 4", "1 Swing it", "Let the leg hang.",
                 "Ten cuidado: Not too far.", "As on Monday."):  # fmt: skip
        assert said in pdf.text
    assert NOTE not in pdf.text
    assert pdf.languages == set()


def test_a_clinics_copy_in_the_librarys_words_is_translated_until_a_word_is_changed(
    spanish: Spanish, cast: Cast
) -> None:
    original = drawn("qf-clam")
    copied = make_exercise("mine", owner=cast.clinic, name=original.name, steps=original.steps)
    program = program_of(cast.clinic, [(copied, {})])
    assert english_left(spanish(program)) == []
    copied.name = "Clam, my way"
    copied.save()
    pdf = spanish(program)
    assert "Clam, my way" in pdf.text
    assert set(original.steps) <= set(english_left(pdf))


# ---- The page's values -----------------------------------------------------------------------------------------------
# One line of the page in English, two in Spanish.
STEP = "Lie on your back with heels on sliders. Lift into a bridge."
NAME = "Weighted hip hinge"


def laid(language: str, exercise: Exercise, entries: int = 1, cautions: tuple[Said, ...] = ()) -> dict[str, Any]:
    entry = Entry(exercise, Dose(sets=2, reps=3), "both", Weekdays((1, 3)), [True] * 14)
    sheet = Sheet("x", (), [Section([entry] * entries, 5)], "Clinic", "", "112", cautions=cautions)
    return layout.page(sheet, {}, words(language), "A4", "")


@pytest.mark.parametrize(("language", "fits"), [("en", True), ("es", False)])
def test_room_is_counted_for_what_is_printed(language: str, fits: bool) -> None:
    long = Exercise(name=NAME, steps=[STEP] * 20)
    assert laid(language, long)["sections"][0]["entries"][0]["fits"] is fits
    assert laid(language, Exercise(name=NAME, steps=[STEP]), 16)["sections"][0]["table"]["fits"] is fits


def test_the_note_stands_for_a_precaution_that_is_not_translated() -> None:
    clam = Exercise(name="Clam")
    said, stored = Said("Descansa.", "es"), Said("Rest today.", "")
    assert laid("es", clam, cautions=(said,))["foreign"] == ""
    page = laid("es", clam, cautions=(said, stored))
    assert page["foreign"] == NOTE
    assert [one["lang"] for one in page["cautions"]["list"]] == ["es", "en"]
    assert laid("en", clam, cautions=(stored,))["foreign"] == ""
