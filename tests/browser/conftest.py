"""A real Chromium in front of the live servers.

`browser` is one Chromium for the session; `phone()` and `desk()` each open a fresh profile (no cookies, no storage) on
a page of the live installation. `persistent_phone(folder)` keeps its profile in a folder, so that a test can close the
browser, and open it again still without a network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.clinic_desk import ClinicDesk
from tests.cable import Cable
from tests.chromium import DESK, LOCAL, PHONE, QUIET
from tests.servers import Live


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """What a test opens is closed when it ends, however it ends."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture
def phone(browser: Browser, live: Live, contexts: list[BrowserContext]) -> Callable[..., BrowserContext]:
    """`phone()`: a new phone-sized profile; options of `browser.new_context` may be given."""

    def open_(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(base_url=live.base_url, **{**PHONE, **LOCAL, **options}))
        return contexts[-1]

    return open_


@pytest.fixture
def desk(browser: Browser, live: Live, contexts: list[BrowserContext]) -> Callable[..., BrowserContext]:
    """`desk()`: a new profile on a clinic's screen."""

    def open_(**options: Any) -> BrowserContext:
        contexts.append(browser.new_context(base_url=live.base_url, **{**DESK, **LOCAL, **options}))
        return contexts[-1]

    return open_


@pytest.fixture
def persistent_phone(
    playwright: Playwright, chromium: str, live: Live, contexts: list[BrowserContext]
) -> Callable[..., BrowserContext]:
    """`persistent_phone(folder)`: a phone whose storage survives `context.close()`; open it again with the folder."""

    def open_(folder: Path, **options: Any) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            str(folder), executable_path=chromium, args=QUIET, base_url=live.base_url, **{**PHONE, **LOCAL, **options}
        )
        contexts.append(context)
        return context

    return open_


@pytest.fixture
def clinic(live: Live, desk: Callable[..., BrowserContext]) -> ClinicDesk:
    """A therapist who invites people for a test."""
    return ClinicDesk(live, desk())


@pytest.fixture
def cable(live: Live) -> Iterator[Cable]:
    """The line between a phone and the server, which a test can cut."""
    with Cable(live.base_url) as one:
        yield one
