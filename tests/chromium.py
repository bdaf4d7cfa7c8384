"""Where this machine's Chromium is, and how it is started so that nothing leaves the machine.

One Playwright serves a whole test process: a second one in the same thread would refuse to start.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

T = TypeVar("T")

# What a test waits for comes in the end: no test says how fast a machine is. The phone alone may let 14 s pass before
# it fetches the pictures of a plan (`screenStands` in pwa/src/phone/plan/ready.ts); Playwright's own limit is 5 s.
PATIENCE_S = 20.0
expect.set_options(timeout=PATIENCE_S * 1000)

MISSING = "no Chromium on this machine (Debian: apt-get install chromium; else CHROMIUM=/path/to/it)"
# It would otherwise ask for updates and lists.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
LOCAL: dict[str, Any] = {"timezone_id": "Europe/Madrid", "locale": "en-GB"}


def find_chromium() -> str | None:
    if named := os.environ.get("CHROMIUM"):
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    on_path = next((found for name in names if (found := shutil.which(name))), None)
    on_mac = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome")]
    return on_path or next((path for path in on_mac if Path(path).exists()), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one, browser tests are skipped; with CI=true they fail."""
    if (found := find_chromium()) is not None:
        return found
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"CI=true, but {MISSING}")
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    # Playwright keeps an event loop in this thread, and Django's guard would take every later query for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as one:
        yield one


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    one = playwright.chromium.launch(executable_path=chromium, args=QUIET)
    yield one
    one.close()


def until(page: Page, expression: str, arg: Any = None) -> None:
    """Wait until a page says yes. `page.wait_for_function` polls with `eval` inside the page, which our content
    security policy forbids: it works only where the first answer is yes."""
    eventually(page, lambda: page.evaluate(expression, arg), expression)


def eventually(page: Page, found: Callable[[], T], what: str) -> T:
    """The first answer that is not empty, for what no page shows."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := found()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE_S} s: {what}")
        page.wait_for_timeout(50)
    return answer
