"""What the first visit loads of the pictures: the thumbnails that are due, and the rest only when the screen stands."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from tests.chromium import until
from tests.servers import Live

Open = Callable[..., BrowserContext]
#: how long a picture takes on this line
SLOW_S = 0.05
CACHED = """async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("homestretch-figures-"));
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((request) => new URL(request.url).pathname);
}"""


def late(route: Route) -> None:
    time.sleep(SLOW_S)
    route.continue_()


def sign_in(page: Page, who: dict[str, str]) -> None:
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(who["email"])
    page.get_by_role("button", name="Use a password").click()
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_only_the_thumbnails_due_come_before_the_first_screen_and_the_rest_afterwards(live: Live, phone: Open) -> None:
    # Without the service worker, whose own requests a page does not see.
    page = phone(service_workers="block").new_page()
    order: list[tuple[str, str]] = []

    def note(what: str) -> Callable[[Request], None]:
        def one(request: Request) -> None:
            path = request.url.removeprefix(live.base_url)
            if path.startswith("/figures/"):
                order.append((what, path))

        return one

    page.on("request", note("asked"))
    page.on("requestfinished", note("came"))
    page.route("**/figures/**", late)
    sign_in(page, live.demo()["patient"])
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    until(page, "[...document.images].every((image) => image.complete)")
    due = set(page.eval_on_selector_all(".thumb img", "all => all.map((one) => one.getAttribute('src'))"))
    last = max(order.index(("came", path)) for path in due)
    assert due
    assert {path for what, path in order[:last] if what == "asked"} == due

    page.unroute("**/figures/**")
    exercises = page.request.get("/api/v1/me/plans").json()["exercises"].values()
    todays = [one["figure"] for one in exercises if one["figure"]["thumb"] in due]
    wanted = {str(path) for figure in todays for path in figure.values()}
    assert len(wanted) == 3 * len(due)
    kept = (
        f"async (wanted) => {{ const kept = await ({CACHED})(); return wanted.every((path) => kept.includes(path)); }}"
    )
    until(page, kept, sorted(wanted))


@pytest.mark.parametrize(("motion", "kind"), [("reduce", "poster"), ("no-preference", "src")])
def test_a_session_moves_unless_the_system_asks_for_reduced_motion(
    live: Live, phone: Open, motion: str, kind: str
) -> None:
    context = phone(reduced_motion=motion, service_workers="block")
    page = context.new_page()
    sign_in(page, live.demo()["patient"])
    start = page.get_by_role("button", name="Start")
    expect(start).to_be_visible()
    exercises = page.request.get("/api/v1/me/plans").json()["exercises"].values()
    context.route("**/api/**", lambda route: route.abort())  # nothing of this session is sent
    start.click()
    shown = page.locator(".figbox img")
    expect(shown).to_be_visible()
    assert shown.get_attribute("src") in {one["figure"][kind] for one in exercises}
