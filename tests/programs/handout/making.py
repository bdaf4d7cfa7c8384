"""Exercises with the pictures that phones get, and programs of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from accounts.models import Clinic
from exercises.figures import render
from exercises.loading import store_svg
from exercises.models import Exercise
from exercises.wording import LIBRARY
from programs.models import Phase, Prescription, Program
from programs.wording import PROGRAMS
from tests.exercises.figures.cast import SLUGS, library
from tests.pdfs import Pdf
from tests.programs.builders import DOSE, FREQUENCY, make_exercise

EVERY_DAY: dict[str, Any] = {"kind": "weekdays", "days": [1, 2, 3, 4, 5, 6, 7], "times_per_day": 1}


def drawn(slug: str) -> Exercise:
    """An exercise of the shared library, with its figure."""
    one = library()[slug]
    figure = render(one.figure, title=one.name, desc=" ".join(one.steps))
    return make_exercise(
        slug,
        name=one.name,
        steps=list(one.steps),
        laterality=one.laterality,
        figure_src=store_svg(figure.animated),
        figure_poster=store_svg(figure.poster),
        figure_thumb=store_svg(figure.thumb),
    )


def program_of(clinic: Clinic | None, rows: Sequence[tuple[Exercise, dict[str, Any]]], **fields: Any) -> Program:
    """One phase; each row is an exercise and what of its prescription is not the builders' default."""
    program = Program.objects.create(clinic=clinic, **{"name": "Hips, gently"} | fields)
    phase = Phase.objects.create(program=program, n=1, name="Calm it down", from_day=0, to_day=28)
    for position, (exercise, changes) in enumerate(rows):
        values = {"dose": DOSE, "frequency": FREQUENCY, "note": ""} | changes
        Prescription.objects.create(phase=phase, position=position, exercise=exercise, **values)
    return program


def long_program(clinic: Clinic, exercises: int) -> Program:
    return program_of(clinic, [(drawn(slug), {"note": "Slowly, " * 20}) for slug in SLUGS[:exercises]])


def english_left(pdf: Pdf) -> list[str]:
    """The product's own English sentences that can be read on a page or are read aloud with its figures."""
    found = " ".join([pdf.text, *pdf.alternatives])
    return [
        one
        for wording in (LIBRARY, PROGRAMS)
        for one in wording.tables["es"]
        if re.search(rf"\b{re.escape(one)}", found)
    ]
