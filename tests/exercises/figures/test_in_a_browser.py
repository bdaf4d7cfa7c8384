"""What a browser really shows of the files inside an <img>: motion, stillness when asked for, light and dark."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from typing import Literal, Protocol

import pytest
from PIL import Image, ImageChops, ImageOps
from playwright.sync_api import Page, Playwright

from exercises.figures import FigureSet, render
from tests.chromium import QUIET

from .cast import library

pytestmark = pytest.mark.browser
WIDTH, HEIGHT = 400, 320
#: milliseconds into the loop of the strap raise: still resting, and well on the way
AT_REST, ON_THE_WAY = 200, 2500


@pytest.fixture(scope="module")
def figure() -> FigureSet:
    exercise = library()["ham-supine-strap-raise"]
    return render(exercise.figure, title=exercise.name, desc=exercise.cue)


class Open(Protocol):
    def __call__(self, scheme: Literal["light", "dark"] = "light", *arguments: str) -> AbstractContextManager[Page]: ...


@pytest.fixture
def chromium_page(playwright: Playwright, chromium: str) -> Open:
    """Opens a browser of its own, as some tests start it with other arguments."""

    @contextmanager
    def open_(scheme: Literal["light", "dark"] = "light", *arguments: str) -> Iterator[Page]:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*QUIET, *arguments])
        context = browser.new_context(color_scheme=scheme, viewport={"width": WIDTH, "height": HEIGHT})
        yield context.new_page()
        browser.close()

    return open_


def shown(page: Page, document: str, milliseconds: int = 50, style: str = "") -> bytes:
    """A screenshot of the document in an <img>, some time after it was loaded."""
    source = "data:image/svg+xml;base64," + b64encode(document.encode()).decode()
    page.set_content(
        '<!doctype html><meta name="color-scheme" content="light dark"><style>body{margin:0}</style>'
        f'<img width={WIDTH} height={HEIGHT} style="{style}" src="{source}">'
    )
    page.wait_for_timeout(milliseconds)
    return page.screenshot()


def test_the_figure_moves_inside_an_img(chromium_page: Open, figure: FigureSet) -> None:
    with chromium_page() as page:
        assert shown(page, figure.animated, AT_REST) != shown(page, figure.animated, ON_THE_WAY)
        assert shown(page, figure.poster, AT_REST) == shown(page, figure.poster, ON_THE_WAY)


def test_alternating_figures_show_the_other_side_in_every_other_repeat(chromium_page: Open) -> None:
    exercise = library()["qf-hooklying-knee-drop-in"]
    figure = render(exercise.figure, title=exercise.name, desc=exercise.cue, alternating=True)
    width, height = (
        round(float(size) / 4) for size in figure.animated.partition('viewBox="0 0 ')[2].split('"')[0].split()
    )
    with chromium_page() as page:
        # Inside an <img> nobody can wind the clock; as a document the file can be shown at any moment.
        page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{width}px}}</style>{figure.animated}")

        def at(seconds: float) -> Image.Image:
            page.evaluate(
                "s => { const f = document.querySelector('svg'); f.pauseAnimations(); f.setCurrentTime(s) }", seconds
            )
            return Image.open(
                BytesIO(page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}))
            ).convert("L")

        repeat = page.evaluate("parseFloat(document.querySelector('animate').getAttribute('dur'))")
        first, other, third = at(2.0), at(2.0 + repeat), at(2.0 + 2 * repeat)
    assert _unlike(first, third) < 0.001, "edges are not painted to the last bit alike"
    assert _unlike(first, ImageOps.mirror(other)) < 0.02 < _unlike(first, other)


def _unlike(one: Image.Image, another: Image.Image) -> float:
    """The share of points that differ clearly; edges may fall between points."""
    difference = ImageChops.difference(one, another).point(lambda value: 255 if value > 64 else 0)
    return difference.histogram()[255] / (one.width * one.height)


def test_reduced_motion_shows_the_poster_to_the_pixel(chromium_page: Open, figure: FigureSet) -> None:
    """By the browser's own switch: the emulation of its developer tools does not reach into images."""
    with chromium_page("light", "--force-prefers-reduced-motion") as page:
        poster = shown(page, figure.poster)
        assert shown(page, figure.animated, AT_REST) == poster
        assert shown(page, figure.animated, ON_THE_WAY) == poster


def test_the_system_scheme_paints_the_figure_dark(chromium_page: Open, figure: FigureSet) -> None:
    with chromium_page("light") as page:
        light = shown(page, figure.poster)
    with chromium_page("dark") as page:
        assert shown(page, figure.poster) != light


def test_an_app_can_force_a_scheme_with_one_property(chromium_page: Open, figure: FigureSet) -> None:
    with chromium_page("dark") as page:
        dark = shown(page, figure.poster)
    with chromium_page("light") as page:
        assert shown(page, figure.poster, style="color-scheme:dark") == dark
