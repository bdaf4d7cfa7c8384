"""What a browser really shows of the files inside an <img>: motion, stillness when asked for, light and dark."""

from __future__ import annotations

import os
import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Page, sync_playwright

from exercises.figures import FigureSet, render

from .cast import library

pytestmark = pytest.mark.browser
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
WIDTH, HEIGHT = 400, 320
#: milliseconds into the loop of the strap raise: still resting, and well on the way
AT_REST, ON_THE_WAY = 200, 2500


@pytest.fixture(scope="module")
def figure() -> FigureSet:
    exercise = library()["ham-supine-strap-raise"]
    return render(exercise.figure, title=exercise.name, desc=exercise.cue)


@contextmanager
def chromium(scheme: Literal["light", "dark"] = "light", *arguments: str) -> Iterator[Page]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu", *arguments]
        )
        context = browser.new_context(color_scheme=scheme, viewport={"width": WIDTH, "height": HEIGHT})
        yield context.new_page()
        browser.close()


def shown(page: Page, document: str, milliseconds: int = 50, style: str = "") -> bytes:
    """A screenshot of the document in an <img>, some time after it was loaded."""
    source = "data:image/svg+xml;base64," + b64encode(document.encode()).decode()
    page.set_content(
        '<!doctype html><meta name="color-scheme" content="light dark"><style>body{margin:0}</style>'
        f'<img width={WIDTH} height={HEIGHT} style="{style}" src="{source}">'
    )
    page.wait_for_timeout(milliseconds)
    return page.screenshot()


def test_the_figure_moves_inside_an_img(figure: FigureSet) -> None:
    with chromium() as page:
        assert shown(page, figure.animated, AT_REST) != shown(page, figure.animated, ON_THE_WAY)
        assert shown(page, figure.poster, AT_REST) == shown(page, figure.poster, ON_THE_WAY)


def test_reduced_motion_shows_the_poster_to_the_pixel(figure: FigureSet) -> None:
    """By the browser's own switch: the emulation of its developer tools does not reach into images."""
    with chromium("light", "--force-prefers-reduced-motion") as page:
        poster = shown(page, figure.poster)
        assert shown(page, figure.animated, AT_REST) == poster
        assert shown(page, figure.animated, ON_THE_WAY) == poster


def test_the_system_scheme_paints_the_figure_dark(figure: FigureSet) -> None:
    with chromium("light") as page:
        light = shown(page, figure.poster)
    with chromium("dark") as page:
        assert shown(page, figure.poster) != light


def test_an_app_can_force_a_scheme_with_one_property(figure: FigureSet) -> None:
    with chromium("dark") as page:
        dark = shown(page, figure.poster)
    with chromium("light") as page:
        assert shown(page, figure.poster, style="color-scheme:dark") == dark
