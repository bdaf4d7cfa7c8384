"""What people type is printed as they typed it: never obeyed as markup, never a reason for no page at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exercises.models import Exercise
from exercises.wording import Said
from programs.dose import Dose
from programs.frequency import PerWeek, Weekdays
from programs.handout import printing
from programs.handout.sheet import Entry, Join, Section, Sheet
from tests.pdfs import Pdf

pytestmark = pytest.mark.django_db  # pictures are looked for in the database

MARKUP = (
    '#panic("obeyed")',
    "#{ while true {} }",
    "$ x^2 $ */ // /* `raw` ```",
    "= Heading\n- list\n+ enum\n/ term: x",
    "\\ \\u{41} \\#",
    "<label> @label [content] {code} *bold* _emph_ ~ -- ---",
    '#read("/etc/passwd")',
    '#image("/etc/passwd") #include "x.typ" #import "@preview/x:1.0.0"',
    '"}; "] } ) {{page}} {of} %s %(x)s {0.__class__}',
    "</svg><script>alert(1)</script>&amp;",
)
PEOPLE = (
    "José Núñez",
    "Nguyễn Thị Hoa",
    "Иван Петров",
    "Ελένη",
    "محمد علي",
    "שרה כהן",
    "李小龍",
    "अमिता",
    "👩🏽‍🦽 Rosa",
    "O’Brien-Łęcki",
)
nasty = (
    st.text(max_size=500)
    | st.sampled_from((*MARKUP, *PEOPLE))
    | st.text(alphabet="#$\\{}[]()<>@*_`\"'/~", max_size=200)
)


def page(text: str, **changes: Any) -> Sheet:
    """Every place that a person can fill, filled with it."""
    exercise = Exercise(name=text, steps=[text, text], caution=text, laterality="unilateral", owner_id=None)
    entries = [
        Entry(exercise, Dose(sets=2, reps=3), "left", Weekdays((1, 3)), [True, False] * 7, note=text),
        Entry(exercise, Dose(sets=2, hold_s=3), "both", PerWeek(2), [True] * 14, note=""),
    ]
    values: dict[str, Any] = {
        "title": text,
        "about": [text],
        "sections": [Section(entries, 5, heading=text, pain_words={"red": text, "stop": text, "green": text})],
        "clinic": text,
        "clinic_phone": text,
        "emergency": "112",
        "therapist": text,
        "starts": dt.date(2026, 11, 23),
        "join": Join("https://clinic.example/join/abc", dt.date(2027, 1, 22)),
        "cautions": [Said(text, "")],
    }
    return Sheet(**values | changes)


def printed(sheet: Sheet, language: str = "en") -> Pdf:
    return Pdf(printing.pdf(sheet, language=language, size="A4"))


@given(text=nasty, language=st.sampled_from(["en", "es"]))
@settings(max_examples=30)
@example("\x00\x01\x1b[31m\x7f", "en")
@example("\ud800 half a pair", "es")
@example("\ufffe\uffff\U0010fffd", "en")
@example("a\u20e3 1\ufe0f\u20e3 e\u0301\u0302\u0303\u0489", "en")
@example("\u202e backwards \u2066 and back \u2069", "en")
@example("W" * 500, "en")
def test_whatever_is_typed_there_is_a_page(text: str, language: str) -> None:
    pdf = printed(page(text), language)
    assert "112" in pdf.text
    assert len(pdf.tags("Table")) == 1


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_printed_and_not_obeyed(text: str) -> None:
    shown = "".join(printed(page(text)).text.split())
    assert "".join(text.split()) in shown


@pytest.mark.parametrize("name", ["José Núñez", "Nguyễn Thị Hoa", "Иван Петров", "Ελένη", "O’Brien-Łęcki"])
def test_a_name_is_spelt_as_it_is(name: str) -> None:
    pdf = printed(page("x", title=name))
    assert name in pdf.text
    assert "□" not in pdf.text


def test_a_letter_without_a_font_is_an_empty_square_and_the_rest_stays() -> None:
    pdf = printed(page("Rosa \U0010fffd Núñez"))
    assert "Rosa □ Núñez" in pdf.text


def test_a_join_address_is_never_changed_by_a_name_that_cannot_be_drawn() -> None:
    pdf = printed(page("\U0010fffd"))
    assert pdf.links == {"https://clinic.example/join/abc"}
    assert pdf.codes == ["https://clinic.example/join/abc"]
