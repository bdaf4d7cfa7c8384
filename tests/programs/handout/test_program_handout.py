"""`GET /programs/{id}/handout.pdf`: read back as a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageOps, ImageStat
from rest_framework.test import APIClient

from accounts.models import User
from exercises import media
from exercises.models import Exercise, MediaFile
from programs.handout.printing import _drawable
from programs.models import Phase, Program
from tests.conftest import Cast
from tests.pdfs import POINTS_A_MM, Pdf
from tests.programs.builders import DOSE, make_exercise, make_program
from tests.programs.handout.making import EVERY_DAY, drawn, long_program, program_of

Api = Callable[..., APIClient]


def handout(client: APIClient, program: Program, **query: str | int) -> Pdf:
    answer = client.get(f"/api/v1/programs/{program.pk}/handout.pdf", query)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    return Pdf(answer.content)


def clam(cast: Cast, **changes: object) -> Program:
    return program_of(cast.clinic, [(drawn("qf-clam"), dict(changes))])


def test_program_handout_says_everything_a_patient_needs(api: Api, cast: Cast) -> None:
    dose = DOSE | {"sets": 2, "reps": 10, "hold_s": 3, "rest_s": 60}
    pdf = handout(api(cast.therapist), clam(cast, dose=dose, note="Use the red cushion."))
    for said in (
        "Exercises: Hips, gently",
        "Phase 1: Calm it down, weeks 1 to 4",
        "2 sets of 10, hold 3 s, affected side",
        "3 days a week, 60 s rest in between",
        *(f"{n}. {step}" for n, step in enumerate(Exercise.objects.get().steps, start=1)),
        "Note from Dana Example: Use the red cushion.",
        "How much may it hurt? Up to 5 of 10, if it is back to usual the next morning.",
        "Above 5: stop that exercise for today and tell Dana Example.",
        "8 or more: stop the exercises for today and call your clinic.",
        "Get help now",
        "numbness between the legs or around the back passage",
        "Call 112.",
        "Example Physiotherapy: +34\u00a0910\u00a0000\u00a0000".replace("\u00a0", " "),
        "Thoughts of self-harm",
        "Tick what you did.",
        "Pain in the morning",
        "Missed a day? Go on with the next one. Do not double up.",
        "Page 1 of",
    ):
        assert said in pdf.text, said


def test_program_handout_names_no_patient_and_is_no_way_in(api: Api, cast: Cast) -> None:
    pdf = handout(api(cast.therapist), clam(cast))
    assert (pdf.codes, pdf.links) == ([], set())
    assert cast.patient.name not in pdf.text
    assert "/join/" not in pdf.text


@pytest.mark.parametrize(("size", "mm"), [("A4", (210, 297)), ("Letter", (216, 279))])
def test_program_handout_sizes(api: Api, cast: Cast, size: str, mm: tuple[int, int]) -> None:
    assert handout(api(cast.therapist), clam(cast), size=size).size_mm == mm


def test_program_handout_in_large_print_has_larger_letters_and_says_the_same(api: Api, cast: Cast) -> None:
    program = clam(cast)
    usual, large = handout(api(cast.therapist), program), handout(api(cast.therapist), program, large_print="true")
    step = Exercise.objects.get().steps[0]
    assert large.letter_size(step) == pytest.approx(1.3 * usual.letter_size(step), rel=0.01)
    assert set(usual.text.split()) <= set(large.text.split()) | {"1", "2", "of"}


def test_program_handout_leaves_out_a_caution_that_says_there_is_none(api: Api, cast: Cast) -> None:
    silent = make_exercise("silent", caution="None known.")
    assert "Take care" not in handout(api(cast.therapist), program_of(cast.clinic, [(silent, {})])).text


def test_program_handout_is_a_file_that_tells_nothing_and_stays_nowhere(api: Api, cast: Cast) -> None:
    answer = api(cast.therapist).get(f"/api/v1/programs/{clam(cast).pk}/handout.pdf", headers={"Accept": "text/html"})
    assert answer["Content-Disposition"] == 'inline; filename="handout.pdf"'
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(("country", "mm"), [("ES", (210, 297)), ("US", (216, 279)), ("MX", (216, 279))])
def test_program_handout_without_a_size_is_for_the_printers_of_the_country(
    api: Api, cast: Cast, country: str, mm: tuple[int, int]
) -> None:
    cast.clinic.country = country
    cast.clinic.save()
    pdf = handout(api(cast.therapist), clam(cast))
    assert pdf.size_mm == mm
    assert {"ES": "Call 112.", "US": "Call 911.", "MX": "Call 911."}[country] in pdf.text


def test_program_handout_without_a_language_is_in_the_readers(api: Api, cast: Cast) -> None:
    User.objects.filter(pk=cast.therapist.pk).update(language="es")
    assert "Página 1 de" in handout(api(cast.therapist), clam(cast)).text


def test_program_handout_is_tagged_and_its_figures_are_described(api: Api, cast: Cast) -> None:
    pdf = handout(api(cast.therapist), clam(cast))
    exercise = Exercise.objects.get()
    assert pdf.alternatives == [f"{exercise.name}. {' '.join(exercise.steps)}"]
    root = pdf.root
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert (len(pdf.tags("H1")), len(pdf.tags("Table")), len(pdf.tags("TH"))) == (1, 1, 15)
    assert len(pdf.tags("LI")) >= len(exercise.steps)


@pytest.mark.parametrize(
    ("query", "attr"),
    [({"size": "A3"}, "size"), ({"lang": "fr"}, "lang"), ({"phase": "x"}, "phase"), ({"paper": "A4"}, "paper")],
)
def test_program_handout_wrong_wish_is_named(api: Api, cast: Cast, query: dict[str, str], attr: str) -> None:
    answer = api(cast.therapist).get(f"/api/v1/programs/{clam(cast).pk}/handout.pdf", query)
    assert answer.status_code == 400
    assert [error["attr"] for error in answer.json()["errors"]] == [attr]


def test_program_handout_outsider_404_and_patient_403(api: Api, cast: Cast) -> None:
    address = f"/api/v1/programs/{clam(cast).pk}/handout.pdf"
    assert api(cast.outsider).get(address).status_code == 404
    assert api(cast.patient_user).get(address).status_code == 403


def test_program_handout_without_exercises_409(api: Api, cast: Cast) -> None:
    empty = Program.objects.create(clinic=cast.clinic, name="Empty")
    Phase.objects.create(program=empty, n=1, name="One", from_day=0, to_day=7)
    answer = api(cast.therapist).get(f"/api/v1/programs/{empty.pk}/handout.pdf")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "nothing_to_print")


def test_program_handout_one_phase_or_all(api: Api, cast: Cast) -> None:
    program = make_program(cast.clinic, phases=3)
    whole, second = handout(api(cast.therapist), program), handout(api(cast.therapist), program, phase=2)
    assert [f"Phase {n}: Phase {n}" in whole.text for n in (1, 2, 3)] == [True] * 3
    assert [f"Phase {n}: Phase {n}" in second.text for n in (1, 2, 3)] == [False, True, False]
    assert (len(whole.tags("Table")), len(second.tags("Table"))) == (3, 1)


def test_program_handout_shared_template_carries_the_readers_clinic(api: Api, cast: Cast) -> None:
    shared = program_of(None, [(drawn("qf-clam"), {})], template=True, slug="shared")
    assert cast.clinic.name in handout(api(cast.therapist), shared).text
    elsewhere = {"clinic": str(cast.other_clinic.pk)}
    answer = api(cast.therapist).get(f"/api/v1/programs/{shared.pk}/handout.pdf", elsewhere)
    assert answer.status_code == 404


def test_program_handout_says_what_needs_a_therapists_word(api: Api, cast: Cast) -> None:
    rows: list[tuple[Exercise, dict[str, Any]]] = [
        (drawn("qf-clam"), {"needs_release": True}),
        (drawn("ham-rdl"), {"optional_if": "sitting_intolerant"}),
    ]
    pdf = handout(api(cast.therapist), program_of(cast.clinic, rows))
    assert "Only after your therapist has agreed to it." in pdf.text
    assert "Only if your therapist says so." in pdf.text


# ---- Pictures --------------------------------------------------------------------------------------------------------
def strip(pdf: Pdf) -> Image.Image:
    """The first picture as it is printed: found by the column it stands in, below the phase's heading."""
    page = pdf.image(dots_per_inch=144)
    mm = 2 * POINTS_A_MM
    column = page.crop((round(13 * mm), round(35 * mm), round(55 * mm), round(110 * mm)))
    painted = ImageChops.difference(column, Image.new("RGB", column.size, "white")).getbbox()
    assert painted is not None
    top = painted[1]
    return column.crop((0, top, column.width, top + round(33.6 * mm)))


