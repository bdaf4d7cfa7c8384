"""A clinic writes its own exercise: from a copy of a figure, joint by joint, to the library and the builder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page, Response, expect

from config.demo.making import ALEX
from tests.browser.test_main_job import sign_in
from tests.servers import Live

NAME = "Clam with a slow return"
Open = Callable[..., BrowserContext]


def draws(response: Response) -> bool:
    return response.url.endswith("/api/v1/exercises/figure")


def write_the_words(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill(NAME)
    page.get_by_label("Add a muscle").select_option(label="Gluteus medius")
    page.get_by_label("Add a movement demand").select_option(index=1)
    for n, step in enumerate(("Lie on your side.", "Lift the top knee.", "Lower it slowly."), start=1):
        page.get_by_label(f"Step {n}", exact=True).fill(step)
    page.get_by_label("Sets").fill("2")


def test_an_own_exercise_is_made_from_a_copy_and_prescribed_like_any_other(live: Live, desk: Open) -> None:
    page = desk().new_page()
    sign_in(page, live.demo()["therapist"])
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="New exercise").click()
    expect(page.get_by_role("heading", name="New exercise")).to_be_visible()

    # Nothing is sent while something is missing.
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Choose at least one primary muscle.")).to_be_visible()
    write_the_words(page)

    # The figure begins as a copy; the picture is drawn by the server and shown from memory.
    page.get_by_label("Start from the figure of").select_option(label="Clam")
    with page.expect_response(draws) as drawn:
        page.get_by_role("button", name="Copy this figure").click()
    assert drawn.value.ok
    picture = page.get_by_role("img", name=f"Moving figure of {NAME}")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    first = picture.get_attribute("src") or ""

    # An angle that no hip can do: said beside its slider, not sent, not saved.
    flexion = page.get_by_label("Worked hip, flexion, number")
    flexion.fill("140")
    expect(page.get_by_text("140° is out of range: -30° to 125°.")).to_be_visible()
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Some angles of the figure are out of range")).to_be_visible()
    assert page.url.endswith("/clinic/library/new")

    # Back in range: drawn anew.
    with page.expect_response(draws) as drawn:
        flexion.fill("60")
    assert drawn.value.ok
    expect(picture).not_to_have_attribute("src", first)

    # What is not saved outlives a reload.
    page.reload()
    expect(page.get_by_text("Brought back what was not saved")).to_be_visible()
    expect(flexion).to_have_value("60")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    expect(page.get_by_text("Your clinic’s own")).to_be_visible()

    # Found in the library like any other, and in the builder.
    page.get_by_label("Search by any name").fill("slow return")
    expect(page.get_by_role("listitem").filter(has_text=NAME)).to_be_visible()
    page.get_by_role("link", name="Templates").click()
    page.get_by_role("button", name="Empty program").click()
    page.get_by_label("Search by any name").fill("slow return")
    expect(page.get_by_text("1 found")).to_be_visible()  # the row has come to its place
    page.get_by_role("button", name=f"Add {NAME}").first.click()
    expect(page.get_by_role("button", name=f"Dose of {NAME}: 2 × 10")).to_be_visible()

    # And changed again: what was set is still there.
    page.get_by_role("link", name="Library").click()
    page.get_by_label("Search by any name").fill("slow return")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name="Edit").click()
    expect(flexion).to_have_value("60")
    page.get_by_label("Name", exact=True).fill(f"{NAME}, twice")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("heading", name=f"{NAME}, twice")).to_be_visible()


def test_a_photo_stands_in_for_a_figure_and_costs_no_unsaved_word(live: Live, desk: Open, tmp_path: Path) -> None:
    page = desk().new_page()
    sign_in(page, live.demo()["therapist"])
    page.goto("/clinic/library/new")
    write_the_words(page)
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Cue").fill("Slowly down.")
    Image.new("RGB", (60, 40), (90, 140, 170)).save(tmp_path / "photo.jpg")
    page.get_by_label("Choose a file").set_input_files(tmp_path / "photo.jpg")
    photo = page.get_by_role("img", name=f"Photo of {NAME}")
    expect(photo).to_be_visible()
    expect(page.get_by_label("Cue")).to_have_value("Slowly down.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Slowly down.")).to_be_visible()
    shown = page.get_by_role("img", name=NAME)
    expect(shown).to_have_attribute("src", re.compile("^/media/"))
    assert shown.evaluate("image => image.naturalWidth") == 60


def test_an_assistant_reads_the_library_and_is_told_why_not_more(live: Live, desk: Open) -> None:
    page = desk().new_page()
    sign_in(page, {**live.demo()["therapist"], "email": ALEX})
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    expect(page.get_by_role("link", name="New exercise")).to_have_count(0)
    page.goto("/clinic/library/new")
    expect(page.get_by_text("Your role may read the library, not write in it.")).to_be_visible()