def unlike(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of a pixel, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def test_program_handout_left_is_the_mirror_image_of_right(api: Api, cast: Cast) -> None:
    exercise = drawn("qf-clam")
    right, left = (
        strip(handout(api(cast.therapist), program_of(cast.clinic, [(exercise, {"dose": DOSE | {"side": side}})])))
        for side in ("right", "left")
    )
    # Not zero: edges fall on other fractions of a pixel.
    assert unlike(left, ImageOps.mirror(right)) < unlike(left, right) / 4


def photographed(cast: Cast, photo: bytes, name: str = "Towel pull") -> Exercise:
    exercise = make_exercise("towel-pull", owner=cast.clinic, name=name)
    media.attach(exercise, SimpleUploadedFile("x.jpg", photo))
    return exercise


def picture(kind: str, size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c02060").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_program_handout_prints_a_clinics_photo(api: Api, cast: Cast, kind: str) -> None:
    program = program_of(cast.clinic, [(photographed(cast, picture(kind)), {"dose": DOSE | {"side": "left"}})])
    pdf = handout(api(cast.therapist), program)
    assert pdf.alternatives == ["Photo: Towel pull"]
    middle = strip(pdf).resize((1, 1)).getpixel((0, 0))
    assert isinstance(middle, tuple)
    red, green, _ = middle
    assert red > 150, middle
    assert green < 80, middle


@pytest.mark.parametrize(
    "photo",
    [b"\xff\xd8\xff" + b"\x00" * 500, picture("PNG")[:200], picture("JPEG")[:300], picture("WEBP")[:40]],
    ids=["no jpeg", "half a png", "half a jpeg", "half a webp"],
)
def test_program_handout_broken_photo_costs_the_picture_alone(api: Api, cast: Cast, photo: bytes) -> None:
    broken, whole = photographed(cast, photo), drawn("qf-clam")
    pdf = handout(api(cast.therapist), program_of(cast.clinic, [(broken, {}), (whole, {})]))
    assert "Towel pull" in pdf.text
    assert [one.partition(".")[0] for one in pdf.alternatives] == ["Clam"]


def test_program_handout_photo_that_claims_to_be_huge_is_left_out(api: Api, cast: Cast) -> None:
    small = picture("PNG")
    huge = small[:16] + (60_000).to_bytes(4, "big") * 2 + small[24:]
    pdf = handout(api(cast.therapist), program_of(cast.clinic, [(photographed(cast, huge), {})]))
    assert "Towel pull" in pdf.text
    assert pdf.alternatives == []


def test_program_handout_photo_whose_file_is_gone(api: Api, cast: Cast) -> None:
    program = program_of(cast.clinic, [(photographed(cast, picture("JPEG")), {})])
    MediaFile.objects.update(stored_as="exercises/gone")
    pdf = handout(api(cast.therapist), program)
    assert "Towel pull" in pdf.text
    assert pdf.alternatives == []


# ---- Many and long ---------------------------------------------------------------------------------------------------
def test_program_handout_of_a_dozen_breaks_between_exercises(api: Api, cast: Cast) -> None:
    program = long_program(cast.clinic, 12)
    pdf = handout(api(cast.therapist), program)
    assert len(pdf.pages) > 2
    for n, page in enumerate(pdf.pages, start=1):
        assert f"Page {n} of {len(pdf.pages)}" in page
    for prescription in program.phases.get().prescriptions.select_related("exercise"):
        exercise = prescription.exercise
        on = [n for n, page in enumerate(pdf.pages) for step in exercise.steps if f". {step}" in page]
        assert len(set(on)) == 1, (exercise.name, on)


def test_program_handout_table_longer_than_a_page_repeats_its_head(api: Api, cast: Cast) -> None:
    exercise = make_exercise("one")
    program = program_of(cast.clinic, [(exercise, {"frequency": EVERY_DAY | {"times_per_day": 3}})] * 20)
    pdf = handout(api(cast.therapist), program)
    with_boxes = [page for page in pdf.pages if "Exercise M T W T F S S M T W T F S S" in page]
    assert len(with_boxes) >= 2


def test_program_handout_exercise_longer_than_a_page_is_printed_whole(api: Api, cast: Cast) -> None:
    steps = [f"Step {n}: " + "slowly and with care " * 14 for n in range(12)]
    long = make_exercise("long", owner=cast.clinic, steps=steps, caution="Mind the step. " * 33)
    pdf = handout(api(cast.therapist), program_of(cast.clinic, [(long, {"note": "Well done. " * 45})] * 2))
    assert [f"Step {n}:" in pdf.text for n in range(12)] == [True] * 12
    assert pdf.text.count("Well done.") == 90


def test_a_letter_that_no_font_has_is_known_as_such() -> None:
    assert _drawable("ñ")
    assert _drawable("Ж")
    assert not _drawable("\U0010fffd")
